//! What can be wrong with a table.

use super::limits::{MAX_ANSWERS, MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS};

/// What is wrong with a table. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Nothing in it.
    #[error("the table is empty")]
    Empty,
    /// Larger than [`MAX_BYTES`].
    #[error("the table has {bytes} bytes, allowed are {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More rows than [`MAX_ROWS`].
    #[error("the table has more than {MAX_ROWS} rows")]
    TooManyRows,
    /// More columns than [`MAX_COLUMNS`].
    #[error("line {line} has more than {MAX_COLUMNS} columns")]
    TooManyColumns {
        /// Where.
        line: usize,
    },
    /// A cell longer than [`MAX_CELL`].
    #[error("line {line}: a cell has {bytes} bytes, allowed are {MAX_CELL}")]
    CellTooLong {
        /// Where.
        line: usize,
        /// Its length.
        bytes: usize,
    },
    /// More answers than [`MAX_ANSWERS`].
    #[error("line {line}: {answers} answers or choices, allowed are {MAX_ANSWERS}")]
    TooManyAnswers {
        /// Where.
        line: usize,
        /// How many.
        answers: usize,
    },
    /// No column of questions.
    #[error("no column is named question (or prompt, 问题), but {columns:?}")]
    NoQuestionColumn {
        /// The names there are.
        columns: Vec<String>,
    },
    /// A row that asks nothing.
    #[error("line {line} has no question")]
    NoQuestion {
        /// Where.
        line: usize,
    },
    /// Two problems of one name.
    #[error("two rows have the id {id:?}")]
    SameId {
        /// The id.
        id: String,
    },
    /// A language that is neither English nor Chinese.
    #[error("line {line}: the language {language:?} is neither en nor zh")]
    UnknownLanguage {
        /// Where.
        line: usize,
        /// What stands there.
        language: String,
    },
    /// A quotation mark that is never closed.
    #[error("line {line}: a quotation mark is opened and never closed")]
    OpenQuote {
        /// Where it was opened.
        line: usize,
    },
    /// Text after a closing quotation mark.
    #[error(
        "line {line}: text follows a closing quotation mark; one inside a cell is written twice"
    )]
    TextAfterQuote {
        /// Where.
        line: usize,
    },
    /// A line that is no JSON object.
    #[error("line {line}: {message}")]
    Json {
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
}
