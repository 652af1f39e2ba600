//! What an attention head takes in: the values of the keys, each times its weight, added up.

use crate::protocol::inside::AttentionHead;
use crate::state::heatmap::{Grid, Scale};
use crate::state::inside::attention::{row, strongest};

/// Keys whose share of a component is written out.
const WRITTEN: usize = 3;

/// The sum at one query, with one of its components written out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    /// The component that is written out: the largest of the sum by amount.
    pub(crate) component: usize,
    /// Of the keys with the largest weights: weight and component of the value.
    pub(crate) terms: Vec<(f32, f32)>,
    /// What all other keys add; 0 without others.
    pub(crate) rest: f32,
    /// The component of the sum.
    pub(crate) sum: f32,
    /// The component of the key's value.
    pub(crate) own: f32,
}

/// `Σ weight · value` over all keys of a query: (width).
pub(crate) fn output(head: &AttentionHead, query: u32) -> Vec<f32> {
    let mut sums = vec![0f64; head.width as usize];
    for (key, weight) in (0u32..).zip(row(&head.weights, head.tokens, query)) {
        let value = row(&head.values, head.width, key);
        sums.iter_mut().zip(value).for_each(|(sum, value)| {
            *sum += f64::from(*weight) * f64::from(*value);
        });
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

/// The sum at a query, which is [`output`], beside the share of one key.
pub(crate) fn taken(head: &AttentionHead, query: u32, key: u32, output: &[f32]) -> Option<Taken> {
    let amounts = output.iter().enumerate();
    let (component, sum) = amounts.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    let of = |key: u32| row(&head.values, head.width, key).get(component).copied();
    let terms: Vec<(f32, f32)> = strongest(&head.weights, head.tokens, query, WRITTEN)
        .into_iter()
        .filter_map(|(key, weight)| Some((weight, of(key)?)))
        .collect();
    let written: f32 = terms.iter().map(|(weight, value)| weight * value).sum();
    let rest = if query as usize >= terms.len() { sum - written } else { 0.0 };
    Some(Taken { component, terms, rest, sum: *sum, own: of(key)? })
}

/// The key's value over its weighted value over the sum at the query, which is [`output`].
pub(crate) fn grid(head: &AttentionHead, query: u32, key: u32, output: &[f32]) -> Option<Grid> {
    let weight = *row(&head.weights, head.tokens, query).get(key as usize)?;
    let value = row(&head.values, head.width, key);
    let weighted = value.iter().map(|value| weight * value);
    let values = value.iter().copied().chain(weighted).chain(output.iter().copied()).collect();
    let mut grid = Grid::new(3, head.width as usize, values, Scale::Signed { top: 1.0 })?;
    grid.scale = Scale::Signed { top: grid.largest() };
    Some(grid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::inside::HeadStats;

    fn head() -> AttentionHead {
        AttentionHead {
            layer: 0,
            head: 0,
            kv_head: 0,
            tokens: 2,
            width: 3,
            scale: 1.0,
            window: None,
            weights: vec![1.0, 0.0, 0.25, 0.75],
            queries: vec![0.0; 6],
            keys: vec![0.0; 6],
            values: vec![4.0, 0.0, 1.0, 0.0, -8.0, 3.0],
            stats: HeadStats::default(),
        }
    }

    #[test]
    fn values_come_in_by_their_weights() {
        assert_eq!(output(&head(), 0), [4.0, 0.0, 1.0]);
        assert_eq!(output(&head(), 1), [1.0, -6.0, 2.5]);
    }

    #[test]
    fn the_largest_component_is_written_out() {
        let taken = taken(&head(), 1, 0, &output(&head(), 1)).expect("two tokens");
        assert_eq!((taken.component, taken.sum, taken.own), (1, -6.0, 0.0));
        assert_eq!(taken.terms, [(0.75, -8.0), (0.25, 0.0)]);
        assert_eq!(taken.rest, 0.0);
        assert_eq!(super::taken(&head(), 1, 9, &output(&head(), 1)), None);
    }

    #[test]
    fn the_picture_has_value_share_and_sum() {
        let grid = grid(&head(), 1, 0, &output(&head(), 1)).expect("three rows");
        assert_eq!(grid.values, [4.0, 0.0, 1.0, 1.0, 0.0, 0.25, 1.0, -6.0, 2.5]);
    }
}
