//! Why a text is no lesson.

use thiserror::Error;

use crate::markdown::MarkdownError;
use crate::scene::SceneError;

/// Why a text is no lesson, and where.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("line {line} of the lesson: {problem}")]
pub struct LessonError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a lesson.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Problem {
    /// The text itself.
    #[error(transparent)]
    Markdown(#[from] MarkdownError),
    /// No id of a lesson.
    #[error("{0:?} is no id of a lesson")]
    Id(String),
    /// No heading of level 1 at the beginning, or a second one.
    #[error("a lesson begins with one heading of level 1")]
    Title,
    /// No step.
    #[error("a lesson has 1 to {max} steps, each under a heading of level 2")]
    Steps {
        /// The most steps.
        max: usize,
    },
    /// A `scene`, `question`, … before the first step.
    #[error("a block {name:?} belongs to a step")]
    Early {
        /// The block's name.
        name: String,
    },
    /// Not JSON, or JSON of another shape.
    #[error("block {name:?}: {detail}")]
    Json {
        /// The block's name.
        name: String,
        /// What the reader of JSON says.
        detail: String,
    },
    /// A scene past its bounds.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// More than one scene in a step.
    #[error("a step has one scene")]
    Scenes,
    /// A question, widget or claim that makes no sense.
    #[error("{0}")]
    Senseless(&'static str),
}
