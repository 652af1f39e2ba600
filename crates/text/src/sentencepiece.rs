//! SentencePiece-BPE as Llama 2 and Gemma use it: characters are symbols, a pair is joined if it makes a token, best score
//! first. What is no token in the end becomes byte tokens.
//!
//! SentencePiece writes a space as U+2581. Here tokens are kept with spaces, and a U+2581 in a text is taken for a space: it
//! comes to the same, and no text has to be copied.

use std::borrow::Cow;

use crate::merge::{Join, Merger, NO_TOKEN, Symbol};
use crate::steps::{self, MergeStep};
use crate::vocabulary::{Kind, Vocabulary};

const SPACE: char = '\u{2581}';

/// The scores of a vocabulary.
#[derive(Debug)]
pub(crate) struct SentencePiece {
    /// By token; smaller is better.
    priorities: Vec<u32>,
    /// The token of each byte, or `NO_TOKEN`.
    bytes: [u32; 256],
    /// Stands for a character that has not even byte tokens.
    unknown: Option<u32>,
    add_space_prefix: bool,
}

impl SentencePiece {
    /// One score for each token of the vocabulary.
    pub(crate) fn new(
        vocabulary: &Vocabulary,
        scores: &[f32],
        unknown: Option<u32>,
        add_space_prefix: bool,
    ) -> SentencePiece {
        let mut bytes = [NO_TOKEN; 256];
        for id in vocabulary.of_kind(&[Kind::Byte]) {
            if let [byte] = *vocabulary.bytes(id) {
                bytes[usize::from(byte)] = id;
            }
        }
        let priorities = scores.iter().map(|&score| priority(score)).collect();
        SentencePiece { priorities, bytes, unknown, add_space_prefix }
    }

    /// The text with spaces for every U+2581.
    pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
        if text.contains(SPACE) {
            Cow::Owned(text.replace(SPACE, " "))
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Appends the bytes that a token stands for, as [`Vocabulary::new`] asks.
    pub(crate) fn write_token(token: &str, kind: Kind, out: &mut Vec<u8>) {
        match (kind, byte(token)) {
            (Kind::Byte, Some(byte)) => out.push(byte),
            (Kind::Control | Kind::Unknown, _) => out.extend(token.as_bytes()),
            _ => out.extend(SentencePiece::normalize(token).as_bytes()),
        }
    }

    /// Appends the ids of a normalized text. `first`: nothing, or a special token, comes before it.
    pub(crate) fn encode(
        &self,
        vocabulary: &Vocabulary,
        text: &str,
        first: bool,
        merger: &mut Merger,
        ids: &mut Vec<u32>,
    ) {
        let prefixed: Cow<'_, str> =
            if first && self.add_space_prefix { format!(" {text}").into() } else { text.into() };
        let text = prefixed.as_bytes();
        fill(vocabulary, &prefixed, merger);
        merger.run(|left, right| self.join(vocabulary, text, left, right));
        for symbol in merger.symbols() {
            if symbol.id == NO_TOKEN {
                self.fall_back(&text[symbol.start..symbol.start + symbol.len], ids);
            } else {
                ids.push(symbol.id);
            }
        }
    }

    /// Every state of a normalized text, with priorities for ranks.
    pub(crate) fn observed(
        &self,
        vocabulary: &Vocabulary,
        text: &str,
        merger: &mut Merger,
    ) -> Vec<MergeStep> {
        fill(vocabulary, text, merger);
        let text = text.as_bytes();
        steps::observe(merger, text, |left, right| self.join(vocabulary, text, left, right))
    }

    /// How many tokens are joined before one of this priority.
    pub(crate) fn place(&self, priority: u32) -> u32 {
        self.priorities.iter().filter(|other| **other < priority).count() as u32
    }

    fn join(
        &self,
        vocabulary: &Vocabulary,
        text: &[u8],
        left: &Symbol,
        right: &Symbol,
    ) -> Option<Join> {
        let id = vocabulary.find(&text[left.start..right.start + right.len])?;
        Some(Join { priority: *self.priorities.get(id as usize)?, id })
    }

    pub(crate) fn fall_back(&self, character: &[u8], ids: &mut Vec<u32>) {
        let tokens = character.iter().map(|&byte| self.bytes[usize::from(byte)]);
        if tokens.clone().all(|id| id != NO_TOKEN) {
            ids.extend(tokens);
        } else {
            ids.extend(self.unknown);
        }
    }
}

/// The characters of a text as symbols.
fn fill(vocabulary: &Vocabulary, text: &str, merger: &mut Merger) {
    merger.clear();
    for (start, c) in text.char_indices() {
        let len = c.len_utf8();
        let id = vocabulary.find(&text.as_bytes()[start..start + len]).unwrap_or(NO_TOKEN);
        merger.push(id, start, len);
    }
}

/// The byte of a token written `<0xE4>`.
fn byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok())?
}

/// Numbers that are smaller for a better score. The order of floats is that of their bits, once the sign is dealt with.
fn priority(score: f32) -> u32 {
    // Adding zero turns -0 into 0; a score that is no number is the worst.
    let score = if score.is_nan() { f32::NEG_INFINITY } else { score + 0.0 };
    let bits = score.to_bits();
    if bits >> 31 == 1 { bits } else { !bits & 0x7fff_ffff }
}

#[cfg(test)]
mod tests {
    use super::{byte, priority};

    #[test]
    fn better_scores_come_first() {
        let best_first =
            [f32::INFINITY, 2.5, 1.0, 1e-40, 0.0, -1e-40, -1.0, -255_504.0, f32::NEG_INFINITY];
        for pair in best_first.windows(2) {
            assert!(priority(pair[0]) < priority(pair[1]), "{pair:?}");
        }
        assert_eq!(priority(-0.0), priority(0.0));
        assert_eq!(priority(f32::NAN), priority(f32::NEG_INFINITY));
    }

    #[test]
    fn byte_tokens() {
        assert_eq!(byte("<0x0A>"), Some(10));
        assert_eq!(byte("<0xE4>"), Some(0xe4));
        for token in ["<0x>", "<0x123>", "<0xZZ>", "0x0A", "<0x0A", "<0x中>"] {
            assert_eq!(byte(token), None, "{token}");
        }
    }
}
