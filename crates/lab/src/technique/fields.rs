//! A technique as it stands in files.

use serde::Deserialize;

use super::settings::{Extract, Technique};
use crate::prompt::{Example, Part};

/// The fields of all techniques. Read directly, an enum with its name among its fields takes several times the code.
#[derive(Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fields {
    id: String,
    shots: Option<usize>,
    picked: Option<Vec<Example>>,
    extract: Option<Extract>,
    role: Option<String>,
    most: Option<usize>,
    rounds: Option<u32>,
    votes: Option<usize>,
    temperature: Option<f32>,
    speak: Option<bool>,
    breadth: Option<usize>,
    proposals: Option<usize>,
    depth: Option<u32>,
    speakers: Option<Vec<String>>,
    judge: Option<String>,
    parts: Option<Vec<Part>>,
    labels: Option<bool>,
}

/// Settings that a file leaves out.
const MOST_SUB_QUESTIONS: usize = 4;
const CHECKS: u32 = 1;
const DISCUSSION_ROUNDS: u32 = 2;
const TREE: (usize, usize, u32) = (2, 2, 2);
/// The temperature of a technique that compares several samples.
const WARM: f32 = 0.7;

impl TryFrom<Fields> for Technique {
    type Error = String;

    fn try_from(mut fields: Fields) -> Result<Self, Self::Error> {
        let id = std::mem::take(&mut fields.id);
        let technique = fields.take(&id)?;
        // What is left is a setting of another technique.
        if fields == Fields::default() {
            Ok(technique)
        } else {
            Err(format!("the technique `{id}` has a setting that it does not know"))
        }
    }
}

impl Fields {
    /// Takes out what a technique needs.
    fn take(&mut self, id: &str) -> Result<Technique, String> {
        let missing = |field: &str| format!("the technique `{id}` without `{field}`");
        Ok(match id {
            "plain" => Technique::Plain,
            "complete_sentence" => Technique::CompleteSentence,
            "zero_shot" => Technique::ZeroShot,
            "few_shot" => Technique::FewShot {
                shots: self.shots.take().ok_or_else(|| missing("shots"))?,
                picked: self.picked(),
            },
            "zero_shot_cot" => {
                Technique::ZeroShotCot { extract: self.extract.take().unwrap_or_default() }
            }
            "few_shot_cot" => Technique::FewShotCot {
                shots: self.shots.take().ok_or_else(|| missing("shots"))?,
                picked: self.picked(),
            },
            "explain" => Technique::Explain,
            "emotional" => Technique::Emotional,
            "role" => Technique::Role { role: self.role.take().unwrap_or_default() },
            "sub_questions" => {
                Technique::SubQuestions { most: self.most.take().unwrap_or(MOST_SUB_QUESTIONS) }
            }
            "self_check" => Technique::SelfCheck { rounds: self.rounds.take().unwrap_or(CHECKS) },
            "self_consistency" => Technique::SelfConsistency {
                votes: self.votes.take().ok_or_else(|| missing("votes"))?,
                shots: self.shots.take().unwrap_or_default(),
                picked: self.picked(),
                temperature: self.temperature.take().unwrap_or(WARM),
            },
            "program" => Technique::Program {
                shots: self.shots.take().unwrap_or_default(),
                picked: self.picked(),
                speak: self.speak.take().unwrap_or_default(),
            },
            "tree" => Technique::Tree {
                breadth: self.breadth.take().unwrap_or(TREE.0),
                proposals: self.proposals.take().unwrap_or(TREE.1),
                depth: self.depth.take().unwrap_or(TREE.2),
                temperature: self.temperature.take().unwrap_or(WARM),
            },
            "discussion" => Technique::Discussion {
                speakers: self.speakers.take().unwrap_or_default(),
                rounds: self.rounds.take().unwrap_or(DISCUSSION_ROUNDS),
                judge: self.judge.take().unwrap_or_default(),
            },
            "custom" => Technique::Custom {
                parts: self.parts.take().ok_or_else(|| missing("parts"))?,
                labels: self.labels.take().unwrap_or_default(),
            },
            _ => return Err(format!("there is no technique `{id}`")),
        })
    }

    fn picked(&mut self) -> Vec<Example> {
        self.picked.take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::CATALOGUE;
    use super::*;

    fn read(json: &str) -> Result<Technique, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn every_technique_of_the_catalogue_is_known_by_its_id() {
        for info in &CATALOGUE {
            let fields = r#""shots":1,"#.repeat(usize::from(info.id.contains("few_shot")));
            let votes = r#""votes":5,"#.repeat(usize::from(info.id == "self_consistency"));
            let parts = r#""parts":[],"#.repeat(usize::from(info.id == "custom"));
            let json = format!(r#"{{{fields}{votes}{parts}"id":"{}"}}"#, info.id);
            let technique = read(&json).expect(info.id);
            assert_eq!(technique.id(), info.id);
            let written = serde_json::to_string(&technique).expect("plain data");
            assert_eq!(read(&written).expect("its own output"), technique);
        }
    }

    #[test]
    fn what_a_technique_does_not_have_is_refused() {
        for (json, reason) in [
            (r#"{"id":"plain","shots":3}"#, "does not know"),
            (r#"{"id":"few_shot","shots":3,"votes":2}"#, "does not know"),
            (r#"{"id":"few_shot"}"#, "without `shots`"),
            (r#"{"id":"few_shots","shots":3}"#, "no technique"),
            (r#"{"shots":3}"#, "no technique"),
            (r#"{"id":"plain","id":"plain"}"#, "duplicate"),
            (r#"{"id":"plain","more":1}"#, "unknown field"),
        ] {
            let error = read(json).expect_err(json);
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
