//! Why a link or a file does not open.

use thiserror::Error;

use crate::lesson::LessonError;
use crate::scene::SceneError;

/// Why a link or a file does not open, one plain sentence each. The page says it in the reader's language.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ShareError {
    /// There is no `#v…=` in it.
    #[error("this address holds no scene")]
    NoLink,
    /// Made by a later Glassbox.
    #[error(
        "this was made by a newer Glassbox: it has version {version}, and this page knows versions up to {known}"
    )]
    FutureVersion {
        /// The version it has.
        version: u32,
        /// The latest version this page knows.
        known: u32,
    },
    /// More characters than any link of ours has.
    #[error("this link has {chars} characters, but at most {max} are read")]
    TooLong {
        /// Characters of the link.
        chars: usize,
        /// The most that are read.
        max: usize,
    },
    /// Characters that links do not have, or data that does not unpack to what was packed.
    #[error("this link is damaged: a part is missing or was changed")]
    Damaged,
    /// It unpacks to more than any scene needs.
    #[error("this unpacks to more than {max} bytes, which no scene needs")]
    TooLarge {
        /// The most that is unpacked or read, in bytes.
        max: usize,
    },
    /// Intact, but not what Glassbox writes.
    #[error("this is not what Glassbox writes: {0}")]
    Unreadable(String),
    /// A scene past its bounds.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// A lesson that is none.
    #[error(transparent)]
    Lesson(#[from] LessonError),
    /// A set of scenes that is empty, too large, or has scenes without names.
    #[error("this set has {count} scenes; a set has 1 to {max}, each with a name")]
    Collection {
        /// How many it has.
        count: usize,
        /// How many it may have.
        max: usize,
    },
}
