//! What happens by itself: texts are read when they are needed, and a step's run begins when the worker is free.

use std::sync::Arc;

use leptos::prelude::*;
use share::LessonText;
use share::lesson::{DataSource, Index, parse};
use share::scene::Language;
use wasm_bindgen_futures::spawn_local;

use super::set::After;
use super::{Opened, Reading, Written, data, light, set};
use crate::browser::{fetch, light as sheet};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::run::Phase;

/// Where the lessons lie, seen from the page.
const FOLDER: &str = "lessons";

impl App {
    /// Starts everything that follows the scene and the worker by itself.
    pub(crate) fn follow_lessons(self) {
        let named = memo(move || {
            self.scene.with(|scene| scene.lesson.as_ref().map(|place| place.id.clone()))
        });
        // A link to a lesson opens the panel.
        effect(move || {
            if named.with(Option::is_some) {
                self.lessons.open.set(true);
            }
        });
        effect(move || {
            let unread = self.lessons.index.with(|index| matches!(index, Reading::Unread));
            if self.lessons.open.get() && unread {
                self.read_index();
            }
        });
        effect(move || {
            // What failed is read again when somebody asks for it.
            self.lessons.tries.track();
            let (own, language) = (self.lessons.own.get(), self.language.get());
            if let Some(id) = named.get() {
                self.read_lesson(id, language, own);
            }
        });
        effect(move || self.light_up());
        effect(move || self.run_when_free());
        self.follow_looks();
    }

    fn read_index(self) {
        self.lessons.index.set(Reading::Waits);
        spawn_local(async move {
            let read = match fetch::text(&format!("{FOLDER}/index.json")).await {
                Ok(json) => Index::parse(&json).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            self.lessons.index.set(match read {
                Ok(index) => Reading::Ready(Arc::new(index)),
                Err(why) => Reading::Failed(why),
            });
        });
    }

    /// Reads a lesson, unless it is there.
    fn read_lesson(self, id: String, language: Language, own: Option<LessonText>) {
        if let Some(text) = own.filter(|own| own.id == id) {
            let is_there = self
                .lessons
                .text
                .with_untracked(|read| read.ready().is_some_and(|written| written.text == text));
            return if is_there { self.arrive() } else { self.take_lesson(text) };
        }
        let is_there = self.lessons.text.with_untracked(|read| match read {
            Reading::Ready(written) => {
                (&written.lesson.id, written.lesson.language) == (&id, language)
            }
            Reading::Failed(_) | Reading::Unread | Reading::Waits => false,
        });
        if is_there {
            return self.arrive();
        }
        // While the other language is read, the lesson stays in view.
        if self.lessons.text.with_untracked(|read| read.ready().is_none()) {
            self.lessons.text.set(Reading::Waits);
        }
        spawn_local(async move {
            let read = fetch::text(&format!("{FOLDER}/{}/{id}.md", language.code())).await;
            // Another lesson may have been opened meanwhile, or the language switched.
            let is_wanted = self.language.get_untracked() == language
                && self.scene.with_untracked(|scene| {
                    scene.lesson.as_ref().is_some_and(|place| place.id == id)
                });
            match read {
                _ if !is_wanted => {}
                Ok(markdown) => self.take_lesson(LessonText { id, language, markdown }),
                Err(error) => self.lessons.text.set(Reading::Failed(error.to_string())),
            }
        });
    }

    /// A lesson's text came. If the page stands as it was set by the same lesson in the other language, it is set anew.
    fn take_lesson(self, text: LessonText) {
        let lesson = match parse(&text.id, text.language, &text.markdown) {
            Ok(lesson) => lesson,
            Err(error) => return self.lessons.text.set(Reading::Failed(error.to_string())),
        };
        let was_set = self.lessons.text.with_untracked(|before| {
            let before = &before.ready()?.lesson;
            self.scene.with_untracked(|now| {
                let step = now.lesson.as_ref()?.step as usize;
                let same = before.id == lesson.id && before.language != lesson.language;
                Some(same && set::is_set(before.scene_at(step)?, now))
            })
        });
        if was_set == Some(true) {
            self.lessons.sets.set(true);
        }
        self.lessons.text.set(Reading::Ready(Arc::new(Written { lesson, text })));
        self.arrive();
    }

    /// The lesson is there: its step sets the page if it is to.
    fn arrive(self) {
        if !self.lessons.sets.get_untracked() {
            return;
        }
        self.lessons.sets.set(false);
        if let Some((written, step)) = untrack(|| self.lesson_at()) {
            self.set_step(&written.lesson, step);
        }
    }

    /// Lights up what the step that is shown points at. Tracks.
    fn light_up(self) {
        let lit = self.shows_lessons().then(|| self.lesson_at()).flatten();
        let rules = lit.and_then(|(written, step)| {
            written.lesson.steps.get(step).map(|step| light::sheet(step.highlights()))
        });
        sheet::set(&rules.unwrap_or_default());
    }

    /// Runs a step's prompt when nothing else is under way, and what follows it. Tracks.
    fn run_when_free(self) {
        let wants = self.lessons.runs.get();
        // Before the list of models is there, none of them is known.
        if self.is_busy() || self.catalogue.with(Option::is_none) {
            return;
        }
        if wants {
            self.lessons.runs.set(false);
            // What is being loaded runs the prompt by itself, if a run waits for it.
            let waits =
                self.library.with_untracked(|library| library.is_loading() && library.then().run);
            if !waits {
                untrack(|| self.press_run());
            }
            return;
        }
        let lanes = untrack(|| self.columns());
        let is_over = !lanes.is_empty()
            && lanes.iter().all(|lane| lane.run.with_untracked(|run| run.phase == Phase::Finished));
        if !is_over {
            return;
        }
        let Some(after) = self.lessons.after.get_untracked() else { return };
        self.lessons.after.set(None);
        match after {
            After::Samples { column, count } => {
                if let Some(lane) = lanes.get(column) {
                    untrack(|| self.draw_samples(lane.number, count, false));
                }
            }
            After::Score { column } => {
                if let Some(lane) = lanes.get(column) {
                    untrack(|| self.score(lane.number));
                }
            }
        }
    }

    /// Reads the data that a widget shows, unless they are there.
    pub(crate) fn open_data(self, source: DataSource) {
        let is_there = self.lessons.data.with_untracked(|data| {
            data.as_ref().is_some_and(|data| {
                data.source == source && !matches!(data.entries, Reading::Failed(_))
            })
        });
        if is_there {
            return;
        }
        let show = move |entries| self.lessons.data.set(Some(Opened { source, entries }));
        show(Reading::Waits);
        spawn_local(async move {
            let mut entries = Vec::new();
            for file in data::files(source) {
                let read = match fetch::text(&file).await {
                    Ok(text) => data::read(source, &text),
                    Err(error) => Err(error.to_string()),
                };
                match read {
                    Ok(more) => entries.extend(more),
                    Err(why) => return show(Reading::Failed(why)),
                }
            }
            let is_wanted = self
                .lessons
                .data
                .with_untracked(|data| data.as_ref().is_some_and(|data| data.source == source));
            if is_wanted {
                show(Reading::Ready(Arc::new(entries)));
            }
        });
    }
}
