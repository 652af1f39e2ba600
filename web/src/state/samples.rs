//! Many answers from one column, and how often each came.

use crate::protocol::{FinishReason, SamplesRequest};

/// How many answers can be drawn at once.
pub(crate) const FEWEST: u32 = 2;
pub(crate) const MOST: u32 = 32;

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) text: String,
    pub(crate) tokens: usize,
    pub(crate) reason: FinishReason,
    /// Natural logarithm of the answer's probability at temperature 1 without filters.
    pub(crate) logprob: f32,
}

/// One draw of several answers, as far as they have come.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    pub(crate) request: SamplesRequest,
    pub(crate) samples: Vec<Sample>,
    pub(crate) ended: bool,
}

/// Answers that are the same text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) text: String,
    pub(crate) count: usize,
    /// Of all answers that have come.
    pub(crate) share: f64,
    /// Natural logarithm of the probability of the likeliest of them.
    pub(crate) logprob: f32,
    pub(crate) reason: FinishReason,
}

impl Draw {
    pub(crate) fn new(request: SamplesRequest) -> Self {
        Self { request, samples: Vec::new(), ended: false }
    }

    pub(crate) fn is_greedy(&self) -> bool {
        self.request.sampler.temperature <= 0.0
    }

    pub(crate) fn groups(&self) -> Vec<Group> {
        groups(&self.samples)
    }
}

/// The same texts together, the most frequent first, equally frequent ones as they came.
pub(crate) fn groups(samples: &[Sample]) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    for sample in samples {
        let text = sample.text.trim();
        match out.iter_mut().find(|group| group.text == text) {
            Some(group) => {
                group.count += 1;
                group.logprob = group.logprob.max(sample.logprob);
            }
            None => out.push(Group {
                text: text.to_owned(),
                count: 1,
                share: 0.0,
                logprob: sample.logprob,
                reason: sample.reason,
            }),
        }
    }
    out.sort_by_key(|group| std::cmp::Reverse(group.count));
    for group in &mut out {
        group.share = group.count as f64 / samples.len() as f64;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str, logprob: f32) -> Sample {
        Sample { text: text.into(), tokens: 3, reason: FinishReason::EndOfText, logprob }
    }

    #[test]
    fn equal_texts_are_counted_together() {
        let samples =
            [sample(" a", -2.0), sample("b", -1.0), sample("b ", -0.5), sample("c", -3.0)];
        let groups = groups(&samples);
        let seen: Vec<_> = groups.iter().map(|group| (group.text.as_str(), group.count)).collect();
        assert_eq!(seen, [("b", 2), ("a", 1), ("c", 1)]);
        assert_eq!((groups[0].share, groups[0].logprob), (0.5, -0.5));
        assert!((groups.iter().map(|group| group.share).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_groups() {
        assert!(groups(&[]).is_empty());
    }
}
