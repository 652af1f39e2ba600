//! The lines of a run's log: JSON, one object on each line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::run::{Status, When};
use super::settings::Experiment;
use crate::Language;
use crate::problems::Problem;
use crate::prompt::Example;
use crate::technique::{ModelCall, Reply};

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    /// The first one: every setting, and the problems themselves.
    Start(Box<Start>),
    /// A reply.
    Reply(Box<Replied>),
    /// A call that failed.
    Failed(Failure),
    /// The reader overruled a verdict (or took that back).
    Overruled(Overruled),
    /// Checksums of the weights.
    Weights(Weights),
    /// The run stopped.
    End(End),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) version: u32,
    pub(super) experiment: Experiment,
    /// On what it ran: backend, versions, hashes of files.
    #[serde(default)]
    pub(super) made_with: BTreeMap<String, String>,
    pub(super) problems: Vec<Problem>,
    #[serde(default)]
    pub(super) examples: BTreeMap<Language, Vec<Example>>,
}

/// Names a cell by what it is about, so that a log can be read by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) problem: String,
    pub(super) technique: String,
    pub(super) stage: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Replied {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) call: usize,
    pub(super) asked: ModelCall,
    pub(super) reply: Reply,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Failure {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) call: usize,
    pub(super) message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Overruled {
    #[serde(flatten)]
    pub(super) place: Place,
    /// What the reader says; nothing if the rule's verdict holds again.
    pub(super) correct: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Weights {
    pub(super) when: When,
    /// By model.
    pub(super) checksums: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) status: Status,
}

impl Line {
    /// The line as it is written, with its line end.
    pub(super) fn write(&self) -> String {
        // Plain data with text keys always has a JSON; an empty line would be passed over.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}
