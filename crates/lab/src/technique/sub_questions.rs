//! Smaller questions first (least-to-most prompting, Zhou et al. 2022, arXiv 2205.10625): the model splits the
//! question, answers the parts one after another, and then the whole with the parts before it.

use super::attempt::Step;
use super::build::phrase;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome, SubAnswer};
use super::phrases;
use super::reading::list_items;
use super::task::Task;
use crate::prompt::{Example, Part, PartKind};

#[derive(Clone, Debug)]
pub(super) struct SubQuestions {
    task: Task,
    most: usize,
    call: Option<ModelCall>,
    calls: usize,
    questions: Vec<String>,
    answers: Vec<SubAnswer>,
}

impl SubQuestions {
    pub(super) fn new(most: usize, task: &Task) -> Self {
        let (questions, answers) = (Vec::new(), Vec::new());
        Self { task: task.clone(), most, call: None, calls: 0, questions, answers }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        let reply = replies.first().cloned().unwrap_or_default();
        let Some(call) = self.call.take() else {
            let split = phrase(PartKind::Instruction, phrases::SPLIT, self.task.language);
            let parts = [split, self.task.question_part()];
            return self.ask(Purpose::Split, &parts);
        };
        match call.purpose {
            Purpose::Split => self.questions = list_items(&reply.text, self.most),
            Purpose::SubAnswer => {
                let question = self.questions.get(self.answers.len()).cloned().unwrap_or_default();
                let answer = reply.text.trim().to_owned();
                self.answers.push(SubAnswer { question, answer });
            }
            _ => {
                let answers = std::mem::take(&mut self.answers);
                return Step::Done(Outcome::of(&call, &reply, Detail::SubQuestions { answers }));
            }
        }
        // What was found out so far stands before the next question like examples.
        let mut parts: Vec<Part> = self
            .answers
            .iter()
            .map(|found| {
                let steps = found.answer.clone();
                Part::worked(&Example {
                    question: found.question.clone(),
                    steps,
                    answer: String::new(),
                })
            })
            .collect();
        match self.questions.get(self.answers.len()).cloned() {
            Some(question) => {
                parts.insert(0, Part::new(PartKind::Information, self.task.question.clone()));
                parts.push(Part::new(PartKind::Question, question));
                self.ask(Purpose::SubAnswer, &parts)
            }
            None => {
                parts.push(self.task.question_part());
                self.ask(Purpose::Answer, &parts)
            }
        }
    }

    fn ask(&mut self, purpose: Purpose, parts: &[Part]) -> Step {
        let call = self.task.call(purpose, parts, true, self.calls);
        self.calls += 1;
        self.call = Some(call.clone());
        Step::Calls(vec![call])
    }
}
