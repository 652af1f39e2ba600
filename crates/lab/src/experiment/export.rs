//! What a run writes: its log, and all of it as one file.

use std::collections::BTreeMap;

use super::cell::State;
use super::check::limits::LOG_VERSION;
use super::log::{End, Failure, Line, Overruled, Place, Replied, Start, Weights};
use super::progress::records;
use super::run::{Run, Status, When};
use crate::technique::CallRecord;

impl Run {
    /// Notes checksums of the weights, by model. In-context learning is not training: those before and after are the same.
    pub fn note_weights(&mut self, when: When, checksums: BTreeMap<String, String>) {
        self.weights.insert(when, checksums.clone());
        self.log.push(Line::Weights(Weights { when, checksums }));
    }

    /// Checksums of the weights as far as they were noted, by model.
    pub fn weights(&self) -> &BTreeMap<When, BTreeMap<String, String>> {
        &self.weights
    }

    /// Are the weights after the run those before it? `None` until both were noted.
    pub fn weights_unchanged(&self) -> Option<bool> {
        Some(self.weights.get(&When::Before)? == self.weights.get(&When::After)?)
    }

    /// The lines that the log has grown by since it was last taken, to be appended where it is kept. Best after each batch.
    pub fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log).iter().map(Line::write).collect()
    }

    /// The whole run as one JSONL: every setting, problem, prompt, reply and verdict of the reader, in the order of
    /// the cells. The same run always gives the same text. [`Run::restore`] reads it, and goes on with the batch that
    /// comes next; one that is under way is handed out again.
    pub fn export(&self) -> String {
        let mut lines = vec![self.start_line()];
        let weights = |when: When| {
            let checksums = self.weights.get(&when)?.clone();
            Some(Line::Weights(Weights { when, checksums }))
        };
        lines.extend(weights(When::Before));
        for index in 0..self.cells.len() {
            self.export_cell(index, &mut lines);
        }
        lines.extend(weights(When::After));
        if self.status() != Status::Running {
            lines.push(Line::End(End { status: self.status() }));
        }
        lines.iter().map(Line::write).collect()
    }

    fn export_cell(&self, index: usize, lines: &mut Vec<Line>) {
        let (Some(cell), Some(place)) = (self.cells.get(index), self.place(index)) else { return };
        let records = records(cell);
        let replied: Vec<(usize, CallRecord)> = match &cell.state {
            State::Open(open) => open.attempt.replied().collect(),
            State::Failed(failed) => failed.replied.clone(),
            State::Closed | State::Done(_) => Vec::new(),
        };
        for (call, record) in records.iter().cloned().enumerate().chain(replied) {
            let CallRecord { call: asked, reply } = record;
            lines.push(Line::Reply(Box::new(Replied { place: place.clone(), call, asked, reply })));
        }
        match &cell.state {
            State::Failed(failed) => {
                let (call, message) = (records.len(), failed.message.clone());
                lines.push(Line::Failed(Failure { place, call, message }));
            }
            State::Done(done) if done.verdict.overruled.is_some() => {
                let correct = done.verdict.overruled;
                lines.push(Line::Overruled(Overruled { place, correct }));
            }
            _ => {}
        }
    }

    fn start_line(&self) -> Line {
        Line::Start(Box::new(Start {
            version: LOG_VERSION,
            experiment: self.experiment.clone(),
            made_with: self.made_with.clone(),
            problems: self.prepared.problems.clone(),
            examples: self.prepared.examples.clone(),
        }))
    }

    /// The line that a new log begins with.
    pub(super) fn log_start(&mut self) {
        let start = self.start_line();
        self.log.push(start);
    }

    /// What a cell is about.
    pub(super) fn place(&self, cell: usize) -> Option<Place> {
        let cell = self.cells.get(cell)?;
        Some(Place {
            problem: self.prepared.problems.get(cell.problem)?.id.clone(),
            technique: self.experiment.techniques.get(cell.technique)?.key.clone(),
            stage: self.experiment.stages.get(cell.stage)?.key.clone(),
        })
    }
}
