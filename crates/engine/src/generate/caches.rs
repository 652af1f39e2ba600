//! What the KV cache of each of an engine's sequences holds, so that nothing is computed twice.

use crate::engine::Engine;
use crate::error::EngineError;

/// The sequences of one engine.
#[derive(Debug)]
pub struct Caches {
    held: Vec<Held>,
    /// Counts uses.
    clock: u64,
}

/// Tokens in a cache, and the adapter they were run with.
#[derive(Clone, Debug, Default)]
struct Held {
    adapter: u32,
    tokens: Vec<u32>,
    used: u64,
}

impl Caches {
    /// Of an engine with so many sequences, all empty.
    pub fn new(sequences: u32) -> Self {
        Self { held: vec![Held::default(); sequences as usize], clock: 0 }
    }

    /// The sequence for what is computed by the way: rewards, and the logits of one place. The others are for
    /// answers.
    pub fn aside(&self) -> u32 {
        self.held.len().saturating_sub(1) as u32
    }

    /// The best sequence for an answer among those that are not `taken`: the one that holds most of its tokens,
    /// else the one that was not used for longest.
    pub fn pick(&self, adapter: u32, tokens: &[u32], taken: impl Fn(u32) -> bool) -> Option<u32> {
        let free = (0..self.aside()).filter(|sequence| !taken(*sequence));
        free.max_by_key(|sequence| {
            let used = self.held[*sequence as usize].used;
            // Of equal ones the first.
            (self.common(*sequence, adapter, tokens), u64::MAX - used, u32::MAX - sequence)
        })
    }

    /// Makes a sequence begin with as many of the first tokens as any sequence holds, all but the last at most, and
    /// tells how many that are.
    ///
    /// # Errors
    /// A sequence that does not exist, or no room for a copy.
    pub fn prepare(
        &mut self,
        engine: &mut Engine,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
    ) -> Result<usize, EngineError> {
        let (source, common) = self.source(sequence, adapter, tokens);
        if source == sequence {
            engine.truncate(sequence, common as u32)?;
        } else {
            engine.fork(source, sequence, common as u32)?;
        }
        self.note(sequence, adapter, &tokens[..common]);
        Ok(common)
    }

    /// A sequence now holds these tokens.
    pub fn note(&mut self, sequence: u32, adapter: u32, tokens: &[u32]) {
        self.clock += 1;
        if let Some(held) = self.held.get_mut(sequence as usize) {
            *held = Held { adapter, tokens: tokens.to_vec(), used: self.clock };
        }
    }

    /// Nobody knows what the sequences hold.
    pub fn forget(&mut self) {
        self.held.iter_mut().for_each(|held| held.tokens.clear());
    }

    /// Where most of the tokens can be had, and how many: in the sequence itself if another has no more.
    fn source(&self, sequence: u32, adapter: u32, tokens: &[u32]) -> (u32, usize) {
        let own = (sequence, self.common(sequence, adapter, tokens));
        (0..self.held.len() as u32).fold(own, |best, other| {
            let common = self.common(other, adapter, tokens);
            if common > best.1 { (other, common) } else { best }
        })
    }

    fn common(&self, sequence: u32, adapter: u32, tokens: &[u32]) -> usize {
        match self.held.get(sequence as usize) {
            Some(held) if held.adapter == adapter => reusable(&held.tokens, tokens),
            _ => 0,
        }
    }
}

/// How many tokens of `wanted` need not be computed, because `held` are there. At least the last one is fed anew:
/// its logits are what an answer begins with.
fn reusable(held: &[u32], wanted: &[u32]) -> usize {
    let common = held.iter().zip(wanted).take_while(|(held, wanted)| held == wanted).count();
    common.min(wanted.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_prefix_is_reused_but_for_the_last_token() {
        assert_eq!(reusable(&[1, 2, 3, 4], &[1, 2, 3, 9, 9]), 3);
        assert_eq!(reusable(&[1, 2, 3], &[1, 2, 3]), 2);
        assert_eq!(reusable(&[1, 2, 3, 4], &[1, 2]), 1);
        assert_eq!(reusable(&[], &[1, 2]), 0);
        assert_eq!(reusable(&[7], &[7]), 0);
        assert_eq!(reusable(&[7], &[]), 0);
    }

    const NONE: fn(u32) -> bool = |_| false;

    fn caches() -> Caches {
        let mut caches = Caches::new(4);
        caches.note(2, 0, &[1, 2, 3]);
        caches.note(1, 1, &[1, 2, 3, 4, 5]);
        caches
    }

    #[test]
    fn the_sequence_that_holds_most_is_picked() {
        let caches = caches();
        assert_eq!(caches.pick(0, &[1, 2, 9], NONE), Some(2));
        assert_eq!(caches.pick(1, &[1, 2, 9], NONE), Some(1), "with its own adapter");
        assert_eq!(caches.pick(0, &[7, 8], NONE), Some(0), "never used");
        assert_eq!(caches.pick(0, &[7, 8], |sequence| sequence == 0), Some(2), "used before 1");
        assert_eq!(caches.pick(0, &[7, 8], |_| true), None);
        assert_eq!(Caches::new(1).pick(0, &[7], NONE), None, "the last one is not for answers");
    }

    #[test]
    fn what_another_sequence_holds_is_taken_over() {
        let mut caches = caches();
        assert_eq!(caches.source(0, 1, &[1, 2, 3, 9]), (1, 3));
        assert_eq!(caches.source(0, 1, &[1, 2]), (1, 1), "the last token is always fed");
        assert_eq!(caches.source(3, 2, &[1, 2]), (3, 0));
        caches.note(3, 1, &[1, 2, 3]);
        assert_eq!(caches.source(3, 1, &[1, 2, 3, 9]), (3, 3), "its own if no other has more");
        caches.forget();
        assert_eq!(caches.source(0, 1, &[1, 2, 3, 9]), (0, 0));
    }
}
