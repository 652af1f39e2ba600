//! What logits say: probabilities, entropy, divergence. Sums are in double precision.

use engine::Alternative;

/// How many alternatives are told.
const TOP: usize = 5;

/// A distribution over the vocabulary, from its logits.
pub(super) struct Distribution<'a> {
    logits: &'a [f32],
    /// Natural log of the sum of all exponentials.
    log_total: f64,
}

impl<'a> Distribution<'a> {
    /// The softmax of logits.
    pub(super) fn new(logits: &'a [f32]) -> Self {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total: f64 = logits.iter().map(|logit| f64::from(logit - highest).exp()).sum();
        Self { logits, log_total: f64::from(highest) + total.ln() }
    }

    /// Natural log of a token's probability; minus infinity for one that does not exist.
    pub(super) fn logprob(&self, id: u32) -> f64 {
        self.logits
            .get(id as usize)
            .map_or(f64::NEG_INFINITY, |logit| f64::from(*logit) - self.log_total)
    }

    /// 1 for the most likely token; the lower id wins a tie.
    pub(super) fn rank(&self, id: u32) -> u32 {
        let Some(own) = self.logits.get(id as usize) else { return self.logits.len() as u32 + 1 };
        let before = |(other, logit): (usize, &f32)| {
            logit > own || (logit == own && (other as u64) < u64::from(id))
        };
        1 + self.logits.iter().enumerate().filter(|entry| before(*entry)).count() as u32
    }

    /// In nats.
    pub(super) fn entropy(&self) -> f64 {
        let each = self.logits.iter().map(|logit| {
            let logprob = f64::from(*logit) - self.log_total;
            -logprob.exp() * logprob
        });
        each.filter(|part| part.is_finite()).sum()
    }

    /// KL divergence from this distribution to another over the same vocabulary, in nats; never negative.
    pub(super) fn kl(&self, other: &Self) -> f64 {
        let pairs = self.logits.iter().zip(other.logits);
        let each = pairs.map(|(own, theirs)| {
            let own = f64::from(*own) - self.log_total;
            own.exp() * (own - (f64::from(*theirs) - other.log_total))
        });
        // Rounding may leave a sum of nothing a little below it.
        each.filter(|part| part.is_finite()).sum::<f64>().max(0.0)
    }

    /// The most likely tokens, best first. Nothing was filtered.
    pub(super) fn top(&self) -> Vec<Alternative> {
        let mut best: Vec<usize> = Vec::with_capacity(TOP + 1);
        for (id, logit) in self.logits.iter().enumerate() {
            if best.len() == TOP && best.last().is_some_and(|last| *logit <= self.logits[*last]) {
                continue;
            }
            let at = best.partition_point(|known| self.logits[*known] >= *logit);
            best.insert(at, id);
            best.truncate(TOP);
        }
        let view = |id: usize| {
            let probability = self.logprob(id as u32).exp() as f32;
            Alternative {
                id: id as u32,
                logit: self.logits[id],
                probability,
                filtered: probability,
            }
        };
        best.into_iter().map(view).collect()
    }
}

/// Bits for a text of so many characters, from the sum of its tokens' log probabilities.
pub(super) fn bits_per_character(logprob: f64, characters: usize) -> f32 {
    if characters == 0 {
        return 0.0;
    }
    (-logprob / std::f64::consts::LN_2 / characters as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn a_distribution_is_what_the_formulas_say() {
        let logits = [0.5f32.ln() + 3.0, 0.25f32.ln() + 3.0, 0.25f32.ln() + 3.0];
        let halves = Distribution::new(&logits);
        assert!(close(halves.logprob(0), 0.5f64.ln()));
        assert_eq!([0, 1, 2].map(|id| halves.rank(id)), [1, 2, 3]);
        assert_eq!(halves.rank(9), 4);
        assert_eq!(halves.logprob(9), f64::NEG_INFINITY);
        assert!(close(halves.entropy(), 1.5 * 2f64.ln()));
        let ids: Vec<u32> = halves.top().iter().map(|a| a.id).collect();
        assert_eq!(ids, [0, 1, 2]);
    }

    #[test]
    fn divergence_is_zero_to_itself_and_positive_to_another() {
        let (a, b) = ([0.0f32, 1.0, 2.0], [2.0f32, 1.0, 0.0]);
        let (a, b) = (Distribution::new(&a), Distribution::new(&b));
        assert_eq!(a.kl(&a), 0.0);
        let by_hand: f64 = (0..3).map(|i| a.logprob(i).exp() * (a.logprob(i) - b.logprob(i))).sum();
        assert!(close(a.kl(&b), by_hand) && by_hand > 0.5);
    }

    #[test]
    fn the_most_likely_come_first() {
        let logits: Vec<f32> = (0..100u16).map(|i| f32::from(i * 37 % 100)).collect();
        let top = Distribution::new(&logits).top();
        let expected: Vec<f32> = (0..5u8).map(|i| f32::from(99 - i)).collect();
        assert_eq!(top.iter().map(|a| a.logit).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn bits_are_per_character() {
        assert_eq!(bits_per_character(-8.0 * std::f64::consts::LN_2, 4), 2.0);
        assert_eq!(bits_per_character(-1.0, 0), 0.0);
    }
}
