//! Strings in a text that stand for one token each, such as `<|im_end|>`.

use crate::error::TokenizerError;
use crate::vocabulary::Vocabulary;

/// Longer ones would make the search slow; real ones have a few dozen bytes.
const MAX_BYTES: usize = 1024;

/// A stretch of text after the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fragment<'t> {
    Text(&'t str),
    Token(u32),
}

/// A set of tokens that are searched for.
#[derive(Debug)]
pub(crate) struct Specials {
    /// Sorted by their bytes.
    sorted: Vec<u32>,
    /// Which bytes any of them begins with.
    first: [bool; 256],
}

impl Specials {
    /// Empty tokens are left out.
    pub(crate) fn new(vocabulary: &Vocabulary, ids: Vec<u32>) -> Result<Specials, TokenizerError> {
        let mut sorted = ids;
        sorted.retain(|&id| !vocabulary.bytes(id).is_empty());
        sorted.sort_by_key(|&id| vocabulary.bytes(id));
        let mut first = [false; 256];
        for &id in &sorted {
            let bytes = vocabulary.bytes(id);
            if bytes.len() > MAX_BYTES {
                return Err(TokenizerError::SpecialTooLong {
                    id,
                    bytes: bytes.len(),
                    max: MAX_BYTES,
                });
            }
            first[usize::from(bytes[0])] = true;
        }
        Ok(Specials { sorted, first })
    }

    /// Splits a text from left to right; at each place the longest token wins.
    pub(crate) fn split<'t>(
        &self,
        vocabulary: &Vocabulary,
        text: &'t str,
        mut emit: impl FnMut(Fragment<'t>),
    ) {
        let (mut start, mut at) = (0, 0);
        while at < text.len() {
            // Tokens are whole strings, so a match begins and ends between characters.
            let found = self.longest(vocabulary, &text.as_bytes()[at..]);
            let Some((id, len)) = found else {
                at += 1;
                continue;
            };
            if start < at {
                emit(Fragment::Text(&text[start..at]));
            }
            emit(Fragment::Token(id));
            at += len;
            start = at;
        }
        if start < text.len() {
            emit(Fragment::Text(&text[start..]));
        }
    }

    /// The longest token that `text` begins with, and its length.
    fn longest(&self, vocabulary: &Vocabulary, text: &[u8]) -> Option<(u32, usize)> {
        if !self.first[usize::from(*text.first()?)] {
            return None;
        }
        // Narrow the sorted list byte by byte; a token that ends at this depth comes first in what is left.
        let mut left = &self.sorted[..];
        let mut longest = None;
        for (depth, &byte) in text.iter().enumerate() {
            let at = |&id: &u32| vocabulary.bytes(id)[depth];
            let begin = left.partition_point(|id| at(id) < byte);
            let end = begin + left[begin..].partition_point(|id| at(id) == byte);
            left = &left[begin..end];
            while let Some((&id, rest)) = left.split_first()
                && vocabulary.bytes(id).len() == depth + 1
            {
                longest = Some((id, depth + 1));
                left = rest;
            }
            if left.is_empty() {
                break;
            }
        }
        longest
    }
}
