//! CSV as in RFC 4180: quoted cells may hold separators, line ends and doubled quotation marks. The separator is the
//! comma, semicolon or tab that the first line holds most of.

use super::error::TableError;
use super::limits::{MAX_BYTES, MAX_COLUMNS, MAX_ROWS};
use super::{Column, Row, check_ids};
use crate::problems::Problem;

/// Reads CSV with a first line of names. Columns whose names are not known are passed over.
///
/// # Errors
/// [`TableError`] with the line.
pub fn parse_csv(text: &str) -> Result<Vec<Problem>, TableError> {
    if text.len() > MAX_BYTES {
        return Err(TableError::TooLarge { bytes: text.len() });
    }
    let mut reader = Reader { rest: text, line: 1, separator: separator(text) };
    let Some((_, names)) = reader.row()? else { return Err(TableError::Empty) };
    let columns: Vec<Option<Column>> = names.iter().map(|name| Column::named(name)).collect();
    if !columns.contains(&Some(Column::Question)) {
        return Err(TableError::NoQuestionColumn { columns: names });
    }
    let mut problems = Vec::new();
    while let Some((line, cells)) = reader.row()? {
        if problems.len() == MAX_ROWS {
            return Err(TableError::TooManyRows);
        }
        let mut row = Row::default();
        for (column, cell) in columns.iter().zip(&cells) {
            if let Some(column) = column {
                row.set(*column, cell);
            }
        }
        problems.push(row.problem(problems.len() + 1, line)?);
    }
    check_ids(&problems)?;
    if problems.is_empty() { Err(TableError::Empty) } else { Ok(problems) }
}

fn separator(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    // Of equally frequent ones the comma, then the semicolon.
    [',', ';', '\t'].into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(',')
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    separator: char,
}

impl Reader<'_> {
    /// The next row that is not blank, with the line it begins on.
    fn row(&mut self) -> Result<Option<(usize, Vec<String>)>, TableError> {
        while !self.rest.is_empty() {
            let line = self.line;
            let mut cells = Vec::new();
            loop {
                if cells.len() == MAX_COLUMNS {
                    return Err(TableError::TooManyColumns { line });
                }
                cells.push(self.cell()?);
                if !self.take(self.separator) {
                    break;
                }
            }
            self.end_of_line();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some((line, cells)));
            }
        }
        Ok(None)
    }

    /// A cell, up to the separator or the end of the line.
    fn cell(&mut self) -> Result<String, TableError> {
        let before = self.rest;
        self.rest = before.trim_start_matches(' ');
        if !self.take('"') {
            self.rest = before;
            let separator = self.separator;
            let end = before.find([separator, '\n', '\r']);
            let (cell, rest) = before.split_at(end.unwrap_or(before.len()));
            self.rest = rest;
            return Ok(cell.to_owned());
        }
        let opened = self.line;
        let mut cell = String::new();
        loop {
            let Some(end) = self.rest.find('"') else {
                return Err(TableError::OpenQuote { line: opened });
            };
            let (part, rest) = self.rest.split_at(end);
            self.line += part.matches('\n').count();
            cell.push_str(part);
            self.rest = rest;
            self.take('"');
            if !self.take('"') {
                break;
            }
            cell.push('"');
        }
        self.rest = self.rest.trim_start_matches(' ');
        let ends = self.rest.is_empty() || self.rest.starts_with([self.separator, '\n', '\r']);
        if ends { Ok(cell) } else { Err(TableError::TextAfterQuote { line: self.line }) }
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn end_of_line(&mut self) {
        self.take('\r');
        if self.take('\n') || !self.rest.is_empty() {
            self.line += 1;
        }
    }
}
