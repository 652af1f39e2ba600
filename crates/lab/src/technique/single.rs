//! Techniques that are one call.

use super::attempt::Step;
use super::build::phrase;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome};
use super::phrases;
use super::settings::Technique;
use super::task::Task;
use crate::prompt::{Part, PartKind};

/// One prompt, one reply.
#[derive(Clone, Debug)]
pub(super) struct Single {
    call: ModelCall,
    asked: bool,
}

impl Single {
    /// The call of a technique that is one; techniques of several calls ask plainly here.
    pub(super) fn new(technique: &Technique, task: &Task) -> Self {
        let (parts, labels) = parts(technique, task);
        Self { call: task.call(Purpose::Answer, &parts, labels, 0), asked: false }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        if !self.asked {
            self.asked = true;
            return Step::Calls(vec![self.call.clone()]);
        }
        let reply = replies.first().cloned().unwrap_or_default();
        Step::Done(Outcome::of(&self.call, &reply, Detail::Reply))
    }
}

impl Technique {
    /// The parts of the prompt that this technique makes of a task, and whether a raw prompt labels them. `None` for a
    /// technique of several calls.
    pub fn parts_of(&self, task: &Task) -> Option<(Vec<Part>, bool)> {
        let is_single = matches!(
            self,
            Self::Plain
                | Self::CompleteSentence
                | Self::ZeroShot
                | Self::FewShot { .. }
                | Self::FewShotCot { .. }
                | Self::Explain
                | Self::Emotional
                | Self::Role { .. }
                | Self::Custom { .. }
        );
        is_single.then(|| parts(self, task))
    }
}

/// The parts of the prompt, and whether a raw prompt labels them.
fn parts(technique: &Technique, task: &Task) -> (Vec<Part>, bool) {
    let say = |kind, text| phrase(kind, text, task.language);
    let question = task.question_part();
    match technique {
        Technique::CompleteSentence => {
            (vec![say(PartKind::Instruction, phrases::COMPLETE), question], false)
        }
        Technique::ZeroShot => (vec![say(PartKind::Instruction, phrases::ANSWER), question], true),
        Technique::FewShot { shots, picked } => {
            let mut parts: Vec<Part> =
                task.shots(*shots, picked).iter().map(Part::direct).collect();
            parts.push(question);
            (parts, true)
        }
        Technique::FewShotCot { shots, picked } => {
            let mut parts: Vec<Part> =
                task.shots(*shots, picked).iter().map(Part::worked).collect();
            parts.push(question);
            (parts, true)
        }
        Technique::Explain => (vec![question, say(PartKind::Closing, phrases::EXPLAIN)], true),
        Technique::Emotional => (vec![question, say(PartKind::Closing, phrases::EMOTION)], true),
        Technique::Role { role } if role.trim().is_empty() => {
            (vec![say(PartKind::Instruction, phrases::ROLE), question], true)
        }
        Technique::Role { role } => {
            (vec![Part::new(PartKind::Instruction, role.clone()), question], true)
        }
        Technique::Custom { parts, labels } => {
            (parts.iter().map(|part| filled(part, &task.question)).collect(), *labels)
        }
        _ => (vec![question], false),
    }
}

/// A part of the reader's prompt with the question in its place.
fn filled(part: &Part, question: &str) -> Part {
    let mut part = part.clone();
    if part.kind == PartKind::Question && part.text.trim().is_empty() {
        part.text = question.to_owned();
    } else {
        part.text = part.text.replace("{question}", question);
    }
    part
}
