//! The lab is opened, and what it shows goes into the scene.

use std::time::Duration;

use lab::experiment::Run;
use leptos::prelude::*;
use share::scene::{LabView, View};

use crate::browser::logs;
use crate::protocol::ONLY_STAGE;
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::lab::asked::Seat;
use crate::state::lab::keep::Keeper;
use crate::state::lab::measured::Measured;
use crate::state::lab::scene::{self, Here, Shown};
use crate::state::lab::{Trouble, language};
use crate::state::sharing::change::record;
use crate::state::sharing::origin;

impl App {
    /// Is the lab what the page shows? Tracks.
    pub(crate) fn lab_is_open(self) -> bool {
        self.scene.with(|scene| matches!(scene.view, View::Lab(_)))
    }

    /// Shows the lab.
    pub(crate) fn lab_open(self) {
        if !untrack(|| self.lab_is_open()) {
            self.scene.update(|scene| scene.view = View::Lab(LabView::default()));
        }
    }

    /// What is built and planned goes into the scene while the lab is open, and comes from it when a link or an undo
    /// changes it.
    pub(crate) fn lab_keep_in_scene(self) {
        effect(move || {
            let shown = self.scene.with(|scene| match &scene.view {
                View::Lab(view) => {
                    Some(Shown { view: view.clone(), parts: scene.prompt.parts.clone() })
                }
                _ => None,
            });
            let Some(shown) = shown else { return };
            let last = self.lab.shown.get_value();
            self.lab_first_opening();
            let came = last.as_ref() != Some(&shown);
            if came && says_something(&shown, last.as_ref()) {
                untrack(|| self.lab_take(&shown));
            }
            let measure = self.lab.measure.get();
            let now = self
                .lab
                .build
                .with(|build| self.lab.plan.with(|plan| scene::of(build, plan, measure)));
            self.lab.shown.set_value(Some(now.clone()));
            if now == shown {
                return;
            }
            let before = self.scene.get_untracked();
            let mut after = before.clone();
            after.view = View::Lab(now.view);
            after.prompt.parts = now.parts;
            // What a link left open, or named and is not here, is no step of the reader's: an undo would only lead to
            // where it is filled in again.
            if came {
                self.sharing.history.update(|history| {
                    record(history, before);
                    history.replace(after.clone());
                });
            }
            self.scene.set(after);
        });
    }

    fn lab_take(self, shown: &Shown) {
        let mut build = self.lab.build.get_untracked();
        let mut plan = self.lab.plan.get_untracked();
        scene::take(shown, &mut build, &mut plan, &self.lab_here());
        self.lab.build.set(build);
        self.lab.plan.set(plan);
        self.lab.measure.set(shown.view.measure);
    }

    /// What a link's plan can name: models that are loaded, that are in the catalogue, and the reader's own files.
    /// Tracks.
    fn lab_here(self) -> Here {
        let mut stages = self.lab_seats();
        let model = self.lab_asked_seats().into_iter().next().map(|seat| seat.model);
        let mut trios = Vec::new();
        self.catalogue.with(|entries| {
            for entry in entries.iter().flatten() {
                let own = origin::stages(entry).into_iter();
                stages.extend(own.map(|stage| Seat::new(&entry.id, stage)));
                if entry.trio.is_some() {
                    trios.push(entry.id.clone());
                }
            }
        });
        self.local.with(|files| {
            stages.extend(files.iter().map(|file| Seat::new(file, ONLY_STAGE)));
        });
        Here { stages, trios, model }
    }

    /// The first time: a question in the reader's language, and the run that the browser has kept.
    fn lab_first_opening(self) {
        if self.lab.opened.get_value() {
            return;
        }
        self.lab.opened.set_value(true);
        let language = language(self.language.get_untracked());
        if language != lab::Language::En {
            self.lab.build.update_untracked(|build| {
                build.set_kind(build.kind, language);
            });
            self.lab.plan.update_untracked(|plan| plan.languages = vec![language]);
        }
        // Reading it may take a moment: the page is drawn first.
        set_timeout(move || self.lab_find_kept(), Duration::ZERO);
    }

    fn lab_find_kept(self) {
        let Some((keeper, log)) = Keeper::find(&logs::storage()) else { return };
        if self.lab.run.with_untracked(Option::is_some) {
            return;
        }
        // Also a log that cannot be read makes room for the next one.
        self.lab.keeper.set_value(keeper);
        match Run::restore(&log) {
            Ok(mut run) => {
                run.pause();
                self.lab_show(Some(Measured::new(run)));
            }
            Err(error) => self.lab.trouble.set(Some(Trouble::Log(error.to_string()))),
        }
    }
}

/// A lab that was only opened says nothing: what is there stays.
fn says_something(shown: &Shown, last: Option<&Shown>) -> bool {
    let parts_changed = match last {
        Some(last) => last.parts != shown.parts,
        None => true,
    };
    shown.view != LabView::default() || (parts_changed && !shown.parts.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use share::scene::Part;

    #[test]
    fn only_a_scene_that_says_something_changes_the_lab() {
        let nothing = Shown::default();
        assert!(!says_something(&nothing, None));
        let parts = Shown { parts: vec![Part::default()], ..Shown::default() };
        assert!(says_something(&parts, None) && says_something(&parts, Some(&nothing)));
        assert!(!says_something(&parts, Some(&parts)));
        let view = LabView { measure: true, ..LabView::default() };
        assert!(says_something(&Shown { view, ..Shown::default() }, None));
    }
}
