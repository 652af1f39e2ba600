//! How far a run is, and how long it may still take.

use serde::{Deserialize, Serialize};

use super::cell::{Cell, State};
use super::run::Run;
use crate::technique::CallRecord;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Techniques × stages × problems.
    pub cells: usize,
    /// Those that are done or failed.
    pub settled: usize,
    /// Calls that were answered.
    pub calls: usize,
    /// Seconds spent on them.
    pub seconds: f64,
    /// Seconds that are left, if it goes on as before: each technique and stage by its own cells, those without a
    /// settled cell by their number of calls. `None` before the first reply.
    pub seconds_left: Option<f64>,
    /// Tokens that were generated.
    pub tokens: u64,
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of prompts that were not computed again.
    pub reused_tokens: u64,
}

/// What the cells of one technique and stage have taken.
#[derive(Clone, Copy, Default)]
struct Group {
    settled: usize,
    open: usize,
    seconds: f64,
    /// Spent on cells that are under way.
    begun: f64,
    most_calls: usize,
}

impl Run {
    /// How far the run is.
    pub fn progress(&self) -> Progress {
        let stages = self.experiment.stages.len();
        let mut groups = vec![Group::default(); self.experiment.techniques.len() * stages];
        let mut progress = Progress { cells: self.cells.len(), ..Progress::default() };
        for cell in &self.cells {
            let records = records(cell);
            let seconds: f64 = records.iter().map(|record| record.reply.seconds).sum();
            progress.calls += records.len();
            progress.seconds += seconds;
            for CallRecord { reply, .. } in records {
                progress.tokens += u64::from(reply.tokens);
                progress.prompt_tokens += u64::from(reply.prompt_tokens);
                progress.reused_tokens += u64::from(reply.reused_tokens);
            }
            let Some(group) = groups.get_mut(cell.technique * stages + cell.stage) else {
                continue;
            };
            if cell.is_settled() {
                progress.settled += 1;
                group.settled += 1;
                group.seconds += seconds;
            } else {
                group.open += 1;
                group.begun += seconds;
            }
        }
        for (index, group) in groups.iter_mut().enumerate() {
            let used = self.experiment.techniques.get(index / stages.max(1));
            group.most_calls = used.map_or(1, |used| used.technique.most_calls(stages));
        }
        progress.seconds_left = (progress.calls > 0).then(|| {
            let per_call = progress.seconds / progress.calls as f64;
            groups.iter().map(|group| left(group, per_call)).sum()
        });
        progress
    }
}

fn left(group: &Group, per_call: f64) -> f64 {
    let per_cell = if group.settled > 0 {
        group.seconds / group.settled as f64
    } else {
        per_call * group.most_calls as f64
    };
    (per_cell * group.open as f64 - group.begun).max(0.0)
}

/// The calls of a cell that were answered.
pub(super) fn records(cell: &Cell) -> &[CallRecord] {
    match &cell.state {
        State::Closed => &[],
        State::Open(open) => open.attempt.records(),
        State::Done(done) => &done.records,
        State::Failed(failed) => &failed.records,
    }
}
