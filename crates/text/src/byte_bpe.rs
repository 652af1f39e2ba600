//! Byte-level BPE as GPT-2 introduced it: every byte is a symbol, ranked merges join symbols inside words.

use std::collections::HashMap;

use crate::error::TokenizerError;
use crate::merge::{Join, Merger, NO_TOKEN, Symbol};
use crate::pretokenize::Splitter;
use crate::steps::{self, MergePart, MergeStep};
use crate::vocabulary::{Kind, Vocabulary};

/// The merge rules of a vocabulary.
#[derive(Debug)]
pub(crate) struct ByteBpe {
    splitter: Splitter,
    /// The token of each byte, or `NO_TOKEN`.
    bytes: [u32; 256],
    /// From a pair of tokens to its rank and the token it makes.
    merges: HashMap<(u32, u32), Join>,
}

impl ByteBpe {
    /// `merges` in the order of their rank, each as "left right" in GPT-2's spelling.
    pub(crate) fn new(
        vocabulary: &Vocabulary,
        splitter: Splitter,
        merges: &[String],
    ) -> Result<ByteBpe, TokenizerError> {
        let alphabet = Alphabet::new();
        let mut rules = HashMap::with_capacity(merges.len());
        for (rank, merge) in merges.iter().enumerate() {
            let rule = rule(vocabulary, &alphabet, merge);
            let (Some((left, right, id)), Ok(priority)) = (rule, u32::try_from(rank)) else {
                return Err(TokenizerError::Merge { rank, merge: merge.clone() });
            };
            rules.entry((left, right)).or_insert(Join { priority, id });
        }
        let bytes = std::array::from_fn(|byte| vocabulary.find(&[byte as u8]).unwrap_or(NO_TOKEN));
        Ok(ByteBpe { splitter, bytes, merges: rules })
    }

    /// Appends the ids of a text. A byte that has no token is left out, as Hugging Face's tokenizers do.
    pub(crate) fn encode(
        &self,
        vocabulary: &Vocabulary,
        text: &str,
        merger: &mut Merger,
        ids: &mut Vec<u32>,
    ) {
        self.splitter.split(text, &mut |word| self.word(vocabulary, word.as_bytes(), merger, ids));
    }

    fn word(&self, vocabulary: &Vocabulary, word: &[u8], merger: &mut Merger, ids: &mut Vec<u32>) {
        // Llama 3's rules do not lead to all of its words: those that are tokens as they stand are taken so.
        if self.splitter == Splitter::Llama3
            && let Some(id) = vocabulary.find(word)
        {
            ids.push(id);
            return;
        }
        self.fill(word, merger);
        merger.run(|left, right| self.join(left, right));
        ids.extend(merger.symbols().map(|symbol| symbol.id));
    }

    /// Every state of a word.
    pub(crate) fn word_steps(
        &self,
        vocabulary: &Vocabulary,
        word: &str,
        merger: &mut Merger,
    ) -> Vec<MergeStep> {
        let word = word.as_bytes();
        if self.splitter == Splitter::Llama3
            && let Some(id) = vocabulary.find(word)
        {
            let part = MergePart { bytes: word.to_vec(), id: Some(id) };
            return vec![MergeStep { parts: vec![part], ..MergeStep::default() }];
        }
        self.fill(word, merger);
        steps::observe(merger, word, |left, right| self.join(left, right))
    }

    /// The words of a text, in order.
    pub(crate) fn split<'a>(&self, text: &'a str, word: &mut impl FnMut(&'a str)) {
        self.splitter.split(text, word);
    }

    /// The bytes of a word as symbols.
    fn fill(&self, word: &[u8], merger: &mut Merger) {
        merger.clear();
        for (start, &byte) in word.iter().enumerate() {
            let id = self.bytes[usize::from(byte)];
            if id != NO_TOKEN {
                merger.push(id, start, 1);
            }
        }
    }

    fn join(&self, left: &Symbol, right: &Symbol) -> Option<Join> {
        self.merges.get(&(left.id, right.id)).copied()
    }
}

/// The tokens that a line such as "Ġ t" joins, and the one it makes.
fn rule(vocabulary: &Vocabulary, alphabet: &Alphabet, merge: &str) -> Option<(u32, u32, u32)> {
    // The left part has at least one character, even if that is a space.
    let (split, _) = merge.char_indices().skip(1).find(|&(_, c)| c == ' ')?;
    let mut joined = Vec::new();
    alphabet.write(&merge[..split], &mut joined);
    let middle = joined.len();
    alphabet.write(&merge[split + 1..], &mut joined);
    let left = vocabulary.find(&joined[..middle])?;
    let right = vocabulary.find(&joined[middle..])?;
    Some((left, right, vocabulary.find(&joined)?))
}

/// GPT-2's spelling of bytes: printable ones as themselves, the others as characters from U+0100 on.
pub(crate) struct Alphabet {
    /// By code point: the byte, for the characters that stand for one.
    bytes: [Option<u8>; 0x144],
}

impl Alphabet {
    pub(crate) fn new() -> Alphabet {
        let mut bytes = [None; 0x144];
        let mut next = 0x100;
        for byte in 0..=u8::MAX {
            if matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff) {
                bytes[usize::from(byte)] = Some(byte);
            } else {
                bytes[next] = Some(byte);
                next += 1;
            }
        }
        Alphabet { bytes }
    }

    /// Appends the bytes that a token stands for, as [`Vocabulary::new`] asks.
    pub(crate) fn write_token(&self, token: &str, kind: Kind, out: &mut Vec<u8>) {
        match kind {
            Kind::Normal | Kind::Unused | Kind::Byte => self.write(token, out),
            Kind::Unknown | Kind::Control | Kind::UserDefined => out.extend(token.as_bytes()),
        }
    }

    /// Characters outside the alphabet stand for themselves.
    fn write(&self, token: &str, out: &mut Vec<u8>) {
        for c in token.chars() {
            match self.bytes.get(c as usize).copied().flatten() {
                Some(byte) => out.push(byte),
                None => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alphabet;

    #[test]
    fn the_alphabet_spells_every_byte() {
        let alphabet = Alphabet::new();
        let mut bytes: Vec<u8> = alphabet.bytes.iter().copied().flatten().collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
        let mut out = Vec::new();
        alphabet.write("Ġa\u{144}Ċ\u{120}", &mut out);
        assert_eq!(out, b" a\xc5\x84\n ");
    }
}
