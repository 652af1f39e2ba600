//! What the reader does with lessons.

use std::sync::Arc;

use lab::experiment::Status;
use leptos::prelude::*;
use share::lesson::{Answer, Lesson, Observed, Place, Step};
use share::scene::{LessonPlace, View};
use share::{LessonText, Shared, file, link};

use super::course::Spot;
use super::found::Found;
use super::set::{self, put};
use super::{Reading, Written, light, observe};
use crate::browser::{dom, kept, save};
use crate::state::app::App;
use crate::state::lane::Lane;
use crate::state::run::Phase;

impl App {
    /// Shows the list of lessons, or the lesson that is open; hides it if it is shown.
    pub(crate) fn toggle_lessons(self) {
        self.lessons.open.update(|open| *open = !*open);
    }

    /// Is the panel of lessons on the page? In a frame, only the view is. Tracks.
    pub(crate) fn shows_lessons(self) -> bool {
        self.lessons.open.get() && !self.is_embedded()
    }

    /// Opens a lesson of the site at its first step, which sets the page.
    pub(crate) fn open_lesson(self, id: &str) {
        self.lessons.own.set(None);
        self.begin_lesson(id.to_owned());
    }

    /// Opens a lesson that came in a link or a file.
    pub(crate) fn open_lesson_text(self, text: LessonText) {
        let id = text.id.clone();
        self.lessons.own.set(Some(text));
        self.begin_lesson(id);
    }

    fn begin_lesson(self, id: String) {
        self.lessons.open.set(true);
        self.lessons.sets.set(true);
        self.scene.update(|scene| scene.lesson = Some(LessonPlace { id, step: 0 }));
    }

    /// Back to the list; the page stays as it is.
    pub(crate) fn leave_lesson(self) {
        self.lessons.sets.set(false);
        self.drop_plans();
        self.scene.update(|scene| scene.lesson = None);
    }

    /// Nothing that a step wanted is run any more.
    pub(crate) fn drop_plans(self) {
        self.lessons.runs.set(false);
        self.lessons.after.set(None);
    }

    /// The lesson and step that are open. Tracks.
    pub(crate) fn lesson_at(self) -> Option<(Arc<Written>, usize)> {
        let place = self.scene.with(|scene| scene.lesson.clone())?;
        let written = self.lessons.text.with(|text| text.ready().cloned())?;
        let last = written.lesson.steps.len().checked_sub(1)?;
        (written.lesson.id == place.id).then(|| (written, (place.step as usize).min(last)))
    }

    /// Goes to a step, which sets the page if it has a scene. Where there is no such step, nothing happens.
    pub(crate) fn go_to_step(self, to: usize) {
        let Some((written, _)) = untrack(|| self.lesson_at()) else { return };
        if to < written.lesson.steps.len() {
            self.set_step(&written.lesson, to);
        }
    }

    /// The step after this one, or before it.
    pub(crate) fn turn_page(self, forward: bool) {
        let Some((_, step)) = untrack(|| self.lesson_at()) else { return };
        let to = if forward { step.checked_add(1) } else { step.checked_sub(1) };
        if let Some(to) = to {
            self.go_to_step(to);
        }
    }

    /// The page as this step wants it, also if the reader has changed it since.
    pub(crate) fn set_again(self) {
        if let Some((written, step)) = untrack(|| self.lesson_at()) {
            self.set_page(&written.lesson, step);
        }
    }

    /// Has the reader changed what this step set? Tracks.
    pub(crate) fn is_off_course(self) -> bool {
        let Some((written, step)) = self.lesson_at() else { return false };
        let scene = written.lesson.scene_at(step);
        scene.is_some_and(|wanted| self.scene.with(|now| !set::is_set(wanted, now)))
    }

    /// The step sets the page, unless it goes on with what the step before it set.
    pub(super) fn set_step(self, lesson: &Lesson, at: usize) {
        let Some(step) = lesson.steps.get(at) else { return };
        if step.scene().is_some() {
            return self.set_page(lesson, at);
        }
        let place = LessonPlace { id: lesson.id.clone(), step: at as u32 };
        self.scene.update(|scene| scene.lesson = Some(place));
        self.open_tool_of(lesson, at, step);
    }

    fn set_page(self, lesson: &Lesson, at: usize) {
        let (Some(step), Some(wanted)) = (lesson.steps.get(at), lesson.scene_at(at)) else {
            return;
        };
        let place = LessonPlace { id: lesson.id.clone(), step: at as u32 };
        let scene = self.scene.with_untracked(|now| put(wanted, now, place));
        if self.is_busy_untracked() {
            self.stop();
        }
        self.example.set(None);
        self.put_scene(scene);
        for lane in self.lanes {
            lane.clear();
        }
        self.look_at_nothing();
        self.lessons.found.set(Found::default());
        self.lessons.after.set(set::after(&wanted.view));
        // The lab runs experiments, which the reader starts.
        let runs = !matches!(wanted.view, View::Lab(_)) && !wanted.prompt.text.is_empty();
        self.lessons.runs.set(runs);
        self.open_tool_of(lesson, at, step);
    }

