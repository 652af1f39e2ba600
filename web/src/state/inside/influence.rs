//! What mattered: how the probability of a token changes without each token before it (occlusion, exact), beside
//! where attention went (rollout). The two need not agree.

use std::sync::Arc;

use crate::protocol::inside::{Answer, Occlusion};
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};

/// Tokens that are occluded at most; of a longer text those nearest to the output.
pub(crate) const MOST: u32 = 256;
/// Steps of the shading of a chip.
const SHADES: f32 = 8.0;

/// How tokens are taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    #[default]
    Drop,
    Replace,
}

impl Way {
    /// With the token that takes the place. `None` while it is not known.
    pub(crate) fn occlusion(self, filler: Option<u32>) -> Option<Occlusion> {
        match self {
            Self::Drop => Some(Occlusion::Drop),
            Self::Replace => filler.map(|id| Occlusion::Replace { id }),
        }
    }
}

/// The tokens to occlude for an output after `token`.
pub(crate) fn occluded(token: u32) -> Vec<u32> {
    ((token + 1).saturating_sub(MOST)..=token).collect()
}

/// What was measured so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Influence {
    /// Probability of the output in the whole text.
    pub(crate) untouched: f32,
    /// By token: the output's probability without it, where that was measured.
    pub(crate) without: Vec<Option<f32>>,
}

impl Influence {
    /// Puts parts together, for the tokens up to and with `token`. `None` before the first has come.
    pub(crate) fn of(parts: &[Arc<Answer>], token: u32) -> Option<Self> {
        let mut without = vec![None; token as usize + 1];
        let mut whole = None;
        for part in parts {
            let Answer::Influence { untouched, token, probability } = part.as_ref() else {
                continue;
            };
            whole = Some(*untouched);
            if let Some(place) = without.get_mut(*token as usize) {
                *place = Some(*probability);
            }
        }
        Some(Self { untouched: whole?, without })
    }

    /// How much of the output's probability a token is worth: what is lost without it. Less than nothing for a
    /// token that stood in the way.
    pub(crate) fn worth(&self, token: usize) -> Option<f32> {
        self.without.get(token)?.map(|without| self.untouched - without)
    }

    /// The token whose absence changes most.
    pub(crate) fn strongest(&self) -> Option<(usize, f32)> {
        let worths = (0..self.without.len()).filter_map(|at| Some((at, self.worth(at)?)));
        worths.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
    }

    pub(crate) fn measured(&self) -> usize {
        self.without.iter().flatten().count()
    }

    /// Whole steps of shading from −8 to 8, by the strongest.
    pub(crate) fn shade(&self, token: usize) -> Option<i8> {
        let (_, top) = self.strongest()?;
        Some(shade(self.worth(token)?, top.abs()))
    }
}

/// Whole steps from −8 to 8: how strong `value` is beside `top`.
pub(crate) fn shade(value: f32, top: f32) -> i8 {
    if top <= 0.0 { 0 } else { (value / top * SHADES).round().clamp(-SHADES, SHADES) as i8 }
}

/// The row of a rollout that belongs to a query: the weights of the keys up to it.
pub(crate) fn rollout_row(answer: &Answer, token: u32) -> Option<Vec<f32>> {
    let Answer::AttentionMap { tokens, weights, .. } = answer else { return None };
    let (tokens, token) = (*tokens as usize, token as usize);
    let row = weights.get(token * tokens..(token + 1) * tokens)?;
    row.get(..=token).map(<[f32]>::to_vec)
}

/// Both measures side by side, each with a scale of its own.
pub(crate) fn chart(
    influence: Option<&Influence>,
    rollout: Option<&[f32]>,
    names: &[String],
    titles: [&str; 2],
    chosen: Option<usize>,
) -> Chart {
    let [occlusion, attention] = titles;
    let series = |name: &str, ink, unit| Series { name: name.to_owned(), ink, unit };
    let bars = names.iter().enumerate().map(|(at, name)| Bar {
        name: name.clone(),
        values: vec![
            influence.and_then(|influence| influence.worth(at)),
            rollout.and_then(|row| row.get(at).copied()),
        ],
        is_chosen: chosen == Some(at),
    });
    Chart {
        series: vec![
            // The text is shaded in the same colours.
            series(occlusion, Ink::Heat, Unit::Points),
            series(attention, Ink::Attention, Unit::Percent),
        ],
        bars: bars.collect(),
        apart: true,
    }
}

