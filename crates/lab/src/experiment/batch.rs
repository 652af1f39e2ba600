//! Calls that are handed out together.

use serde::{Deserialize, Serialize};

use crate::technique::ModelCall;

/// Names a call of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId {
    /// The cell: one technique of one stage on one problem.
    pub cell: usize,
    /// Calls of a cell are counted from 0.
    pub call: usize,
}

/// A row of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRow {
    /// To give the reply to.
    pub id: CallId,
    /// Index of the stage that answers.
    pub stage: usize,
    /// What it is asked.
    pub call: ModelCall,
}

/// Calls to stages of one model, to run together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Counted from 0.
    pub number: u64,
    /// The model's id.
    pub model: String,
    /// At least one row, at most as many as the experiment's batch size.
    pub rows: Vec<BatchRow>,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Run this.
    Batch(Batch),
    /// Nothing before a reply comes to a call that is out.
    Waiting,
    /// Nothing before the run goes on.
    Paused,
    /// Nothing any more.
    Ended,
}
