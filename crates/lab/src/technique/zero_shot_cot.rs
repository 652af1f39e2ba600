//! Zero-shot chain of thought: think first, then say the answer (Kojima et al. 2022, arXiv 2205.11916).

use super::attempt::Step;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome};
use super::settings::Extract;
use super::task::Task;
use crate::grade::marker::has_marker;

#[derive(Clone, Debug)]
pub(super) struct ZeroShotCot {
    task: Task,
    extract: Extract,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Start,
    Thinking(ModelCall),
    Extracting(ModelCall),
}

impl ZeroShotCot {
    pub(super) fn new(extract: Extract, task: &Task) -> Self {
        Self { task: task.clone(), extract, state: State::Start }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        let reply = replies.first().cloned().unwrap_or_default();
        match &self.state {
            State::Start => {
                let parts = self.task.steps_parts(0, &[]);
                let call = self.task.call(Purpose::Answer, &parts, true, 0);
                self.state = State::Thinking(call.clone());
                Step::Calls(vec![call])
            }
            State::Thinking(call) => {
                let extracts = match self.extract {
                    Extract::Always => true,
                    Extract::IfMissing => !has_marker(&reply.text),
                    Extract::Never => false,
                };
                if !extracts {
                    return Step::Done(Outcome::of(call, &reply, Detail::Reply));
                }
                let call = self.task.extraction(call, &reply.text, 1);
                self.state = State::Extracting(call.clone());
                Step::Calls(vec![call])
            }
            State::Extracting(call) => Step::Done(Outcome::of(call, &reply, Detail::Reply)),
        }
    }
}
