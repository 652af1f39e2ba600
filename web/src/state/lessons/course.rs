//! How far the reader is: attempts at questions, questions skipped, lessons gone through.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use share::lesson::{Attempts, Grade, Reaction};

/// A question of a lesson: both languages have the same ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) lesson: String,
    pub(crate) step: usize,
    /// Among the step's questions.
    pub(crate) question: usize,
}

/// What is said to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Right.
    Praise,
    /// Wrong for the first time.
    Nudge,
    /// Wrong again; what is right.
    Reveal(String),
    /// The run has to come to it first.
    RunFirst,
    /// The run is over and does not show what is asked: nobody is held up by that.
    NotShown,
}

/// What happened at one question.
#[derive(Clone, Debug, Default, PartialEq)]
struct Try {
    attempts: Attempts,
    said: Option<Said>,
    /// The way on is open without an answer.
    open: bool,
}

/// Everything about the reader's way through the lessons.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    tries: BTreeMap<Spot, Try>,
    done: Done,
}

/// Lessons gone through to the end, by id: kept in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    pub(crate) lessons: BTreeSet<String>,
}

impl Course {
    pub(crate) fn new(done: Done) -> Self {
        Self { tries: BTreeMap::new(), done }
    }

    /// Takes note of a graded answer. `is_over`: nothing more will come of the run.
    pub(crate) fn answer(&mut self, spot: Spot, grade: &Grade, is_over: bool) {
        let own = self.tries.entry(spot).or_default();
        let said = match (own.attempts.react(grade), grade) {
            (Reaction::Praise, _) => Said::Praise,
            (Reaction::Nudge, _) => Said::Nudge,
            (Reaction::Reveal, Grade::Wrong { right }) => Said::Reveal(right.clone()),
            (Reaction::Reveal, _) => Said::Reveal(String::new()),
            (Reaction::RunFirst, _) if is_over => {
                own.open = true;
                Said::NotShown
            }
            (Reaction::RunFirst, _) => Said::RunFirst,
        };
        own.said = Some(said);
    }

    /// The reader goes on without an answer.
    pub(crate) fn skip(&mut self, spot: Spot) {
        self.tries.entry(spot).or_default().open = true;
    }

    pub(crate) fn said(&self, spot: &Spot) -> Option<&Said> {
        self.tries.get(spot)?.said.as_ref()
    }

    /// Is the step after this one open? It has so many questions.
    pub(crate) fn may_go_on(&self, lesson: &str, step: usize, questions: usize) -> bool {
        (0..questions).all(|question| {
            let spot = Spot { lesson: lesson.to_owned(), step, question };
            self.tries.get(&spot).is_some_and(|own| own.open || own.attempts.may_go_on())
        })
    }

    /// The lesson is gone through. Whoever opens it once more is asked once more.
    pub(crate) fn finish(&mut self, lesson: &str) {
        self.tries.retain(|spot, _| spot.lesson != lesson);
        self.done.lessons.insert(lesson.to_owned());
    }

    pub(crate) fn is_done(&self, lesson: &str) -> bool {
        self.done.lessons.contains(lesson)
    }

    /// What is kept in the browser.
    pub(crate) fn done(&self) -> &Done {
        &self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(question: usize) -> Spot {
        Spot { lesson: "chance".to_owned(), step: 2, question }
    }

    fn wrong() -> Grade {
        Grade::Wrong { right: " b".to_owned() }
    }

    #[test]
    fn a_wrong_answer_is_nudged_once_and_opens_the_way() {
        let mut course = Course::default();
        assert!(!course.may_go_on("chance", 2, 1));
        course.answer(spot(0), &wrong(), true);
        assert_eq!(course.said(&spot(0)), Some(&Said::Nudge));
        assert!(course.may_go_on("chance", 2, 1));
        course.answer(spot(0), &wrong(), true);
        assert_eq!(course.said(&spot(0)), Some(&Said::Reveal(" b".to_owned())));
        course.answer(spot(0), &Grade::Right, true);
        assert_eq!(course.said(&spot(0)), Some(&Said::Praise));
        course.answer(spot(0), &wrong(), true);
        assert_eq!(course.said(&spot(0)), Some(&Said::Praise), "what was right stays right");
    }

    #[test]
    fn a_finished_lesson_asks_again() {
        let mut course = Course::default();
        course.answer(spot(0), &Grade::Right, true);
        course.finish("tokens");
        assert!(course.may_go_on("chance", 2, 1), "another lesson");
        course.finish("chance");
        assert!(course.is_done("chance") && !course.may_go_on("chance", 2, 1));
        assert_eq!(course.said(&spot(0)), None);
    }

    #[test]
    fn every_question_of_a_step_is_asked_for() {
        let mut course = Course::default();
        course.answer(spot(0), &Grade::Right, true);
        assert!(course.may_go_on("chance", 2, 1) && !course.may_go_on("chance", 2, 2));
        course.skip(spot(1));
        assert!(course.may_go_on("chance", 2, 2));
        assert!(course.may_go_on("chance", 3, 0) && !course.may_go_on("chance", 3, 1));
        assert!(!course.may_go_on("tokens", 2, 1), "another lesson");
    }

    #[test]
    fn a_run_that_is_not_there_holds_up_and_one_that_does_not_show_it_does_not() {
        let mut course = Course::default();
        course.answer(spot(0), &Grade::NotYet, false);
        assert_eq!(course.said(&spot(0)), Some(&Said::RunFirst));
        assert!(!course.may_go_on("chance", 2, 1));
        course.answer(spot(0), &Grade::NotYet, true);
        assert_eq!(course.said(&spot(0)), Some(&Said::NotShown));
        assert!(course.may_go_on("chance", 2, 1));
    }

    #[test]
    fn what_is_kept_opens_again() {
        let mut course = Course::default();
        course.finish("chance");
        let kept = serde_json::to_string(course.done()).expect("plain data");
        let read: Done = serde_json::from_str(&kept).expect("own output");
        assert!(Course::new(read).is_done("chance"));
        assert_eq!(serde_json::from_str::<Done>("{}").expect("lenient"), Done::default());
    }
}
