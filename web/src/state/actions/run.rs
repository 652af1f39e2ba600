//! Running: one prompt, all columns.

use leptos::prelude::*;
use share::scene::limits::MAX_SEED;
use share::scene::{Branch, Column};

use crate::protocol::{ColumnRequest, FailureKind, Request, RunRequest};
use crate::state::app::{App, Work};
use crate::state::blind::{Blind, shuffled};
use crate::state::library::{Then, Wanted};
use crate::state::notice::Notices;
use crate::state::run::Generated;
use crate::state::scene;
use crate::state::settings::Field;
use crate::state::tree::Tree;

impl App {
    /// Runs the prompt through all columns, after loading what is missing.
    pub(crate) fn press_run(self) {
        if self.is_busy_untracked() {
            return;
        }
        self.notices.update(Notices::clear_failures);
        if let Err(field) = self.form.with_untracked(|form| form.parse()) {
            return self.complain(field);
        }
        if self.scene.with_untracked(|scene| scene.prompt.text.is_empty()) {
            return self.fail(FailureKind::EmptyPrompt, String::new());
        }
        let models: Vec<String> = self.scene.with_untracked(|scene| {
            scene.columns.iter().map(|column| column.model.clone()).collect()
        });
        if models.is_empty() {
            return self.load_and_run(untrack(|| self.wanted()), true);
        }
        for model in models {
            let Some(wanted) = untrack(|| self.wanted_of(&model)) else {
                return self.fail(FailureKind::NoModel, model);
            };
            if !self.library.with_untracked(|library| library.satisfies(&wanted)) {
                return self.load_and_run(Some(wanted), false);
            }
        }
        self.shuffle_if_blind();
        self.start_columns();
    }

    /// Loads and then runs. Pressed again while it waits, it does not wait.
    fn load_and_run(self, wanted: Option<Wanted>, show: bool) {
        let Some(wanted) = wanted else {
            return self.fail(FailureKind::NoModel, String::new());
        };
        if self.library.with_untracked(|library| library.is_loading_this(&wanted)) {
            return self.library.update(|library| {
                let waits = library.then().run;
                library.set_run_after(!waits);
            });
        }
        self.load_wanted(wanted, Then { show, run: true });
    }

    fn start_columns(self) {
        if self.replay() {
            return;
        }
        let shown = self.shown.get_untracked();
        let requests: Vec<ColumnRequest> =
            shown.iter().filter_map(|lane| self.request_of(*lane)).collect();
        if requests.iter().any(|request| scene::is_empty(&request.prompt)) {
            return self.fail(FailureKind::EmptyPrompt, String::new());
        }
        self.look_at_nothing();
        for lane in &shown {
            self.lanes[*lane].tree.set(Tree::default());
            self.set_branch(*lane, Branch::default());
        }
        self.send_run(requests.into_iter().map(|request| (request, Vec::new())).collect());
    }

    /// What a column asks for as it stands in the scene.
    pub(super) fn request_of(self, lane: usize) -> Option<ColumnRequest> {
        let at = untrack(|| self.position(lane))?;
        self.scene.with_untracked(|scene| {
            let column: &Column = scene.columns.get(at)?;
            let is_chat = self.library.with_untracked(|library| {
                library.stage(&column.model, &column.stage).is_some_and(|stage| stage.chat)
            });
            Some(ColumnRequest {
                column: lane as u32,
                model: column.model.clone(),
                stage: column.stage.clone(),
                prompt: scene::prompt_for(scene, column, is_chat),
                prefix: Vec::new(),
                sampler: scene::settings(&scene.sampler_of(at)),
                max_tokens: scene.max_tokens,
            })
        })
    }

    /// Sends these columns off together. With each goes the beginning of its answer, for a branch.
    pub(super) fn send_run(self, columns: Vec<(ColumnRequest, Vec<Generated>)>) {
        let run = self.next_number();
        let requests = columns.iter().map(|(request, _)| request.clone()).collect();
        for (request, kept) in columns {
            let lane = self.lanes[request.column as usize];
            lane.run.update(|state| state.begin(run, request, kept));
        }
        self.totals.set(None);
        self.work.set(Some(Work::Run(run)));
        self.send(&Request::Run(RunRequest { run, columns: requests }));
    }

    /// A new run can be voted on. Where names are hidden, the columns change places before it.
    fn shuffle_if_blind(self) {
        let on = self.blind.with_untracked(|blind| blind.on);
        self.blind.set(Blind { on, voted: false });
        if !on {
            return;
        }
        let order = shuffled(self.shown.with_untracked(Vec::len), js_sys::Math::random);
        self.scene.update(|scene| {
            scene.columns = order.iter().filter_map(|at| scene.columns.get(*at).cloned()).collect();
        });
        self.shown.update(|shown| {
            *shown = order.iter().filter_map(|at| shown.get(*at).copied()).collect();
        });
    }

    /// Runs again with the next seed. That the answers were asked for again is offered as a signal.
    pub(crate) fn ask_again(self) {
        let signals = self.signals_of_asking_again();
        let next = |seed: u64| if seed < MAX_SEED { seed + 1 } else { 0 };
        self.scene.update(|scene| {
            scene.sampler.seed = next(scene.sampler.seed);
            for sampler in scene.columns.iter_mut().filter_map(|column| column.sampler.as_mut()) {
                sampler.seed = next(sampler.seed);
            }
        });
        let seed = self.scene.with_untracked(|scene| scene.sampler.seed);
        self.form.update(|form| form.set(Field::Seed, seed.to_string()));
        for (at, lane) in untrack(|| self.columns()).into_iter().enumerate() {
            let seed = self.scene.with_untracked(|scene| scene.sampler_of(at).seed);
            lane.form.update(|form| form.set(Field::Seed, seed.to_string()));
        }
        self.press_run();
        self.offer.set(signals);
    }

    pub(crate) fn stop(self) {
        self.send(&Request::Stop);
    }

    /// Ends what runs, and waits for it no more: what is asked next need not.
    pub(super) fn abandon(self) {
        if self.is_busy_untracked() {
            self.stop();
            self.work.set(None);
        }
    }

    /// As `is_busy`, without tracking.
    pub(crate) fn is_busy_untracked(self) -> bool {
        self.work.with_untracked(Option::is_some)
    }
}
