//! Runs a program line by line. Values are calculated while the line is read: there is no tree to run out of memory with.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::error::{CalculatorError, NumberError};
use super::limits::{MAX_LINES, MAX_NESTING, MAX_OPERATIONS, MAX_SOURCE};
use super::number::Number;
use super::token::{Token, tokens};

/// A program that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its value.
    pub value: Number,
    /// Every line that calculated something, in order.
    pub lines: Vec<Line>,
}

/// A line and what it gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the source, counted from 1.
    pub number: usize,
    /// The name it gave the value, if any.
    pub name: Option<String>,
    /// The value.
    pub value: Number,
}

/// Runs a program: lines are separated by newlines or `;`.
///
/// # Errors
/// [`CalculatorError`] for anything that is not a program within the [limits](super::limits).
pub fn run(source: &str) -> Result<Run, CalculatorError> {
    if source.len() > MAX_SOURCE {
        return Err(CalculatorError::TooLong { bytes: source.len() });
    }
    let mut names = BTreeMap::new();
    let mut lines = Vec::new();
    let mut operations = 0;
    for (index, text) in source.lines().enumerate() {
        for part in text.split(';') {
            let tokens = tokens(part, index + 1)?;
            if tokens.is_empty() {
                continue;
            }
            if lines.len() == MAX_LINES {
                return Err(CalculatorError::TooManyLines);
            }
            let mut reader = Reader {
                tokens: &tokens,
                at: 0,
                line: index + 1,
                depth: 0,
                operations,
                names: &names,
            };
            let (name, value) = reader.line()?;
            operations = reader.operations;
            if let Some(name) = &name {
                names.insert(name.clone(), value);
            }
            lines.push(Line { number: index + 1, name, value });
        }
    }
    let last = lines.last().ok_or(CalculatorError::Empty)?.value;
    let value = names.get("answer").copied().unwrap_or(last);
    Ok(Run { value, lines })
}

struct Reader<'s> {
    tokens: &'s [Token<'s>],
    at: usize,
    line: usize,
    depth: usize,
    operations: usize,
    names: &'s BTreeMap<String, Number>,
}

type Value = Result<Number, CalculatorError>;

impl<'s> Reader<'s> {
    /// A whole line: `name = value`, `print(value)` or `value`.
    fn line(&mut self) -> Result<(Option<String>, Number), CalculatorError> {
        let name = match self.tokens {
            [Token::Name(name), Token::Sign("="), ..] => {
                self.at = 2;
                Some((*name).to_owned())
            }
            [Token::Name("print"), Token::Sign("("), ..] => {
                self.at = 1;
                None
            }
            _ => None,
        };
        let value = self.comparison()?;
        match self.peek() {
            None => Ok((name, value)),
            Some(_) => Err(self.unexpected("the end of the line")),
        }
    }

