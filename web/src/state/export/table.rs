//! Tokens and probabilities as CSV (RFC 4180): a row for each alternative of each token.

use super::{Shown, Snapshot};
use crate::state::panel;
use crate::state::run::Generated;

const HEAD: &str = "column,model,stage,place,token_id,token,chosen_by_reader,probability,surprisal_bits,entropy_bits,\
                    kept,rank,alternative_id,alternative,logit,alternative_probability,drawn_with\r\n";

/// The view as a table.
pub(crate) fn csv(snapshot: &Snapshot) -> String {
    let mut out = HEAD.to_owned();
    for column in &snapshot.columns {
        for (place, generated) in column.run.tokens.iter().enumerate() {
            push_token(&mut out, column, place, generated);
        }
    }
    out
}

fn push_token(out: &mut String, column: &Shown, place: usize, generated: &Generated) {
    let asked = column.run.asked.as_ref();
    let Generated { token, report, chosen, .. } = generated;
    let head = [
        column.letter.to_string(),
        quoted(asked.map_or("", |asked| asked.model.as_str())),
        quoted(asked.map_or("", |asked| asked.stage.as_str())),
        place.to_string(),
        token.id.to_string(),
        quoted(&token.text),
        chosen.to_string(),
        report.logprob.exp().to_string(),
        generated.bits().to_string(),
        panel::bits(report.entropy).to_string(),
        report.kept.to_string(),
    ]
    .join(",");
    for (rank, (figures, name)) in
        (1..).zip(report.alternatives.iter().zip(&generated.alternatives))
    {
        let alternative = quoted(&name.text);
        out.push_str(&format!(
            "{head},{rank},{},{alternative},{},{},{}\r\n",
            figures.id, figures.logit, figures.probability, figures.filtered
        ));
    }
}

/// A field in quotation marks, with those inside it doubled.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::tests::snapshot;
    use super::*;

    /// Fields of the first record, as a reader of RFC 4180 takes them; the rest of the text.
    fn record(text: &str) -> (Vec<String>, &str) {
        let (mut fields, mut field, mut inside) = (Vec::new(), String::new(), false);
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' if inside && characters.peek().is_some_and(|(_, next)| *next == '"') => {
                    characters.next();
                    field.push('"');
                }
                '"' => inside = !inside,
                ',' if !inside => fields.push(std::mem::take(&mut field)),
                '\r' if !inside => {
                    fields.push(field);
                    return (fields, &text[at + 2..]);
                }
                c => field.push(c),
            }
        }
        (fields, "")
    }

    #[test]
    fn each_token_has_a_row_for_each_alternative() {
        let text = csv(&snapshot());
        let (head, mut rest) = record(&text);
        let mut rows = Vec::new();
        while !rest.is_empty() {
            let (row, after) = record(rest);
            assert_eq!(row.len(), head.len(), "{row:?}");
            rows.push(row);
            rest = after;
        }
        assert_eq!(rows.len(), 3 * 10);
        assert_eq!(&rows[0][..6], ["A", "m", "base", "0", "10", " a \"b\""]);
        assert_eq!(rows[10][5], ",\nc", "commas and line breaks stay in their field");
        let probability: f32 = rows[0][7].parse().expect("a number");
        assert!((probability - 0.5).abs() < 1e-6);
        assert_eq!(rows[0][11], "1", "the rank");
        assert_eq!(rows[20][0], "B");
    }
}
