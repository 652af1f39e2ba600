//! A line of a program, cut into tokens.

use super::error::CalculatorError;

/// The smallest parts of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// Digits, perhaps with a point.
    Number(&'s str),
    /// A letter or `_`, then letters, digits and `_`.
    Name(&'s str),
    /// An operator, a bracket, a comma or `=`, in its plain form.
    Sign(&'static str),
}

/// Signs, the longer ones first, and what they stand for: models also write × ÷ − and full-width signs.
static SIGNS: [(&str, &str); 28] = [
    ("**", "**"),
    ("//", "//"),
    ("<=", "<="),
    (">=", ">="),
    ("==", "=="),
    ("!=", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("%", "%"),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("(", "("),
    (")", ")"),
    (",", ","),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("＝", "="),
    ("＋", "+"),
];

impl Token<'_> {
    /// The token as it is shown in a message.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Name(text) => text,
            Self::Sign(sign) => sign,
        }
    }
}

/// Cuts a line; what follows `#` is a comment. `number` is the line's, for messages.
pub(super) fn tokens(line: &str, number: usize) -> Result<Vec<Token<'_>>, CalculatorError> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            break;
        }
        if first.is_whitespace() {
            rest = rest.trim_start();
        } else if first.is_ascii_digit() || first == '.' {
            let end = end_of(rest, |c| c.is_ascii_digit() || c == '.');
            // A point that ends a sentence is none of the number's.
            let text = rest[..end].trim_end_matches('.');
            if text.is_empty() {
                return Err(CalculatorError::Character { line: number, character: '.' });
            }
            tokens.push(Token::Number(text));
            rest = &rest[end..];
        } else if first.is_alphabetic() || first == '_' {
            let end = end_of(rest, |c| c.is_alphanumeric() || c == '_');
            tokens.push(Token::Name(&rest[..end]));
            rest = &rest[end..];
        } else if let Some(&(sign, plain)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(*sign))
        {
            tokens.push(Token::Sign(plain));
            rest = &rest[sign.len()..];
        } else {
            return Err(CalculatorError::Character { line: number, character: first });
        }
    }
    Ok(tokens)
}

/// Where the characters of one kind end.
fn end_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !belongs(c)).unwrap_or(text.len())
}
