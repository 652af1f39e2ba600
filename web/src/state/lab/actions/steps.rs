//! The next thing to do, for the experiment and for what was built.

use leptos::prelude::*;

use crate::protocol::Request;
use crate::protocol::lab::{LabCall, LabRequest};
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::lab::waits::{Batch, Waits, Whose};
use crate::state::lab::{measured, round};
use crate::state::library::Then;

impl App {
    /// Goes on with whatever there is to do, unless something is waited for. The experiment comes first.
    pub(crate) fn lab_drive(self) {
        let is_idle = self.lab.waits.with_untracked(Waits::is_nothing);
        if is_idle && !self.prepare_experiment() && !self.step_experiment() {
            self.step_asking();
        }
    }

    /// True if something is done for the experiment.
    fn step_experiment(self) -> bool {
        let is_loaded =
            |model: &str| self.library.with_untracked(|library| library.info(model).is_some());
        let next = self.lab.run.try_update_untracked(|run| {
            let run = run.as_mut()?;
            let todo = run.todo(is_loaded);
            let calls = match &todo {
                measured::Todo::Batch(batch) => run.calls(batch),
                _ => Vec::new(),
            };
            Some((todo, calls))
        });
        match next.flatten() {
            None | Some((measured::Todo::Nothing, _)) => return false,
            Some((measured::Todo::Load(model), _)) => self.lab_load(model),
            Some((measured::Todo::Weigh { model, after }, _)) => {
                self.weigh(model, after, Whose::Measure);
            }
            Some((measured::Todo::Batch(batch), calls)) => {
                self.call(batch.model, calls, Whose::Measure, false);
            }
        }
        true
    }

    fn step_asking(self) {
        if self.lab.stopping.try_update_value(std::mem::take) == Some(true) {
            self.lab.round.update(|round| round.break_off(&self.stopped_word()));
        }
        match self.lab.round.with_untracked(round::Round::todo) {
            None => {}
            Some(round::Todo::Weigh { model, after }) => self.weigh(model, after, Whose::Build),
            Some(round::Todo::Call { model }) => {
                let calls = self.lab.round.try_update(|round| round.take_calls(&model));
                self.call(model, calls.unwrap_or_default(), Whose::Build, true);
            }
        }
    }

    fn weigh(self, model: String, after: bool, whose: Whose) {
        let run = self.next_number();
        self.lab.waits.set(Waits::Weights { run, model: model.clone(), after, whose });
        self.send(&Request::Lab(LabRequest::Checksum { run, model }));
    }

    fn call(self, model: String, calls: Vec<LabCall>, whose: Whose, tokens: bool) {
        let run = self.next_number();
        self.lab.waits.set(Waits::Calls(Batch::new(run, whose, calls.len())));
        self.send(&Request::Lab(LabRequest::Calls { run, model, calls, tokens }));
    }

    /// Loads a model for the experiment. Where that begins with a licence, it waits for the answer.
    pub(super) fn lab_load(self, model: String) {
        let is_loading =
            self.library.with_untracked(|library| library.loading() == Some(model.as_str()));
        self.lab.waits.set(Waits::Model(model.clone()));
        if !is_loading {
            self.load(&model, Then::default());
        }
    }

    /// What waits for a model goes on when it is there, and holds still if it does not come.
    pub(crate) fn lab_watch_models(self) {
        effect(move || {
            let is_loading = self.library.with(|library| library.is_loading());
            let is_asking = self.asking.with(Option::is_some);
            let Some(model) = self.lab.waits.with(Waits::model) else { return };
            let is_there = self.library.with(|library| library.info(&model).is_some());
            if !is_there && (is_loading || is_asking) {
                return;
            }
            self.lab.waits.set(Waits::Nothing);
            if is_there {
                untrack(|| self.lab_drive());
            } else {
                untrack(|| self.lab_hold());
            }
        });
    }
}
