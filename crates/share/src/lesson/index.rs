//! The list of lessons that come with the site: `web/lessons/index.json`.

use serde::{Deserialize, Serialize};

use crate::ShareError;
use crate::scene::{Language, slug};

/// All lessons, in the order in which they build on each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The lessons.
    pub lessons: Vec<IndexEntry>,
}

/// A lesson of the list. Its text is `<language>/<id>.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexEntry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Title,
    /// What it is about, in one sentence.
    pub summary: Title,
    /// How long it takes.
    pub minutes: u32,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Index {
    /// Reads the list.
    ///
    /// # Errors
    /// [`ShareError::Unreadable`] if it is none; [`ShareError::Scene`] for an id that is none.
    pub fn parse(json: &str) -> Result<Self, ShareError> {
        let index: Self = serde_json::from_str(json)
            .map_err(|error| ShareError::Unreadable(error.to_string()))?;
        index.lessons.iter().try_for_each(|entry| slug("lesson", &entry.id))?;
        Ok(index)
    }
}

impl IndexEntry {
    /// Where its text lies, seen from the index.
    pub fn path(&self, language: Language) -> String {
        format!("{}/{}.md", language.code(), self.id)
    }
}

impl Title {
    /// The text in a language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}
