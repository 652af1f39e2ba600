//! What the reader chose once, and what the address says.

use serde::{Deserialize, Serialize};

use crate::protocol::BackendChoice;

pub(crate) use share::scene::Language;

/// The language that this one is switched to.
pub(crate) fn other(language: Language) -> Language {
    match language {
        Language::En => Language::Zh,
        Language::Zh => Language::En,
    }
}

/// From a browser's language tag such as `zh-TW`.
pub(crate) fn language_of(tag: &str) -> Language {
    if tag.to_ascii_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
}

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Kept in the browser's local storage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    pub(crate) language: Option<Language>,
    pub(crate) theme: Theme,
    /// Licences that were shown and accepted, by address.
    pub(crate) accepted_licences: Vec<String>,
}

/// What the address preselects: `?model=ID&backend=cpu&view=lab&embed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) model: Option<String>,
    pub(crate) backend: Option<BackendChoice>,
    /// Only the view, without what is around it.
    pub(crate) embed: bool,
    /// The prompt lab is shown.
    pub(crate) lab: bool,
}

impl Query {
    /// Reads a search string. What it does not know it leaves alone.
    pub(crate) fn parse(search: &str) -> Self {
        let mut query = Self::default();
        for pair in search.trim_start_matches('?').split('&') {
            match pair.split_once('=') {
                Some(("model", id)) if !id.is_empty() => query.model = Some(id.to_owned()),
                Some(("backend", name)) => query.backend = backend(name),
                Some(("view", name)) => query.lab = name == "lab",
                Some(("embed", value)) => query.embed = value != "0",
                None => query.embed |= pair == "embed",
                _ => {}
            }
        }
        query
    }
}

/// A backend by the name its select uses.
pub(crate) fn backend(name: &str) -> Option<BackendChoice> {
    match name {
        "auto" => Some(BackendChoice::Auto),
        "gpu" => Some(BackendChoice::Gpu),
        "cpu" => Some(BackendChoice::Cpu),
        _ => None,
    }
}

/// The name of a backend choice in selects and addresses.
pub(crate) fn backend_code(choice: BackendChoice) -> &'static str {
    match choice {
        BackendChoice::Auto => "auto",
        BackendChoice::Gpu => "gpu",
        BackendChoice::Cpu => "cpu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_preselects() {
        let query = Query::parse("?model=gemma-3-270m&backend=cpu&x=1");
        assert_eq!(query.model.as_deref(), Some("gemma-3-270m"));
        assert_eq!(query.backend, Some(BackendChoice::Cpu));
        assert_eq!(Query::parse("?backend=quantum&model="), Query::default());
        assert_eq!(Query::parse(""), Query::default());
        assert!(Query::parse("?embed").embed && Query::parse("?backend=cpu&embed=1").embed);
        assert!(!Query::parse("?embed=0").embed && !Query::parse("?embedded").embed);
        assert!(Query::parse("?backend=cpu&view=lab").lab && !Query::parse("?view=other").lab);
    }

    #[test]
    fn backend_names_go_both_ways() {
        for choice in [BackendChoice::Auto, BackendChoice::Gpu, BackendChoice::Cpu] {
            assert_eq!(backend(backend_code(choice)), Some(choice));
        }
    }

    #[test]
    fn the_toggles_go_round() {
        assert_eq!(other(other(Language::En)), Language::En);
        assert_eq!(Theme::System.next().next().next(), Theme::System);
        assert_eq!(language_of("zh-TW"), Language::Zh);
        assert_eq!(language_of("de"), Language::En);
    }

    #[test]
    fn preferences_of_another_version_still_open() {
        let read: Preferences =
            serde_json::from_str(r#"{"theme":"dark","later":true}"#).expect("lenient");
        assert_eq!(read.theme, Theme::Dark);
        assert_eq!(read.language, None);
        let written = serde_json::to_string(&read).expect("plain data");
        assert_eq!(serde_json::from_str::<Preferences>(&written).expect("own output"), read);
    }
}