    fn comparison(&mut self) -> Value {
        let mut left = self.sum()?;
        while let Some(sign) = self.sign(&["<", "<=", ">", ">=", "==", "!="]) {
            let right = self.sum()?;
            let order = self.done(left.compare(right))?;
            let holds = match sign {
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                ">=" => order != Ordering::Less,
                "==" => order == Ordering::Equal,
                _ => order != Ordering::Equal,
            };
            left = if holds { Number::ONE } else { Number::ZERO };
        }
        Ok(left)
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product()?;
        while let Some(sign) = self.sign(&["+", "-"]) {
            let right = self.product()?;
            let result = if sign == "+" { left.add(right) } else { left.subtract(right) };
            left = self.done(result)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Value {
        let mut left = self.signed()?;
        while let Some(sign) = self.sign(&["*", "/", "//", "%"]) {
            let right = self.signed()?;
            let result = match sign {
                "*" => left.multiply(right),
                "/" => left.divide(right),
                "//" => left.floor_divide(right),
                _ => left.remainder(right),
            };
            left = self.done(result)?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Value {
        match self.sign(&["-", "+"]) {
            Some(sign) => {
                self.deeper()?;
                let value = self.signed()?;
                self.depth -= 1;
                Ok(if sign == "-" { value.negative() } else { value })
            }
            None => self.power(),
        }
    }

    /// `**` binds from the right, and its exponent may have a sign.
    fn power(&mut self) -> Value {
        let base = self.atom()?;
        if self.sign(&["**"]).is_none() {
            return Ok(base);
        }
        self.deeper()?;
        let exponent = self.signed()?;
        self.depth -= 1;
        self.done(base.power(exponent))
    }

    fn atom(&mut self) -> Value {
        let token = self.peek();
        self.at += 1;
        match token {
            Some(Token::Number(text)) => {
                if text.matches('.').count() > 1 {
                    self.at -= 1;
                    return Err(self.unexpected("a number"));
                }
                let cause = NumberError::TooLarge;
                Number::parse(text).ok_or(CalculatorError::Calculation { line: self.line, cause })
            }
            Some(Token::Sign("(")) => {
                self.deeper()?;
                let value = self.comparison()?;
                self.depth -= 1;
                self.expect(")")?;
                Ok(value)
            }
            Some(Token::Name(name)) => match (self.peek(), self.names.get(name)) {
                (Some(Token::Sign("(")), _) => self.call(name),
                (_, Some(&value)) => Ok(value),
                _ => Err(CalculatorError::UnknownName { line: self.line, name: name.to_owned() }),
            },
            _ => {
                self.at -= 1;
                Err(self.unexpected("a number or a name"))
            }
        }
    }

    fn call(&mut self, function: &str) -> Value {
        self.expect("(")?;
        self.deeper()?;
        let mut given = vec![self.comparison()?];
        while self.sign(&[","]).is_some() {
            given.push(self.comparison()?);
        }
        self.depth -= 1;
        self.expect(")")?;
        match (function, given.as_slice()) {
            ("abs", [number]) => Ok(number.absolute()),
            ("round", [number]) => self.done(number.round(Number::ZERO)),
            ("round", [number, places]) => self.done(number.round(*places)),
            ("min", [first, others @ ..]) => self.extreme(*first, others, Ordering::Less),
            ("max", [first, others @ ..]) => self.extreme(*first, others, Ordering::Greater),
            ("abs" | "round", _) => Err(CalculatorError::Arguments {
                line: self.line,
                function: function.to_owned(),
                given: given.len(),
            }),
            _ => Err(CalculatorError::UnknownName { line: self.line, name: function.to_owned() }),
        }
    }

    fn extreme(&mut self, first: Number, others: &[Number], wanted: Ordering) -> Value {
        let mut best = first;
        for &other in others {
            if self.done(other.compare(best))? == wanted {
                best = other;
            }
        }
        Ok(best)
    }

    /// Counts an operation and says where it failed.
    fn done<T>(&mut self, result: Result<T, NumberError>) -> Result<T, CalculatorError> {
        self.operations += 1;
        if self.operations > MAX_OPERATIONS {
            return Err(CalculatorError::TooManyOperations { line: self.line });
        }
        result.map_err(|cause| CalculatorError::Calculation { line: self.line, cause })
    }

    fn deeper(&mut self) -> Result<(), CalculatorError> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(CalculatorError::TooDeep { line: self.line });
        }
        Ok(())
    }

    fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.at).copied()
    }

    /// Takes the next token if it is one of these signs.
    fn sign(&mut self, signs: &[&str]) -> Option<&'static str> {
        match self.peek() {
            Some(Token::Sign(sign)) if signs.contains(&sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), CalculatorError> {
        match self.sign(&[sign]) {
            Some(_) => Ok(()),
            None => Err(self.unexpected(sign)),
        }
    }

    fn unexpected(&self, expected: &str) -> CalculatorError {
        let found = self.peek().map(|token| token.text().to_owned()).unwrap_or_default();
        CalculatorError::Unexpected { line: self.line, found, expected: expected.to_owned() }
    }
}
