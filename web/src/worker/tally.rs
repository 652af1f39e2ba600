//! Plain decisions and sums of an answer. No engine, no browser.

use engine::Counters;
use engine::generate::Ending;

use crate::protocol::FinishReason;

impl From<Ending> for FinishReason {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Stop => Self::EndOfText,
            Ending::MaxTokens => Self::MaxTokens,
            Ending::ContextFull => Self::ContextFull,
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
