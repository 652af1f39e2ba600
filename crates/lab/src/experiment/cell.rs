//! One technique of one stage on one problem.

use std::collections::BTreeSet;

use super::prepare::Prepared;
use super::settings::{Experiment, Stage};
use crate::grade::{Answered, Verdict};
use crate::rng::derive;
use crate::technique::{Attempt, CallRecord, Outcome, Speaker, Task};

/// A cell of the run.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) problem: usize,
    pub(super) technique: usize,
    pub(super) stage: usize,
    pub(super) state: State,
}

/// How far a cell is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Not begun.
    Closed,
    /// Under way.
    Open(Box<Open>),
    /// Answered and graded.
    Done(Box<Done>),
    /// A call failed.
    Failed(Box<Failed>),
}

#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) attempt: Attempt,
    /// Calls that were handed out and have no reply yet.
    pub(super) out: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) records: Vec<CallRecord>,
    pub(super) outcome: Outcome,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) records: Vec<CallRecord>,
    /// Replies to calls that ran at once with the one that failed, with their numbers. They lead to nothing, but without
    /// them a log could not be played again batch by batch.
    pub(super) replied: Vec<(usize, CallRecord)>,
    pub(super) message: String,
}

/// All cells in the order in which they are run: block by block of problems, so that at any time all techniques have
/// answered nearly the same ones; within a block technique by technique, so that a batch shares long beginnings.
pub(super) fn cells(experiment: &Experiment, problems: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let block = experiment.batch.max(1);
    for first in (0..problems).step_by(block) {
        for technique in 0..experiment.techniques.len() {
            for stage in 0..experiment.stages.len() {
                for problem in first..(first + block).min(problems) {
                    cells.push(Cell { problem, technique, stage, state: State::Closed });
                }
            }
        }
    }
    cells
}

impl Cell {
    /// Begins, if it has not.
    pub(super) fn open(&mut self, experiment: &Experiment, prepared: &Prepared) {
        if !matches!(self.state, State::Closed) {
            return;
        }
        let Some(task) = self.task(experiment, prepared) else { return };
        let Some(used) = experiment.techniques.get(self.technique) else { return };
        let attempt = Attempt::new(&used.technique, &task);
        self.state = State::Open(Box::new(Open { attempt, out: BTreeSet::new() }));
    }

    /// Grades, if the attempt is at its end.
    pub(super) fn close(&mut self, experiment: &Experiment, prepared: &Prepared) {
        let State::Open(open) = &self.state else { return };
        let Some(outcome) = open.attempt.outcome().cloned() else { return };
        let records = open.attempt.records().to_vec();
        let verdict = match prepared.problems.get(self.problem) {
            Some(problem) => {
                let answered = Answered { text: &outcome.text, head: &outcome.head };
                experiment.grader.grade(answered, problem.key())
            }
            None => Verdict::default(),
        };
        self.state = State::Done(Box::new(Done { records, outcome, verdict }));
    }

    pub(super) fn is_settled(&self) -> bool {
        matches!(self.state, State::Done(_) | State::Failed(_))
    }

    fn task(&self, experiment: &Experiment, prepared: &Prepared) -> Option<Task> {
        let problem = prepared.problems.get(self.problem)?;
        let stage = experiment.stages.get(self.stage)?;
        let speaker = |stage: &Stage| Speaker { key: stage.key.clone(), form: stage.form };
        Some(Task {
            language: problem.lang,
            question: problem.prompt.clone(),
            choices: problem.choices.clone(),
            grader: experiment.grader.resolved(problem.key()),
            examples: prepared.examples.get(&problem.lang).cloned().unwrap_or_default(),
            form: stage.form,
            chat_examples: stage.chat_examples,
            sampling: experiment.sampling,
            max_tokens: experiment.max_tokens,
            // The same draws for every technique and stage: what differs is the prompt and the model.
            seed: derive(experiment.seed, &[self.problem as u64]),
            speakers: experiment.stages.iter().map(speaker).collect(),
        })
    }
}
