//! The view as a file.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser::{dom, picture, save};
use crate::i18n;
use crate::state::app::App;
use crate::state::export::{self, Format, Shown, Snapshot};
use crate::state::scene;

const NAME: &str = "glassbox-compare";

impl App {
    /// A stage in words, with its model where that is not plain. Tracks.
    pub(crate) fn stage_name(self, model: &str, stage: &str) -> String {
        let model = self.model_name(model);
        match (self.t().columns.stage)(stage) {
            Some(stage) => (self.t().columns.name)(stage, &model),
            None => model,
        }
    }

    /// The same where the model is plain: only one is loaded. Tracks.
    pub(crate) fn stage_label(self, model: &str, stage: &str) -> String {
        let is_only = self.library.with(|library| library.models().all(|info| info.id == model));
        match (self.t().columns.stage)(stage) {
            Some(stage) if is_only => stage.to_owned(),
            _ => self.stage_name(model, stage),
        }
    }

    fn snapshot(self) -> Snapshot {
        let scene = self.scene.get_untracked();
        let columns = untrack(|| self.columns())
            .iter()
            .zip(&scene.columns)
            .enumerate()
            .map(|(at, (lane, column))| Shown {
                letter: scene::letter(at),
                name: untrack(|| self.stage_name(&column.model, &column.stage)),
                run: lane.run.get_untracked(),
            })
            .collect();
        Snapshot { prompt: scene.prompt.text, system: scene.prompt.system, columns }
    }

    pub(crate) fn export(self, format: Format) {
        let snapshot = self.snapshot();
        let words = &i18n::strings(self.language.get_untracked()).export.words;
        let name = format!("{NAME}.{}", format.ending());
        let text = match format {
            Format::Markdown => export::markdown(&snapshot, words),
            Format::Json => export::json(&self.scene.get_untracked(), &snapshot),
            Format::Csv => export::csv(&snapshot),
            Format::Png => return picture::save(&name, &snapshot, words),
        };
        save::text(&name, format.media_type(), &text);
    }

    /// Copies the view as Markdown.
    pub(crate) fn copy_markdown(self, done: impl FnOnce() + 'static) {
        let words = &i18n::strings(self.language.get_untracked()).export.words;
        let text = export::markdown(&self.snapshot(), words);
        spawn_local(async move {
            if dom::copy(&text).await {
                done();
            }
        });
    }
}
