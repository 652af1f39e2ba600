//! Two techniques (or stages) on the same problems.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::results::{ResultRow, Results};
use crate::Language;
use crate::stats::{Difference, McNemar, Pairs, holm, mcnemar, paired_difference};

/// A technique of a stage beside another, on the problems that both answered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Technique and stage of the first.
    pub first: (usize, usize),
    /// Technique and stage of the second.
    pub second: (usize, usize),
    /// How they fared.
    pub pairs: Pairs,
    /// First minus second, with its interval and `n`.
    pub difference: Difference,
    /// Is there a difference at all?
    pub test: McNemar,
    /// The mid-p value, corrected for the number of comparisons that were made together (Holm).
    pub adjusted: f64,
}

impl Results<'_> {
    /// Compares two, each given as technique and stage.
    pub fn compare(
        &self,
        first: (usize, usize),
        second: (usize, usize),
        language: Option<Language>,
    ) -> Comparison {
        let verdicts = |(technique, stage): (usize, usize)| -> BTreeMap<usize, bool> {
            let verdict = |row: &ResultRow<'_>| Some((row.problem_index, row.counts()?));
            self.of(technique, stage, language).filter_map(verdict).collect()
        };
        let (of_first, of_second) = (verdicts(first), verdicts(second));
        let mut pairs = Pairs::default();
        for (problem, &right) in &of_first {
            if let Some(&other) = of_second.get(problem) {
                pairs.count(right, other);
            }
        }
        let test = mcnemar(pairs);
        let difference = paired_difference(pairs);
        Comparison { first, second, pairs, difference, test, adjusted: test.mid_p }
    }

    /// Every technique beside every other one of the same stage, p-values corrected for their number.
    pub fn compare_techniques(&self, stage: usize, language: Option<Language>) -> Vec<Comparison> {
        let count = self.experiment.techniques.len();
        let two =
            (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second)));
        self.together(two.map(|(first, second)| ((first, stage), (second, stage))), language)
    }

    /// Every stage beside every other one with the same technique, p-values corrected for their number.
    pub fn compare_stages(&self, technique: usize, language: Option<Language>) -> Vec<Comparison> {
        let count = self.experiment.stages.len();
        let two =
            (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second)));
        self.together(
            two.map(|(first, second)| ((technique, first), (technique, second))),
            language,
        )
    }

    fn together(
        &self,
        two: impl Iterator<Item = ((usize, usize), (usize, usize))>,
        language: Option<Language>,
    ) -> Vec<Comparison> {
        let mut comparisons: Vec<Comparison> =
            two.map(|(first, second)| self.compare(first, second, language)).collect();
        let values: Vec<f64> = comparisons.iter().map(|it| it.test.mid_p).collect();
        for (comparison, adjusted) in comparisons.iter_mut().zip(holm(&values)) {
            comparison.adjusted = adjusted;
        }
        comparisons
    }
}
