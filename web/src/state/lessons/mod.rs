//! Lessons beside the live page. The scene says which lesson and step is open; here is the rest: its text, what the
//! reader answered, and how a step sets the page.

mod act;
pub(crate) mod course;
pub(crate) mod data;
mod follow;
mod found;
pub(crate) mod light;
pub(crate) mod lookup;
mod observe;
pub(crate) mod set;

use std::sync::Arc;

use leptos::prelude::*;
use share::LessonText;
use share::lesson::{DataSource, Index, Lesson};

use crate::protocol::inside::Answer;

use course::{Course, Done};
use data::Entry;
use found::{Asked, Found};
use set::After;

/// Something that is read from the site.
#[derive(Clone, Debug)]
pub(crate) enum Reading<T> {
    /// Nobody asked for it.
    Unread,
    /// It is under way.
    Waits,
    Ready(T),
    /// Why it is not there.
    Failed(String),
}

/// A lesson, and the text it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) lesson: Lesson,
    pub(crate) text: LessonText,
}

/// Data that a widget shows: which, and how far they are read.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) source: DataSource,
    pub(crate) entries: Reading<Arc<Vec<Entry>>>,
}

/// The signals of the lessons. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Lessons {
    /// The panel is on the page: the list, or the lesson that the scene names.
    pub(crate) open: RwSignal<bool>,
    pub(crate) index: RwSignal<Reading<Arc<Index>>>,
    /// The lesson that the scene names.
    pub(crate) text: RwSignal<Reading<Arc<Written>>>,
    pub(crate) course: RwSignal<Course>,
    /// What was asked about the runs for the sake of questions: heads, lens, influence.
    found: RwSignal<Found>,
    /// What is being asked, with the parts that have come.
    asking: RwSignal<Option<(Asked, Vec<Arc<Answer>>)>>,
    pub(crate) data: RwSignal<Option<Opened>>,
    /// A lesson that does not come with the site.
    own: RwSignal<Option<LessonText>>,
    /// Counts how often the reader asked for a text that failed.
    tries: RwSignal<u32>,
    /// When the text is there, its step sets the page.
    sets: RwSignal<bool>,
    /// When the worker is free, the prompt is run.
    runs: RwSignal<bool>,
    /// And then this is done.
    after: RwSignal<Option<After>>,
}

impl Lessons {
    pub(crate) fn new(done: Done) -> Self {
        Self {
            open: RwSignal::new(false),
            index: RwSignal::new(Reading::Unread),
            text: RwSignal::new(Reading::Unread),
            course: RwSignal::new(Course::new(done)),
            found: RwSignal::new(Found::default()),
            asking: RwSignal::new(None),
            data: RwSignal::new(None),
            own: RwSignal::new(None),
            tries: RwSignal::new(0),
            sets: RwSignal::new(false),
            runs: RwSignal::new(false),
            after: RwSignal::new(None),
        }
    }
}

impl<T> Reading<T> {
    pub(crate) fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Unread | Self::Waits | Self::Failed(_) => None,
        }
    }

    pub(crate) fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed(why) => Some(why),
            Self::Unread | Self::Waits | Self::Ready(_) => None,
        }
    }
}
