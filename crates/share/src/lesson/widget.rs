//! Things to play with that are no part of the page: a soft look-up, and the data that made the stages.

use serde::{Deserialize, Serialize};

use super::error::Problem;

/// Something to play with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Widget {
    /// A soft look-up in a table.
    Lookup(Lookup),
    /// The data a stage was trained on.
    Data {
        /// Which data.
        source: DataSource,
        /// What to search for at first; empty shows the beginning.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        search: String,
    },
}

/// Data that comes with the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// Pairs of prompt and answer that made the fine-tuned stage.
    Sft,
    /// Ranked answers that made the reward model.
    Rankings,
    /// Facts that the base model's texts were made from.
    Facts,
}

/// Attention in one dimension: a query is compared with every key, and the answer is the average of the values,
/// weighted by how near the keys are. (Nadaraya–Watson regression with a Gaussian kernel.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// What the keys are, with their unit.
    pub key: String,
    /// What the values are, with their unit.
    pub value: String,
    /// The keys, 2 to 12.
    pub keys: Vec<f64>,
    /// A value for each.
    pub values: Vec<f64>,
    /// Where the query is at first.
    pub query: f64,
    /// How far a key may be and still count: the kernel's standard deviation, in the keys' unit.
    pub width: f64,
}

impl Lookup {
    /// Score of each key, before the softmax: minus half the squared distance in widths.
    pub fn scores(&self, query: f64) -> Vec<f64> {
        let score = |key: &f64| -0.5 * ((query - key) / self.width).powi(2);
        self.keys.iter().map(score).collect()
    }

    /// Weight of each key: the softmax of the scores. They add up to 1.
    pub fn weights(&self, query: f64) -> Vec<f64> {
        let scores = self.scores(query);
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        powers.iter().map(|power| power / sum).collect()
    }

    /// What the table answers: the values, weighted.
    pub fn answer(&self, query: f64) -> f64 {
        self.weights(query).iter().zip(&self.values).map(|(weight, value)| weight * value).sum()
    }

    /// From where to where the query can be dragged: a little past the keys.
    pub fn range(&self) -> (f64, f64) {
        let smallest = self.keys.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = self.keys.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (smallest - self.width, largest + self.width)
    }
}

impl Widget {
    pub(super) fn check(&self) -> Result<(), Problem> {
        let sense = match self {
            Self::Lookup(lookup) => {
                let numbers = lookup.keys.iter().chain(&lookup.values);
                (2..=12).contains(&lookup.keys.len())
                    && lookup.keys.len() == lookup.values.len()
                    && numbers.chain([&lookup.query]).all(|number| number.abs() <= 1e6)
                    && (1e-3..=1e6).contains(&lookup.width)
                    && !lookup.key.trim().is_empty()
                    && !lookup.value.trim().is_empty()
            }
            Self::Data { search, .. } => search.len() <= 200,
        };
        if sense { Ok(()) } else { Err(Problem::Senseless("this widget's numbers make no sense")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heights() -> Lookup {
        Lookup {
            key: "height in cm".to_owned(),
            value: "weight in kg".to_owned(),
            keys: vec![150.0, 160.0, 170.0, 180.0, 190.0],
            values: vec![50.0, 57.0, 65.0, 74.0, 84.0],
            query: 174.0,
            width: 5.0,
        }
    }

    #[test]
    fn a_look_up_is_a_weighted_average() {
        let lookup = heights();
        let weights = lookup.weights(174.0);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // exp(-0.32) : exp(-0.72) : exp(-3.92) : exp(-5.12) : exp(-11.52)
        let sum = 0.726_149 + 0.486_752 + 0.019_841 + 0.005_976 + 0.000_01;
        assert!((weights[2] - 0.726_149 / sum).abs() < 1e-5, "{weights:?}");
        let expected =
            (0.726_149 * 65.0 + 0.486_752 * 74.0 + 0.019_841 * 57.0 + 0.005_976 * 84.0 + 0.0005)
                / sum;
        assert!((lookup.answer(174.0) - expected).abs() < 1e-3);
    }

    #[test]
    fn a_narrow_look_up_is_a_hard_one_and_far_queries_do_not_overflow() {
        let narrow = Lookup { width: 0.1, ..heights() };
        assert!((narrow.answer(180.0) - 74.0).abs() < 1e-9);
        assert!((narrow.answer(1e9) - 84.0).abs() < 1e-9, "{}", narrow.answer(1e9));
        assert_eq!(heights().range(), (145.0, 195.0));
    }

    #[test]
    fn tables_that_do_not_match_are_refused() {
        let ok = |lookup| Widget::Lookup(lookup).check().is_ok();
        assert!(ok(heights()));
        assert!(!ok(Lookup { values: vec![1.0], ..heights() }));
        assert!(!ok(Lookup { width: 0.0, ..heights() }));
        assert!(!ok(Lookup { query: f64::NAN, ..heights() }));
        assert!(!ok(Lookup { key: " ".to_owned(), ..heights() }));
    }
}
