//! Files that come with the page: prompts to try, before and after.

use serde::{Deserialize, Serialize};

use crate::prompt::{Layout, Part};
use crate::{Bilingual, Language};

/// A question asked in several ways, one after another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demonstration {
    /// Its name in links.
    pub id: String,
    /// Its name for readers.
    pub title: Bilingual,
    /// What to look for.
    pub look_for: Bilingual,
    /// The prompts, in the order in which they are shown.
    pub prompts: Vec<Variant>,
}

/// One way to ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The language of the prompt.
    pub lang: Language,
    /// The technique it is an instance of, by its id in the catalogue.
    pub technique: String,
    /// Questions and answers are labelled in raw prompts.
    #[serde(default)]
    pub labels: bool,
    /// The parts.
    pub parts: Vec<Part>,
    /// Answers that are right; none if there is no right one.
    #[serde(default)]
    pub accept: Vec<String>,
}

impl Demonstration {
    /// Its prompts in one language.
    pub fn prompts_in(&self, language: Language) -> impl Iterator<Item = &Variant> {
        self.prompts.iter().filter(move |variant| variant.lang == language)
    }
}

impl Variant {
    /// The layout of its prompt, in the form that a stage expects.
    pub fn layout(&self, form: crate::prompt::Form) -> Layout {
        Layout { language: self.lang, form, labels: self.labels, ..Layout::default() }
    }
}

/// Reads a list of demonstrations.
///
/// # Errors
/// What is wrong with the JSON.
pub fn demonstrations(json: &str) -> Result<Vec<Demonstration>, serde_json::Error> {
    serde_json::from_str(json)
}
