//! Check the answer and answer again (Self-Refine, Madaan et al. 2023, arXiv 2303.17651). Without help from outside
//! it often makes answers worse (Huang et al. 2023, arXiv 2310.01798): a technique to measure, not to trust.

use super::attempt::Step;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome};
use super::phrases;
use super::task::Task;

#[derive(Clone, Debug)]
pub(super) struct SelfCheck {
    task: Task,
    rounds: u32,
    /// The call that is out.
    call: Option<ModelCall>,
    calls: usize,
    drafts: Vec<String>,
}

impl SelfCheck {
    pub(super) fn new(rounds: u32, task: &Task) -> Self {
        Self { task: task.clone(), rounds, call: None, calls: 0, drafts: Vec::new() }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        let reply = replies.first().cloned().unwrap_or_default();
        let Some(call) = self.call.take() else {
            let first = self.task.call(Purpose::Answer, &[self.task.question_part()], true, 0);
            return self.ask(first);
        };
        let next = if call.purpose == Purpose::Check {
            (Purpose::Revise, phrases::REVISE)
        } else {
            self.drafts.push(reply.text.clone());
            if self.drafts.len() > self.rounds as usize {
                let drafts = std::mem::take(&mut self.drafts);
                return Step::Done(Outcome::of(&call, &reply, Detail::Revision { drafts }));
            }
            (Purpose::Check, phrases::CHECK)
        };
        let (purpose, question) = next;
        let language = self.task.language;
        let input = call.input.asked(&reply.text, question.get(language), language);
        let call = self.task.follow(&call, purpose, input, "", self.calls);
        self.ask(call)
    }

    fn ask(&mut self, call: ModelCall) -> Step {
        self.calls += 1;
        self.call = Some(call.clone());
        Step::Calls(vec![call])
    }
}
