//! Where problems and examples come from, as it stands in files.

use serde::Deserialize;

use super::settings::{ExampleSource, Source};
use crate::problems::{Kind, Problem};

/// The fields of all kinds of [`Source`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFields {
    from: String,
    kind: Option<Kind>,
    model: Option<String>,
    file: Option<String>,
    kinds: Option<Vec<String>>,
    name: Option<String>,
    problems: Option<Vec<Problem>>,
}

/// The fields of all kinds of [`ExampleSource`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFields {
    from: String,
    kind: Option<Kind>,
}

/// What does not go with the rest.
const WRONG: &str = "it is not said where it comes from, or too much is said";

impl TryFrom<SourceFields> for Source {
    type Error = &'static str;

    fn try_from(fields: SourceFields) -> Result<Self, Self::Error> {
        let SourceFields { from, kind, model, file, kinds, name, problems } = fields;
        match (from.as_str(), kind, model, file, kinds, name, problems) {
            ("generated", Some(kind), None, None, None, None, None) => Ok(Self::Generated { kind }),
            ("trio", None, Some(model), Some(file), kinds, None, None) => {
                Ok(Self::Trio { model, file, kinds: kinds.unwrap_or_default() })
            }
            ("table", None, None, None, None, Some(name), Some(problems)) => {
                Ok(Self::Table { name, problems })
            }
            _ => Err(WRONG),
        }
    }
}

impl TryFrom<ExampleFields> for ExampleSource {
    type Error = &'static str;

    fn try_from(fields: ExampleFields) -> Result<Self, Self::Error> {
        match (fields.from.as_str(), fields.kind) {
            ("problems", None) => Ok(Self::Problems),
            ("generated", Some(kind)) => Ok(Self::Generated { kind }),
            _ => Err(WRONG),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_through_and_nothing_that_is_none() {
        let sources = [
            Source::Generated { kind: Kind::Ages },
            Source::Trio { model: "sprout".into(), file: "questions".into(), kinds: Vec::new() },
            Source::Trio { model: "a".into(), file: "b".into(), kinds: vec!["c".into()] },
            Source::Table { name: "own".into(), problems: Vec::new() },
        ];
        for source in sources {
            let json = serde_json::to_string(&source).expect("plain data");
            assert_eq!(serde_json::from_str::<Source>(&json).expect("its own output"), source);
        }
        for source in [ExampleSource::Problems, ExampleSource::Generated { kind: Kind::Ages }] {
            let json = serde_json::to_string(&source).expect("plain data");
            assert_eq!(serde_json::from_str::<ExampleSource>(&json).expect("its own"), source);
        }
        for broken in [
            r#"{"from":"generated"}"#,
            r#"{"from":"generated","kind":"ages","name":"own"}"#,
            r#"{"from":"trio","model":"a"}"#,
            r#"{"from":"elsewhere"}"#,
            r#"{"kind":"ages"}"#,
            r#"{"from":"problems","kind":"ages"}"#,
        ] {
            assert!(serde_json::from_str::<Source>(broken).is_err(), "{broken}");
            assert!(serde_json::from_str::<ExampleSource>(broken).is_err(), "{broken}");
        }
    }
}
