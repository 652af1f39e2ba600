//! Template values as JSON, spelled as Python's `json.dumps(value, ensure_ascii=False)` does: chat templates are written for it.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

/// Lists may hold the same list many times over, so that a small template can make a value that would fill the memory
/// when written out.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 64;

/// Writes a value, on one line or with `indent` spaces per level. An error beyond 1 MiB or 64 levels.
pub(crate) fn to_json(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let mut writer = Writer { out: String::new(), indent };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    indent: Option<usize>,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return Err(Error::new(ErrorKind::InvalidOperation, "the value is too large to write"));
        }
        match value.kind() {
            ValueKind::Undefined | ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.out.push_str(&value.to_string()),
            ValueKind::String => self.string(value)?,
            ValueKind::Seq | ValueKind::Iterable => {
                self.out.push('[');
                let mut empty = true;
                for item in value.try_iter()? {
                    self.separate(&mut empty, depth + 1);
                    self.value(&item, depth + 1)?;
                }
                self.close(']', empty, depth);
            }
            ValueKind::Map => {
                self.out.push('{');
                let mut empty = true;
                for key in value.try_iter()? {
                    self.separate(&mut empty, depth + 1);
                    self.string(&key)?;
                    self.out.push_str(": ");
                    self.value(&value.get_item(&key)?, depth + 1)?;
                }
                self.close('}', empty, depth);
            }
            kind => {
                let message = format!("a value of type {kind} cannot be written");
                return Err(Error::new(ErrorKind::InvalidOperation, message));
            }
        }
        Ok(())
    }

    fn string(&mut self, value: &Value) -> Result<(), Error> {
        let quoted = match value.as_str() {
            Some(text) => serde_json::to_string(text),
            // Keys may be numbers.
            None if value.is_number() => serde_json::to_string(&value.to_string()),
            None => {
                let message = format!("a key of type {} cannot be written", value.kind());
                return Err(Error::new(ErrorKind::InvalidOperation, message));
            }
        };
        let failed = |error: serde_json::Error| {
            Error::new(ErrorKind::InvalidOperation, "a string cannot be written").with_source(error)
        };
        self.out.push_str(&quoted.map_err(failed)?);
        Ok(())
    }

    fn separate(&mut self, empty: &mut bool, depth: usize) {
        if !*empty {
            self.out.push_str(if self.indent.is_some() { "," } else { ", " });
        }
        *empty = false;
        self.new_line(depth);
    }

    fn close(&mut self, bracket: char, empty: bool, depth: usize) {
        if !empty {
            self.new_line(depth);
        }
        self.out.push(bracket);
    }

    fn new_line(&mut self, depth: usize) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', depth * indent.min(16)));
        }
    }
}
