//! Results as CSV (RFC 4180), for a spreadsheet.

use super::results::{ResultRow, Results};
use crate::prompt::Input;

const HEADER: [&str; 23] = [
    "problem",
    "lang",
    "kind",
    "pair",
    "technique",
    "stage",
    "question",
    "accept",
    "prompt",
    "answer",
    "extracted",
    "rule",
    "rule_says",
    "reader_says",
    "right",
    "calls",
    "prompt_tokens",
    "reused_tokens",
    "tokens",
    "seconds",
    "ended",
    "seed",
    "failure",
];

impl Results<'_> {
    /// A line for each row. `prompt` is that of the last call: as text, or a chat as JSON. Numbers and truth values
    /// are written as in JSON; what there is not is empty.
    pub fn to_csv(&self) -> String {
        let mut csv = line(HEADER.iter().map(|&name| name.to_owned()));
        for row in &self.rows {
            csv.push_str(&line(self.cells(row).into_iter()));
        }
        csv
    }

    fn cells(&self, row: &ResultRow<'_>) -> [String; 23] {
        let problem = row.problem;
        let technique = self.experiment.techniques.get(row.technique).map(|it| it.key.clone());
        let stage = self.experiment.stages.get(row.stage).map(|it| it.key.clone());
        let reading = row.verdict.and_then(|verdict| verdict.reading.as_ref());
        let last = row.records.last();
        let rule = reading.and_then(|it| serde_json::to_value(it.rule).ok());
        let truth = |value: Option<bool>| value.map(|it| it.to_string()).unwrap_or_default();
        [
            problem.id.clone(),
            problem.lang.code().to_owned(),
            problem.kind.clone(),
            problem.pair.clone(),
            technique.unwrap_or_default(),
            stage.unwrap_or_default(),
            problem.prompt.clone(),
            problem.accept.join("|"),
            last.map(|record| prompt(&record.call.input)).unwrap_or_default(),
            row.outcome.map(|outcome| outcome.text.clone()).unwrap_or_default(),
            reading.map(|it| it.text.clone()).unwrap_or_default(),
            rule.and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default(),
            truth(row.verdict.and_then(|it| it.correct)),
            truth(row.verdict.and_then(|it| it.overruled)),
            truth(row.counts()),
            row.records.len().to_string(),
            row.prompt_tokens().to_string(),
            row.reused_tokens().to_string(),
            row.tokens().to_string(),
            row.seconds().to_string(),
            truth(last.map(|record| record.reply.ended)),
            last.map(|record| record.call.seed.to_string()).unwrap_or_default(),
            row.failure.unwrap_or_default().to_owned(),
        ]
    }
}

fn prompt(input: &Input) -> String {
    match input {
        Input::Raw { text } => text.clone(),
        Input::Chat { .. } => serde_json::to_string(input).unwrap_or_default(),
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let quoted = cells.map(|cell| {
        if cell.contains(['"', ',', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    });
    let mut line = quoted.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}
