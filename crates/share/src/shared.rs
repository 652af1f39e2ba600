//! What a link or a file holds: a scene, a set of scenes, or a lesson.

use serde::{Deserialize, Serialize};

use crate::ShareError;
use crate::lesson::{self, LessonError};
use crate::scene::{Language, Scene};

/// The most scenes of a set.
pub const MAX_SCENES: usize = 500;
/// The longest name of a scene or a set, in characters.
pub const MAX_NAME: usize = 120;

/// What a link or a file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// The state of the page.
    Scene(Box<Scene>),
    /// Scenes to step through.
    Scenes(Collection),
    /// A lesson that does not come with the site.
    Lesson(LessonText),
}

/// A named row of scenes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// Its name; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// One scene or more.
    pub scenes: Vec<NamedScene>,
}

/// A scene with the name that a reader gave it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedScene {
    /// One line.
    pub name: String,
    /// When it was saved, in milliseconds since 1970; 0 if nobody knows.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub saved: u64,
    /// The scene.
    pub scene: Scene,
}

/// The Markdown of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonText {
    /// Its id.
    pub id: String,
    /// The language it is written in.
    pub language: Language,
    /// The lesson, in the format of [`crate::lesson`].
    pub markdown: String,
}

impl Shared {
    /// Whether everything in it is within its bounds.
    ///
    /// # Errors
    /// [`ShareError`] for the first thing that is not.
    pub fn check(&self) -> Result<(), ShareError> {
        match self {
            Self::Scene(scene) => Ok(scene.check()?),
            Self::Scenes(collection) => collection.check(),
            Self::Lesson(text) => Ok(text.parse().map(drop)?),
        }
    }

    pub(crate) fn checked(self) -> Result<Self, ShareError> {
        self.check()?;
        Ok(self)
    }

    /// As canonical JSON: no space, fields in order, defaults left out.
    pub(crate) fn to_json(&self) -> Result<String, ShareError> {
        self.check()?;
        serde_json::to_string(self).map_err(|error| ShareError::Unreadable(error.to_string()))
    }
}

impl From<Scene> for Shared {
    fn from(scene: Scene) -> Self {
        Self::Scene(Box::new(scene))
    }
}

impl Collection {
    fn check(&self) -> Result<(), ShareError> {
        let count = self.scenes.len();
        let fits = |name: &str| {
            name.chars().take(MAX_NAME + 1).count() <= MAX_NAME
                && !name.chars().any(char::is_control)
        };
        let named = |scene: &NamedScene| !scene.name.trim().is_empty() && fits(&scene.name);
        if count == 0 || count > MAX_SCENES || !fits(&self.title) || !self.scenes.iter().all(named)
        {
            return Err(ShareError::Collection { count, max: MAX_SCENES });
        }
        self.scenes.iter().try_for_each(|named| named.scene.check()).map_err(ShareError::from)
    }
}

impl LessonText {
    /// The lesson.
    ///
    /// # Errors
    /// [`LessonError`] if the Markdown is no lesson.
    pub fn parse(&self) -> Result<lesson::Lesson, LessonError> {
        lesson::parse(&self.id, self.language, &self.markdown)
    }
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}
