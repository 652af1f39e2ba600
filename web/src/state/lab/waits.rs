//! What the lab waits for. It asks the worker for one thing at a time.

use std::collections::BTreeMap;

use lab::experiment::CallId;
use lab::technique::Reply;

use crate::protocol::lab::CallTokens;

/// Who it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// What the reader asks while building.
    Build,
    /// The experiment.
    Measure,
}

/// A reply with its tokens, or why there is none.
pub(crate) type Came = Result<(Reply, Option<CallTokens>), String>;

/// What is waited for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Waits {
    #[default]
    Nothing,
    /// A model that is being loaded, for the experiment.
    Model(String),
    /// A file of problems.
    File,
    /// The checksum of a model's weights.
    Weights { run: u32, model: String, after: bool, whose: Whose },
    /// A batch.
    Calls(Batch),
}

/// A batch that is under way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    pub(crate) run: u32,
    pub(crate) whose: Whose,
    pub(crate) calls: usize,
    pub(crate) came: BTreeMap<CallId, Came>,
}

impl Batch {
    pub(crate) fn new(run: u32, whose: Whose, calls: usize) -> Self {
        Self { run, whose, calls, came: BTreeMap::new() }
    }

    /// Has every call a reply or a refusal?
    pub(crate) fn is_whole(&self) -> bool {
        self.came.len() == self.calls
    }

    /// What came, each with its share of the batch's time.
    pub(crate) fn shared(self, seconds: f64) -> Vec<(CallId, Came)> {
        let replies = self.came.values().filter(|came| came.is_ok()).count().max(1);
        let each = seconds / replies as f64;
        let mut came: Vec<(CallId, Came)> = self.came.into_iter().collect();
        for (_, came) in &mut came {
            if let Ok((reply, _)) = came {
                reply.seconds = each;
            }
        }
        came
    }
}

impl Waits {
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The batch of this number.
    pub(crate) fn batch_mut(&mut self, number: u32) -> Option<&mut Batch> {
        match self {
            Self::Calls(batch) if batch.run == number => Some(batch),
            _ => None,
        }
    }

    /// Takes the batch of this number out; then nothing is waited for.
    pub(crate) fn take_batch(&mut self, number: u32) -> Option<Batch> {
        self.batch_mut(number)?;
        match std::mem::take(self) {
            Self::Calls(batch) => Some(batch),
            _ => None,
        }
    }

    /// Takes the wait for the checksum of this number out: which model, whether it is the one after, and for whom.
    pub(crate) fn take_weights(&mut self, number: u32) -> Option<(String, bool, Whose)> {
        match self {
            Self::Weights { run, .. } if *run == number => {}
            _ => return None,
        }
        match std::mem::take(self) {
            Self::Weights { model, after, whose, .. } => Some((model, after, whose)),
            _ => None,
        }
    }

    /// The model that is being loaded.
    pub(crate) fn model(&self) -> Option<String> {
        match self {
            Self::Model(model) => Some(model.clone()),
            _ => None,
        }
    }

    /// Is a batch for this under way?
    pub(crate) fn is_calling(&self, whose: Whose) -> bool {
        matches!(self, Self::Calls(batch) if batch.whose == whose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(call: usize) -> CallId {
        CallId { cell: 0, call }
    }

    #[test]
    fn the_time_of_a_batch_is_shared_by_its_replies() {
        let mut batch = Batch::new(7, Whose::Measure, 3);
        for call in 0..2 {
            batch.came.insert(id(call), Ok((Reply::default(), None)));
        }
        assert!(!batch.is_whole());
        batch.came.insert(id(2), Err("too long".into()));
        assert!(batch.is_whole());
        let seconds: Vec<f64> = batch
            .shared(3.0)
            .into_iter()
            .filter_map(|(_, came)| Some(came.ok()?.0.seconds))
            .collect();
        assert_eq!(seconds, [1.5, 1.5]);
    }

    #[test]
    fn only_what_is_waited_for_is_taken() {
        let mut waits = Waits::Calls(Batch::new(7, Whose::Build, 1));
        assert_eq!(waits.take_batch(6), None);
        assert_eq!(waits.take_weights(7), None);
        assert!(waits.is_calling(Whose::Build) && !waits.is_calling(Whose::Measure));
        assert!(waits.take_batch(7).is_some() && waits.is_nothing());
        let model = "m".to_owned();
        waits = Waits::Weights { run: 8, model, after: true, whose: Whose::Measure };
        assert_eq!(waits.take_weights(7), None);
        assert_eq!(waits.take_weights(8), Some(("m".to_owned(), true, Whose::Measure)));
        assert!(waits.is_nothing());
    }
}
