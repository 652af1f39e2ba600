//! The loop both kinds of BPE share: join the best pair of neighbours until no pair can be joined.
//!
//! A doubly linked list of symbols and a queue of candidate pairs keep it at n log n for a text of n symbols.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The id of a symbol that is no token (a character that the vocabulary lacks).
pub(crate) const NO_TOKEN: u32 = u32::MAX;

const NOWHERE: usize = usize::MAX;

/// A stretch of text that is being merged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    /// Its token, or [`NO_TOKEN`].
    pub(crate) id: u32,
    /// Its first byte in the text.
    pub(crate) start: usize,
    /// Its length in bytes; 0 once its left neighbour has swallowed it.
    pub(crate) len: usize,
    previous: usize,
    next: usize,
}

/// What a pair of neighbours becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Join {
    /// Smaller comes first; among equals the leftmost does.
    pub(crate) priority: u32,
    /// The token of the joined symbol.
    pub(crate) id: u32,
}

/// A pair in the queue. The order of the fields is the order in which pairs are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    priority: u32,
    left: usize,
    right: usize,
    /// Bytes of both when the pair was queued: another sum means that one of them has changed since.
    len: usize,
    id: u32,
}

/// Symbols in a row. Made once and cleared between words, so that its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Merger {
    symbols: Vec<Symbol>,
    queue: BinaryHeap<Reverse<Candidate>>,
}

impl Merger {
    /// Forgets all symbols.
    pub(crate) fn clear(&mut self) {
        self.symbols.clear();
        self.queue.clear();
    }

    /// Appends a symbol of at least one byte.
    pub(crate) fn push(&mut self, id: u32, start: usize, len: usize) {
        let index = self.symbols.len();
        let previous = index.checked_sub(1).unwrap_or(NOWHERE);
        if let Some(last) = self.symbols.last_mut() {
            last.next = index;
        }
        self.symbols.push(Symbol { id, start, len, previous, next: NOWHERE });
    }

    /// Joins pairs, best first, as long as `join` has a token for one.
    pub(crate) fn run(&mut self, join: impl Fn(&Symbol, &Symbol) -> Option<Join>) {
        self.run_observed(join, |_, _| {});
    }

    /// The same, and shows the symbols before the first and after every join, with the place of the one that it made
    /// and its priority.
    pub(crate) fn run_observed(
        &mut self,
        join: impl Fn(&Symbol, &Symbol) -> Option<Join>,
        mut see: impl FnMut(&[Symbol], Option<(usize, u32)>),
    ) {
        see(&self.symbols, None);
        for right in 1..self.symbols.len() {
            self.consider(right - 1, right, &join);
        }
        while let Some(Reverse(pair)) = self.queue.pop() {
            let (left, right) = (self.symbols[pair.left], self.symbols[pair.right]);
            if left.len == 0 || right.len == 0 || left.len + right.len != pair.len {
                continue;
            }
            self.symbols[pair.right].len = 0;
            let joined = &mut self.symbols[pair.left];
            joined.id = pair.id;
            joined.len = pair.len;
            joined.next = right.next;
            if right.next != NOWHERE {
                self.symbols[right.next].previous = pair.left;
                self.consider(pair.left, right.next, &join);
            }
            if left.previous != NOWHERE {
                self.consider(left.previous, pair.left, &join);
            }
            see(&self.symbols, Some((pair.left, pair.priority)));
        }
    }

    /// The symbols that are left, in order.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = &Symbol> {
        self.symbols.iter().filter(|symbol| symbol.len > 0)
    }

    fn consider(
        &mut self,
        left: usize,
        right: usize,
        join: &impl Fn(&Symbol, &Symbol) -> Option<Join>,
    ) {
        let (a, b) = (&self.symbols[left], &self.symbols[right]);
        if let Some(Join { priority, id }) = join(a, b) {
            self.queue.push(Reverse(Candidate { priority, left, right, len: a.len + b.len, id }));
        }
    }
}
