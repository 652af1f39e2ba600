//! Examples of the gallery.

use leptos::prelude::*;

use super::tools::typed;
use crate::protocol::FinishReason;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::claims::{Outcome, all_hold};
use crate::state::gallery::{self, Example};
use crate::state::preferences::Language;
use crate::state::run::{Phase, Run};
use crate::state::scene;
use crate::state::settings::{DEFAULT_CONTEXT, Form, Settings};

impl App {
    /// Puts an example on the page, for this model's stages.
    pub(super) fn show_example(self, id: &str, model: &str) {
        let Some(example) = gallery::find(id) else { return };
        let mut scene = self.scene.get_untracked();
        scene::show_example(&mut scene, example, model, self.language.get_untracked());
        let context = scene.context.unwrap_or(DEFAULT_CONTEXT);
        let sampler = scene::settings(&scene.sampler);
        self.form.set(Form::of(&Settings { sampler, max_tokens: scene.max_tokens, context }));
        let columns = scene.columns.clone();
        self.scene.set(scene);
        self.set_columns(columns);
        self.example.set(Some(example.id.as_str()));
    }

    /// The reader picked an example: it is put on the page and run.
    pub(crate) fn pick_example(self, id: &str) {
        let Some(example) = gallery::find(id) else { return };
        if let Some(model) = untrack(|| self.model_for(example)) {
            self.show_example(id, &model);
            self.press_run();
        }
    }

    /// A model that has the stages of this example: one whose columns are there, else one that is loaded, else the
    /// default one. Tracks.
    fn model_for(self, example: &Example) -> Option<String> {
        let has_all = |model: &str| {
            self.library.with(|library| {
                example.columns.iter().all(|stage| library.stage(model, stage).is_some())
            })
        };
        let there = self.scene.with(|scene| {
            scene.columns.iter().map(|c| c.model.clone()).find(|model| has_all(model))
        });
        let loaded = || {
            let models: Vec<String> =
                self.library.with(|library| library.models().map(|m| m.id.clone()).collect());
            models.into_iter().find(|model| has_all(model))
        };
        let default = || {
            self.catalogue
                .with(|entries| catalogue::default_model(entries.as_deref()?).map(str::to_owned))
        };
        there.or_else(loaded).or_else(default)
    }

    /// The example that stands on the page, unchanged. Tracks.
    pub(crate) fn shown_example(self) -> Option<&'static Example> {
        let example = gallery::find(self.example.get()?)?;
        self.scene.with(|scene| scene::is_example(scene, example)).then_some(example)
    }

    /// Strings of a correct answer to this run's question, where an example knows them. Tracks.
    pub(crate) fn accepted_answers(self, run: &Run) -> Vec<String> {
        let accepted = || {
            let example = gallery::find(self.example.get()?)?;
            Some(example.accept.get(language_of(example, run)?).clone())
        };
        accepted().unwrap_or_default()
    }

    /// Does the example's sentence hold for what came out? `None` before the end, and where it cannot be told.
    /// Tracks.
    pub(crate) fn example_holds(self) -> Option<bool> {
        let example = self.shown_example()?;
        let columns = self.columns();
        let outcomes: Option<Vec<Outcome>> =
            columns.iter().map(|lane| lane.run.with(outcome)).collect();
        // Rewards come after the last column.
        if self.is_busy() {
            return None;
        }
        let language = columns.first()?.run.with(|run| language_of(example, run))?;
        all_hold(example.claims.get(language), &outcomes?)
    }
}

/// The language in which this run was asked the example's question.
fn language_of(example: &Example, run: &Run) -> Option<Language> {
    let (_, text) = typed(&run.asked.as_ref()?.prompt);
    let is_it = |language: &Language| example.prompt.get(*language).trim() == text.trim();
    [Language::En, Language::Zh].into_iter().find(is_it)
}

fn outcome(run: &Run) -> Option<Outcome> {
    let told = !matches!(run.reason, Some(FinishReason::Stopped | FinishReason::Failed));
    (run.phase == Phase::Finished && told).then(|| Outcome {
        text: run.text.clone(),
        ended: run.ended(),
        reward: run.reward,
        best: run
            .tokens
            .iter()
            .map(|token| token.report.alternatives.first().map_or(0.0, |best| best.probability))
            .collect(),
    })
}
