mod exp;

use crate::params::{Alternative, EMPTY, Report, Sampler, TOP};
use std::borrow::Cow;

/// Probability 1 as an integer mass.
const ONE: f32 = 2_147_483_648.0;

/// Twin of `logits_partials.wgsl` and `sample.wgsl`: draws the token that follows `position` and reports
/// it with the ten most likely ones.
///
/// Penalty, temperature, top-k, top-p and min-p are applied in this order, each to what the ones before
/// left. `seen(id)`: did the token occur in this sequence? Tokens that tie with a threshold are all kept.
pub fn sample(
    logits: &[f32],
    seen: impl Fn(u32) -> bool,
    sampler: &Sampler,
    position: u32,
) -> Report {
    let greedy = sampler.temperature <= 0.0;
    let scaled = scaled(logits, seen, sampler);
    let raw = Softmax::of(logits);
    let highest = exp::top::<TOP>(logits);
    let draw = match greedy {
        true => Draw::greedy(&scaled),
        false => Draw::random(&scaled, sampler, position),
    };
    let token = draw.token;

    let mut report = Report {
        token: token as u32,
        position: position + 1,
        logprob: logits[token] - raw.highest - raw.total.ln(),
        kept: draw.kept,
        entropy: raw.entropy,
        alternatives: [Alternative { id: EMPTY, ..Alternative::default() }; TOP],
        ..Report::default()
    };
    for (alternative, id) in report.alternatives.iter_mut().zip(highest) {
        let filtered = match &draw.from {
            None => f32::from(u8::from(id == token)),
            Some((softmax, kept_mass)) if scaled[id] >= draw.threshold => {
                softmax.probability(scaled[id]) * (ONE / *kept_mass as f32)
            }
            Some(_) => 0.0,
        };
        let probability = raw.probability(logits[id]);
        *alternative = Alternative { id: id as u32, logit: logits[id], probability, filtered };
    }
    report
}

/// Logits after penalty and temperature.
fn scaled<'a>(logits: &'a [f32], seen: impl Fn(u32) -> bool, sampler: &Sampler) -> Cow<'a, [f32]> {
    let temperature = if sampler.temperature > 0.0 { sampler.temperature } else { 1.0 };
    if temperature == 1.0 && sampler.repeat_penalty == 1.0 {
        return Cow::Borrowed(logits);
    }
    if sampler.repeat_penalty == 1.0 {
        return logits.iter().map(|logit| logit / temperature).collect();
    }
    let penalized = |(id, &logit): (u32, &f32)| match seen(id) {
        true if logit > 0.0 => logit / sampler.repeat_penalty / temperature,
        true => logit * sampler.repeat_penalty / temperature,
        false => logit / temperature,
    };
    (0u32..).zip(logits).map(penalized).collect()
}

/// What was drawn, and from what.
struct Draw {
    token: usize,
    /// How many tokens the filters left.
    kept: u32,
    /// Scaled logit below which tokens were dropped.
    threshold: f32,
    /// The distribution and how much of it was kept; `None` for greedy.
    from: Option<(Softmax, u32)>,
}

impl Draw {
    fn greedy(scaled: &[f32]) -> Self {
        let token = exp::top::<1>(scaled).first().copied().unwrap_or(0);
        Self { token, kept: 1, threshold: f32::NEG_INFINITY, from: None }
    }

    fn random(scaled: &[f32], sampler: &Sampler, position: u32) -> Self {
        let softmax = Softmax::of(scaled);
        let threshold = threshold(scaled, &softmax, sampler);
        let kept = || scaled.iter().enumerate().filter(|(_, value)| **value >= threshold);
        let kept_mass = kept().map(|(_, v)| u64::from(softmax.mass(*v))).sum::<u64>() as u32;
        let draw = random(sampler.seed_lo, sampler.seed_hi, position + 1);
        let mut left = ((u64::from(draw) * u64::from(kept_mass)) >> 32) as u32;
        let drawn = kept().find(|(_, value)| {
            let own = softmax.mass(**value);
            let here = left < own;
            left = left.saturating_sub(own);
            here
        });
        let token = drawn.map(|(id, _)| id);
        Self {
            token: token.or_else(|| exp::top::<1>(scaled).first().copied()).unwrap_or(0),
            kept: kept().count() as u32,
            threshold,
            from: Some((softmax, kept_mass)),
        }
    }
}

