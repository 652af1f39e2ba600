//! One technique asked of one stage: its calls, its answer, and what the answer is worth.

use std::collections::{BTreeMap, BTreeSet};

use lab::experiment::CallId;
use lab::grade::{Answered, Grader, Key, Verdict};
use lab::technique::{Attempt, CallRecord, ModelCall, Outcome, Reply, Task, Technique};

use crate::protocol::lab::{CallTokens, LabCall};

/// A stage of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Seat {
    pub(crate) model: String,
    pub(crate) stage: String,
}

impl Seat {
    pub(crate) fn new(model: impl Into<String>, stage: impl Into<String>) -> Self {
        Self { model: model.into(), stage: stage.into() }
    }
}

/// What is right, if anybody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) accept: Vec<String>,
    pub(crate) choices: Vec<String>,
}

impl Right {
    fn key(&self) -> Key<'_> {
        Key { accept: &self.accept, choices: &self.choices }
    }

    /// How answers to a question are read. Where nobody knows what is right, a question with a number in it wants one.
    pub(crate) fn grader(&self, question: &str) -> Grader {
        let numbers = question.chars().any(|c| c.is_ascii_digit());
        if self.accept.is_empty() && self.choices.is_empty() && numbers {
            return Grader::Number;
        }
        Grader::Auto.resolved(self.key())
    }
}

/// A technique at work.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Names it in calls and on the page.
    pub(crate) number: usize,
    pub(crate) technique: Technique,
    /// Its name for readers was chosen when it was asked; the prompt may be another one by now.
    pub(crate) edited: bool,
    pub(crate) seat: Seat,
    /// Who answers to which key in a discussion.
    seats: BTreeMap<String, Seat>,
    task: Task,
    right: Right,
    attempt: Attempt,
    out: BTreeSet<usize>,
    /// Tokens of calls, by their number.
    pub(crate) tokens: BTreeMap<usize, CallTokens>,
    pub(crate) failed: Option<String>,
}

impl Asked {
    pub(crate) fn new(
        number: usize,
        technique: Technique,
        seat: Seat,
        seats: BTreeMap<String, Seat>,
        task: Task,
        right: Right,
    ) -> Self {
        let attempt = Attempt::new(&technique, &task);
        Self {
            number,
            technique,
            edited: false,
            seat,
            seats,
            task,
            right,
            attempt,
            out: BTreeSet::new(),
            tokens: BTreeMap::new(),
            failed: None,
        }
    }

    /// The calls that have to be made, each with the model it is for. They count as out from now on.
    pub(crate) fn take_calls(&mut self, model: &str) -> Vec<LabCall> {
        if self.failed.is_some() {
            return Vec::new();
        }
        let mut calls = Vec::new();
        for (number, call) in self.attempt.calls() {
            let seat = self.seat_of(call);
            if seat.model != model || self.out.contains(&number) {
                continue;
            }
            let id = CallId { cell: self.number, call: number };
            calls.push(LabCall { id, stage: seat.stage.clone(), call: call.clone() });
        }
        self.out.extend(calls.iter().map(|call| call.id.call));
        calls
    }

    /// A model that is waited for by calls that are not out.
    pub(crate) fn next_model(&self) -> Option<&str> {
        if self.failed.is_some() {
            return None;
        }
        let mut calls = self.attempt.calls().filter(|(number, _)| !self.out.contains(number));
        calls.next().map(|(_, call)| self.seat_of(call).model.as_str())
    }

    /// All models that this may ask.
    pub(crate) fn models(&self) -> BTreeSet<String> {
        let others = match self.technique {
            Technique::Discussion { .. } => Some(self.seats.values()),
            _ => None,
        };
        let others = others.into_iter().flatten().map(|seat| seat.model.clone());
        others.chain([self.seat.model.clone()]).collect()
    }

    /// Who a call is for.
    pub(crate) fn seat_of(&self, call: &ModelCall) -> &Seat {
        call.speaker.as_ref().and_then(|key| self.seats.get(key)).unwrap_or(&self.seat)
    }

    /// Takes a reply. One that nobody asked for changes nothing.
    pub(crate) fn reply(&mut self, call: usize, reply: Reply) {
        if self.out.remove(&call) {
            self.attempt.reply(call, reply);
        }
    }

    /// It cannot be answered.
    pub(crate) fn fail(&mut self, why: String) {
        if !self.is_done() {
            self.failed.get_or_insert(why);
        }
    }

