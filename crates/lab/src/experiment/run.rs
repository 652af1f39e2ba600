//! The state machine that works through an experiment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::batch::{Batch, BatchRow, CallId, Next};
use super::cell::{Cell, Failed, Open, State, cells};
use super::error::{ExperimentError, RunError};
use super::log::{End, Failure, Line, Overruled, Replied};
use super::prepare::Prepared;
use super::settings::Experiment;
use crate::technique::Reply;

/// An experiment under way, or done.
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) experiment: Experiment,
    pub(super) prepared: Prepared,
    pub(super) cells: Vec<Cell>,
    pub(super) made_with: BTreeMap<String, String>,
    pub(super) weights: BTreeMap<When, BTreeMap<String, String>>,
    status: Status,
    batches: u64,
    /// All cells before this one are settled.
    first_open: usize,
    /// Lines that were not taken yet.
    pub(super) log: Vec<Line>,
}

/// What a run does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Hands out calls.
    #[default]
    Running,
    /// Holds still, and may go on.
    Paused,
    /// Was stopped before its end. It may still go on.
    Cancelled,
    /// Every cell is settled.
    Finished,
}

/// Before or after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the first call.
    Before,
    /// After the last one.
    After,
}

impl Run {
    /// Begins a run. `file` is what [`Source::file`](super::Source::file) names; `made_with` says on what it runs
    /// (backend, versions, file hashes) and is kept in the log.
    ///
    /// # Errors
    /// [`ExperimentError`] as for [`Experiment::prepare`].
    pub fn new(
        experiment: Experiment,
        file: Option<&str>,
        made_with: BTreeMap<String, String>,
    ) -> Result<Self, ExperimentError> {
        let prepared = experiment.prepare(file)?;
        let mut run = Self::with(experiment, prepared, made_with);
        run.log_start();
        Ok(run)
    }

    /// A run of problems that were drawn before, without a line in its log.
    pub(super) fn with(
        experiment: Experiment,
        prepared: Prepared,
        made_with: BTreeMap<String, String>,
    ) -> Self {
        Self {
            cells: cells(&experiment, prepared.problems.len()),
            experiment,
            prepared,
            made_with,
            weights: BTreeMap::new(),
            status: Status::Running,
            batches: 0,
            first_open: 0,
            log: Vec::new(),
        }
    }

    /// The next calls to run together.
    pub fn next_batch(&mut self) -> Next {
        match self.status {
            Status::Running => {}
            Status::Paused => return Next::Paused,
            Status::Cancelled | Status::Finished => return Next::Ended,
        }
        let mut rows: Vec<BatchRow> = Vec::new();
        let mut model: Option<String> = None;
        let mut index = self.first_open;
        while index < self.cells.len() && rows.len() < self.experiment.batch {
            self.rows_of(index, &mut model, &mut rows);
            index += 1;
        }
        match model {
            Some(model) if !rows.is_empty() => {
                self.batches += 1;
                Next::Batch(Batch { number: self.batches - 1, model, rows })
            }
            _ => Next::Waiting,
        }
    }

    /// Hands out what a cell asks of this model.
    fn rows_of(&mut self, index: usize, model: &mut Option<String>, rows: &mut Vec<BatchRow>) {
        let (experiment, room) = (&self.experiment, self.experiment.batch);
        let Some(cell) = self.cells.get_mut(index) else { return };
        let model_of =
            |stage: usize| experiment.stages.get(stage).map(|stage| stage.model.as_str());
        let fits = |model: &Option<String>, stage: usize| {
            model.as_deref().is_none_or(|model| model_of(stage) == Some(model))
        };
        // A cell is begun only when there is room for it.
        if matches!(cell.state, State::Closed) && !fits(model, cell.stage) {
            return;
        }
        cell.open(experiment, &self.prepared);
        let State::Open(open) = &mut cell.state else { return };
        let Open { attempt, out } = open.as_mut();
        for (call, asked) in attempt.calls() {
            let speaker = asked.speaker.as_deref().and_then(|key| experiment.stage_index(key));
            let stage = speaker.unwrap_or(cell.stage);
            if rows.len() >= room {
                return;
            }
            if !fits(model, stage) || !out.insert(call) {
                continue;
            }
            if model.is_none() {
                *model = model_of(stage).map(str::to_owned);
            }
            rows.push(BatchRow { id: CallId { cell: index, call }, stage, call: asked.clone() });
        }
    }

