//! Tables, logs and experiments from files, and the run as a file.

use lab::experiment::{Experiment, Run};
use lab::problems::table;
use leptos::prelude::*;
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
        if is_log(text) {
            return match Run::restore(text) {
                Ok(run) => self.lab_replay(run),
                Err(error) => self.lab.trouble.set(Some(Trouble::Log(error.to_string()))),
            };
        }
        if let Ok(experiment) = Experiment::from_json(text) {
            return self.lab_start(experiment);
        }
        match table::parse(text) {
            Ok(problems) => {
                let table = Table { name: name.to_owned(), problems };
                self.lab.plan.update(|plan| plan.take_table(table));
            }
            Err(error) => self.lab.trouble.set(Some(Trouble::Table(error.to_string()))),
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

/// The first line of a log says what it is.
fn is_log(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty());
    let line = first.and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    line.is_some_and(|line| line.get("line").is_some_and(|kind| kind == "start"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names_and_first_lines() {
        assert!(is_for_lab("Mine.CSV") && is_for_lab("run.jsonl"));
        assert!(!is_for_lab("model.gguf") && !is_for_lab("scene.glassbox.json"));
        assert!(is_log("\u{feff}\n{\"line\":\"start\",\"version\":1}\nx"));
        assert!(!is_log("{\"question\":\"start\"}") && !is_log("question,answer"));
    }
}