    /// Calls that are out will not come back: they can be made again.
    pub(crate) fn withdraw(&mut self) {
        self.out.clear();
    }

    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.attempt.outcome()
    }

    pub(crate) fn records(&self) -> &[CallRecord] {
        self.attempt.records()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.attempt.outcome().is_some()
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.is_done() || self.failed.is_some()
    }

    /// What was asked.
    pub(crate) fn question(&self) -> &str {
        &self.task.question
    }

    /// What the answer is worth, with the words it rests on.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        let outcome = self.outcome()?;
        let answered = Answered { text: &outcome.text, head: &outcome.head };
        Some(self.task.grader.grade(answered, self.right.key()))
    }

    /// New tokens, tokens of prompts, those of them that were not computed again, seconds.
    pub(crate) fn cost(&self) -> Cost {
        let mut cost = Cost::default();
        for CallRecord { reply, .. } in self.records() {
            cost.calls += 1;
            cost.tokens += u64::from(reply.tokens);
            cost.prompt_tokens += u64::from(reply.prompt_tokens);
            cost.reused_tokens += u64::from(reply.reused_tokens);
            cost.seconds += reply.seconds;
        }
        cost
    }
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) calls: usize,
    pub(crate) tokens: u64,
    pub(crate) prompt_tokens: u64,
    pub(crate) reused_tokens: u64,
    pub(crate) seconds: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::knobs::{Knob, offered, turn};
    use lab::technique::Speaker;

    fn asked(id: &str) -> Asked {
        let mut technique = offered(id).expect("it is offered");
        turn(&mut technique, Knob::Shots, 0.0);
        let seats: BTreeMap<String, Seat> = ["base", "sft"]
            .map(|stage| (stage.to_owned(), Seat::new(format!("model-of-{stage}"), stage)))
            .into();
        let right = Right { accept: vec!["7".into()], choices: Vec::new() };
        let question = "3 + 4 = ?".to_owned();
        let task = Task {
            grader: right.grader(&question),
            question,
            max_tokens: 8,
            speakers: seats
                .keys()
                .map(|key| Speaker { key: key.clone(), ..Speaker::default() })
                .collect(),
            ..Task::default()
        };
        Asked::new(3, technique, Seat::new("m", "rlhf"), seats, task, right)
    }

    fn say(text: &str) -> Reply {
        Reply { text: text.into(), head: text.into(), tokens: 2, ended: true, ..Reply::default() }
    }

    #[test]
    fn calls_go_out_once_and_come_back_graded() {
        let mut asked = asked("self_consistency");
        assert_eq!(asked.next_model(), Some("m"));
        assert!(asked.take_calls("other").is_empty());
        let calls = asked.take_calls("m");
        assert_eq!(calls.len(), 5);
        assert!(calls.iter().all(|call| call.id.cell == 3 && call.stage == "rlhf"));
        assert!(asked.take_calls("m").is_empty() && asked.next_model().is_none());
        for call in &calls {
            asked.reply(call.id.call, say("The answer is 7."));
        }
        asked.reply(99, say("nobody asked"));
        assert!(asked.is_settled());
        let verdict = asked.verdict().expect("it is done");
        assert_eq!(verdict.correct, Some(true));
        assert_eq!(asked.cost().tokens, 10);
    }

    #[test]
    fn a_discussion_asks_each_stage_at_its_own_model() {
        let mut asked = asked("discussion");
        assert_eq!(asked.models().len(), 3);
        let mut order = Vec::new();
        while let Some(model) = asked.next_model().map(str::to_owned) {
            for call in asked.take_calls(&model) {
                order.push((model.clone(), call.stage));
                asked.reply(call.id.call, say("7"));
            }
        }
        assert!(asked.is_done());
        assert_eq!(order.len(), 5, "two rounds of two, and the judge");
        assert_eq!(order[0], ("model-of-base".to_owned(), "base".to_owned()));
        assert_eq!(order[4], ("m".to_owned(), "rlhf".to_owned()));
    }

    #[test]
    fn withdrawn_calls_can_be_made_again_and_failed_ones_not() {
        let mut asked = asked("plain");
        assert_eq!(asked.take_calls("m").len(), 1);
        asked.withdraw();
        assert_eq!(asked.take_calls("m").len(), 1);
        asked.fail("the prompt is longer than the context".into());
        asked.withdraw();
        assert!(asked.take_calls("m").is_empty() && asked.is_settled() && !asked.is_done());
    }

    #[test]
    fn a_question_with_numbers_wants_a_number() {
        let nobody_knows = Right::default();
        assert_eq!(nobody_knows.grader("How old am I if 3 years ago …?"), Grader::Number);
        assert_eq!(nobody_knows.grader("The sky is"), Grader::Accepted);
        let choices = Right { choices: vec!["yes".into(), "no".into()], ..Right::default() };
        assert_eq!(choices.grader("Is 3 odd?"), Grader::Choice);
    }
}
