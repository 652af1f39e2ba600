//! A question, and everything a technique may use to answer it.

use serde::{Deserialize, Serialize};

use super::call::Sampling;
use crate::Language;
use crate::grade::Grader;
use crate::prompt::{ChatExamples, Example, Form};

/// What a technique is given. The right answer is not part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// The language of the phrases around the question.
    pub language: Language,
    /// What is asked.
    pub question: String,
    /// The choices, if the question gives some.
    pub choices: Vec<String>,
    /// How answers are read where a technique has to compare them; already
    /// [resolved](crate::grade::Grader::resolved).
    pub grader: Grader,
    /// Examples to take from, in order.
    pub examples: Vec<Example>,
    /// How prompts go into the model.
    pub form: Form,
    /// How a chat shows examples.
    pub chat_examples: ChatExamples,
    /// How tokens are chosen, where the technique does not say otherwise.
    pub sampling: Sampling,
    /// At most so many new tokens per call.
    pub max_tokens: u32,
    /// Seeds of the calls are made from it.
    pub seed: u64,
    /// Who can take part in a discussion.
    pub speakers: Vec<Speaker>,
}

/// A stage that can be asked by its key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Its key.
    pub key: String,
    /// How prompts go into it.
    pub form: Form,
}
