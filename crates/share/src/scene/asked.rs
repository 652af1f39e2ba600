//! A prompt of the lab that is looked into: what went in, where its parts lie, and what was answered.

use serde::{Deserialize, Serialize};

use super::check::{check_ids, count, length, name, slug, small};
use super::limits::{MAX_SPANS, MAX_TURNS};
use super::{Ids, PartKind, SceneError, is_default};

/// A prompt as it was asked of a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskedPrompt {
    /// Manifest id, or the name of a local file.
    pub model: String,
    /// The stage of the model.
    pub stage: String,
    /// The turns of a conversation; none for a text that is continued.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// The text; after a conversation, the beginning of the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Where the parts lie.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// What was answered.
    #[serde(skip_serializing_if = "Ids::is_empty")]
    pub answer: Ids,
}

/// A turn of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turn {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Where a part lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Span {
    /// What the part is for.
    pub kind: PartKind,
    /// Counts parts of its kind, from 1.
    pub number: u32,
    /// The turn it lies in, counted from 0; `None` for the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
    /// Where it begins there, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl AskedPrompt {
    pub(super) fn check(&self) -> Result<(), SceneError> {
        name("model", &self.model)?;
        slug("stage", &self.stage)?;
        count("turns", self.turns.len(), MAX_TURNS)?;
        for turn in &self.turns {
            slug("role", &turn.role)?;
            length("turns", &turn.text)?;
        }
        length("text", &self.text)?;
        count("spans", self.spans.len(), MAX_SPANS)?;
        for span in &self.spans {
            let places = [Some(span.number), span.turn, Some(span.start), Some(span.end)];
            places.into_iter().try_for_each(|value| small("spans", value))?;
        }
        check_ids("answer", &self.answer)
    }
}
