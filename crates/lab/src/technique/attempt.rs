//! A technique at work on one question.

use super::call::{CallRecord, ModelCall, Reply};
use super::discussion::Discussion;
use super::outcome::Outcome;
use super::program::Program;
use super::self_check::SelfCheck;
use super::self_consistency::SelfConsistency;
use super::settings::Technique;
use super::single::Single;
use super::sub_questions::SubQuestions;
use super::task::Task;
use super::tree::Tree;
use super::zero_shot_cot::ZeroShotCot;

/// What has to happen next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// These calls, in any order or at once.
    Calls(Vec<ModelCall>),
    /// Nothing: this is the answer.
    Done(Outcome),
}

/// A technique that answers a question: calls out, replies in, until it is done.
#[derive(Clone, Debug)]
pub struct Attempt {
    machine: Machine,
    waiting: Vec<Waiting>,
    records: Vec<CallRecord>,
    outcome: Option<Outcome>,
}

/// A call and its reply, once that is there.
#[derive(Clone, Debug)]
struct Waiting {
    call: ModelCall,
    reply: Option<Reply>,
}

#[derive(Clone, Debug)]
enum Machine {
    Single(Box<Single>),
    ZeroShotCot(Box<ZeroShotCot>),
    SubQuestions(Box<SubQuestions>),
    SelfCheck(Box<SelfCheck>),
    SelfConsistency(Box<SelfConsistency>),
    Program(Box<Program>),
    Tree(Box<Tree>),
    Discussion(Box<Discussion>),
}

impl Attempt {
    /// Begins: the first calls are there at once.
    pub fn new(technique: &Technique, task: &Task) -> Self {
        let machine = Machine::new(technique, task);
        let mut attempt = Self { machine, waiting: Vec::new(), records: Vec::new(), outcome: None };
        attempt.step(&[]);
        attempt
    }

    /// The calls whose replies are awaited, each with its number: calls of an attempt are counted from 0 in the order
    /// in which they were asked for. A call leaves the list when its reply comes.
    pub fn calls(&self) -> impl Iterator<Item = (usize, &ModelCall)> {
        let first = self.records.len();
        self.waiting
            .iter()
            .enumerate()
            .filter(|(_, waiting)| waiting.reply.is_none())
            .map(move |(index, waiting)| (first + index, &waiting.call))
    }

    /// One of them by its number.
    pub fn call(&self, number: usize) -> Option<&ModelCall> {
        let waiting = self.waiting.get(number.checked_sub(self.records.len())?)?;
        waiting.reply.is_none().then_some(&waiting.call)
    }

    /// Takes the reply to a call, in any order. False if no such call is waiting.
    pub fn reply(&mut self, number: usize, reply: Reply) -> bool {
        let Some(index) = number.checked_sub(self.records.len()) else { return false };
        let Some(waiting) = self.waiting.get_mut(index) else { return false };
        if waiting.reply.is_some() {
            return false;
        }
        waiting.reply = Some(reply);
        if self.waiting.iter().all(|waiting| waiting.reply.is_some()) {
            let mut replies = Vec::with_capacity(self.waiting.len());
            for Waiting { call, reply } in std::mem::take(&mut self.waiting) {
                let reply = reply.unwrap_or_default();
                replies.push(reply.clone());
                self.records.push(CallRecord { call, reply });
            }
            self.step(&replies);
        }
        true
    }

    /// The answer, once there is one.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Every call with its reply, in the order in which they were asked for. Replies to calls that run at once appear
    /// when the last of them is there.
    pub fn records(&self) -> &[CallRecord] {
        &self.records
    }

    /// Calls that run at once with others that are still awaited, as far as their replies are there; each with its
    /// number.
    pub fn replied(&self) -> impl Iterator<Item = (usize, CallRecord)> {
        let first = self.records.len();
        self.waiting.iter().enumerate().filter_map(move |(index, waiting)| {
            let reply = waiting.reply.clone()?;
            Some((first + index, CallRecord { call: waiting.call.clone(), reply }))
        })
    }

    /// Calls and answer of an attempt that is done.
    pub fn into_parts(self) -> (Vec<CallRecord>, Option<Outcome>) {
        (self.records, self.outcome)
    }

    fn step(&mut self, replies: &[Reply]) {
        match self.machine.next(replies) {
            Step::Done(outcome) => self.outcome = Some(outcome),
            // Calls for nothing would wait for ever.
            Step::Calls(calls) if calls.is_empty() => self.outcome = Some(Outcome::default()),
            Step::Calls(calls) => {
                self.waiting =
                    calls.into_iter().map(|call| Waiting { call, reply: None }).collect();
            }
        }
    }
}

impl Machine {
    fn new(technique: &Technique, task: &Task) -> Self {
        match technique {
            Technique::ZeroShotCot { extract } => {
                Self::ZeroShotCot(Box::new(ZeroShotCot::new(*extract, task)))
            }
            Technique::SubQuestions { most } => {
                Self::SubQuestions(Box::new(SubQuestions::new(*most, task)))
            }
            Technique::SelfCheck { rounds } => {
                Self::SelfCheck(Box::new(SelfCheck::new(*rounds, task)))
            }
            Technique::SelfConsistency { votes, shots, picked, temperature } => {
                let machine = SelfConsistency::new(*votes, *shots, picked, *temperature, task);
                Self::SelfConsistency(Box::new(machine))
            }
            Technique::Program { shots, picked, speak } => {
                Self::Program(Box::new(Program::new(*shots, picked, *speak, task)))
            }
            Technique::Tree { breadth, proposals, depth, temperature } => {
                let machine = Tree::new(*breadth, *proposals, *depth, *temperature, task);
                Self::Tree(Box::new(machine))
            }
            Technique::Discussion { speakers, rounds, judge } => {
                Self::Discussion(Box::new(Discussion::new(speakers, *rounds, judge, task)))
            }
            _ => Self::Single(Box::new(Single::new(technique, task))),
        }
    }

    fn next(&mut self, replies: &[Reply]) -> Step {
        match self {
            Self::Single(machine) => machine.next(replies),
            Self::ZeroShotCot(machine) => machine.next(replies),
            Self::SubQuestions(machine) => machine.next(replies),
            Self::SelfCheck(machine) => machine.next(replies),
            Self::SelfConsistency(machine) => machine.next(replies),
            Self::Program(machine) => machine.next(replies),
            Self::Tree(machine) => machine.next(replies),
            Self::Discussion(machine) => machine.next(replies),
        }
    }
}
