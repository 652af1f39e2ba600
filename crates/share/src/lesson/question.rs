//! Questions. Most have no fixed answer: they are graded against the reader's own run.

use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::measure::{Measure, TextMeasure};
use crate::markdown::{Inline, parse_inline};

/// A question, and what is said about its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub ask: Vec<Inline>,
    /// How it is answered.
    pub answer: Ask,
    /// Said after the first wrong answer.
    pub nudge: Vec<Inline>,
    /// Said when it is over: why the answer is what it is.
    pub because: Vec<Inline>,
}

/// How a question is answered, and by what it is graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// One of the options. Only for what is so by definition, or by how all such models are built.
    Pick {
        /// What can be picked.
        options: Vec<String>,
        /// Which of them is right, counted from 0.
        right: u32,
    },
    /// A text of the run, picked from [`TextMeasure::options`].
    Text {
        /// The text.
        of: TextMeasure,
    },
    /// A number of the run, typed.
    Number {
        /// The number.
        of: Measure,
        /// How far off an answer may be.
        #[serde(default)]
        tolerance: f64,
    },
    /// A number that follows from the step's widget, typed.
    Value {
        /// The number.
        is: f64,
        /// How far off an answer may be.
        #[serde(default)]
        tolerance: f64,
    },
    /// The option whose number in the run is the largest or smallest.
    Which {
        /// What can be picked.
        options: Vec<String>,
        /// The number of each option.
        of: Vec<Measure>,
        /// Which end is asked for.
        want: Want,
    },
}

/// Which end of a row of numbers is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// The largest.
    Most,
    /// The smallest.
    Least,
}

/// A question as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    ask: String,
    answer: Ask,
    nudge: String,
    because: String,
}

/// Options of a question.
const OPTIONS: std::ops::RangeInclusive<usize> = 2..=8;

impl Question {
    /// The numbers it is graded by.
    pub fn measures(&self) -> Vec<&Measure> {
        match &self.answer {
            Ask::Number { of, .. } => vec![of],
            Ask::Which { of, .. } => of.iter().collect(),
            Ask::Pick { .. } | Ask::Text { .. } | Ask::Value { .. } => Vec::new(),
        }
    }

    /// The text it is graded by.
    pub fn text_measure(&self) -> Option<&TextMeasure> {
        match &self.answer {
            Ask::Text { of } => Some(of),
            _ => None,
        }
    }
}

impl Written {
    pub(super) fn read(self) -> Result<Question, Problem> {
        let said = |text: &str| -> Result<Vec<Inline>, Problem> {
            let inlines = parse_inline(text)?;
            if inlines.is_empty() {
                return Err(Problem::Senseless("a question has ask, nudge and because"));
            }
            Ok(inlines)
        };
        self.answer.check()?;
        Ok(Question {
            ask: said(&self.ask)?,
            nudge: said(&self.nudge)?,
            because: said(&self.because)?,
            answer: self.answer,
        })
    }
}

impl Ask {
    fn check(&self) -> Result<(), Problem> {
        let sense = match self {
            Self::Pick { options, right } => {
                OPTIONS.contains(&options.len()) && (*right as usize) < options.len()
            }
            Self::Which { options, of, .. } => {
                OPTIONS.contains(&options.len()) && of.len() == options.len()
            }
            Self::Number { tolerance, .. } => tolerance.is_finite() && *tolerance >= 0.0,
            Self::Value { is, tolerance } => {
                is.is_finite() && tolerance.is_finite() && *tolerance >= 0.0
            }
            Self::Text { .. } => true,
        };
        let named = match self {
            Self::Pick { options, .. } | Self::Which { options, .. } => {
                options.iter().all(|option| !option.trim().is_empty())
            }
            _ => true,
        };
        if sense && named {
            Ok(())
        } else {
            Err(Problem::Senseless(
                "a question has 2 to 8 options, one right answer among them, and no negative tolerance",
            ))
        }
    }
}
