//! Where parts lie.

use serde::{Deserialize, Serialize};

use super::part::PartKind;

/// Where a part lies in an assembled prompt. Labels such as "Q:" belong to their part; the gaps between parts to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Index of the part.
    pub part: usize,
    /// What it is for.
    pub kind: PartKind,
    /// Counts parts of its kind that are shown, from 1: example 1, example 2.
    pub number: usize,
    /// Which text it lies in.
    pub place: Place,
    /// Where it begins there, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// One of the texts of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The text of a raw prompt.
    Text,
    /// The content of a message of a chat, counted from 0.
    Message(usize),
    /// The beginning of the assistant's answer, after the chat template.
    Starter,
}

/// Where a part lies in the text that goes into the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Index of the part.
    pub part: usize,
    /// What it is for.
    pub kind: PartKind,
    /// Counts parts of its kind that are shown, from 1.
    pub number: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Segment {
    /// The same part at a place of the final text.
    pub(super) fn at(self, start: usize, end: usize) -> Stretch {
        Stretch { part: self.part, kind: self.kind, number: self.number, start, end }
    }
}
