//! Tables, logs and experiments from files, and the run as a file.

use lab::experiment::{Experiment, Run};
use lab::problems::table;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File};

use crate::browser::fetch::describe;
use crate::browser::{picture, save};
use crate::i18n;
use crate::state::app::App;
use crate::state::lab::chart::{self, Captions};
use crate::state::lab::measured::Measured;
use crate::state::lab::plan::Table;
use crate::state::lab::{Trouble, language};

/// A form that a run can be taken away in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Export {
    Jsonl,
    Csv,
    Png,
}

pub(crate) const EXPORTS: [Export; 3] = [Export::Jsonl, Export::Csv, Export::Png];

impl Export {
    /// The ending of a file's name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Png => "png",
        }
    }
}

/// Is this a file that the lab reads?
pub(crate) fn is_for_lab(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".jsonl", ".json", ".txt"].iter().any(|ending| name.ends_with(ending))
        && !name.ends_with(".glassbox.json")
}

impl App {
    /// Reads a file that was dropped or picked.
    pub(crate) fn lab_open_file(self, file: &File) {
        let name = file.name();
        let blob: &Blob = file.unchecked_ref();
        let text = JsFuture::from(blob.text());
        spawn_local(async move {
            match text.await.map(|text| text.as_string()) {
                Ok(Some(text)) => self.lab_take_text(&name, &text),
                Ok(None) => self.lab.trouble.set(Some(Trouble::Table(name))),
                Err(error) => self.lab.trouble.set(Some(Trouble::Table(describe(&error)))),
            }
        });
    }

    /// Takes a text: the log of a run, an experiment, or a table of problems.
    pub(crate) fn lab_take_text(self, name: &str, text: &str) {
        self.lab.trouble.set(None);
        self.lab.measure.set(true);
        match content(text) {
            Content::Log => match Run::restore(text) {
                Ok(run) => self.lab_replay(run),
                Err(error) => self.lab.trouble.set(Some(Trouble::Log(error.to_string()))),
            },
            Content::Experiment => match Experiment::from_json(without_mark(text)) {
                Ok(experiment) => self.lab_start(experiment),
                Err(error) => self.lab.trouble.set(Some(Trouble::Experiment(error.to_string()))),
            },
            Content::Table => match table::parse(text) {
                Ok(problems) => {
                    let table = Table { name: name.to_owned(), problems };
                    self.lab.plan.update(|plan| plan.take_table(table));
                }
                Err(error) => self.lab.trouble.set(Some(Trouble::Table(error.to_string()))),
            },
        }
    }

    /// Puts a run from a file on the page.
    fn lab_replay(self, run: Run) {
        self.lab_cancel();
        self.lab_show(Some(Measured::replayed(run)));
    }

    /// Offers the run as a file.
    pub(crate) fn lab_export(self, form: Export) {
        self.lab.run.with_untracked(|run| {
            let Some(Measured { run, .. }) = run else { return };
            let name = format!("glassbox-lab-{}.{}", run.experiment().id, form.ending());
            match form {
                Export::Jsonl => save::text(&name, "application/jsonl", &run.export()),
                Export::Csv => save::text(&name, "text/csv", &run.results().to_csv()),
                Export::Png => self.save_chart(&name, run),
            }
        });
    }

    fn save_chart(self, name: &str, run: &Run) {
        let words = &i18n::strings(self.language.get_untracked()).lab;
        let language = language(self.language.get_untracked());
        let experiment = run.experiment();
        let bars = run.results().bars(None);
        let title = experiment.title.get(language);
        let captions = Captions {
            title: if title.is_empty() { words.own_experiment } else { title },
            question: experiment.question.get(language),
            below: words.chart_below,
        };
        picture::save_laid_out(name, |measure| {
            chart::lay_out(experiment, &bars, &captions, language, measure)
        });
    }

    /// Offers the experiment that is planned as a file, for the command line.
    pub(crate) fn lab_export_experiment(self) {
        let json = self.lab.run.with_untracked(|run| {
            let run = run.as_ref()?;
            serde_json::to_string_pretty(run.run.experiment()).ok()
        });
        if let Some(json) = json {
            save::text("glassbox-experiment.json", "application/json", &json);
        }
    }
}

/// What a text is meant to be, whether or not it can be read as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// The log of a run.
    Log,
    Experiment,
    /// A table of problems, and whatever else it may be.
    Table,
}

/// The fields that every experiment has, and no table.
const FIELDS: [&str; 2] = ["techniques", "stages"];

fn content(text: &str) -> Content {
    let text = without_mark(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first: Option<Value> = serde_json::from_str(first).ok();
    if first.as_ref().is_some_and(|line| line.get("line").is_some_and(|kind| kind == "start")) {
        return Content::Log;
    }
    let is_experiment = match serde_json::from_str::<Value>(text) {
        // A row of a table may have any fields beside its own.
        Ok(whole) => {
            FIELDS.iter().any(|field| whole.get(field).is_some()) && table::parse(text).is_err()
        }
        // No JSON as a whole: rows of a table are JSON line by line, what is left of an experiment is not.
        Err(_) => {
            text.trim_start().starts_with('{')
                && first.is_none()
                && FIELDS.iter().any(|field| text.contains(&format!("\"{field}\"")))
        }
    };
    if is_experiment { Content::Experiment } else { Content::Table }
}

/// The text without the mark that some editors put before it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        assert!(is_for_lab("Mine.CSV") && is_for_lab("run.jsonl"));
        assert!(!is_for_lab("model.gguf") && !is_for_lab("scene.glassbox.json"));
    }

    #[test]
    fn logs_and_tables_are_known_by_their_lines() {
        for log in ["\u{feff}\n{\"line\":\"start\",\"version\":1}\nx", r#"{"line":"start"}"#] {
            assert_eq!(content(log), Content::Log, "{log}");
        }
        for table in [
            "",
            "question,answer\n1 + 1?,2",
            "techniques,stages\n1,2",
            r#"{"question":"start","answer":"1"}"#,
            r#"{"question":"Which \"stages\"?","answer":"1"#,
            "{\"question\":\"a\",\"stages\":\"x\"}\n{\"question\":\"techniques\"}",
            "{\"question\":\"a\"}\n{\"question\":\"b\",\"stages\"",
            r#"{"question":"a","answer":"1","stages":3}"#,
            r#"["techniques"]"#,
            r#"{"models":[]}"#,
        ] {
            assert_eq!(content(table), Content::Table, "{table}");
        }
    }

    #[test]
    fn what_is_meant_as_an_experiment_is_one() {
        let whole = include_str!("../../../../experiments/direct-or-steps.json");
        assert!(Experiment::from_json(whole).is_ok());
        let marked = format!("\u{feff}{whole}");
        assert!(Experiment::from_json(without_mark(&marked)).is_ok());
        let cut = &whole[..whole.len() - 3];
        let far = whole.replacen("\"count\": ", "\"count\": 9999", 1);
        assert!(Experiment::from_json(&far).is_err());
        let torn = r#"{"id":"x","techniques":[{"key":"#;
        for text in [whole, &marked, cut, &far, torn, r#"{"techniques":1}"#, r#"{"stages":[]}"#] {
            assert_eq!(content(text), Content::Experiment, "{text}");
        }
    }
}
