//! What the worker says about the lab's requests.

use std::time::Duration;

use leptos::prelude::*;

use crate::protocol::Failure;
use crate::protocol::lab::LabEvent;
use crate::state::app::App;
use crate::state::lab::round::Weights;
use crate::state::lab::waits::{Came, Waits, Whose};
use crate::state::lab::{Tokens, Trouble};

impl App {
    /// An event of the lab.
    pub(crate) fn lab_event(self, event: LabEvent) {
        match event {
            LabEvent::Reply { run, id, reply, tokens, .. } => {
                self.came(run, id, Ok((reply, tokens)));
            }
            LabEvent::Refused { run, id, failure } => self.came(run, id, Err(said(&failure))),
            LabEvent::BatchEnded { run, seconds, failure, .. } => {
                self.batch_ended(run, seconds, failure.as_ref());
            }
            LabEvent::Assembled { run, tokens, stretches, parts, .. } => {
                self.lab_assembled(run, |input| Tokens { input, tokens, stretches, parts });
            }
            LabEvent::Checksum { run, sha256, bytes, .. } => {
                self.weighed(run, Some(Weights { sha256, bytes }));
            }
        }
    }

    /// A request failed as a whole. Batches end by themselves.
    pub(crate) fn lab_failed(self, run: u32) {
        self.lab_not_assembled(Some(run));
        self.weighed(run, None);
    }

    /// The worker is gone, and with it everything that was asked of it.
    pub(crate) fn lab_broken(self, why: &str) {
        self.lab_not_assembled(None);
        if !matches!(self.lab.waits.get_untracked(), Waits::File) {
            self.lab.waits.set(Waits::Nothing);
        }
        self.lab.round.update(|round| round.break_off(why));
        self.lab_hold();
    }

    fn came(self, run: u32, id: lab::experiment::CallId, came: Came) {
        self.lab.waits.update(|waits| {
            if let Some(batch) = waits.batch_mut(run) {
                batch.came.insert(id, came);
            }
        });
    }

    fn batch_ended(self, run: u32, seconds: f64, failure: Option<&Failure>) {
        let batch = self.lab.waits.try_update(|waits| waits.take_batch(run)).flatten();
        let Some(batch) = batch else { return };
        if let Some(failure) = failure {
            self.lab.trouble.set(Some(Trouble::Batch(said(failure))));
        }
        let (whose, is_whole) = (batch.whose, batch.is_whole());
        match whose {
            Whose::Build => self.lab.round.update(|round| {
                for (id, came) in batch.shared(seconds) {
                    round.take(id.cell, id.call, came);
                }
                if !is_whole {
                    let why = failure.map_or_else(|| self.stopped_word(), said);
                    round.break_off(&why);
                }
            }),
            Whose::Measure => {
                self.lab.run.update(|run| {
                    let Some(run) = run.as_mut() else { return };
                    if is_whole {
                        run.take(batch.shared(seconds));
                    } else {
                        run.run.withdraw();
                        run.run.pause();
                    }
                });
                self.lab_keep();
            }
        }
        // The browser draws what came before the next batch is asked for.
        set_timeout(move || self.lab_drive(), Duration::ZERO);
    }

    fn weighed(self, run: u32, weights: Option<Weights>) {
        let waited = self.lab.waits.try_update(|waits| waits.take_weights(run)).flatten();
        let Some((model, after, whose)) = waited else { return };
        match whose {
            Whose::Build => self.lab.round.update(|round| round.weigh(&model, after, weights)),
            Whose::Measure => {
                self.lab.run.update(|run| {
                    // A run from a file may have taken the place of the one that asked.
                    if let Some(run) = run.as_mut().filter(|run| !run.replayed) {
                        run.weigh(&model, after, weights);
                    }
                });
                self.lab_keep();
            }
        }
        self.lab_drive();
    }

    pub(super) fn stopped_word(self) -> String {
        crate::i18n::strings(self.language.get_untracked()).lab.stopped.to_owned()
    }
}

/// Why, in the worker's words.
fn said(failure: &Failure) -> String {
    if failure.detail.is_empty() { format!("{:?}", failure.kind) } else { failure.detail.clone() }
}
