//! The graders, and which one suits a problem.

use serde::{Deserialize, Serialize};

use super::accepted;
use super::choice;
use super::fold::{fold, unfolded};
use super::marker::{after_markers, rest_of_line};
use super::number;
use super::pattern::{self, PatternError};
use super::verdict::{Reading, Rule, Verdict};

/// Tokens of an answer that count for accepted strings.
pub const HEAD_TOKENS: usize = 64;

/// How answers are judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", try_from = "Fields")]
pub enum Grader {
    /// By what the problem accepts: choices by [`Grader::Choice`], numbers by [`Grader::Number`], anything else by
    /// [`Grader::Accepted`].
    #[default]
    Auto,
    /// The number after the marker, or else the last one, equals an accepted number.
    Number,
    /// The first 64 tokens contain an accepted string, after NFKC and case folding, in Latin script as a whole word
    /// or number.
    Accepted,
    /// The choice that is named first is an accepted one.
    Choice,
    /// What a regular expression finds first is an accepted string or number.
    Pattern {
        /// The expression; its first group, if it has one, is what counts.
        pattern: String,
    },
}

/// The fields of all graders.
#[derive(Deserialize)]
struct Fields {
    rule: String,
    pattern: Option<String>,
}

/// What a model answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered<'a> {
    /// All of it.
    pub text: &'a str,
    /// Its first [`HEAD_TOKENS`] tokens, for the rule of accepted strings. A beginning of `text`.
    pub head: &'a str,
}

/// What a problem accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// Right answers; none if there is no right one.
    pub accept: &'a [String],
    /// The choices, if the problem gives some.
    pub choices: &'a [String],
}

impl TryFrom<Fields> for Grader {
    type Error = &'static str;

    fn try_from(Fields { rule, pattern }: Fields) -> Result<Self, Self::Error> {
        Ok(match rule.as_str() {
            "auto" => Self::Auto,
            "number" => Self::Number,
            "accepted" => Self::Accepted,
            "choice" => Self::Choice,
            "pattern" => Self::Pattern { pattern: pattern.ok_or("a grader without `pattern`")? },
            _ => return Err("no such grader"),
        })
    }
}

impl Grader {
    /// Checks what a reader typed.
    ///
    /// # Errors
    /// [`PatternError`] if a regular expression cannot be used.
    pub fn check(&self) -> Result<(), PatternError> {
        match self {
            Self::Pattern { pattern } => pattern::compile(pattern).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Judges an answer. A pattern that cannot be used finds nothing.
    pub fn grade(&self, answer: Answered<'_>, key: Key<'_>) -> Verdict {
        let reading = self.read(answer, key);
        let right = match (self.suited(key), &reading) {
            (_, None) => false,
            (Suited::Number, Some(reading)) => number::is_accepted(&reading.key, key.accept),
            (Suited::Accepted, Some(reading)) => reading.rule == Rule::AcceptedString,
            (Suited::Choice | Suited::Pattern, Some(reading)) => {
                let key_text = fold(&reading.key);
                key.accept.iter().any(|accepted| fold(accepted.trim()) == key_text)
                    || number::is_accepted(&reading.key, key.accept)
            }
        };
        let correct = (!key.accept.is_empty()).then_some(right);
        Verdict { correct, reading, overruled: None }
    }

    /// What an answer says, by the same rule. Techniques that vote count its keys.
    pub fn read(&self, answer: Answered<'_>, key: Key<'_>) -> Option<Reading> {
        match (self.suited(key), self) {
            (Suited::Number, _) => number::read(answer.text),
            (Suited::Choice, _) => choice::read(answer.text, key.choices),
            (Suited::Pattern, Self::Pattern { pattern }) => {
                pattern::read(answer.text, &pattern::compile(pattern).ok()?)
            }
            _ => accepted_string(answer.head, key.accept).or_else(|| first_line(answer.text)),
        }
    }

    /// The grader that judges answers to this problem: never [`Grader::Auto`].
    pub fn resolved(&self, key: Key<'_>) -> Self {
        match self.suited(key) {
            Suited::Number => Self::Number,
            Suited::Accepted => Self::Accepted,
            Suited::Choice => Self::Choice,
            Suited::Pattern => self.clone(),
        }
    }

    fn suited(&self, key: Key<'_>) -> Suited {
        match self {
            Self::Number => Suited::Number,
            Self::Accepted => Suited::Accepted,
            Self::Choice => Suited::Choice,
            Self::Pattern { .. } => Suited::Pattern,
            Self::Auto if !key.choices.is_empty() => Suited::Choice,
            Self::Auto if is_number(key.accept) => Suited::Number,
            Self::Auto => Suited::Accepted,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Suited {
    Number,
    Accepted,
    Choice,
    Pattern,
}

/// Are all accepted strings plain numbers? Then they are one number in several forms, or several right ones.
fn is_number(accept: &[String]) -> bool {
    let plain = |string: &String| {
        let string = string.trim();
        let found = number::numbers(string);
        matches!(found.as_slice(), [only] if only.start == 0 && only.end == string.len())
    };
    !accept.is_empty() && accept.iter().all(plain)
}

fn accepted_string(head: &str, accept: &[String]) -> Option<Reading> {
    let folded = fold(head);
    let range = accepted::find(&folded, accept)?;
    let key = folded.get(range.clone()).unwrap_or_default().to_owned();
    let (start, end) = unfolded(head, range.start, range.end);
    Some(Reading::new(Rule::AcceptedString, head, start, end, key))
}

/// What a free answer says: the rest of the line after the last marker, else the first line with anything on it.
fn first_line(text: &str) -> Option<Reading> {
    let blank = |c: char| {
        c.is_whitespace() || matches!(c, '.' | '。' | '"' | '“' | '”' | '!' | '！' | ':' | '：')
    };
    let says = |from: usize| {
        let line = rest_of_line(text, from);
        let start = from + (line.len() - line.trim_start_matches(blank).len());
        let said = line.trim_matches(blank);
        (!said.is_empty())
            .then(|| Reading::new(Rule::FirstLine, text, start, start + said.len(), fold(said)))
    };
    let filled = text.len() - text.trim_start().len();
    after_markers(text).into_iter().find_map(says).or_else(|| says(filled))
}
