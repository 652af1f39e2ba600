//! Measuring: begin an experiment, hold it, go on, overrule.

use std::collections::BTreeMap;

use lab::experiment::{Experiment, Run, Status};
use leptos::prelude::*;
use share::scene::PlannedStage;
use wasm_bindgen_futures::spawn_local;

use crate::browser::{fetch, logs, scenes};
use crate::protocol::Request;
use crate::state::app::App;
use crate::state::lab::asked::Seat;
use crate::state::lab::measured::Measured;
use crate::state::lab::waits::{Waits, Whose};
use crate::state::lab::{Look, Pending, Trouble, scene, shipped};
use crate::state::notice::Notices;

impl App {
    /// The stages of the plan: those that the reader chose, or else the page's own choice. Tracks.
    pub(crate) fn lab_planned_seats(self) -> Vec<Seat> {
        let own = self.lab.plan.with(|plan| plan.seats.clone());
        if own.is_empty() { self.lab_asked_seats() } else { own }
    }

    /// The stages that can be planned: those of the models that are loaded, and those that are planned already, such as
    /// a link's. Tracks.
    pub(crate) fn lab_plannable_seats(self) -> Vec<Seat> {
        let mut seats = self.lab_seats();
        for seat in self.lab.plan.with(|plan| plan.seats.clone()) {
            if !seats.contains(&seat) {
                seats.push(seat);
            }
        }
        seats
    }

    /// The stages that a link has to name although the plan names none, because elsewhere the page would choose others.
    /// Tracks.
    pub(crate) fn lab_stages_to_name(self) -> Vec<PlannedStage> {
        let seats = self.lab_planned_seats();
        let model = self.scene.with(|scene| scene.columns.first().map(|own| own.model.clone()));
        let is_usual = self.lab.seats.with(Vec::is_empty)
            && seats.iter().all(|seat| Some(&seat.model) == model.as_ref());
        if is_usual { Vec::new() } else { scene::for_scene(&seats) }
    }

    /// Adds a stage to the plan, or takes it out.
    pub(crate) fn lab_plan_seat(self, seat: &Seat) {
        let seats = untrack(|| self.lab_planned_seats());
        self.lab.plan.update(|plan| {
            plan.seats = seats;
            plan.toggle_seat(seat);
        });
    }

    /// Begins what was planned.
    pub(crate) fn lab_run_plan(self) {
        let mut plan = self.lab.plan.get_untracked();
        plan.seats = untrack(|| self.lab_planned_seats());
        match plan.experiment(|seat| untrack(|| self.lab_form(seat))) {
            Ok(experiment) => self.lab_start(experiment),
            Err(error) => self.lab.trouble.set(Some(Trouble::Plan(error))),
        }
    }

    /// Begins a shipped experiment on a model, with so many problems in each language.
    pub(crate) fn lab_run_shipped(self, id: &str, model: &str, count: usize) {
        let Some(own) = shipped::experiment(id) else { return };
        let experiment = Experiment { count, ..own.on_model(model) };
        self.lab_start(experiment);
    }

    /// Begins an experiment, after loading what is missing. What was there before makes room.
    pub(crate) fn lab_start(self, experiment: Experiment) {
        self.notices.update(Notices::clear_failures);
        self.lab.trouble.set(None);
        if let Err(error) = experiment.check() {
            return self.lab.trouble.set(Some(Trouble::Experiment(error.to_string())));
        }
        self.lab_cancel();
        self.lab.measure.set(true);
        self.lab.pending.set(Some(Pending { experiment, file: None }));
        self.lab_drive();
    }

    /// True if something is done to make the next experiment ready.
    pub(super) fn prepare_experiment(self) -> bool {
        let Some(Pending { experiment, file }) = self.lab.pending.get_untracked() else {
            return false;
        };
        let missing = self.library.with_untracked(|library| {
            let mut models = experiment.stages.iter().map(|stage| stage.model.as_str());
            models.find(|model| library.info(model).is_none()).map(str::to_owned)
        });
        if let Some(model) = missing {
            self.lab_load(model);
            return true;
        }
        if let Some(address) = shipped::problems_file(&experiment.problems)
            && file.is_none()
        {
            self.fetch_problems(address);
            return true;
        }
        self.lab.pending.set(None);
        let made_with = self.made_with(&experiment);
        match Run::new(experiment, file.as_deref(), made_with) {
            Ok(run) => {
                self.begin_log("");
                self.lab_show(Some(Measured::new(run)));
                self.lab_keep();
            }
            Err(error) => self.lab.trouble.set(Some(Trouble::Experiment(error.to_string()))),
        }
        false
    }

    fn fetch_problems(self, address: String) {
        self.lab.waits.set(Waits::File);
        spawn_local(async move {
            let read = fetch::text(&address).await;
            self.lab.waits.set(Waits::Nothing);
            match read {
                Ok(text) => self.lab.pending.update(|pending| {
                    // Another experiment may have been begun meanwhile.
                    let own = pending.as_mut().filter(|pending| {
                        shipped::problems_file(&pending.experiment.problems).as_ref()
                            == Some(&address)
                    });
                    if let Some(pending) = own {
                        pending.file = Some(text);
                    }
                }),
                Err(error) => {
                    self.lab.pending.set(None);
                    self.lab.trouble.set(Some(Trouble::Fetch(error.to_string())));
                }
            }
            self.lab_drive();
        });
    }

