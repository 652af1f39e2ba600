//! Why a program did not run.

use serde::{Deserialize, Serialize};

use super::limits::{MAX_EXPONENT, MAX_LINES, MAX_NESTING, MAX_OPERATIONS, MAX_SOURCE};

/// Why a program did not run. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum CalculatorError {
    /// Nothing that calculates.
    #[error("there is nothing to calculate")]
    Empty,
    /// Longer than [`MAX_SOURCE`].
    #[error("the program has {bytes} bytes, allowed are {MAX_SOURCE}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// More lines than [`MAX_LINES`].
    #[error("the program has more than {MAX_LINES} lines")]
    TooManyLines,
    /// More operations than [`MAX_OPERATIONS`].
    #[error("line {line}: more than {MAX_OPERATIONS} operations")]
    TooManyOperations {
        /// Where.
        line: usize,
    },
    /// Brackets inside brackets.
    #[error("line {line}: more than {MAX_NESTING} brackets or signs inside one another")]
    TooDeep {
        /// Where.
        line: usize,
    },
    /// A character the language does not have.
    #[error("line {line}: {character:?} means nothing here")]
    Character {
        /// Where.
        line: usize,
        /// The character.
        character: char,
    },
    /// Something else was expected.
    #[error("line {line}: {found:?} where {expected} should be")]
    Unexpected {
        /// Where.
        line: usize,
        /// What stands there; empty at the end of the line.
        found: String,
        /// What should.
        expected: String,
    },
    /// A name that no earlier line gave.
    #[error("line {line}: the name {name:?} is unknown")]
    UnknownName {
        /// Where.
        line: usize,
        /// The name.
        name: String,
    },
    /// A function with a wrong number of arguments.
    #[error("line {line}: {function} takes other arguments than these {given}")]
    Arguments {
        /// Where.
        line: usize,
        /// Its name.
        function: String,
        /// How many it was given.
        given: usize,
    },
    /// A calculation that has no result.
    #[error("line {line}: {cause}")]
    Calculation {
        /// Where.
        line: usize,
        /// Why.
        cause: NumberError,
    },
}

/// Why a calculation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberError {
    /// A division or remainder by 0, or a negative power of it.
    #[error("a division by zero")]
    DivisionByZero,
    /// Beyond the largest numerator or denominator.
    #[error("a number of more than 30 digits")]
    TooLarge,
    /// An exponent that is no whole number, or too large a one.
    #[error("an exponent that is not a whole number from -{MAX_EXPONENT} to {MAX_EXPONENT}")]
    Exponent,
    /// Digits for `round` that are no small whole number.
    #[error("digits to round to that are not a whole number from 0 to 12")]
    Places,
}
