//! The draw: the tokens that the filters left lie side by side, each as wide as its probability, and a random number
//! points at one. The numbers and their order are those of the sampler.

use engine::SamplerSettings;

use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::panel;

/// Rows of the comparison of draws with probabilities.
const LISTED: usize = 10;

/// What the draw is made from, in the sampler's order: by token id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// Token ids and their probabilities.
    pub(crate) shares: Vec<(u32, f64)>,
    /// What the settings' own seed draws.
    pub(crate) own: u32,
    /// `ln Σ exp` over what is left, after penalty and temperature; 0 where nothing is drawn.
    pub(crate) log_sum: f64,
    is_greedy: bool,
}

/// One draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) id: u32,
    /// The random number, from 0 up to 1: where the needle stands.
    pub(crate) needle: f64,
}

impl Kept {
    /// The `count` likeliest tokens after penalty and temperature.
    pub(super) fn new(
        logits: &[f32],
        seen: &[u32],
        settings: &SamplerSettings,
        count: usize,
        own: u32,
    ) -> Self {
        let is_greedy = super::is_greedy(settings);
        if is_greedy {
            return Self { shares: vec![(own, 1.0)], own, log_sum: 0.0, is_greedy };
        }
        let mut occurred = vec![false; logits.len()];
        for id in seen {
            if let Some(mark) = occurred.get_mut(*id as usize) {
                *mark = true;
            }
        }
        let scaled = logits.iter().zip(occurred);
        let mut scaled: Vec<(u32, f32)> =
            (0..).zip(scaled.map(|(logit, seen)| panel::scaled(*logit, seen, settings))).collect();
        let count = count.clamp(1, scaled.len().max(1));
        if count < scaled.len() {
            scaled.select_nth_unstable_by(count - 1, |a, b| b.1.total_cmp(&a.1));
            scaled.truncate(count);
        }
        scaled.sort_unstable_by_key(|(id, _)| *id);
        let highest = scaled.iter().map(|(_, value)| *value).fold(f32::NEG_INFINITY, f32::max);
        let weight = |value: f32| f64::from(value - highest).exp();
        let total: f64 = scaled.iter().map(|(_, value)| weight(*value)).sum();
        let shares = scaled.iter().map(|(id, value)| (*id, weight(*value) / total)).collect();
        let log_sum = f64::from(highest) + total.ln();
        Self { shares, own, log_sum, is_greedy }
    }

    /// What a seed draws for the token at `position`.
    pub(crate) fn draw(&self, seed: u64, position: u32) -> Drawn {
        let word = engine::random(seed as u32, (seed >> 32) as u32, position);
        let needle = f64::from(word) / 4_294_967_296.0;
        let mut left = if self.is_greedy { 0.0 } else { needle };
        for (id, share) in &self.shares {
            if left < *share {
                return Drawn { id: *id, needle };
            }
            left -= share;
        }
        // Rounding may leave a little beyond the last.
        Drawn { id: self.shares.last().map_or(self.own, |(id, _)| *id), needle }
    }

    /// The probability that a token is drawn with.
    pub(crate) fn share(&self, id: u32) -> f64 {
        self.shares.iter().find(|(other, _)| *other == id).map_or(0.0, |(_, share)| *share)
    }

    /// The likeliest tokens: what they are drawn with, and how often they were. `titles`: both in words.
    pub(crate) fn chart(
        &self,
        tally: &Tally,
        name: impl Fn(u32) -> String,
        titles: [&str; 2],
    ) -> Chart {
        let mut listed = self.shares.clone();
        listed.sort_by(|a, b| b.1.total_cmp(&a.1));
        listed.truncate(LISTED);
        let bar = |(id, share): (u32, f64)| {
            let drawn = tally.counts.iter().find(|(other, _)| *other == id);
            let drawn = drawn.map_or(0, |(_, count)| *count);
            let often = (tally.draws > 0).then(|| drawn as f32 / tally.draws as f32);
            Bar {
                name: name(id),
                values: vec![Some(share as f32), often],
                is_chosen: tally.last.is_some_and(|last| last.id == id),
            }
        };
        let [expected, drawn] = titles;
        let series = |name: &str, ink| Series { name: name.to_owned(), ink, unit: Unit::Percent };
        Chart {
            series: vec![series(expected, Ink::Soft), series(drawn, Ink::Heat)],
            bars: listed.into_iter().map(bar).collect(),
            apart: false,
        }
    }

