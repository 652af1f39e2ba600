//! Finds the program in what a model wrote.

use serde::{Deserialize, Serialize};

use super::evaluate::run;

/// A program in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The program.
    pub source: String,
    /// How it stood there.
    pub found_as: FoundAs,
}

/// How a program stood in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundAs {
    /// Between lines of three backticks.
    Block,
    /// As lines of their own; lines of prose between them were left out.
    Lines,
    /// As a sum within a sentence; the last one counts.
    Expression,
}

/// Lines of an answer that are looked at.
const MAX_LINES: usize = 200;
const OPERATORS: [char; 8] = ['+', '-', '*', '/', '%', '×', '÷', '−'];

/// The program in an answer: a block between backticks if there is one, else the lines that run, else the last sum
/// within the text. `None` if nothing calculates. A block may still fail to run: then that is what the model wrote.
pub fn find_program(answer: &str) -> Option<Found> {
    let found = |source: String, found_as| Found { source, found_as };
    if let Some(source) = block(answer) {
        return Some(found(source, FoundAs::Block));
    }
    if let Some(source) = lines(answer) {
        return Some(found(source, FoundAs::Lines));
    }
    expression(answer).map(|source| found(source.to_owned(), FoundAs::Expression))
}

fn block(answer: &str) -> Option<String> {
    let mut lines = answer.lines().skip_while(|line| !line.trim_start().starts_with("```"));
    lines.next()?;
    let inside: Vec<&str> =
        lines.take_while(|line| !line.trim_start().starts_with("```")).take(MAX_LINES).collect();
    let source = inside.join("\n");
    (!source.trim().is_empty()).then_some(source)
}

fn lines(answer: &str) -> Option<String> {
    let mut source = String::new();
    for line in answer.lines().take(MAX_LINES) {
        let line = line.trim().trim_matches('`').trim();
        let longer = format!("{source}{line}\n");
        if line.contains(|c: char| c.is_ascii_digit() || c == '=') && run(&longer).is_ok() {
            source = longer;
        }
    }
    (!source.is_empty()).then_some(source)
}

fn expression(answer: &str) -> Option<&str> {
    let belongs = |c: char| {
        c.is_ascii_digit()
            || OPERATORS.contains(&c)
            || matches!(c, ' ' | '.' | '(' | ')' | '（' | '）')
    };
    answer.split(|c: char| !belongs(c)).filter_map(sum).next_back()
}

/// The sum that a stretch of signs and digits holds, if it runs.
fn sum(stretch: &str) -> Option<&str> {
    let stretch = stretch.trim_matches([' ', '.']);
    let bare = stretch.trim_matches(['(', ')', ' ', '.']);
    [stretch, bare].into_iter().find(|text| {
        let after_sign = text.trim_start_matches(['-', '−', '+', ' ']);
        after_sign.contains(OPERATORS) && run(text).is_ok()
    })
}