    /// Takes the reply to a call. Replies may come in any order. Those to a cell that failed in the meantime change nothing.
    ///
    /// # Errors
    /// [`RunError::UnknownCall`] if no such call is out.
    pub fn answer(&mut self, id: CallId, reply: Reply) -> Result<(), RunError> {
        let unknown = RunError::UnknownCall { cell: id.cell, call: id.call };
        let place = self.place(id.cell).ok_or(unknown)?;
        let cell = self.cells.get_mut(id.cell).ok_or(unknown)?;
        let open = match &mut cell.state {
            State::Open(open) => open,
            State::Failed(_) => return Ok(()),
            State::Closed | State::Done(_) => return Err(unknown),
        };
        let asked = open.attempt.call(id.call).cloned().ok_or(unknown)?;
        if !open.out.remove(&id.call) {
            return Err(unknown);
        }
        open.attempt.reply(id.call, reply.clone());
        cell.close(&self.experiment, &self.prepared);
        let replied = Replied { place, call: id.call, asked, reply };
        self.log.push(Line::Reply(Box::new(replied)));
        self.settle();
        Ok(())
    }

    /// Says that a call cannot be run (a prompt beyond the context, for example). The cell has no answer, and counts
    /// neither as right nor as wrong.
    ///
    /// # Errors
    /// [`RunError::UnknownCall`] if no such call is out.
    pub fn fail(&mut self, id: CallId, message: &str) -> Result<(), RunError> {
        let unknown = RunError::UnknownCall { cell: id.cell, call: id.call };
        let place = self.place(id.cell).ok_or(unknown)?;
        let cell = self.cells.get_mut(id.cell).ok_or(unknown)?;
        let open = match &cell.state {
            State::Open(open) => open,
            State::Failed(_) => return Ok(()),
            State::Closed | State::Done(_) => return Err(unknown),
        };
        if !open.out.contains(&id.call) {
            return Err(unknown);
        }
        let (records, message) = (open.attempt.records().to_vec(), message.to_owned());
        let replied = open.attempt.replied().collect();
        let failure = Failure { place, call: id.call, message: message.clone() };
        cell.state = State::Failed(Box::new(Failed { records, replied, message }));
        self.log.push(Line::Failed(failure));
        self.settle();
        Ok(())
    }

    /// Takes back every call that is out: a worker stopped or broke down. They will be handed out again.
    pub fn withdraw(&mut self) {
        for cell in &mut self.cells {
            if let State::Open(open) = &mut cell.state {
                open.out.clear();
            }
        }
    }

    /// Takes back the last batch, of which nothing was answered.
    pub(super) fn take_back_batch(&mut self) {
        self.withdraw();
        self.batches = self.batches.saturating_sub(1);
    }

    /// The reader says whether a cell is right; `None` lets the rule's verdict hold again.
    ///
    /// # Errors
    /// [`RunError::NoVerdict`] for a cell that is not done.
    pub fn overrule(&mut self, cell: usize, correct: Option<bool>) -> Result<(), RunError> {
        let none = RunError::NoVerdict { cell };
        let place = self.place(cell).ok_or(none)?;
        let Some(Cell { state: State::Done(done), .. }) = self.cells.get_mut(cell) else {
            return Err(none);
        };
        done.verdict.overruled = correct;
        self.log.push(Line::Overruled(Overruled { place, correct }));
        Ok(())
    }

    /// Hands out nothing until the run goes on. Replies to calls that are out are taken.
    pub fn pause(&mut self) {
        if self.status == Status::Running {
            self.status = Status::Paused;
        }
    }

    /// Goes on after a pause, or after all.
    pub fn go_on(&mut self) {
        if matches!(self.status, Status::Paused | Status::Cancelled) {
            self.status = Status::Running;
        }
    }

    /// Stops before the end. What is done stays.
    pub fn cancel(&mut self) {
        if matches!(self.status, Status::Running | Status::Paused) {
            self.status = Status::Cancelled;
            self.log.push(Line::End(End { status: self.status }));
        }
    }

    /// What the run does.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The experiment.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Its problems and examples.
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// On what it runs.
    pub fn made_with(&self) -> &BTreeMap<String, String> {
        &self.made_with
    }

    /// Calls that are out.
    pub fn calls_out(&self) -> usize {
        let out = |cell: &Cell| match &cell.state {
            State::Open(open) => open.out.len(),
            _ => 0,
        };
        self.cells.iter().map(out).sum()
    }

    /// Moves on past settled cells; ends after the last one.
    fn settle(&mut self) {
        while self.cells.get(self.first_open).is_some_and(Cell::is_settled) {
            self.first_open += 1;
        }
        if self.first_open == self.cells.len() && self.status != Status::Finished {
            self.status = Status::Finished;
            self.log.push(Line::End(End { status: self.status }));
        }
    }
}
