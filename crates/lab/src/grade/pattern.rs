//! The reader's own regular expression.

use regex_lite::{Regex, RegexBuilder};

use super::verdict::{Reading, Rule};

/// Bytes of a pattern.
const MAX_PATTERN: usize = 500;
/// Bytes of a compiled pattern.
const MAX_COMPILED: usize = 1 << 16;
/// Brackets inside brackets.
const MAX_NESTING: u32 = 32;
/// Bytes of an answer that are searched.
const MAX_TEXT: usize = 1 << 13;

/// A regular expression that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing to look for.
    #[error("the regular expression is empty")]
    Empty,
    /// Longer than allowed.
    #[error("the regular expression has {bytes} bytes, allowed are {MAX_PATTERN}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not understood, or too large when compiled.
    #[error("the regular expression {pattern:?} cannot be used: {message}")]
    Invalid {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
}

/// A pattern, within bounds. The syntax is that of the `regex-lite` crate: no look-around, no back-references, time
/// linear in the text.
pub(super) fn compile(pattern: &str) -> Result<Regex, PatternError> {
    if pattern.is_empty() {
        return Err(PatternError::Empty);
    }
    if pattern.len() > MAX_PATTERN {
        return Err(PatternError::TooLong { bytes: pattern.len() });
    }
    RegexBuilder::new(pattern).size_limit(MAX_COMPILED).nest_limit(MAX_NESTING).build().map_err(
        |error| PatternError::Invalid { pattern: pattern.to_owned(), message: error.to_string() },
    )
}

/// The first match: its first group if it has one, else all of it.
pub(super) fn read(text: &str, pattern: &Regex) -> Option<Reading> {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let captures = pattern.captures(&text[..end])?;
    let found = captures.get(1).or_else(|| captures.get(0))?;
    let key = super::fold(found.as_str().trim());
    Some(Reading::new(Rule::Pattern, text, found.start(), found.end(), key))
}
