//! What came of grading.

use serde::{Deserialize, Serialize};

/// How an answer was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The first number after "the answer is" or 答案是.
    AfterMarker,
    /// The last number of the answer.
    LastNumber,
    /// An accepted string, within the first tokens of the answer.
    AcceptedString,
    /// No accepted string: what stands after the marker, or the first line.
    FirstLine,
    /// One of the choices.
    Choice,
    /// The regular expression.
    Pattern,
}

/// The words of an answer that its verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The rule that found them.
    pub rule: Rule,
    /// The words, as they stand in the answer.
    pub text: String,
    /// What they mean: a number, a choice, a folded string. Two answers that say the same have the same key.
    pub key: String,
    /// Where they begin in the answer, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

/// Right or wrong, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What the rule says; `None` for a problem that has no right answer.
    pub correct: Option<bool>,
    /// What was read; `None` if the rule found nothing, which is wrong.
    pub reading: Option<Reading>,
    /// What the reader says instead.
    pub overruled: Option<bool>,
}

impl Reading {
    /// Reads a range of an answer.
    pub(super) fn new(rule: Rule, answer: &str, start: usize, end: usize, key: String) -> Self {
        let text = answer.get(start..end).unwrap_or_default().to_owned();
        Self { rule, text, key, start, end }
    }
}

impl Verdict {
    /// What counts: the reader's word if there is one, else the rule's.
    pub fn counts(&self) -> Option<bool> {
        self.overruled.or(self.correct)
    }
}
