//! What a lesson states about the models, in a form that a test can check.

use serde::{Deserialize, Serialize};

use super::measure::{Measure, TextMeasure};
use super::observed::Observed;

/// A statement about a run of the step's scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Claim {
    /// A number lies between two bounds, each included; one of them may be left out.
    Range {
        /// The number.
        of: Measure,
        /// The smallest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// The largest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// A number is larger than another by more than `by`.
    More {
        /// The larger one.
        of: Measure,
        /// The smaller one.
        than: Measure,
        /// By how much at least.
        #[serde(default)]
        by: f64,
    },
    /// A text, without spaces around it, is one of these.
    Is {
        /// The text.
        of: TextMeasure,
        /// One of them.
        any: Vec<String>,
    },
    /// A text contains one of these.
    Contains {
        /// The text.
        of: TextMeasure,
        /// One of them.
        any: Vec<String>,
    },
    /// A text contains none of these.
    Lacks {
        /// The text.
        of: TextMeasure,
        /// None of them.
        any: Vec<String>,
    },
    /// Two texts are not the same.
    Differ {
        /// A text.
        of: TextMeasure,
        /// The other.
        from: TextMeasure,
    },
    /// Two texts are the same, letter by letter.
    Same {
        /// A text.
        of: TextMeasure,
        /// The other.
        with: TextMeasure,
    },
}

/// Whether a claim holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Holds,
    /// It does not; what was found instead.
    Fails(String),
    /// What it is about was not observed.
    NotObserved,
}

impl Claim {
    /// Whether it holds of what was observed.
    pub fn check(&self, observed: &Observed) -> Outcome {
        self.try_check(observed).unwrap_or(Outcome::NotObserved)
    }

    /// The numbers it is about.
    pub fn measures(&self) -> Vec<&Measure> {
        match self {
            Self::Range { of, .. } => vec![of],
            Self::More { of, than, .. } => vec![of, than],
            _ => Vec::new(),
        }
    }

    /// The texts it is about.
    pub fn text_measures(&self) -> Vec<&TextMeasure> {
        match self {
            Self::Is { of, .. } | Self::Contains { of, .. } | Self::Lacks { of, .. } => vec![of],
            Self::Differ { of, from: other } | Self::Same { of, with: other } => vec![of, other],
            Self::Range { .. } | Self::More { .. } => Vec::new(),
        }
    }

    /// Whether it could hold and could fail.
    pub(super) fn makes_sense(&self) -> bool {
        let finite = |bound: &Option<f64>| bound.is_none_or(f64::is_finite);
        match self {
            Self::Range { min, max, .. } => {
                let empty = min.zip(*max).is_some_and(|(min, max)| min > max);
                (min.is_some() || max.is_some()) && finite(min) && finite(max) && !empty
            }
            Self::More { of, than, by } => by.is_finite() && of != than,
            Self::Is { any, .. } | Self::Contains { any, .. } | Self::Lacks { any, .. } => {
                !any.is_empty() && any.iter().all(|text| !text.trim().is_empty())
            }
            Self::Differ { of, from: other } | Self::Same { of, with: other } => of != other,
        }
    }

    fn try_check(&self, observed: &Observed) -> Option<Outcome> {
        let (holds, found) = match self {
            Self::Range { of, min, max } => {
                let value = of.value(observed)?;
                let low = min.is_none_or(|min| value >= min);
                (low && max.is_none_or(|max| value <= max), value.to_string())
            }
            Self::More { of, than, by } => {
                let (value, other) = (of.value(observed)?, than.value(observed)?);
                (value > other + by, format!("{value} against {other}"))
            }
            Self::Is { of, any } => {
                let text = of.value(observed)?;
                (any.iter().any(|known| known.trim() == text.trim()), text)
            }
            Self::Contains { of, any } => {
                let text = of.value(observed)?;
                (any.iter().any(|known| text.contains(known.as_str())), text)
            }
            Self::Lacks { of, any } => {
                let text = of.value(observed)?;
                (!any.iter().any(|known| text.contains(known.as_str())), text)
            }
            Self::Differ { of, from } => {
                let (text, other) = (of.value(observed)?, from.value(observed)?);
                (text != other, text)
            }
            Self::Same { of, with } => {
                let (text, other) = (of.value(observed)?, with.value(observed)?);
                (text == other, format!("{text:?} and {other:?}"))
            }
        };
        Some(if holds { Outcome::Holds } else { Outcome::Fails(found) })
    }
}
