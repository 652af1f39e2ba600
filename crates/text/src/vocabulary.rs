//! All tokens as bytes, in one arena with one index: a vocabulary of 262,144 tokens takes three allocations.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::error::TokenizerError;

/// `tokenizer.ggml.token_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

impl Kind {
    /// From the number in the file (`llama_token_type` in llama.h); 0 and strangers count as normal.
    pub(crate) fn from_gguf(number: i32) -> Kind {
        match number {
            2 => Kind::Unknown,
            3 => Kind::Control,
            4 => Kind::UserDefined,
            5 => Kind::Unused,
            6 => Kind::Byte,
            _ => Kind::Normal,
        }
    }
}

/// Tokens by id and by bytes.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// The bytes each token stands for, one after the other.
    bytes: Vec<u8>,
    /// Where each token's bytes end.
    ends: Vec<u32>,
    kinds: Vec<Kind>,
    /// Open addressing: ids, or `EMPTY`. A power of two, at most half full.
    slots: Vec<u32>,
    hasher: RandomState,
    longest: usize,
}

const EMPTY: u32 = u32::MAX;

impl Vocabulary {
    /// `write` appends the bytes that a token of the file stands for.
    pub(crate) fn new(
        tokens: &[String],
        kinds: Vec<Kind>,
        write: impl Fn(&str, Kind, &mut Vec<u8>),
    ) -> Result<Vocabulary, TokenizerError> {
        let mut bytes = Vec::with_capacity(tokens.iter().map(String::len).sum());
        let mut ends = Vec::with_capacity(tokens.len());
        for (token, &kind) in tokens.iter().zip(&kinds) {
            write(token, kind, &mut bytes);
            // An end that does not fit is told from the total below.
            ends.push(bytes.len() as u32);
        }
        if tokens.len() >= EMPTY as usize || bytes.len() > u32::MAX as usize {
            return Err(TokenizerError::TooLarge { tokens: tokens.len(), bytes: bytes.len() });
        }
        let slots = vec![EMPTY; (2 * tokens.len()).next_power_of_two().max(2)];
        let hasher = RandomState::new();
        let mut vocabulary = Vocabulary { bytes, ends, kinds, slots, hasher, longest: 0 };
        // Control and byte tokens never come from plain text. Where two tokens stand for the same bytes, a normal one wins.
        vocabulary.index(|kind| matches!(kind, Kind::Normal | Kind::Unused));
        vocabulary.index(|kind| kind == Kind::UserDefined);
        Ok(vocabulary)
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a token; none for an id out of range.
    pub(crate) fn bytes(&self, id: u32) -> &[u8] {
        let index = id as usize;
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..end as usize]
    }

    /// What kind of token it is; `None` for an id out of range.
    pub(crate) fn kind(&self, id: u32) -> Option<Kind> {
        self.kinds.get(id as usize).copied()
    }

    /// The ids of all tokens of these kinds.
    pub(crate) fn of_kind(&self, kinds: &[Kind]) -> Vec<u32> {
        (0..).zip(&self.kinds).filter(|(_, kind)| kinds.contains(kind)).map(|(id, _)| id).collect()
    }

    /// The token that plain text with these bytes makes.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<u32> {
        if bytes.is_empty() || bytes.len() > self.longest {
            return None;
        }
        let id = self.slots[self.slot(bytes)];
        (id != EMPTY).then_some(id)
    }

    fn index(&mut self, wanted: impl Fn(Kind) -> bool) {
        for id in 0..self.len() as u32 {
            let bytes = self.bytes(id);
            let len = bytes.len();
            if len == 0 || !self.kind(id).is_some_and(&wanted) {
                continue;
            }
            let slot = self.slot(bytes);
            if self.slots[slot] == EMPTY {
                self.slots[slot] = id;
                self.longest = self.longest.max(len);
            }
        }
    }

    /// Where these bytes are in `slots`, or where they belong.
    fn slot(&self, bytes: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(bytes) as usize & mask;
        while self.slots[slot] != EMPTY && self.bytes(self.slots[slot]) != bytes {
            slot = (slot + 1) & mask;
        }
        slot
    }
}
