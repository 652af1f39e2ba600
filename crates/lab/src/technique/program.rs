//! Program of thought: the model writes a program, the [calculator](crate::calculator) runs it (Chen et al. 2022,
//! arXiv 2211.12588).

use super::attempt::Step;
use super::build::phrase;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome};
use super::phrases;
use super::task::Task;
use crate::calculator::{find_program, run};
use crate::prompt::{Example, Part, PartKind};

#[derive(Clone, Debug)]
pub(super) struct Program {
    task: Task,
    speak: bool,
    call: ModelCall,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Start,
    Writing,
    /// The program has run, and the model says the answer.
    Speaking(Detail),
}

impl Program {
    pub(super) fn new(shots: usize, picked: &[Example], speak: bool, task: &Task) -> Self {
        let mut parts = vec![phrase(PartKind::Instruction, phrases::PROGRAM, task.language)];
        parts.extend(task.shots(shots, picked).iter().map(shown));
        parts.push(task.question_part());
        let call = task.call(Purpose::Program, &parts, true, 0);
        Self { task: task.clone(), speak, call, state: State::Start }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        let reply = replies.first().cloned().unwrap_or_default();
        match std::mem::replace(&mut self.state, State::Writing) {
            State::Start => Step::Calls(vec![self.call.clone()]),
            State::Writing => self.evaluate(&reply.text),
            State::Speaking(detail) => Step::Done(Outcome::of(&self.call, &reply, detail)),
        }
    }

    fn evaluate(&mut self, written: &str) -> Step {
        let source = find_program(written).map(|found| found.source).unwrap_or_default();
        let result = run(&source);
        let value = result.as_ref().ok().map(|run| run.value.to_string());
        let detail = Detail::Program { source, value: value.clone(), error: result.err() };
        // A program that does not run answers nothing: numbers it holds are no answer.
        let Some(value) = value else { return Step::Done(Outcome::text(String::new(), detail)) };
        let say = |phrase: crate::Phrase| phrase.get(self.task.language);
        let result = match self.task.language {
            crate::Language::En => format!("{} {value}.", say(phrases::RESULT)),
            crate::Language::Zh => format!("{}{value}。", say(phrases::RESULT)),
        };
        let lead = say(phrases::ANSWER_IS);
        if self.speak {
            let more = format!("\n{result}\n{lead}");
            let input = self.call.input.continued(written.trim_end(), &more);
            self.call = self.task.follow(&self.call, Purpose::Extract, input, lead, 1);
            self.state = State::Speaking(detail);
            return Step::Calls(vec![self.call.clone()]);
        }
        let text = match self.task.language {
            crate::Language::En => format!("{lead} {value}."),
            crate::Language::Zh => format!("{lead}{value}。"),
        };
        Step::Done(Outcome::text(text, detail))
    }
}

/// An example with its program.
fn shown(example: &Example) -> Part {
    let steps = program_of(example);
    Part::worked(&Example { question: example.question.clone(), steps, answer: String::new() })
}

/// The program that an example's worked steps amount to: each sum becomes a line, and results of earlier lines their names.
fn program_of(example: &Example) -> String {
    let sums = sums(&example.steps);
    if sums.is_empty() {
        return format!("answer = {}", example.answer);
    }
    let last = sums.len() - 1;
    let name =
        |line: usize| if line == last { "answer".to_owned() } else { format!("step{}", line + 1) };
    let lines = sums.iter().enumerate().map(|(line, (sum, _))| {
        let words = sum.split_whitespace().map(|word| {
            let earlier = sums[..line].iter().rposition(|(_, result)| result == word);
            earlier.map_or_else(|| word.to_owned(), name)
        });
        format!("{} = {}", name(line), words.collect::<Vec<_>>().join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The sums in a text such as "First, 3 × 4 = 12.", each with its result.
fn sums(steps: &str) -> Vec<(String, String)> {
    let belongs = |c: char| c.is_ascii_digit() || " .+-*/×÷()".contains(c);
    let mut sums = Vec::new();
    for (at, _) in steps.match_indices('=') {
        let before = &steps[..at];
        let length = before.chars().rev().take_while(|&c| belongs(c)).map(char::len_utf8);
        let start = before.len() - length.sum::<usize>();
        let sum = before.get(start..).unwrap_or_default().trim_matches([' ', '.']);
        let after = steps[at + 1..].trim_start();
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        if run(sum).is_ok() && end > 0 {
            let sum = sum.replace('×', "*").replace('÷', "/");
            sums.push((sum, after[..end].to_owned()));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(steps: &str, answer: &str) -> String {
        let (steps, answer) = (steps.to_owned(), answer.to_owned());
        program_of(&Example { question: String::new(), steps, answer })
    }

    #[test]
    fn worked_steps_are_programs() {
        let written = program("First, 3 × 4 = 12. Then, 12 + 5 = 17.", "17");
        assert_eq!(written, "step1 = 3 * 4\nanswer = step1 + 5");
        assert_eq!(run(&written).unwrap().value.to_string(), "17");
        assert_eq!(
            program("先算20 ÷ 4 = 5。再算5 - 2 = 3。", "3"),
            "step1 = 20 / 4\nanswer = step1 - 2"
        );
        assert_eq!(program("", "9"), "answer = 9");
    }
}
