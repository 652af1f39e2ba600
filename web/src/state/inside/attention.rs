//! One attention head: from query and key to weight, what it does, and how two stages differ.

use std::sync::Arc;

use crate::protocol::inside::{AttentionHead, HeadStat, HeadStats, MAX_MAP_TOKENS, TextFacts};
use crate::state::heatmap::{Absent, Grid, Scale, Tint};

/// A label needs so large a share of the queries, …
const HOLDS: f32 = 0.6;
/// … and so many queries, to be no accident.
const FEWEST: u32 = 4;

/// Has the text too many tokens for a map of all their pairs?
pub(crate) fn is_too_long(facts: &TextFacts) -> bool {
    facts.tokens.len() > MAX_MAP_TOKENS as usize
}

/// What a head does, as far as it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Previous,
    First,
    Own,
    Induction,
}

/// What holds for a head on this text, the strongest first: role, and share of the queries whose largest weight is
/// there. Empty where nothing holds.
pub(crate) fn roles(stats: &HeadStats) -> Vec<(Role, HeadStat)> {
    let HeadStats { previous, first, own, induction } = *stats;
    let all = [
        (Role::Previous, previous),
        (Role::First, first),
        (Role::Own, own),
        (Role::Induction, induction),
    ];
    let mut out: Vec<_> =
        all.into_iter().filter(|(_, stat)| stat.share >= HOLDS && stat.queries >= FEWEST).collect();
    out.sort_by(|a, b| b.1.share.total_cmp(&a.1.share));
    out
}

/// What the picture shows of each pair of query and key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    /// `q · k`
    Score,
    /// times the scale, and masked
    Scaled,
    /// after the softmax
    #[default]
    Weight,
}

pub(crate) const STEPS: [Step; 3] = [Step::Score, Step::Scaled, Step::Weight];

impl Step {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Scaled => "scaled",
            Self::Weight => "weight",
        }
    }
}

/// A row of a (rows, width) matrix.
pub(crate) fn row(matrix: &[f32], width: u32, at: u32) -> &[f32] {
    let width = width as usize;
    matrix.get(at as usize * width..(at as usize + 1) * width).unwrap_or_default()
}

/// `q · k`, from the same vectors as the model's.
pub(crate) fn score(head: &AttentionHead, query: u32, key: u32) -> f32 {
    let (q, k) = (row(&head.queries, head.width, query), row(&head.keys, head.width, key));
    q.iter().zip(k).map(|(q, k)| q * k).sum()
}

/// The numbers of a pair, one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) query: u32,
    pub(crate) key: u32,
    pub(crate) score: f32,
    pub(crate) scaled: f32,
    pub(crate) weight: f32,
    /// Sum of `exp(scaled − largest)` over the keys that the query sees.
    pub(crate) sum: f64,
    /// The largest scaled score of the row.
    pub(crate) largest: f32,
    /// Keys that the query sees.
    pub(crate) seen: u32,
    pub(crate) is_masked: bool,
}

impl Pair {
    pub(crate) fn of(head: &AttentionHead, query: u32, key: u32) -> Self {
        let first = head.window.map_or(0, |window| (query + 1).saturating_sub(window));
        let scaled: Vec<f32> =
            (first..=query).map(|key| score(head, query, key) * head.scale).collect();
        let largest = scaled.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum = scaled.iter().map(|score| f64::from(score - largest).exp()).sum();
        let score = score(head, query, key);
        let at = query as usize * head.tokens as usize + key as usize;
        Self {
            query,
            key,
            score,
            scaled: score * head.scale,
            weight: head.weights.get(at).copied().unwrap_or_default(),
            sum,
            largest,
            seen: query + 1 - first,
            is_masked: key > query || key < first,
        }
    }
}

/// The picture of a head at a step. Scores that are masked later are shown as they are before.
pub(crate) fn grid(head: &AttentionHead, step: Step, root: bool, names: &[String]) -> Option<Grid> {
    let tokens = head.tokens as usize;
    let values = match step {
        Step::Weight => head.weights.clone(),
        Step::Score | Step::Scaled => {
            let factor = if step == Step::Scaled { head.scale } else { 1.0 };
            let pairs =
                (0..head.tokens).flat_map(|query| (0..head.tokens).map(move |key| (query, key)));
            pairs.map(|(query, key)| score(head, query, key) * factor).collect()
        }
    };
    let mut grid = Grid::new(tokens, tokens, values, Scale::default())?;
    if step != Step::Score {
        grid.absent = Absent::causal(head.window);
    }
    grid.scale = match step {
        Step::Weight => Scale::Up { top: 1.0, tint: Tint::Attention, root },
        Step::Score | Step::Scaled => Scale::Signed { top: grid.largest() },
    };
    Some(named(grid, names))
}

/// The picture of a map of weights: the mean of a layer, or rollout.
pub(crate) fn map_grid(
    weights: &[f32],
    tokens: u32,
    window: Option<u32>,
    root: bool,
    names: &[String],
) -> Option<Grid> {
    let scale = Scale::Up { top: 1.0, tint: Tint::Attention, root };
    let mut grid = Grid::new(tokens as usize, tokens as usize, weights.to_vec(), scale)?;
    grid.absent = Absent::causal(window);
    Some(named(grid, names))
}

/// Signed difference of two maps of the same text: `own − other`.
pub(crate) fn difference(
    own: &[f32],
    other: &[f32],
    tokens: u32,
    window: Option<u32>,
    names: &[String],
) -> Option<Grid> {
    if own.len() != other.len() {
        return None;
    }
    let values = own.iter().zip(other).map(|(own, other)| own - other).collect();
    let scale = Scale::Signed { top: 1.0 };
    let mut grid = Grid::new(tokens as usize, tokens as usize, values, scale)?;
    grid.absent = Absent::causal(window);
    grid.scale = Scale::Signed { top: grid.largest() };
    Some(named(grid, names))
}

