//! The reader's own problems: a table pasted or dropped, as CSV or JSONL. Also the held-out files of the trios, which
//! are JSONL.
//!
//! Columns (or fields) and the names they may have: the question (`question`, `prompt`, 问题), the answer (`answer`, `accept`,
//! `completion`, 答案; several right ones set apart by `|`, in JSON also as a list), and if wanted worked steps (`steps`, 步骤),
//! choices (`choices`, 选项; as answers), `id`, `lang` and `kind`. Conversations (`messages`) count as question and answer.

mod csv;
mod error;
mod jsonl;

pub use csv::parse_csv;
pub use error::TableError;
pub use jsonl::parse_jsonl;

use super::problem::Problem;
use crate::Language;

/// Bounds of a table.
pub mod limits {
    /// Bytes of the whole text.
    pub const MAX_BYTES: usize = 4 << 20;
    /// Problems.
    pub const MAX_ROWS: usize = 10_000;
    /// Columns of a CSV table.
    pub const MAX_COLUMNS: usize = 64;
    /// Bytes of a question, an answer or steps.
    pub const MAX_CELL: usize = 20_000;
    /// Accepted answers, and choices, of a problem.
    pub const MAX_ANSWERS: usize = 64;
}

/// Reads a table: JSONL if it begins with `{`, else CSV.
///
/// # Errors
/// [`TableError`] with the line, for anything that is no such table within the [limits].
pub fn parse(text: &str) -> Result<Vec<Problem>, TableError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') { parse_jsonl(text) } else { parse_csv(text) }
}

/// What a row says, before it is a problem.
#[derive(Default)]
struct Row {
    id: String,
    lang: String,
    kind: String,
    question: String,
    answers: Vec<String>,
    steps: String,
    choices: Vec<String>,
}

/// What a column is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Lang,
    Kind,
    Question,
    Answer,
    Steps,
    Choices,
}

impl Column {
    fn named(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "id" | "编号" => Some(Self::Id),
            "lang" | "language" | "语言" => Some(Self::Lang),
            "kind" | "类型" => Some(Self::Kind),
            "question" | "prompt" | "问题" | "题目" => Some(Self::Question),
            "answer" | "accept" | "completion" | "答案" => Some(Self::Answer),
            "steps" | "步骤" => Some(Self::Steps),
            "choices" | "选项" => Some(Self::Choices),
            _ => None,
        }
    }
}

impl Row {
    /// Sets what one cell says. Several answers or choices are set apart by `|`.
    fn set(&mut self, column: Column, text: &str) {
        let text = text.trim();
        let several = || -> Vec<String> {
            text.split('|')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect()
        };
        match column {
            Column::Id => text.clone_into(&mut self.id),
            Column::Lang => text.clone_into(&mut self.lang),
            Column::Kind => text.clone_into(&mut self.kind),
            Column::Question => text.clone_into(&mut self.question),
            Column::Steps => text.clone_into(&mut self.steps),
            Column::Answer => self.answers = several(),
            Column::Choices => self.choices = several(),
        }
    }

    /// The row as a problem. `number` counts rows from 1, `line` is where it stands.
    fn problem(self, number: usize, line: usize) -> Result<Problem, TableError> {
        if self.question.is_empty() {
            return Err(TableError::NoQuestion { line });
        }
        let texts = [&self.question, &self.steps, &self.id, &self.kind];
        let all = texts.into_iter().chain(&self.answers).chain(&self.choices);
        if let Some(bytes) = all.map(String::len).find(|&bytes| bytes > limits::MAX_CELL) {
            return Err(TableError::CellTooLong { line, bytes });
        }
        let answers = self.answers.len().max(self.choices.len());
        if answers > limits::MAX_ANSWERS {
            return Err(TableError::TooManyAnswers { line, answers });
        }
        let lang = match self.lang.to_lowercase().as_str() {
            "" => Language::of(&self.question),
            "en" | "english" | "英文" | "英语" => Language::En,
            "zh" | "zh-cn" | "chinese" | "中文" => Language::Zh,
            _ => return Err(TableError::UnknownLanguage { line, language: self.lang }),
        };
        Ok(Problem {
            id: if self.id.is_empty() { format!("row-{number}") } else { self.id },
            lang,
            kind: self.kind,
            prompt: self.question,
            accept: self.answers,
            steps: self.steps,
            choices: self.choices,
            ..Problem::default()
        })
    }
}

/// Ids have to be unique: results are kept by them.
fn check_ids(problems: &[Problem]) -> Result<(), TableError> {
    let mut seen = std::collections::BTreeSet::new();
    match problems.iter().find(|problem| !seen.insert(problem.id.as_str())) {
        Some(problem) => Err(TableError::SameId { id: problem.id.clone() }),
        None => Ok(()),
    }
}
