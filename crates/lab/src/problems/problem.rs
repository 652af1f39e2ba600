//! One problem.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::grade::Key;
use crate::prompt::Example;

/// A question with what counts as right. Its JSON is a line of the trios' held-out files (whose `wording` is not
/// needed here).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Unique within its set.
    pub id: String,
    /// The language it is asked in.
    pub lang: Language,
    /// What kind it is, such as `two_step`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The question.
    pub prompt: String,
    /// Answers that are right; none if there is no right one.
    #[serde(default)]
    pub accept: Vec<String>,
    /// The answer as an example shows it, if that is not the first accepted one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Worked steps, without the answer at the end.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub steps: String,
    /// The choices, if the question gives some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The pair it belongs to. The two problems of a pair differ in one word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pair: String,
}

impl Problem {
    /// What grading needs to know of it.
    pub fn key(&self) -> Key<'_> {
        Key { accept: &self.accept, choices: &self.choices }
    }

    /// The answer as an example shows it.
    pub fn shown_answer(&self) -> &str {
        if self.answer.is_empty() {
            self.accept.first().map(String::as_str).unwrap_or_default()
        } else {
            &self.answer
        }
    }

    /// The problem as an example.
    pub fn example(&self) -> Example {
        Example {
            question: self.prompt.clone(),
            steps: self.steps.clone(),
            answer: self.shown_answer().to_owned(),
        }
    }
}