/// Spearman's rank correlation of both measures over the tokens that have both: 1 if they order them alike, −1 if
/// the other way round. Of occlusion the amount counts. `None` for fewer than three tokens, or where one measure is
/// the same for all.
pub(crate) fn agreement(influence: &Influence, rollout: &[f32]) -> Option<f64> {
    let pairs: Vec<(f32, f32)> = rollout
        .iter()
        .enumerate()
        .filter_map(|(at, weight)| Some((influence.worth(at)?.abs(), *weight)))
        .collect();
    if pairs.len() < 3 {
        return None;
    }
    let first = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let second = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
    let middle = (pairs.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum()
    };
    let spread = (product(&first, &first) * product(&second, &second)).sqrt();
    (spread > 0.0).then(|| product(&first, &second) / spread)
}

/// Ranks from 1; equal values share the middle of their ranks.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut out = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let value = values[order[from]];
        let same = order[from..].iter().take_while(|at| values[**at] == value).count().max(1);
        let rank = from as f64 + (same as f64 + 1.0) / 2.0;
        for at in &order[from..from + same] {
            out[*at] = rank;
        }
        from += same;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(token: u32, probability: f32) -> Arc<Answer> {
        Arc::new(Answer::Influence { untouched: 0.5, token, probability })
    }

    #[test]
    fn the_nearest_tokens_are_occluded() {
        assert_eq!(occluded(2), [0, 1, 2]);
        let far = occluded(1000);
        assert_eq!((far.len() as u32, far[0]), (MOST, 1001 - MOST));
        assert_eq!(Way::Replace.occlusion(None), None);
        assert_eq!(Way::Replace.occlusion(Some(4)), Some(Occlusion::Replace { id: 4 }));
    }

    #[test]
    fn a_token_is_worth_what_is_lost_without_it() {
        assert_eq!(Influence::of(&[], 3), None);
        let parts = [part(0, 0.1), part(2, 0.75)];
        let influence = Influence::of(&parts, 2).expect("two parts");
        assert_eq!(influence.worth(0), Some(0.4));
        assert_eq!(influence.worth(1), None, "not measured yet");
        assert_eq!(influence.worth(2), Some(-0.25), "it stood in the way");
        assert_eq!(influence.strongest(), Some((0, 0.4)));
        assert_eq!(influence.measured(), 2);
        assert_eq!([0, 1, 2].map(|at| influence.shade(at)), [Some(8), None, Some(-5)]);
    }

    #[test]
    fn the_row_of_a_query_has_no_later_keys() {
        let answer = Answer::AttentionMap {
            layer: 1,
            tokens: 3,
            weights: vec![1.0, 0.0, 0.0, 0.25, 0.75, 0.0, 0.5, 0.25, 0.25],
        };
        assert_eq!(rollout_row(&answer, 1), Some(vec![0.25, 0.75]));
        assert_eq!(rollout_row(&answer, 3), None);
        assert_eq!(rollout_row(&Answer::Ended { stopped: true }, 0), None);
    }

    #[test]
    fn agreement_is_of_the_order() {
        let all = |values: [f32; 4]| Influence {
            untouched: 0.0,
            without: values.map(|value| Some(-value)).to_vec(),
        };
        let rollout = [0.1, 0.2, 0.3, 0.4];
        let near = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 1e-9);
        assert!(near(agreement(&all([0.01, 0.5, 0.7, 0.9]), &rollout), 1.0));
        assert!(near(agreement(&all([-0.9, 0.5, 0.2, 0.1]), &rollout), -1.0), "amounts count");
        assert_eq!(agreement(&all([0.5; 4]), &rollout), None);
        assert_eq!(agreement(&all([0.1, 0.2, 0.3, 0.4]), &rollout[..2]), None);
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn both_measures_have_a_bar() {
        let influence = Influence::of(&[part(1, 0.25)], 1).expect("a part");
        let names = ["a".to_owned(), "b".to_owned()];
        let chart = chart(Some(&influence), Some(&[0.9, 0.1][..]), &names, ["o", "r"], Some(1));
        assert_eq!(chart.bars[0].values, [None, Some(0.9)]);
        assert_eq!(chart.bars[1].values, [Some(0.25), Some(0.1)]);
        assert!(chart.apart && chart.bars[1].is_chosen);
    }
}
