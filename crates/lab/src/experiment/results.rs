//! The table of results.

use serde::{Deserialize, Serialize};

use super::cell::{Cell, State};
use super::progress::records;
use super::run::Run;
use super::settings::Experiment;
use crate::Language;
use crate::grade::Verdict;
use crate::problems::Problem;
use crate::technique::{CallRecord, Outcome};

/// The settled cells of a run.
#[derive(Clone, Debug)]
pub struct Results<'r> {
    pub(super) experiment: &'r Experiment,
    /// Rows in the order of problem, stage, technique.
    pub(super) rows: Vec<ResultRow<'r>>,
}

/// What one technique of one stage made of one problem.
#[derive(Clone, Copy, Debug)]
pub struct ResultRow<'r> {
    /// The cell, for [`Run::overrule`].
    pub cell: usize,
    /// Index of the problem.
    pub problem_index: usize,
    /// Index of the technique.
    pub technique: usize,
    /// Index of the stage.
    pub stage: usize,
    /// The problem.
    pub problem: &'r Problem,
    /// Every call with its exact prompt and reply.
    pub records: &'r [CallRecord],
    /// The answer; `None` if a call failed.
    pub outcome: Option<&'r Outcome>,
    /// The verdict; `None` if a call failed.
    pub verdict: Option<&'r Verdict>,
    /// Why there is no answer.
    pub failure: Option<&'r str>,
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Of this language only.
    pub language: Option<Language>,
    /// Of this technique only.
    pub technique: Option<usize>,
    /// Of this stage only.
    pub stage: Option<usize>,
    /// What is to be seen.
    pub show: Show,
}

/// What is to be seen in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Everything.
    #[default]
    All,
    /// Problems of which techniques of one stage make something different: other verdicts, or other answers where
    /// there is no right one.
    TechniquesDiffer,
    /// Problems of which stages with one technique make something different.
    StagesDiffer,
    /// What counts as right.
    Right,
    /// What counts as wrong.
    Wrong,
    /// Answers in which the rule found nothing.
    NothingRead,
    /// Verdicts that the reader overruled.
    Overruled,
    /// Cells of which a call failed.
    Failed,
}

impl Run {
    /// The results so far.
    pub fn results(&self) -> Results<'_> {
        let mut rows: Vec<ResultRow<'_>> = self
            .cells
            .iter()
            .enumerate()
            .filter_map(|(index, cell)| self.row(index, cell))
            .collect();
        rows.sort_by_key(|row| (row.problem_index, row.stage, row.technique));
        Results { experiment: &self.experiment, rows }
    }

    fn row<'r>(&'r self, index: usize, cell: &'r Cell) -> Option<ResultRow<'r>> {
        let (outcome, verdict, failure) = match &cell.state {
            State::Done(done) => (Some(&done.outcome), Some(&done.verdict), None),
            State::Failed(failed) => (None, None, Some(failed.message.as_str())),
            State::Closed | State::Open(_) => return None,
        };
        Some(ResultRow {
            cell: index,
            problem_index: cell.problem,
            technique: cell.technique,
            stage: cell.stage,
            problem: self.prepared.problems.get(cell.problem)?,
            records: records(cell),
            outcome,
            verdict,
            failure,
        })
    }
}

impl<'r> Results<'r> {
    /// All rows.
    pub fn rows(&self) -> &[ResultRow<'r>] {
        &self.rows
    }

    /// The rows that a filter shows, in the same order.
    pub fn filtered(&self, filter: Filter) -> Vec<ResultRow<'r>> {
        let is_shown = |row: &&ResultRow<'r>| {
            filter.language.is_none_or(|language| row.problem.lang == language)
                && filter.technique.is_none_or(|technique| row.technique == technique)
                && filter.stage.is_none_or(|stage| row.stage == stage)
                && self.shows(row, filter.show)
        };
        self.rows.iter().filter(is_shown).copied().collect()
    }

    fn shows(&self, row: &ResultRow<'_>, show: Show) -> bool {
        match show {
            Show::All => true,
            Show::TechniquesDiffer => self.differs(row, |other| other.stage == row.stage),
            Show::StagesDiffer => self.differs(row, |other| other.technique == row.technique),
            Show::Right => row.counts() == Some(true),
            Show::Wrong => row.counts() == Some(false),
            Show::NothingRead => row.verdict.is_some_and(|verdict| verdict.reading.is_none()),
            Show::Overruled => row.verdict.is_some_and(|verdict| verdict.overruled.is_some()),
            Show::Failed => row.failure.is_some(),
        }
    }

    /// Is there another row on the same problem, of those that are compared, that came to something else?
    fn differs(&self, row: &ResultRow<'_>, compared: impl Fn(&ResultRow<'r>) -> bool) -> bool {
        // Rows of one problem lie together.
        let first = self.rows.partition_point(|other| other.problem_index < row.problem_index);
        let same = self.rows.get(first..).unwrap_or_default().iter();
        let same: Vec<&ResultRow<'r>> = same
            .take_while(|other| other.problem_index == row.problem_index)
            .filter(|other| other.verdict.is_some() && compared(other))
            .collect();
        let Some(one) = same.first() else { return false };
        same.iter().any(|other| match (one.counts(), other.counts()) {
            (Some(a), Some(b)) => a != b,
            _ => one.answer_key() != other.answer_key(),
        })
    }
}

impl ResultRow<'_> {
    /// What counts: the reader's word, or the rule's. `None` if there is no right answer or a call failed.
    pub fn counts(&self) -> Option<bool> {
        self.verdict.and_then(Verdict::counts)
    }

    /// The answer in its normal form, if the rule found one.
    pub fn answer_key(&self) -> Option<&str> {
        Some(self.verdict?.reading.as_ref()?.key.as_str())
    }

    /// Tokens that were generated, in all calls.
    pub fn tokens(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.reply.tokens)).sum()
    }

    /// Tokens of all prompts.
    pub fn prompt_tokens(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.reply.prompt_tokens)).sum()
    }

    /// Tokens of prompts that were not computed again.
    pub fn reused_tokens(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.reply.reused_tokens)).sum()
    }

    /// Seconds that all calls took.
    pub fn seconds(&self) -> f64 {
        self.records.iter().map(|record| record.reply.seconds).sum()
    }
}