    /// Opens what a step points at, where it may be closed.
    fn open_tool_of(self, lesson: &Lesson, at: usize, step: &Step) {
        let Some(wanted) = lesson.scene_at(at) else { return };
        if let Some(tool) = set::tool(&wanted.view, step.highlights()) {
            self.tool.set(Some(tool));
        }
        let in_columns = self.scene.with_untracked(|now| matches!(now.view, View::Compare(_)));
        if in_columns && step.highlights().any(|lit| lit.place == Place::Exact) {
            self.set_exact(true);
        }
        if step.highlights().any(|lit| lit.place == Place::Settings) {
            dom::open_details("settings");
        }
    }

    /// Brings what this step points at into view.
    pub(crate) fn show_lit(self) {
        let Some((written, step)) = untrack(|| self.lesson_at()) else { return };
        let lit = written.lesson.steps.get(step).and_then(|step| step.highlights().next());
        if let Some(highlight) = lit {
            dom::show_first(&light::selector(highlight));
        }
    }

    /// Everything about the reader's run that questions may be about. Tracks.
    pub(crate) fn observed(self) -> Observed {
        let lanes = self.columns();
        let mut observed = Observed {
            columns: lanes.iter().map(|lane| lane.run.with(observe::column)).collect(),
            samples: self.draws.with(|draws| observe::samples(draws)),
            ..Observed::default()
        };
        self.add_found(&mut observed);
        let stages: Vec<(String, String)> = self.scene.with(|scene| {
            scene
                .columns
                .iter()
                .map(|column| (column.model.clone(), column.stage.clone()))
                .collect()
        });
        observed.results = self.lab.run.with(|measured| {
            let run = measured.as_ref().map(|measured| &measured.run);
            run.map(|run| observe::results(run, stages.first())).unwrap_or_default()
        });
        self.scoring.with(|scoring| {
            if let Some(scoring) = scoring {
                observe::score(&mut observed.columns, &stages, scoring);
            }
        });
        observed
    }

    /// Will nothing more come of the run? Tracks.
    pub(crate) fn is_run_over(self) -> bool {
        if self.lab_is_open() {
            return self.lab.run.with(|measured| {
                measured.as_ref().is_some_and(|own| own.run.status() == Status::Finished)
            });
        }
        let ended = |lane: &Lane| lane.run.with(|run| run.phase == Phase::Finished);
        let columns = self.columns();
        !self.is_busy()
            && !columns.is_empty()
            && columns.iter().all(ended)
            && !self.lessons.runs.get()
            && self.lessons.after.with(Option::is_none)
            && self.next_look().is_none()
    }

    /// Grades an answer against the reader's own run.
    pub(crate) fn answer_question(self, spot: Spot, answer: &Answer) {
        let Some((written, _)) = untrack(|| self.lesson_at()) else { return };
        let step = written.lesson.steps.get(spot.step);
        let Some(question) = step.and_then(|step| step.questions().nth(spot.question)) else {
            return;
        };
        let (observed, is_over) = untrack(|| (self.observed(), self.is_run_over()));
        let grade = question.grade(answer, &observed);
        self.lessons.course.update(|course| course.answer(spot, &grade, is_over));
    }

    /// What is still open in this step need not be answered.
    pub(crate) fn skip_questions(self) {
        let Some((written, step)) = untrack(|| self.lesson_at()) else { return };
        let Some(count) = written.lesson.steps.get(step).map(|step| step.questions().count())
        else {
            return;
        };
        self.lessons.course.update(|course| {
            for question in 0..count {
                course.skip(Spot { lesson: written.lesson.id.clone(), step, question });
            }
        });
    }

    /// The reader came to the end of a lesson: back to the list.
    pub(crate) fn finish_lesson(self) {
        if let Some((written, _)) = untrack(|| self.lesson_at()) {
            self.lessons.course.update(|course| course.finish(&written.lesson.id));
            self.lessons.course.with_untracked(|course| kept::write_done(course.done()));
        }
        self.leave_lesson();
    }

    /// Saves the lesson that is open as a file, to be passed on.
    pub(crate) fn save_lesson(self) {
        let written = self.lessons.text.with_untracked(|text| text.ready().cloned());
        let Some(written) = written else { return };
        let shared = Shared::Lesson(written.text.clone());
        // What was read as a lesson is within the bounds of a file.
        if let Ok(text) = file::write(&shared) {
            let name =
                format!("{}-{}{}", written.text.id, written.text.language.code(), file::ENDING);
            save::text(&name, "application/json", &text);
        }
    }

    /// A link that holds the lesson that is open. `None` if no link can.
    pub(crate) fn link_to_lesson(self) -> Option<link::Link> {
        let text = self.lessons.text.with_untracked(|text| Some(text.ready()?.text.clone()))?;
        link::link(&dom::page_address(), &Shared::Lesson(text)).ok()
    }

    /// Tries again to read what could not be read.
    pub(crate) fn read_lessons_again(self) {
        self.lessons.index.update(|index| {
            if index.failure().is_some() {
                *index = Reading::Unread;
            }
        });
        self.lessons.tries.update(|tries| *tries = tries.wrapping_add(1));
    }
}