fn named(mut grid: Grid, names: &[String]) -> Grid {
    if names.len() == grid.rows {
        grid.row_names = names.to_vec();
        grid.column_names = names.to_vec();
    }
    grid
}

/// The keys that a query looks at most, best first: key and weight.
pub(crate) fn strongest(weights: &[f32], tokens: u32, query: u32, count: usize) -> Vec<(u32, f32)> {
    let mut keys: Vec<(u32, f32)> =
        (0..=query).zip(row(weights, tokens, query).iter().copied()).collect();
    keys.sort_by(|a, b| b.1.total_cmp(&a.1));
    keys.truncate(count);
    keys
}

/// A square picture of one head of all, as an own grid for its thumbnail. Where several tokens share a cell, it is
/// masked if every pair in it is.
pub(crate) fn thumbnail(cells: &[f32], size: u32, index: usize) -> Option<Arc<Grid>> {
    let side = size as usize;
    let cells = cells.get(index * side * side..(index + 1) * side * side)?.to_vec();
    let scale = Scale::Up { top: 1.0, tint: Tint::Attention, root: true };
    let mut grid = Grid::new(side, side, cells, scale)?;
    grid.absent = Absent::After;
    Some(Arc::new(grid))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three tokens, width 2; weights are the softmax of the scaled scores.
    fn head(window: Option<u32>) -> AttentionHead {
        let (queries, keys) =
            (vec![1.0, 0.0, 0.5, 2.0, -1.0, 1.0], vec![0.2, 0.4, 1.0, -1.0, 0.3, 0.7]);
        let mut head = AttentionHead {
            layer: 0,
            head: 0,
            kv_head: 0,
            tokens: 3,
            width: 2,
            scale: 0.5,
            window,
            weights: vec![0.0; 9],
            queries,
            keys,
            values: vec![0.0; 6],
            stats: HeadStats::default(),
        };
        for query in 0..3 {
            let first = window.map_or(0, |window| (query + 1u32).saturating_sub(window));
            let sum: f32 = (first..=query).map(|key| (score(&head, query, key) * 0.5).exp()).sum();
            for key in first..=query {
                head.weights[(query * 3 + key) as usize] =
                    (score(&head, query, key) * 0.5).exp() / sum;
            }
        }
        head
    }

    #[test]
    fn score_scale_and_softmax_lead_to_the_weight() {
        for window in [None, Some(2)] {
            let head = head(window);
            for (query, key) in [(0, 0), (1, 0), (2, 1), (2, 2)] {
                let pair = Pair::of(&head, query, key);
                assert!((pair.scaled - 0.5 * pair.score).abs() < 1e-6);
                let weight = f64::from(pair.scaled - pair.largest).exp() / pair.sum;
                assert!((weight - f64::from(pair.weight)).abs() < 1e-6, "{pair:?}");
                assert!(!pair.is_masked);
            }
            assert!(Pair::of(&head, 0, 1).is_masked);
            assert_eq!(Pair::of(&head, 2, 0).is_masked, window.is_some());
        }
    }

    #[test]
    fn scores_are_there_before_the_mask_and_weights_are_not() {
        let head = head(None);
        let names: Vec<String> = ["a", "b", "c"].map(String::from).into();
        let grid_of = |step| grid(&head, step, false, &names).expect("three by three");
        let later = crate::state::heatmap::Cell { row: 0, column: 2 };
        assert_eq!(grid_of(Step::Score).value(later), Some(score(&head, 0, 2)));
        assert_eq!(grid_of(Step::Scaled).value(later), None);
        assert_eq!(grid_of(Step::Weight).value(later), None);
        assert_eq!(grid_of(Step::Weight).row_names, names);
    }

    #[test]
    fn a_label_needs_a_large_share_of_enough_queries() {
        let stat = |share, queries| HeadStat { mean: share, share, queries };
        let mut stats =
            HeadStats { previous: stat(0.94, 20), first: stat(0.7, 20), ..HeadStats::default() };
        let found: Vec<Role> = roles(&stats).into_iter().map(|(role, _)| role).collect();
        assert_eq!(found, [Role::Previous, Role::First]);
        stats.previous = stat(1.0, 2);
        stats.first = stat(0.5, 20);
        assert_eq!(roles(&stats), []);
    }

    #[test]
    fn the_difference_of_a_head_with_itself_is_nothing() {
        let head = head(None);
        let grid = difference(&head.weights, &head.weights, 3, None, &[]).expect("same size");
        assert_eq!(grid.largest(), 0.0);
        assert_eq!(difference(&head.weights, &[0.0; 4], 3, None, &[]), None);
    }

    #[test]
    fn masked_cells_of_a_thumbnail_are_absent() {
        let cells = [0.0; 4].into_iter().chain([1.0, 0.0, 0.25, 0.75]).collect::<Vec<_>>();
        let grid = thumbnail(&cells, 2, 1).expect("the second head");
        let value = |row, column| grid.value(crate::state::heatmap::Cell { row, column });
        assert_eq!([value(0, 0), value(0, 1), value(1, 0)], [Some(1.0), None, Some(0.25)]);
        assert_eq!(thumbnail(&cells, 2, 2), None);
    }

    #[test]
    fn the_strongest_keys_come_first() {
        let weights = [1.0, 0.0, 0.0, 0.3, 0.7, 0.0, 0.2, 0.3, 0.5];
        assert_eq!(strongest(&weights, 3, 1, 9), [(1, 0.7), (0, 0.3)]);
        assert_eq!(strongest(&weights, 3, 2, 1), [(2, 0.5)]);
    }
}
