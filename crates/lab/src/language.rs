//! The two languages, and phrases that exist in both.

use serde::{Deserialize, Serialize};

/// The language of a problem and of the phrases around it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// A fixed phrase in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

/// A text of a file in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Language {
    /// Both, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// `en` or `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language a text is written in: Chinese if it has any Han character, for Chinese texts hold Latin words but not
    /// the other way round.
    pub fn of(text: &str) -> Self {
        if text.chars().any(is_han) { Self::Zh } else { Self::En }
    }
}

impl Phrase {
    /// A phrase.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    /// The phrase in one language.
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }
}

impl Bilingual {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A Chinese character (the unified ideographs and their first extension).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// A character that is as wide as a Chinese one and takes no space beside it: Han or its punctuation.
fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '“' | '”')
}

/// What goes between two texts on one line: a space in Latin script, nothing in Chinese or where there is a gap already.
pub(crate) fn joint(before: &str, after: &str) -> &'static str {
    match (before.chars().next_back(), after.chars().next()) {
        (Some(a), Some(b))
            if !a.is_whitespace() && !b.is_whitespace() && !is_wide(a) && !is_wide(b) =>
        {
            " "
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_join_as_they_are_written() {
        assert_eq!(joint("How many?", "Think."), " ");
        assert_eq!(joint("有多少？", "想一想。"), "");
        assert_eq!(joint("a ", "b"), "");
        assert_eq!(joint("", "b"), "");
    }

    #[test]
    fn a_text_has_a_language() {
        assert_eq!(Language::of("How many?"), Language::En);
        assert_eq!(Language::of("Tom有多少？"), Language::Zh);
        assert_eq!(Language::of(""), Language::En);
    }
}
