//! What attention maps say, row by row as they come. Knows no engine.

use crate::protocol::inside::{HeadStat, HeadStats};

/// A map of any size, max-pooled to at most `size` rows and columns.
pub(super) struct Thumbnail {
    tokens: usize,
    size: usize,
    /// (size, size)
    pub(super) cells: Vec<f32>,
}

impl Thumbnail {
    pub(super) fn new(tokens: usize, size: usize) -> Self {
        let size = size.min(tokens);
        Self { tokens, size, cells: vec![0.0; size * size] }
    }

    /// Takes the weights of a query on all keys up to itself.
    pub(super) fn take(&mut self, query: usize, weights: &[f32]) {
        let row = query * self.size / self.tokens.max(1);
        for (key, weight) in weights.iter().enumerate() {
            let at = row * self.size + key * self.size / self.tokens.max(1);
            if let Some(cell) = self.cells.get_mut(at) {
                *cell = cell.max(*weight);
            }
        }
    }
}

/// For every query, the keys that follow an earlier occurrence of its token.
pub(super) fn followers(tokens: &[u32]) -> Vec<Vec<usize>> {
    let of_query = |query: usize| {
        let earlier = tokens[..query].iter().enumerate();
        let same = earlier.filter(|(_, token)| **token == tokens[query]);
        same.map(|(key, _)| key + 1).filter(|key| *key < query).collect()
    };
    (0..tokens.len()).map(of_query).collect()
}

/// Adds up what a head looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadTally {
    previous: Tally,
    first: Tally,
    own: Tally,
    induction: Tally,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    weight: f64,
    most: u32,
    queries: u32,
}

impl Tally {
    fn add(&mut self, weight: f32, is_most: bool) {
        self.weight += f64::from(weight);
        self.most += u32::from(is_most);
        self.queries += 1;
    }

    fn stat(&self) -> HeadStat {
        if self.queries == 0 {
            return HeadStat::default();
        }
        let queries = f64::from(self.queries);
        HeadStat {
            mean: (self.weight / queries) as f32,
            share: (f64::from(self.most) / queries) as f32,
            queries: self.queries,
        }
    }
}

impl HeadTally {
    /// Takes the weights of a query on all keys up to itself. `followers`: see [`followers`].
    pub(super) fn take(&mut self, query: usize, weights: &[f32], followers: &[usize]) {
        if query == 0 || weights.len() <= query {
            return;
        }
        let largest =
            (0..=query).fold(0, |most, key| if weights[key] > weights[most] { key } else { most });
        self.previous.add(weights[query - 1], largest == query - 1);
        self.first.add(weights[0], largest == 0);
        self.own.add(weights[query], largest == query);
        if !followers.is_empty() {
            let weight = followers.iter().filter_map(|key| weights.get(*key)).sum();
            self.induction.add(weight, followers.contains(&largest));
        }
    }

    pub(super) fn stats(&self) -> HeadStats {
        HeadStats {
            previous: self.previous.stat(),
            first: self.first.stat(),
            own: self.own.stat(),
            induction: self.induction.stat(),
        }
    }
}

/// One layer of attention rollout: half of each token's vector stays, half is what attention brings. Shapes:
/// (tokens, tokens), lower triangles.
pub(super) fn roll(mean: &[f32], before: &[f32], tokens: usize) -> Vec<f32> {
    let mut after = vec![0.0; tokens * tokens];
    for (query, row) in after.chunks_exact_mut(tokens.max(1)).enumerate() {
        let weights = &mean[query * tokens..][..=query];
        for (key, weight) in weights.iter().enumerate() {
            let share = 0.5 * weight + if key == query { 0.5 } else { 0.0 };
            let from = &before[key * tokens..][..=key];
            row.iter_mut().zip(from).for_each(|(sum, value)| *sum += share * value);
        }
    }
    after
}

/// Every token is itself: (tokens, tokens).
pub(super) fn identity(tokens: usize) -> Vec<f32> {
    let mut matrix = vec![0.0; tokens * tokens];
    matrix.iter_mut().step_by(tokens + 1).for_each(|value| *value = 1.0);
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_shows_the_largest_weights() {
        let mut small = Thumbnail::new(5, 2);
        for query in 0..5 {
            let weights: Vec<f32> = (0..=query).map(|key| (query * 10 + key) as f32).collect();
            small.take(query, &weights);
        }
        // Queries and keys 0, 1, 2 fall into the first half.
        assert_eq!(small.cells, [22.0, 0.0, 42.0, 44.0]);
        assert_eq!(Thumbnail::new(3, 32).cells.len(), 9);
    }

    #[test]
    fn a_head_that_looks_back_is_told_from_one_that_repeats() {
        let tokens = [7, 8, 9, 7, 8];
        let followers = followers(&tokens);
        assert_eq!(followers, [vec![], vec![], vec![], vec![1], vec![2]]);
        let (mut back, mut repeat) = (HeadTally::default(), HeadTally::default());
        for (query, followers) in followers.iter().enumerate() {
            let one = |at: usize| (0..=query).map(|key| f32::from(u8::from(key == at))).collect();
            let weights: Vec<f32> = one(query.saturating_sub(1));
            back.take(query, &weights, followers);
            let weights: Vec<f32> = one(followers.first().copied().unwrap_or(0));
            repeat.take(query, &weights, followers);
        }
        let (back, repeat) = (back.stats(), repeat.stats());
        assert_eq!((back.previous.mean, back.previous.share, back.previous.queries), (1.0, 1.0, 4));
        assert_eq!((back.induction.mean, back.induction.queries), (0.0, 2));
        assert_eq!((repeat.induction.mean, repeat.induction.share), (1.0, 1.0));
        assert_eq!((repeat.first.share, repeat.previous.share), (0.5, 0.25));
    }

    #[test]
    fn rollout_keeps_rows_that_sum_to_one() {
        let mean = [1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.2, 0.3, 0.5];
        let one = roll(&mean, &identity(3), 3);
        assert_eq!(one, [1.0, 0.0, 0.0, 0.25, 0.75, 0.0, 0.1, 0.15, 0.75]);
        let two = roll(&mean, &one, 3);
        for row in two.chunks_exact(3) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        assert!((two[3] - (0.25 + 0.75 * 0.25)).abs() < 1e-6);
    }
}
