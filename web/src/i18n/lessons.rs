//! What is said around lessons: the list, the steps, questions, widgets.

use share::lesson::{DataSource, Place};

pub(crate) struct Lessons {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) close: &'static str,
    pub(crate) minutes: fn(u32) -> String,
    pub(crate) done: &'static str,
    pub(crate) reading: &'static str,
    /// Why it could not be read.
    pub(crate) failed: fn(&str) -> String,
    pub(crate) again: &'static str,
    pub(crate) all: &'static str,
    /// A step, counted from 1, of so many.
    pub(crate) step: fn(usize, usize) -> String,
    pub(crate) steps: &'static str,
    pub(crate) back: &'static str,
    pub(crate) next: &'static str,
    pub(crate) finish: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) answer_first: &'static str,
    pub(crate) set_again: &'static str,
    pub(crate) off_course: &'static str,
    pub(crate) save: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) link_too_long: &'static str,
    pub(crate) fold: &'static str,
    pub(crate) unfold: &'static str,
    /// A part of the page, of a column by its letter, at an answer token counted from 1.
    pub(crate) look: fn(Place, Option<char>, Option<u32>) -> String,
    pub(crate) look_there: &'static str,
    pub(crate) question: Question,
    pub(crate) lookup: Lookup,
    pub(crate) data: Data,
}

pub(crate) struct Question {
    pub(crate) title: &'static str,
    pub(crate) number: &'static str,
    pub(crate) check: &'static str,
    pub(crate) right: &'static str,
    pub(crate) nudge: &'static str,
    /// What is right.
    pub(crate) reveal: fn(&str) -> String,
    pub(crate) run_first: &'static str,
    pub(crate) not_shown: &'static str,
    pub(crate) waits: &'static str,
    pub(crate) no_number: &'static str,
    pub(crate) by_run: &'static str,
}

pub(crate) struct Lookup {
    pub(crate) title: &'static str,
    /// The query with what the keys are.
    pub(crate) query: fn(&str, &str) -> String,
    pub(crate) key: &'static str,
    pub(crate) value: &'static str,
    pub(crate) score: &'static str,
    pub(crate) weight: &'static str,
    pub(crate) share: &'static str,
    pub(crate) answer: &'static str,
    /// Query, answer, and the key that weighs most with its weight.
    pub(crate) summary: fn(&str, &str, &str, &str) -> String,
    pub(crate) width: fn(&str) -> String,
    pub(crate) how: &'static str,
}

pub(crate) struct Data {
    pub(crate) title: fn(DataSource) -> &'static str,
    pub(crate) note: fn(DataSource) -> &'static str,
    pub(crate) search: &'static str,
    pub(crate) reading: &'static str,
    /// Shown of so many found.
    pub(crate) count: fn(usize, &str) -> String,
    pub(crate) more: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) points: fn(&str) -> String,
    /// A field of a fact by its name in the file.
    pub(crate) field: fn(&str) -> &str,
}