    /// The widest shares with where they begin, for labels.
    pub(crate) fn widest(&self, count: usize) -> Vec<(u32, f64, f64)> {
        let mut from = 0.0;
        let mut places: Vec<(u32, f64, f64)> = self
            .shares
            .iter()
            .map(|(id, share)| {
                let start = from;
                from += share;
                (*id, start, *share)
            })
            .collect();
        places.sort_by(|a, b| b.2.total_cmp(&a.2));
        places.truncate(count);
        places.sort_by(|a, b| a.1.total_cmp(&b.1));
        places
    }
}

/// Draws so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    /// Token ids and how often they were drawn, most often first.
    pub(crate) counts: Vec<(u32, u32)>,
    pub(crate) draws: u32,
    pub(crate) last: Option<Drawn>,
}

impl Tally {
    pub(crate) fn add(&mut self, drawn: Drawn) {
        self.draws += 1;
        self.last = Some(drawn);
        match self.counts.iter_mut().find(|(id, _)| *id == drawn.id) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((drawn.id, 1)),
        }
        self.counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kept, output};
    use super::*;

    fn settings() -> SamplerSettings {
        SamplerSettings { temperature: 1.3, top_k: 12, top_p: 0.97, ..SamplerSettings::default() }
    }

    #[test]
    fn a_draw_is_the_sampler_s() {
        let output = output();
        let kept = kept(&output, &[2], &settings());
        let mut different = std::collections::BTreeSet::new();
        for seed in 0..400 {
            let own = SamplerSettings { seed, ..settings() };
            let report = engine::distribution(&output.logits, &[2], &own, output.token);
            let drawn = kept.draw(seed, output.token + 1);
            assert_eq!(Some(drawn.id), report.map(|report| report.token), "seed {seed}");
            assert!((0.0..1.0).contains(&drawn.needle));
            different.insert(drawn.id);
        }
        assert!(different.len() > 3);
    }

    #[test]
    fn shares_add_up_and_lie_side_by_side() {
        let kept = kept(&output(), &[], &settings());
        let sum: f64 = kept.shares.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!(kept.shares.is_sorted_by_key(|(id, _)| *id));
        let widest = kept.widest(2);
        assert_eq!((widest[0].0, widest[0].1), (0, 0.0));
        assert_eq!(widest[1].0, 1);
        assert!((widest[1].1 - kept.share(0)).abs() < 1e-12);
        assert_eq!(kept.share(29), 0.0, "dropped by a filter");
    }

    #[test]
    fn greedy_draws_the_best_whatever_the_number() {
        let kept = kept(&output(), &[], &SamplerSettings::greedy());
        assert_eq!(kept.shares, [(0, 1.0)]);
        assert!((0..20).all(|seed| kept.draw(seed, 1).id == 0));
    }

    #[test]
    fn draws_stand_beside_what_was_to_be_expected() {
        let kept = kept(&output(), &[], &settings());
        let mut tally = Tally::default();
        let name = |id: u32| format!("t{id}");
        assert_eq!(kept.chart(&tally, name, ["p", "d"]).bars[0].values[1], None);
        for id in [1, 0, 1, 1] {
            tally.add(Drawn { id, needle: 0.5 });
        }
        let chart = kept.chart(&tally, name, ["p", "d"]);
        assert_eq!(chart.bars[0].name, "t0", "the likeliest first");
        assert_eq!(chart.bars[1].values[1], Some(0.75));
        assert!(chart.bars[1].is_chosen && !chart.bars[0].is_chosen);
    }

    #[test]
    fn draws_are_counted() {
        let mut tally = Tally::default();
        for id in [3, 1, 3] {
            tally.add(Drawn { id, needle: 0.5 });
        }
        assert_eq!((tally.draws, tally.counts), (3, vec![(3, 2), (1, 1)]));
    }
}
