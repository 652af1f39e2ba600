//! Plain decisions and sums of an answer. No engine, no browser.

use engine::Counters;

use crate::protocol::FinishReason;

/// How many tokens of `wanted` need not be computed, because the KV cache holds them already. At
/// least the last one is fed anew: its logits are what the run begins with.
pub(super) fn reusable(held: &[u32], wanted: &[u32]) -> usize {
    let common = held.iter().zip(wanted).take_while(|(held, wanted)| held == wanted).count();
    common.min(wanted.len().saturating_sub(1))
}

/// Where an answer stands after a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The token was one of the model's stop tokens.
    pub(super) at_stop_token: bool,
    pub(super) new_tokens: u32,
    pub(super) max_tokens: u32,
    /// Prompt and generated tokens together.
    pub(super) length: usize,
    pub(super) context: u32,
}

impl Standing {
    /// Does the answer end here? What the model wants comes before what the reader set.
    pub(super) fn reason(&self) -> Option<FinishReason> {
        if self.at_stop_token {
            Some(FinishReason::EndOfText)
        } else if self.new_tokens >= self.max_tokens {
            Some(FinishReason::MaxTokens)
        } else if self.length >= self.context as usize {
            Some(FinishReason::ContextFull)
        } else {
            None
        }
    }
}

/// Adds the work done between two readings to `sum`. Weights are a state, not work: the last reading
/// holds.
pub(super) fn add_work(sum: &mut Counters, before: &Counters, after: &Counters) {
    sum.dispatches += after.dispatches.saturating_sub(before.dispatches);
    sum.submits += after.submits.saturating_sub(before.submits);
    sum.objects_created += after.objects_created.saturating_sub(before.objects_created);
    sum.bytes_read_back += after.bytes_read_back.saturating_sub(before.bytes_read_back);
    sum.bytes_uploaded += after.bytes_uploaded.saturating_sub(before.bytes_uploaded);
    sum.weight_bytes = after.weight_bytes;
}

/// Adds the work since the last reading; `after` becomes the last reading.
pub(super) fn read_work(sum: &mut Counters, last: &mut Counters, after: Counters) {
    add_work(sum, last, &after);
    *last = after;
}

/// What several models have done together. They hold their weights at the same time.
pub(super) fn total<'a>(each: impl IntoIterator<Item = &'a Counters>) -> Counters {
    let mut sum = Counters::default();
    for work in each {
        let weight_bytes = sum.weight_bytes + work.weight_bytes;
        add_work(&mut sum, &Counters::default(), work);
        sum.weight_bytes = weight_bytes;
    }
    sum
}

/// May a lost device be rebuilt? Yes, unless the last one was lost without a token in between.
/// `tokens_at_loss` remembers how far the run had come.
pub(super) fn may_rebuild(tokens_at_loss: &mut Option<u32>, tokens: u32) -> bool {
    tokens_at_loss.replace(tokens) != Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_prefix_is_reused_but_for_the_last_token() {
        assert_eq!(reusable(&[1, 2, 3], &[1, 2, 9, 4]), 2);
        assert_eq!(reusable(&[1, 2, 3], &[1, 2, 3, 4]), 3);
        assert_eq!(reusable(&[1, 2, 3], &[1, 2, 3]), 2);
        assert_eq!(reusable(&[1, 2, 3, 4], &[1, 2]), 1);
        assert_eq!(reusable(&[], &[1, 2]), 0);
        assert_eq!(reusable(&[7], &[7]), 0);
        assert_eq!(reusable(&[7], &[]), 0);
    }

    #[test]
    fn an_answer_ends_for_the_first_reason_that_holds() {
        let going = Standing {
            at_stop_token: false,
            new_tokens: 3,
            max_tokens: 10,
            length: 8,
            context: 16,
        };
        assert_eq!(going.reason(), None);
        let full = Standing { length: 16, ..going };
        assert_eq!(full.reason(), Some(FinishReason::ContextFull));
        let enough = Standing { new_tokens: 10, ..full };
        assert_eq!(enough.reason(), Some(FinishReason::MaxTokens));
        let ended = Standing { at_stop_token: true, ..enough };
        assert_eq!(ended.reason(), Some(FinishReason::EndOfText));
    }

    #[test]
    fn work_is_summed_over_devices_and_weights_are_not() {
        let mut sum = Counters::default();
        let before = Counters { dispatches: 10, submits: 1, weight_bytes: 500, ..sum };
        let after = Counters { dispatches: 30, submits: 4, bytes_read_back: 256, ..before };
        add_work(&mut sum, &before, &after);
        // The rebuilt device counts from its own beginning.
        let rebuilt = Counters { objects_created: 90, weight_bytes: 500, ..Counters::default() };
        add_work(&mut sum, &rebuilt, &Counters { dispatches: 5, ..rebuilt });
        let expected = Counters {
            dispatches: 25,
            submits: 3,
            bytes_read_back: 256,
            weight_bytes: 500,
            ..Counters::default()
        };
        assert_eq!(sum, expected);
    }

    #[test]
    fn the_weights_of_several_models_are_there_at_once() {
        let one = Counters { dispatches: 3, weight_bytes: 100, ..Counters::default() };
        let other = Counters { dispatches: 4, weight_bytes: 50, ..Counters::default() };
        let both = Counters { dispatches: 7, weight_bytes: 150, ..Counters::default() };
        assert_eq!(total([&one, &other]), both);
    }

    #[test]
    fn a_device_lost_twice_without_a_token_is_given_up() {
        let mut lost = None;
        assert!(may_rebuild(&mut lost, 0));
        assert!(!may_rebuild(&mut lost, 0));
        assert!(may_rebuild(&mut lost, 4));
        assert!(may_rebuild(&mut lost, 5));
        assert!(!may_rebuild(&mut lost, 5));
    }
}
