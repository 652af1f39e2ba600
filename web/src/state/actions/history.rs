//! Undo and redo, and the one way to put a whole scene on the page.

use leptos::prelude::*;
use share::Scene;
use share::history::History;
use share::scene::Branch;

use super::branch::branch_of;
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::blind::Blind;
use crate::state::lane::rematch;
use crate::state::run::Run;
use crate::state::scene::{self, MAX_COLUMNS};
use crate::state::settings::{DEFAULT_CONTEXT, Form, Settings};
use crate::state::sharing::change::record;
use crate::state::sharing::tab::Tab;

impl App {
    /// Every change of the scene becomes a step, or part of one.
    pub(crate) fn keep_history(self) {
        effect(move || {
            let scene = self.scene.get();
            self.sharing.history.update(|history| record(history, scene));
        });
        // What is typed before a run and what is typed after it are two steps.
        effect(move || {
            if self.work.with(Option::is_some) {
                self.end_step();
            } else {
                // A link that was opened while the worker was busy.
                untrack(|| self.go_on_with_link());
            }
        });
    }

    /// What comes next is a step of its own: the reader left the field.
    pub(crate) fn end_step(self) {
        self.sharing.history.update(History::seal);
    }

    pub(crate) fn undo(self) {
        self.travel(|history| history.undo().cloned());
    }

    pub(crate) fn redo(self) {
        self.travel(|history| history.redo().cloned());
    }

    fn travel(self, step: impl FnOnce(&mut History<Scene>) -> Option<Scene>) {
        let there = self.sharing.history.try_update(step).flatten();
        let Some(there) = there else { return };
        // The room, and the lesson beside the page, are not part of what is undone.
        let scene = self.scene.with_untracked(|now| Scene {
            lesson: now.lesson.clone(),
            presenter: now.presenter,
            embed: now.embed,
            ..there
        });
        self.put_scene(scene);
        self.walk_to_branches();
        let now = self.scene.get_untracked();
        self.sharing.history.update(|history| history.replace(now));
    }

    /// Puts a scene on the page. Answers of columns that are there already stay.
    pub(in crate::state) fn put_scene(self, mut scene: Scene) {
        let context = scene.context.unwrap_or(DEFAULT_CONTEXT);
        scene.context = Some(context);
        scene.columns.truncate(MAX_COLUMNS);
        let old = self.scene.with_untracked(|scene| scene.columns.clone());
        let shown = self.shown.get_untracked();
        let places = rematch(&shown, &old, &scene.columns);
        let stays = |lane: usize| places.contains(&(lane, true));
        let is_busy = |lane: usize| self.lanes[lane].run.with_untracked(|run| run.phase.is_busy());
        let gone: Vec<usize> = (0..MAX_COLUMNS).filter(|lane| !stays(*lane)).collect();
        if self.is_busy_untracked() && gone.iter().any(|lane| is_busy(*lane)) {
            self.stop();
        }
        let is_other = places.iter().any(|(_, stays)| !stays) || shown.len() != places.len();
        for lane in gone {
            self.lanes[lane].clear();
        }
        let sampler = scene::settings(&scene.sampler);
        self.form.set(Form::of(&Settings { sampler, max_tokens: scene.max_tokens, context }));
        let on = scene::view(&scene).blind;
        self.blind.update(|blind| {
            if blind.on != on {
                *blind = Blind { on, voted: false };
            }
        });
        let columns = scene.columns.clone();
        self.scene.set(scene);
        self.shown.set(places.iter().map(|(lane, _)| *lane).collect());
        for ((lane, _), column) in places.iter().zip(&columns) {
            self.lanes[*lane].form.set(self.form_of(column));
        }
        if is_other {
            self.look_at_nothing();
        }
    }

    /// Columns whose branch is another one than the scene's show the scene's, where it has been tried. Where it has
    /// not, the scene says what is shown.
    fn walk_to_branches(self) {
        for lane in untrack(|| self.columns()) {
            let (wanted, run) = (untrack(|| self.column(lane.number)), lane.run.get_untracked());
            let wanted: Branch = wanted.map(|column| column.branch).unwrap_or_default();
            let shown = branch_of(&run);
            if wanted == shown || run.phase.is_busy() {
                continue;
            }
            let is_it = |run: &Run| branch_of(run) == wanted;
            match lane.tree.with_untracked(|tree| tree.find(is_it)) {
                Some(path) => self.walk(lane.number, path),
                None => self.set_branch(lane.number, shown),
            }
        }
    }

    // ---- parts of the page ----

    /// The part that is open. Tracks.
    pub(crate) fn tab(self) -> Tab {
        self.scene.with(|scene| Tab::of(&scene.view))
    }

    /// Opens another part, as it was left.
    pub(crate) fn open_tab(self, tab: Tab) {
        if untrack(|| self.tab()) == tab {
            return;
        }
        let view = self.scene.with_untracked(|scene| scene.view.clone());
        if let Some(view) = self.sharing.left.try_update_value(|left| left.turn(view, tab)) {
            self.scene.update(|scene| scene.view = view);
        }
    }

    /// Is only the view shown? Tracks.
    pub(crate) fn is_embedded(self) -> bool {
        self.sharing.embed.get() || self.scene.with(|scene| scene.embed)
    }

    /// Is the page on a projector? Tracks.
    pub(crate) fn is_presented(self) -> bool {
        self.scene.with(|scene| scene.presenter)
    }

    pub(crate) fn set_presenter(self, on: bool) {
        self.scene.update(|scene| scene.presenter = on);
    }
}