    /// On what it runs, for the log.
    fn made_with(self, experiment: &Experiment) -> BTreeMap<String, String> {
        let mut made = BTreeMap::from([(
            "program".to_owned(),
            format!("Glassbox {}, page", env!("CARGO_PKG_VERSION")),
        )]);
        for stage in &experiment.stages {
            let model = stage.model.as_str();
            let backend = self.library.with_untracked(|library| {
                library.info(model).map(|info| {
                    let kind = if info.backend.gpu { "gpu" } else { "cpu" };
                    format!("{kind}, {}", info.backend.adapter)
                })
            });
            if let Some(backend) = backend {
                made.insert(format!("{model}.backend"), backend);
            }
            let hash = untrack(|| {
                self.with_manifest(model, |entry| {
                    entry.files.first().map(|file| file.sha256.clone())
                })
            });
            if let Some(hash) = hash.flatten() {
                made.insert(format!("{model}.sha256"), hash);
            }
        }
        made
    }

    /// Puts a run on the page; nothing of the last one stays open.
    pub(super) fn lab_show(self, run: Option<Measured>) {
        self.lab.look.set(Look::default());
        self.lab.run.set(run);
    }

    /// Holds still after the batch that is under way.
    pub(crate) fn lab_pause(self) {
        self.update_run_of_lab(|measured| measured.run.pause());
    }

    /// Holds still because something is missing; what was being made ready is not.
    pub(super) fn lab_hold(self) {
        self.lab.pending.set(None);
        self.update_run_of_lab(|measured| {
            measured.run.withdraw();
            measured.run.pause();
        });
    }

    /// Goes on after a pause, after a stop, or with a run from a file.
    pub(crate) fn lab_go_on(self) {
        self.lab.trouble.set(None);
        let restarts = self.lab.run.try_update(|run| {
            let run = run.as_mut()?;
            let log = run.replayed.then(|| run.run.export());
            run.go_on();
            log
        });
        if let Some(Some(log)) = restarts {
            self.begin_log(&log);
        }
        self.lab_drive();
    }

    /// Stops before the end. What is done stays.
    pub(crate) fn lab_cancel(self) {
        if self.lab.waits.with_untracked(|waits| waits.is_calling(Whose::Measure)) {
            self.send(&Request::Stop);
        }
        self.lab.pending.set(None);
        let was_running = self.lab.run.with_untracked(|run| {
            run.as_ref().is_some_and(|own| own.run.status() == Status::Running)
        });
        self.update_run_of_lab(|measured| {
            if measured.run.status() != Status::Finished {
                measured.run.cancel();
            }
        });
        // One that was held makes room for another run, and is kept as it is.
        if was_running {
            self.lab_keep();
        }
    }

    /// Takes the run from the page and from the browser's storage.
    pub(crate) fn lab_forget_run(self) {
        self.lab_cancel();
        self.lab_show(None);
        let gone = self.lab.keeper.try_update_value(|keeper| keeper.forget(&mut logs::storage()));
        self.lab.keeping.set(matches!(gone, Some(Ok(()))));
    }

    /// The reader says whether an answer is right; `None` lets the rule's verdict hold again.
    pub(crate) fn lab_overrule(self, cell: usize, correct: Option<bool>) {
        self.update_run_of_lab(|measured| {
            // Fails only for a cell without a verdict, which has no button.
            let _ = measured.run.overrule(cell, correct);
        });
        self.lab_keep();
    }

    fn update_run_of_lab(self, update: impl FnOnce(&mut Measured)) {
        self.lab.run.update(|run| {
            if let Some(run) = run {
                update(run);
            }
        });
    }

    /// A log for a new run, instead of the one that this page has kept or found.
    fn begin_log(self, text: &str) {
        let kept = self
            .lab
            .keeper
            .try_update_value(|keeper| keeper.begin(&mut logs::storage(), text, scenes::now()));
        self.lab.keeping.set(matches!(kept, Some(Ok(()))));
    }

    /// Keeps what the run has written since; of a run from a file, nothing.
    pub(super) fn lab_keep(self) {
        let grown = self.lab.run.try_update_untracked(|run| {
            let run = run.as_mut()?;
            let log = run.run.take_log();
            (!run.replayed && !log.is_empty()).then_some(log)
        });
        let Some(Some(log)) = grown.map(|log| log.filter(|_| self.lab.keeping.get_untracked()))
        else {
            return;
        };
        let whole = || {
            let run = self.lab.run.with_untracked(|run| Some(run.as_ref()?.run.export()));
            run.unwrap_or_default()
        };
        let kept = self.lab.keeper.try_update_value(|keeper| {
            keeper.append(&mut logs::storage(), &log, whole, scenes::now())
        });
        if !matches!(kept, Some(Ok(()))) {
            self.lab.keeping.set(false);
        }
    }
}
