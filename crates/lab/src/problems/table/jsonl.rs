//! JSONL: an object on each line. Held-out files of the trios, TRL's `prompt`/`completion` and `messages`, or fields
//! named as the columns of a table.

use serde_json::{Map, Value};

use super::error::TableError;
use super::limits::{MAX_BYTES, MAX_ROWS};
use super::{Column, Row, check_ids};
use crate::problems::Problem;

/// Reads JSONL. Fields that are not known are passed over.
///
/// # Errors
/// [`TableError`] with the line.
pub fn parse_jsonl(text: &str) -> Result<Vec<Problem>, TableError> {
    if text.len() > MAX_BYTES {
        return Err(TableError::TooLarge { bytes: text.len() });
    }
    let mut problems = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        if problems.len() == MAX_ROWS {
            return Err(TableError::TooManyRows);
        }
        let line = index + 1;
        let object: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| TableError::Json { line, message: error.to_string() })?;
        problems.push(row(&object, line)?.problem(problems.len() + 1, line)?);
    }
    check_ids(&problems)?;
    if problems.is_empty() { Err(TableError::Empty) } else { Ok(problems) }
}

fn row(object: &Map<String, Value>, line: usize) -> Result<Row, TableError> {
    let mut row = Row::default();
    if let Some(messages) = object.get("messages") {
        let said = |role: &str| {
            let messages = messages.as_array()?;
            let message = messages.iter().rev().find(|message| message["role"] == role)?;
            message["content"].as_str()
        };
        row.set(Column::Question, said("user").unwrap_or_default());
        row.answers.extend(said("assistant").map(|text| text.trim().to_owned()));
    }
    for (name, value) in object {
        let Some(column) = Column::named(name) else { continue };
        match (column, value) {
            (_, Value::Null) => {}
            (Column::Answer, Value::Array(items)) => row.answers = texts(items, name, line)?,
            (Column::Choices, Value::Array(items)) => row.choices = texts(items, name, line)?,
            // Of a text every sign is meant: only a table's cell is cut at "|".
            (Column::Answer, _) => row.answers = vec![text(value, name, line)?.trim().to_owned()],
            _ => row.set(column, &text(value, name, line)?),
        }
    }
    Ok(row)
}

fn texts(items: &[Value], name: &str, line: usize) -> Result<Vec<String>, TableError> {
    items.iter().map(|item| text(item, name, line)).collect()
}

fn text(value: &Value, name: &str, line: usize) -> Result<String, TableError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => {
            let message = format!("{name} is neither a text nor a number");
            Err(TableError::Json { line, message })
        }
    }
}
