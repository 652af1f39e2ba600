//! Figures of a technique: how often it is right, what it costs, whether it treats pairs alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::results::{ResultRow, Results};
use crate::Language;
use crate::stats::{Share, wilson};

/// One bar of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Index of the technique.
    pub technique: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Right answers of those that were graded, with `n` and the 95 % Wilson interval.
    pub right: Share,
    /// Answers to problems that have no right one; they are not in `right`.
    pub ungraded: u64,
    /// Cells of which a call failed; they are not in `right`.
    pub failed: u64,
    /// Answers in which the rule found nothing. In `right` they are wrong.
    pub nothing_read: u64,
    /// Verdicts that the reader overruled.
    pub overruled: u64,
    /// Mean cost of an answer (of all that were given): calls.
    pub calls: f64,
    /// Tokens that were generated.
    pub tokens: f64,
    /// Tokens of prompts.
    pub prompt_tokens: f64,
    /// Tokens of prompts that were not computed again.
    pub reused_tokens: f64,
    /// Seconds.
    pub seconds: f64,
}

/// How often both problems of a pair got the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Index of the technique.
    pub technique: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Pairs with the same answer, of those in which both answers could be read.
    pub same: Share,
    /// Pairs in which one could not.
    pub unread: u64,
}

impl<'r> Results<'r> {
    /// A bar for each technique and stage, in the order of the experiment; of one language, or of all.
    pub fn bars(&self, language: Option<Language>) -> Vec<Bar> {
        self.groups().map(|(technique, stage)| self.bar(technique, stage, language)).collect()
    }

    /// One bar.
    pub fn bar(&self, technique: usize, stage: usize, language: Option<Language>) -> Bar {
        let rows = || self.of(technique, stage, language);
        let count = |wanted: &dyn Fn(&ResultRow<'_>) -> bool| {
            rows().filter(|row| wanted(row)).count() as u64
        };
        let answered = count(&|row| row.verdict.is_some());
        let graded = count(&|row| row.counts().is_some());
        let right = count(&|row| row.counts() == Some(true));
        let mean = |cost: &dyn Fn(&ResultRow<'_>) -> f64| {
            let sum: f64 = rows().filter(|row| row.verdict.is_some()).map(cost).sum();
            if answered == 0 { 0.0 } else { sum / answered as f64 }
        };
        Bar {
            technique,
            stage,
            right: wilson(right, graded),
            ungraded: answered - graded,
            failed: count(&|row| row.failure.is_some()),
            nothing_read: count(&|row| row.verdict.is_some_and(|it| it.reading.is_none())),
            overruled: count(&|row| row.verdict.is_some_and(|it| it.overruled.is_some())),
            calls: mean(&|row| row.records.len() as f64),
            tokens: mean(&|row| row.tokens() as f64),
            prompt_tokens: mean(&|row| row.prompt_tokens() as f64),
            reused_tokens: mean(&|row| row.reused_tokens() as f64),
            seconds: mean(&|row| row.seconds()),
        }
    }

    /// For problems in pairs: how often a technique gives both the same answer. Empty if there are no pairs.
    pub fn agreement(&self, language: Option<Language>) -> Vec<Agreement> {
        let agreements = self.groups().map(|(technique, stage)| {
            let mut pairs: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
            for row in self.of(technique, stage, language) {
                if !row.problem.pair.is_empty() && row.verdict.is_some() {
                    let key =
                        row.verdict.and_then(|it| it.reading.as_ref()).map(|it| it.key.as_str());
                    pairs.entry(row.problem.pair.as_str()).or_default().push(key);
                }
            }
            let (mut same, mut n, mut unread) = (0, 0, 0);
            for answers in pairs.values() {
                match answers.as_slice() {
                    [Some(a), Some(b)] => {
                        n += 1;
                        same += u64::from(a == b);
                    }
                    [_, _] => unread += 1,
                    // The other problem has not been answered.
                    _ => {}
                }
            }
            Agreement { technique, stage, same: wilson(same, n), unread }
        });
        agreements.filter(|agreement| agreement.same.n + agreement.unread > 0).collect()
    }

    fn groups(&self) -> impl Iterator<Item = (usize, usize)> {
        let (techniques, stages) = (self.experiment.techniques.len(), self.experiment.stages.len());
        (0..techniques).flat_map(move |technique| (0..stages).map(move |stage| (technique, stage)))
    }

    /// The rows of a technique and stage.
    pub(super) fn of(
        &self,
        technique: usize,
        stage: usize,
        language: Option<Language>,
    ) -> impl Iterator<Item = &ResultRow<'r>> {
        self.rows.iter().filter(move |row| {
            row.technique == technique
                && row.stage == stage
                && language.is_none_or(|language| row.problem.lang == language)
        })
    }
}
