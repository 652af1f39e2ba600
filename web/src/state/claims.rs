//! What an example's sentence says, in a form a program can check against a run.

use serde::Deserialize;

use crate::state::rubric;

/// One statement about the answers of an example. Columns are counted from 0, from left to right.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
pub(crate) enum Claim {
    /// The answer contains one of these, in Latin script as a whole word.
    Contains { column: usize, any: Vec<String> },
    /// The answer contains none of these.
    Lacks { column: usize, any: Vec<String> },
    /// The answer begins with one of these.
    Begins { column: usize, any: Vec<String> },
    /// The model ended the answer by itself.
    Ends { column: usize },
    /// The model was still writing when it was cut off, or repeated itself.
    RunsOn { column: usize },
    /// The answer says a sentence twice, or many groups of four words.
    Repeats { column: usize },
    /// The answer asks a question back: it ends with a question mark.
    AsksBack { column: usize },
    /// These columns have different answers, each from each.
    Differ { columns: Vec<usize> },
    /// These columns have the same answer.
    Same { columns: Vec<usize> },
    /// The answer has at least so many characters more than the other.
    Longer { column: usize, than: usize, by: usize },
    /// The reward is higher than the other's.
    Rewarded { column: usize, over: usize },
    /// The model was undecided at this token of the answer: its best guess had less than 70 %.
    Fork { column: usize, place: usize },
    /// The model was sure at this token: its best guess had at least 90 %.
    Sure { column: usize, place: usize },
}

/// The fields of all kinds of [`Claim`].
#[derive(Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Fields {
    kind: String,
    column: Option<usize>,
    columns: Option<Vec<usize>>,
    any: Option<Vec<String>>,
    than: Option<usize>,
    by: Option<usize>,
    over: Option<usize>,
    place: Option<usize>,
}

/// What came out in a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) ended: bool,
    pub(crate) reward: Option<f32>,
    /// Probability of the most likely token at each place.
    pub(crate) best: Vec<f32>,
}

impl TryFrom<Fields> for Claim {
    type Error = String;

    fn try_from(mut fields: Fields) -> Result<Self, String> {
        let kind = std::mem::take(&mut fields.kind);
        match fields.take(&kind) {
            // What is left does not belong to this kind.
            Some(claim) if fields == Fields::default() => Ok(claim),
            _ => Err(format!("no claim of the kind `{kind}`, or not with these fields")),
        }
    }
}

impl Fields {
    /// Takes out what a kind of claim needs.
    fn take(&mut self, kind: &str) -> Option<Claim> {
        Some(match kind {
            "contains" => Claim::Contains { column: self.column.take()?, any: self.any.take()? },
            "lacks" => Claim::Lacks { column: self.column.take()?, any: self.any.take()? },
            "begins" => Claim::Begins { column: self.column.take()?, any: self.any.take()? },
            "ends" => Claim::Ends { column: self.column.take()? },
            "runs_on" => Claim::RunsOn { column: self.column.take()? },
            "repeats" => Claim::Repeats { column: self.column.take()? },
            "asks_back" => Claim::AsksBack { column: self.column.take()? },
            "differ" => Claim::Differ { columns: self.columns.take()? },
            "same" => Claim::Same { columns: self.columns.take()? },
            "longer" => Claim::Longer {
                column: self.column.take()?,
                than: self.than.take()?,
                by: self.by.take()?,
            },
            "rewarded" => Claim::Rewarded { column: self.column.take()?, over: self.over.take()? },
            "fork" => Claim::Fork { column: self.column.take()?, place: self.place.take()? },
            "sure" => Claim::Sure { column: self.column.take()?, place: self.place.take()? },
            _ => return None,
        })
    }
}

impl Claim {
    /// Is it so? `None` if a column that it speaks of is not there.
    pub(crate) fn holds(&self, outcomes: &[Outcome]) -> Option<bool> {
        let at = |column: usize| outcomes.get(column);
        let text = |column: usize| at(column).map(|outcome| outcome.text.trim());
        let texts = |columns: &[usize]| -> Option<Vec<&str>> {
            columns.iter().map(|&column| text(column)).collect()
        };
        let has = |column: usize, any: &[String]| {
            text(column).map(|text| any.iter().any(|string| rubric::contains_word(text, string)))
        };
        Some(match self {
            Self::Contains { column, any } => has(*column, any)?,
            Self::Lacks { column, any } => !has(*column, any)?,
            Self::Begins { column, any } => {
                let text = text(*column)?.to_lowercase();
                any.iter().any(|beginning| text.starts_with(&beginning.to_lowercase()))
            }
            Self::Ends { column } => at(*column)?.ended,
            Self::RunsOn { column } => {
                let outcome = at(*column)?;
                !outcome.ended || rubric::repeats(&outcome.text)
            }
            Self::Repeats { column } => rubric::repeats(text(*column)?),
            Self::AsksBack { column } => text(*column)?.ends_with(['?', '？']),
            Self::Differ { columns } => {
                let texts = texts(columns)?;
                (1..texts.len()).all(|at| !texts[..at].contains(&texts[at]))
            }
            Self::Same { columns } => {
                let texts = texts(columns)?;
                texts.windows(2).all(|pair| pair[0] == pair[1])
            }
            Self::Longer { column, than, by } => {
                let length = |column: usize| text(column).map(|text| text.chars().count());
                length(*column)? >= length(*than)? + by
            }
            Self::Rewarded { column, over } => at(*column)?.reward? > at(*over)?.reward?,
            Self::Fork { column, place } => *at(*column)?.best.get(*place)? < 0.7,
            Self::Sure { column, place } => *at(*column)?.best.get(*place)? >= 0.9,
        })
    }

