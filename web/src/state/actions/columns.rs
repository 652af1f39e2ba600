//! Columns: add, remove, switch, settings of their own.

use leptos::prelude::*;
use share::scene::{Branch, Column, Form as PromptForm};

use crate::state::app::App;
use crate::state::inspect::Inspect;
use crate::state::lane::{Lane, resize};
use crate::state::scene::{self, MAX_COLUMNS};
use crate::state::settings::{Field, Form, Settings};

impl App {
    /// These columns take the place of those that are there.
    pub(crate) fn set_columns(self, columns: Vec<Column>) {
        self.abandon();
        let count = columns.len().min(MAX_COLUMNS);
        let shown = self.shown.with_untracked(|shown| resize(shown, count));
        for (column, lane) in columns.iter().zip(&shown) {
            self.lanes[*lane].clear();
            self.lanes[*lane].form.set(self.form_of(column));
        }
        self.scene.update(|scene| {
            scene.columns = columns;
            scene.columns.truncate(count);
        });
        self.shown.set(shown);
        self.look_at_nothing();
    }

    pub(super) fn form_of(self, column: &Column) -> Form {
        let (common, max_tokens) =
            self.scene.with_untracked(|scene| (scene.sampler, scene.max_tokens));
        let sampler = scene::settings(&column.sampler.unwrap_or(common));
        Form::of(&Settings { sampler, max_tokens, ..Settings::default() })
    }

    /// Nothing is pointed at, scored or drawn any more.
    pub(in crate::state) fn look_at_nothing(self) {
        self.inspect.set(Inspect::default());
        self.tuner.set(None);
        self.scoring.set(None);
        self.draws.update(Vec::clear);
        self.offer.update(Vec::clear);
    }

    /// Where a lane's column stands. Tracks.
    pub(crate) fn position(self, lane: usize) -> Option<usize> {
        self.shown.with(|shown| shown.iter().position(|other| *other == lane))
    }

    /// What a lane's column is. Tracks.
    pub(crate) fn column(self, lane: usize) -> Option<Column> {
        let at = self.position(lane)?;
        self.scene.with(|scene| scene.columns.get(at).cloned())
    }

    /// The lanes of the columns, from left to right. Tracks.
    pub(crate) fn columns(self) -> Vec<Lane> {
        self.shown.with(|shown| shown.iter().map(|lane| self.lanes[*lane]).collect())
    }

    fn update_column(self, lane: usize, update: impl FnOnce(&mut Column)) {
        let Some(at) = untrack(|| self.position(lane)) else { return };
        self.scene.update(|scene| {
            if let Some(column) = scene.columns.get_mut(at) {
                update(column);
            }
        });
    }

    /// Adds a column: the stage that is missing, or the last one again.
    pub(crate) fn add_column(self) {
        let columns = self.scene.with_untracked(|scene| scene.columns.clone());
        if columns.len() >= MAX_COLUMNS {
            return;
        }
        let Some(last) = columns.last() else { return };
        let missing = self.library.with_untracked(|library| {
            let stages = &library.info(&last.model)?.stages;
            let is_there =
                |stage: &str| columns.iter().any(|c| c.model == last.model && c.stage == stage);
            stages.iter().find(|stage| !is_there(&stage.id)).map(|stage| stage.id.clone())
        });
        let column = match missing {
            Some(stage) => Column::new(last.model.clone(), stage),
            None => Column { branch: Branch::default(), ..last.clone() },
        };
        let shown = self.shown.with_untracked(|shown| resize(shown, columns.len() + 1));
        if let Some(lane) = shown.last() {
            self.lanes[*lane].clear();
            self.lanes[*lane].form.set(self.form_of(&column));
        }
        self.scene.update(|scene| scene.columns.push(column));
        self.shown.set(shown);
    }

    /// Removes a column; the last one stays.
    pub(crate) fn remove_column(self, lane: usize) {
        let Some(at) = untrack(|| self.position(lane)) else { return };
        if self.shown.with_untracked(Vec::len) < 2 {
            return;
        }
        if self.lanes[lane].run.with_untracked(|run| run.phase.is_busy()) {
            self.stop();
        }
        self.scene.update(|scene| {
            scene.columns.remove(at);
        });
        self.shown.update(|shown| {
            shown.remove(at);
        });
        self.look_at_nothing();
        self.lanes[lane].clear();
    }

    /// Switches a column to another stage, of the same model or another.
    pub(crate) fn set_stage(self, lane: usize, model: String, stage: String) {
        if self.lanes[lane].run.with_untracked(|run| run.phase.is_busy()) {
            self.stop();
        }
        self.update_column(lane, |column| {
            let sampler = column.sampler;
            *column = Column { sampler, form: column.form, ..Column::new(model, stage) };
        });
        self.lanes[lane].clear();
        self.look_at_nothing();
    }

    pub(crate) fn set_prompt_form(self, lane: usize, form: PromptForm) {
        self.update_column(lane, |column| column.form = form);
    }

    /// Gives a column settings of its own, or those of all.
    pub(crate) fn set_own_settings(self, lane: usize, own: bool) {
        let common = self.scene.with_untracked(|scene| scene.sampler);
        self.update_column(lane, |column| column.sampler = own.then_some(common));
        if let Some(column) = untrack(|| self.column(lane)) {
            self.lanes[lane].form.set(self.form_of(&column));
        }
    }

    /// A field of a column's own settings was changed.
    pub(crate) fn type_own_setting(self, lane: usize, field: Field, text: String) {
        let form = self.lanes[lane].form;
        form.update(|form| form.set(field, text));
        if let Ok(settings) = form.with_untracked(|form| form.parse()) {
            let sampler = scene::sampler(&settings.sampler);
            self.update_column(lane, |column| column.sampler = Some(sampler));
        }
    }

    /// Remembers in the scene where the reader left the model's path.
    pub(super) fn set_branch(self, lane: usize, branch: Branch) {
        self.update_column(lane, |column| column.branch = branch);
    }

    pub(crate) fn set_same_text(self, same_text: bool) {
        self.scene.update(|scene| scene::edit_view(scene, |view| view.same_text = same_text));
    }

    pub(crate) fn set_exact(self, exact: bool) {
        self.scene.update(|scene| scene::edit_view(scene, |view| view.exact = exact));
    }
}
