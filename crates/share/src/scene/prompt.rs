//! What the reader typed, whole or in parts.

use serde::{Deserialize, Serialize};

use super::is_default;

/// A prompt: one text, or the parts it is assembled from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Prompt {
    /// The prompt, or what was typed before it was taken apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The system message of a chat; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// Parts in the order they are put together. If there are any, they are the prompt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// What it is for.
    pub kind: PartKind,
    /// The text; of an example, its question.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Worked steps of an example.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub steps: String,
    /// Answer of an example.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Switched off: kept, but left out of the prompt.
    #[serde(skip_serializing_if = "is_default")]
    pub off: bool,
}

/// What a part is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// What to do.
    Instruction,
    /// A question with worked steps and answer.
    Example,
    /// Something to know.
    Information,
    /// What is asked.
    #[default]
    Question,
    /// The beginning of the answer.
    Starter,
    /// A phrase at the end, such as "Let's think step by step."
    Closing,
}

impl Prompt {
    /// A prompt of one text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}