    /// The columns it speaks of.
    #[cfg(test)]
    pub(crate) fn columns(&self) -> Vec<usize> {
        match self {
            Self::Contains { column, .. }
            | Self::Lacks { column, .. }
            | Self::Begins { column, .. }
            | Self::Ends { column }
            | Self::RunsOn { column }
            | Self::Repeats { column }
            | Self::AsksBack { column }
            | Self::Fork { column, .. }
            | Self::Sure { column, .. } => vec![*column],
            Self::Differ { columns } | Self::Same { columns } => columns.clone(),
            Self::Longer { column, than, .. } => vec![*column, *than],
            Self::Rewarded { column, over } => vec![*column, *over],
        }
    }
}

/// Do all of them hold? `None` if one cannot be told, or if there are none.
pub(crate) fn all_hold(claims: &[Claim], outcomes: &[Outcome]) -> Option<bool> {
    if claims.is_empty() {
        return None;
    }
    let each: Option<Vec<bool>> = claims.iter().map(|claim| claim.holds(outcomes)).collect();
    each.map(|each| each.into_iter().all(|held| held))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(json: &str) -> Claim {
        serde_json::from_str(json).expect("a claim")
    }

    fn outcomes() -> Vec<Outcome> {
        let outcome = |text: &str, ended, reward, best| Outcome {
            text: text.into(),
            ended,
            reward: Some(reward),
            best: vec![best],
        };
        vec![
            outcome("\nWhat is that? What is that?", false, -1.0, 0.5),
            outcome(" It is Beijing.", true, 1.0, 0.95),
            outcome("Gladly: it is Beijing.", true, 2.0, 0.7),
        ]
    }

    #[test]
    fn what_a_kind_does_not_have_is_refused() {
        for broken in [
            r#"{"kind":"ends"}"#,
            r#"{"kind":"ends","column":0,"place":1}"#,
            r#"{"kind":"ends","column":0,"more":1}"#,
            r#"{"kind":"stops","column":0}"#,
        ] {
            assert!(serde_json::from_str::<Claim>(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn each_kind_can_hold_and_can_fail() {
        let pairs = [
            (
                r#"{"kind":"contains","column":1,"any":["beijing"]}"#,
                r#"{"kind":"contains","column":0,"any":["Beijing"]}"#,
            ),
            (
                r#"{"kind":"lacks","column":0,"any":["Beijing"]}"#,
                r#"{"kind":"lacks","column":2,"any":["x","Beijing"]}"#,
            ),
            (
                r#"{"kind":"begins","column":2,"any":["gladly"]}"#,
                r#"{"kind":"begins","column":1,"any":["Gladly"]}"#,
            ),
            (r#"{"kind":"ends","column":1}"#, r#"{"kind":"ends","column":0}"#),
            (r#"{"kind":"runs_on","column":0}"#, r#"{"kind":"runs_on","column":1}"#),
            (r#"{"kind":"repeats","column":0}"#, r#"{"kind":"repeats","column":2}"#),
            (r#"{"kind":"asks_back","column":0}"#, r#"{"kind":"asks_back","column":1}"#),
            (r#"{"kind":"differ","columns":[0,1,2]}"#, r#"{"kind":"differ","columns":[1,2,1]}"#),
            (r#"{"kind":"same","columns":[1,1]}"#, r#"{"kind":"same","columns":[1,2]}"#),
            (
                r#"{"kind":"longer","column":2,"than":1,"by":5}"#,
                r#"{"kind":"longer","column":1,"than":2,"by":0}"#,
            ),
            (
                r#"{"kind":"rewarded","column":2,"over":1}"#,
                r#"{"kind":"rewarded","column":1,"over":1}"#,
            ),
            (r#"{"kind":"fork","column":0,"place":0}"#, r#"{"kind":"fork","column":2,"place":0}"#),
            (r#"{"kind":"sure","column":1,"place":0}"#, r#"{"kind":"sure","column":2,"place":0}"#),
        ];
        for (good, bad) in pairs {
            assert_eq!(claim(good).holds(&outcomes()), Some(true), "{good}");
            assert_eq!(claim(bad).holds(&outcomes()), Some(false), "{bad}");
        }
    }

    #[test]
    fn what_is_not_there_cannot_be_told() {
        assert_eq!(claim(r#"{"kind":"ends","column":3}"#).holds(&outcomes()), None);
        assert_eq!(claim(r#"{"kind":"fork","column":0,"place":9}"#).holds(&outcomes()), None);
        assert_eq!(claim(r#"{"kind":"differ","columns":[0,5]}"#).holds(&outcomes()), None);
        assert!(serde_json::from_str::<Claim>(r#"{"kind":"ends","column":0,"x":1}"#).is_err());
    }

    #[test]
    fn all_hold_or_it_is_not_so() {
        let (ends, runs) = (Claim::Ends { column: 1 }, Claim::Ends { column: 0 });
        assert_eq!(all_hold(std::slice::from_ref(&ends), &outcomes()), Some(true));
        assert_eq!(all_hold(&[ends, runs], &outcomes()), Some(false));
        assert_eq!(all_hold(&[], &outcomes()), None);
    }
}
