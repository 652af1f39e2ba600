//! Everything, with all settings, for programs.

use serde::Serialize;
use share::Scene;

use super::{Shown, Snapshot};
use crate::protocol::{ColumnRequest, RunStats};
use crate::state::run::{Generated, reason_code};

/// Counts up when a field changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    /// Gives the view again.
    scene: &'a Scene,
    columns: Vec<Column<'a>>,
}

#[derive(Serialize)]
struct Column<'a> {
    column: char,
    name: &'a str,
    asked: Option<&'a ColumnRequest>,
    prompt_text: &'a str,
    prompt_ids: Vec<u32>,
    answer: &'a str,
    reason: Option<&'static str>,
    reward: Option<f32>,
    stats: Option<RunStats>,
    tokens: Vec<Token<'a>>,
}

#[derive(Serialize)]
struct Token<'a> {
    id: u32,
    text: &'a str,
    special: bool,
    chosen_by_reader: bool,
    position: u32,
    logprob: f32,
    entropy_nats: f32,
    kept: u32,
    alternatives: Vec<Alternative<'a>>,
}

#[derive(Serialize)]
struct Alternative<'a> {
    id: u32,
    text: &'a str,
    logit: f32,
    probability: f32,
    drawn_with: f32,
}

/// The view as JSON: the scene that gives it again, and what came out.
pub(crate) fn json(scene: &Scene, snapshot: &Snapshot) -> String {
    let columns = snapshot.columns.iter().map(column).collect();
    let document = Document { format: "glassbox-compare", version: VERSION, scene, columns };
    // Plain data always becomes JSON.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn column(shown: &Shown) -> Column<'_> {
    let Shown { letter, name, run } = shown;
    Column {
        column: *letter,
        name,
        asked: run.asked.as_ref(),
        prompt_text: &run.prompt_text,
        prompt_ids: run.prompt.iter().map(|token| token.id).collect(),
        answer: &run.text,
        reason: run.reason.map(reason_code),
        reward: run.reward,
        stats: run.stats,
        tokens: run.tokens.iter().map(token).collect(),
    }
}

fn token(generated: &Generated) -> Token<'_> {
    let Generated { token, report, alternatives, chosen } = generated;
    let names = report.alternatives.iter().zip(alternatives);
    let alternatives = names
        .map(|(figures, name)| Alternative {
            id: figures.id,
            text: &name.text,
            logit: figures.logit,
            probability: figures.probability,
            drawn_with: figures.filtered,
        })
        .collect();
    Token {
        id: token.id,
        text: &token.text,
        special: token.special,
        chosen_by_reader: *chosen,
        position: report.position,
        logprob: report.logprob,
        entropy_nats: report.entropy,
        kept: report.kept,
        alternatives,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::snapshot;
    use super::*;
    use serde_json::Value;

    #[test]
    fn everything_is_in_it() {
        let mut scene = Scene::default();
        scene.prompt.text = "Hello".into();
        let text = json(&scene, &snapshot());
        let read: Value = serde_json::from_str(&text).expect("own output");
        assert_eq!(read["version"], 1);
        assert_eq!(read["scene"]["prompt"]["text"], "Hello");
        assert_eq!(read["columns"][0]["answer"], " a \"b\",\nc");
        assert_eq!(read["columns"][0]["reason"], "end_of_text");
        assert_eq!(read["columns"][0]["asked"]["sampler"]["temperature"], 0.7);
        assert_eq!(read["columns"][1]["reward"], 1.5);
        let first = &read["columns"][0]["tokens"][0];
        assert_eq!(first["alternatives"].as_array().map(Vec::len), Some(10));
        assert_eq!(first["alternatives"][0]["probability"], 0.5);
    }
}
