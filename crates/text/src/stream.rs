//! Text from tokens that arrive one by one.

use crate::tokenizer::Tokenizer;

/// Holds back the bytes of an unfinished character until the rest of it arrives.
///
/// The pieces together, with [`StreamDecoder::finish`], are what [`Tokenizer::decode`] gives for all ids at once.
#[derive(Clone, Debug, Default)]
pub struct StreamDecoder {
    /// At most 3 bytes between calls: the beginning of one character.
    pending: Vec<u8>,
}

impl StreamDecoder {
    /// The whole characters that this token completed; empty while a character is still in pieces. Bytes that can never
    /// become a character are shown as U+FFFD.
    pub fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> String {
        self.push_bytes(tokenizer.token_bytes(id))
    }

    /// U+FFFD for a character that was never completed, else nothing.
    pub fn finish(&mut self) -> String {
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        text
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> String {
        self.pending.extend(bytes);
        let mut text = String::new();
        let mut unfinished = 0;
        let mut chunks = self.pending.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let invalid = chunk.invalid();
            // Only what stands at the very end may still be completed.
            if chunks.peek().is_none() && is_unfinished(invalid) {
                unfinished = invalid.len();
            } else if !invalid.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.pending.drain(..self.pending.len() - unfinished);
        text
    }
}

/// Could more bytes make this a character?
fn is_unfinished(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