/// pcg3d (Jarzynski & Olano 2020): a random word for this seed and position.
pub fn random(seed_lo: u32, seed_hi: u32, position: u32) -> u32 {
    let mut v =
        [seed_lo, seed_hi, position].map(|x| x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let mix = |v: &mut [u32; 3]| {
        v[0] = v[0].wrapping_add(v[1].wrapping_mul(v[2]));
        v[1] = v[1].wrapping_add(v[2].wrapping_mul(v[0]));
        v[2] = v[2].wrapping_add(v[0].wrapping_mul(v[1]));
    };
    mix(&mut v);
    v = v.map(|x| x ^ (x >> 16));
    mix(&mut v);
    v[0]
}

struct Softmax {
    highest: f32,
    /// Sum of `exp(value - highest)`.
    total: f32,
    /// In nats.
    entropy: f32,
}

impl Softmax {
    fn of(values: &[f32]) -> Self {
        let highest = exp::highest(values);
        let [total, weighted] = exp::sums(values, highest);
        Self { highest, total: total as f32, entropy: (total.ln() - weighted / total) as f32 }
    }
    fn probability(&self, value: f32) -> f32 {
        exp::exp(value - self.highest) / self.total
    }
    fn mass(&self, value: f32) -> u32 {
        (self.probability(value) * ONE) as u32
    }
}

/// Scaled logit below which the filters drop a token.
fn threshold(scaled: &[f32], softmax: &Softmax, sampler: &Sampler) -> f32 {
    let descending = |a: &f32, b: &f32| b.total_cmp(a);
    let mut sorted = scaled.to_vec();
    let mut threshold = f32::NEG_INFINITY;
    if sampler.top_k > 0 && (sampler.top_k as usize) < sorted.len() {
        let (_, last, _) = sorted.select_nth_unstable_by(sampler.top_k as usize - 1, descending);
        threshold = *last;
        sorted.retain(|value| *value >= threshold);
    }
    if sampler.top_p < 1.0 {
        sorted.sort_unstable_by(descending);
        let all: u32 = sorted.iter().map(|v| softmax.mass(*v)).sum();
        let wanted = ((sampler.top_p.clamp(0.0, 1.0) * all as f32) as u32).max(1);
        let mut sum = 0;
        for value in &sorted {
            sum += softmax.mass(*value);
            if sum >= wanted {
                threshold = *value;
                break;
            }
        }
    }
    if sampler.min_p > 0.0 {
        threshold = threshold.max(softmax.highest + sampler.min_p.min(1.0).ln());
    }
    threshold.min(softmax.highest)
}

#[cfg(test)]
mod tests {
    use super::{random, sample};
    use crate::params::Sampler;

    const SAMPLER: Sampler = Sampler {
        temperature: 1.0,
        top_p: 1.0,
        min_p: 0.0,
        repeat_penalty: 1.0,
        top_k: 0,
        seed_lo: 7,
        seed_hi: 0,
        reserved: 0,
    };

    fn drawn(logits: &[f32], sampler: Sampler, draws: u32) -> Vec<u32> {
        (0..draws).map(|position| sample(logits, |_| false, &sampler, position).token).collect()
    }

    #[test]
    fn greedy_takes_the_first_of_the_best() {
        let report =
            sample(&[1.0, 3.0, 3.0, 2.0], |_| false, &Sampler { temperature: 0.0, ..SAMPLER }, 4);
        assert_eq!((report.token, report.position, report.kept), (1, 5, 1));
        let ids: Vec<u32> = report.alternatives.iter().take(4).map(|a| a.id).collect();
        assert_eq!(ids, [1, 2, 3, 0]);
    }

    #[test]
    fn draws_follow_the_distribution() {
        let probabilities = [0.5f32, 0.3, 0.2];
        let logits = probabilities.map(f32::ln);
        let tokens = drawn(&logits, SAMPLER, 20_000);
        for (id, p) in (0u32..).zip(probabilities) {
            let share = tokens.iter().filter(|t| **t == id).count() as f32 / tokens.len() as f32;
            assert!((share - p).abs() < 0.015, "token {id}: {share} instead of {p}");
        }
    }

    #[test]
    fn filters_keep_what_they_say() {
        let logits = [0.5f32, 0.3, 0.15, 0.05].map(f32::ln);
        let kept = |sampler| sample(&logits, |_| false, &sampler, 0).kept;
        assert_eq!(kept(Sampler { top_k: 2, ..SAMPLER }), 2);
        assert_eq!(kept(Sampler { top_p: 0.7, ..SAMPLER }), 2);
        assert_eq!(kept(Sampler { top_p: 0.81, ..SAMPLER }), 3);
        assert_eq!(kept(Sampler { min_p: 0.2, ..SAMPLER }), 3);
        assert_eq!(kept(Sampler { top_k: 3, top_p: 0.5, ..SAMPLER }), 1);
        assert_eq!(kept(SAMPLER), 4);
    }

    #[test]
    fn a_penalty_makes_seen_tokens_less_likely() {
        let sampler = Sampler { temperature: 0.0, repeat_penalty: 2.0, ..SAMPLER };
        assert_eq!(sample(&[1.0, 1.5], |id| id == 1, &sampler, 0).token, 0);
        assert_eq!(sample(&[-1.0, -0.9], |id| id == 1, &sampler, 0).token, 0);
    }

    #[test]
    fn seeds_and_positions_change_the_draw() {
        let words: std::collections::BTreeSet<u32> = (0..50)
            .flat_map(|seed| (0..50).map(move |position| random(seed, 0, position)))
            .collect();
        assert!(words.len() > 2_490);
    }
}
