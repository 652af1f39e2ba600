//! What a technique arrives at, and how.

use serde::{Deserialize, Serialize};

use super::call::{ModelCall, Reply};
use crate::calculator::CalculatorError;

/// The answer of a technique.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The text that is graded. Empty if the technique found no answer.
    pub text: String,
    /// The part of it that counts for accepted strings: of a model's reply its first 64 tokens, with what the prompt began.
    pub head: String,
    /// How it was found.
    pub detail: Detail,
}

/// How an answer was found, beyond the calls themselves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// It is the last reply.
    #[default]
    Reply,
    /// The most frequent of several.
    Votes {
        /// Answers with their counts, the most frequent first.
        votes: Vec<Vote>,
    },
    /// The value of a program.
    Program {
        /// The program; empty if none was found.
        source: String,
        /// Its value.
        value: Option<String>,
        /// Why it has none.
        error: Option<CalculatorError>,
    },
    /// The best path of a tree.
    Tree {
        /// All thoughts, parents before children.
        thoughts: Vec<Thought>,
        /// The last thought of the best path.
        best: Option<usize>,
    },
    /// What a judge made of a discussion.
    Discussion {
        /// Everything said, in order.
        turns: Vec<Turn>,
    },
    /// Smaller questions first.
    SubQuestions {
        /// The questions with their answers.
        answers: Vec<SubAnswer>,
    },
    /// The last of several drafts.
    Revision {
        /// The drafts in order.
        drafts: Vec<String>,
    },
}

/// An answer and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The answer in its normal form; `None` for samples in which none was found. They cannot win.
    pub answer: Option<String>,
    /// Which samples gave it, counted from 0.
    pub samples: Vec<usize>,
}

/// A node of a tree of thoughts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thought {
    /// The thought before; `None` at the root.
    pub parent: Option<usize>,
    /// 1 for the first step.
    pub depth: u32,
    /// The step.
    pub text: String,
    /// From 1 to 10, as the model scored it; `None` if it gave no score.
    pub score: Option<f64>,
    /// It was among the best of its depth, so that the search went on from it or ended with it.
    pub kept: bool,
    /// It says the answer.
    pub answers: bool,
}

/// Something said in a discussion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// From 1; the judge speaks in the round after the last.
    pub round: u32,
    /// The key of a stage; empty for the stage that is being measured.
    pub speaker: String,
    /// What was said.
    pub text: String,
}

/// A smaller question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubAnswer {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

impl Outcome {
    /// A reply, with the beginning that the prompt held.
    pub(super) fn of(call: &ModelCall, reply: &Reply, detail: Detail) -> Self {
        Self {
            text: format!("{}{}", call.lead, reply.text),
            head: format!("{}{}", call.lead, reply.head),
            detail,
        }
    }

    /// A text that no model wrote in one piece.
    pub(super) fn text(text: String, detail: Detail) -> Self {
        Self { head: text.clone(), text, detail }
    }
}
