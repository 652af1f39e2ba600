//! An experiment on the page: under way, done, or replayed from a file.

use std::collections::{BTreeMap, BTreeSet};

use lab::experiment::{Batch, Next, Run, Status, When};

use super::round::Weights;
use super::waits::Came;
use crate::protocol::lab::LabCall;

/// A run, and what was seen of the weights around it.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) run: Run,
    /// It came from a file: nothing is asked of a model.
    pub(crate) replayed: bool,
    before: BTreeMap<String, Option<Weights>>,
    after: BTreeMap<String, Option<Weights>>,
    /// Size of the weights that were looked at, by model.
    pub(crate) bytes: BTreeMap<String, u64>,
}

/// What has to be done next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Todo {
    /// Load this model.
    Load(String),
    /// Look at its weights.
    Weigh { model: String, after: bool },
    /// Run this batch.
    Batch(Batch),
    /// Nothing.
    Nothing,
}

impl Measured {
    /// A run that begins, or goes on.
    pub(crate) fn new(run: Run) -> Self {
        Self {
            run,
            replayed: false,
            before: BTreeMap::new(),
            after: BTreeMap::new(),
            bytes: BTreeMap::new(),
        }
    }

    /// A run from a file, to be looked at. It may go on if it did not end.
    pub(crate) fn replayed(mut run: Run) -> Self {
        run.pause();
        Self { replayed: true, ..Self::new(run) }
    }

    /// All models that take part.
    pub(crate) fn models(&self) -> BTreeSet<String> {
        self.run.experiment().stages.iter().map(|stage| stage.model.clone()).collect()
    }

    /// Goes on after a pause, with models.
    pub(crate) fn go_on(&mut self) {
        self.replayed = false;
        self.run.go_on();
    }

    /// The next thing to do. A batch that it gives out counts as under way.
    pub(crate) fn todo(&mut self, is_loaded: impl Fn(&str) -> bool) -> Todo {
        let models = self.models();
        match self.run.status() {
            Status::Running if !self.replayed => {}
            Status::Finished if !self.replayed => {
                let noted = self.run.weights().contains_key(&When::After);
                let unseen = |model: &&String| !self.after.contains_key(*model) && is_loaded(model);
                // Without what was before there is nothing to compare with.
                let compares = self.run.weights().contains_key(&When::Before);
                return match models.iter().find(unseen).filter(|_| compares && !noted) {
                    Some(model) => Todo::Weigh { model: model.clone(), after: true },
                    None => Todo::Nothing,
                };
            }
            _ => return Todo::Nothing,
        }
        if let Some(model) = models.iter().find(|model| !is_loaded(model)) {
            return Todo::Load(model.clone());
        }
        if !self.run.weights().contains_key(&When::Before)
            && let Some(model) = models.iter().find(|model| !self.before.contains_key(*model))
        {
            return Todo::Weigh { model: model.clone(), after: false };
        }
        match self.run.next_batch() {
            Next::Batch(batch) => Todo::Batch(batch),
            Next::Waiting | Next::Paused | Next::Ended => Todo::Nothing,
        }
    }

    /// The calls of a batch as the worker takes them.
    pub(crate) fn calls(&self, batch: &Batch) -> Vec<LabCall> {
        let stages = &self.run.experiment().stages;
        let calls = batch.rows.iter().filter_map(|row| {
            let stage = stages.get(row.stage)?.stage.clone();
            Some(LabCall { id: row.id, stage, call: row.call.clone() })
        });
        calls.collect()
    }

    /// Takes a whole batch. What came of part of one is left out: it is run again as a whole, so that the result does
    /// not depend on where a run was interrupted.
    pub(crate) fn take(&mut self, came: Vec<(lab::experiment::CallId, Came)>) {
        for (id, came) in came {
            // Refused only for what nobody asked.
            let _ = match came {
                Ok((reply, _)) => self.run.answer(id, reply),
                Err(why) => self.run.fail(id, &why),
            };
        }
    }

    /// Takes the checksum of a model's weights; `None` if it could not be made. Those of all models together go into
    /// the log.
    pub(crate) fn weigh(&mut self, model: &str, after: bool, weights: Option<Weights>) {
        if let Some(weights) = &weights {
            self.bytes.insert(model.to_owned(), weights.bytes);
        }
        let seen = if after { &mut self.after } else { &mut self.before };
        seen.insert(model.to_owned(), weights);
        let sums: Option<BTreeMap<String, String>> = self
            .run
            .experiment()
            .stages
            .iter()
            .map(|stage| {
                let weights = seen.get(&stage.model)?.as_ref()?;
                Some((stage.model.clone(), weights.sha256.clone()))
            })
            .collect();
        if let Some(sums) = sums {
            self.run.note_weights(if after { When::After } else { When::Before }, sums);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::testing::{begun, step};
    use lab::technique::Reply;

    fn sum(text: &str) -> Option<Weights> {
        Some(Weights { sha256: text.into(), bytes: 9 })
    }

    #[test]
    fn a_run_is_loaded_weighed_run_and_weighed_again() {
        let mut measured = Measured::new(begun(4));
        assert_eq!(measured.todo(|_| false), Todo::Load("m".into()));
        assert_eq!(measured.todo(|_| true), Todo::Weigh { model: "m".into(), after: false });
        measured.weigh("m", false, sum("a1"));
        let mut batches = 0;
        while let Todo::Batch(batch) = measured.todo(|_| true) {
            let calls = measured.calls(&batch);
            assert_eq!(calls.len(), batch.rows.len());
            assert!(calls.iter().all(|call| call.stage == "sft"));
            let reply = || Ok((Reply { text: "5".into(), ..Reply::default() }, None));
            measured.take(calls.iter().map(|call| (call.id, reply())).collect());
            batches += 1;
        }
        assert_eq!((batches, measured.run.status()), (1, Status::Finished));
        assert_eq!(measured.run.weights_unchanged(), None);
        measured.weigh("m", true, sum("a1"));
        assert_eq!(measured.run.weights_unchanged(), Some(true));
        assert_eq!(measured.todo(|_| true), Todo::Nothing);
        let restored = Run::restore(&measured.run.export()).expect("its own export");
        assert_eq!(restored.weights_unchanged(), Some(true));
    }

    #[test]
    fn weights_that_cannot_be_read_are_not_claimed() {
        let mut measured = Measured::new(begun(2));
        measured.weigh("m", false, None);
        assert!(measured.run.weights().is_empty());
        assert!(matches!(measured.todo(|_| true), Todo::Batch(_)));
    }

    #[test]
    fn a_replayed_run_asks_for_nothing_until_it_goes_on() {
        let mut run = begun(12);
        assert!(step(&mut run));
        let restored = Run::restore(&run.export()).expect("its own export");
        let mut measured = Measured::replayed(restored);
        assert_eq!(measured.todo(|_| false), Todo::Nothing);
        assert!(!measured.run.results().rows().is_empty());
        measured.go_on();
        assert_eq!(measured.todo(|_| false), Todo::Load("m".into()));
    }

    #[test]
    fn a_refused_call_fails_its_cell() {
        let mut measured = Measured::new(begun(2));
        measured.weigh("m", false, None);
        let Todo::Batch(batch) = measured.todo(|_| true) else { panic!("there is one") };
        measured.take(vec![(batch.rows[0].id, Err("too long".into()))]);
        measured.run.withdraw();
        assert_eq!(measured.run.results().bars(None).iter().map(|bar| bar.failed).sum::<u64>(), 1);
    }
}
