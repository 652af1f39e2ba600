//! The prompt lab: the prompt that is built, and the experiment that is planned.

use serde::{Deserialize, Serialize};

use super::check::{check_parts, check_seed, count, length, name, number, slug, whole};
use super::limits::{
    MAX_FIGURE, MAX_KNOB, MAX_LANGUAGES, MAX_STAGES, MAX_TECHNIQUES, MAX_TEMPERATURE, MAX_TOKENS,
};
use super::{Language, Part, SceneError, is_default};

/// The prompt lab.
///
/// A view with two techniques or more, or with `plan`, says what is planned: what it leaves out of the plan is then
/// as it is written here. Any other view leaves the plan as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LabView {
    /// Techniques by id. The first is the one that is shown; the others are planned, with the settings that the lab
    /// offers and the numbers below.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub techniques: Vec<String>,
    /// Examples put before the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shots: Option<u32>,
    /// Samples of self-consistency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<u32>,
    /// The technique that is shown with settings of its own, where its id and the numbers above do not say it all. Its
    /// prompt stands in the scene.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Box<PlannedTechnique>>,
    /// At most so many new tokens per call of the prompt that is shown; `None` is 96.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_max_tokens: Option<u32>,
    /// The problem set's id; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub set: String,
    /// Problems of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Option<u32>,
    /// Seed of the problems and of the examples drawn.
    #[serde(skip_serializing_if = "is_default")]
    pub seed: u64,
    /// An experiment is shown; otherwise the prompt that is built.
    #[serde(skip_serializing_if = "is_default")]
    pub measure: bool,
    /// The planned techniques with settings of their own, in place of those of `techniques`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Vec<PlannedTechnique>>,
    /// The stages that are asked; none stands for the page's own choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<PlannedStage>,
    /// The languages of the problems; `None` stands for that of the scene, and where it has none for the reader's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<Language>>,
    /// The model whose held-out problems are meant, where `set` is a held-out file; empty: that of the first stage.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub set_model: String,
    /// At most so many new tokens per call; `None` is 96.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Calls in one batch; `None` is 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// Temperature where a technique has none of its own; `None` is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// The id of the rule that reads answers; empty: as the problem wants it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The regular expression of the rule that has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pattern: String,
}

/// A planned technique. A setting that is not there is as the lab offers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlannedTechnique {
    /// Its id.
    pub id: String,
    /// Examples before the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shots: Option<u32>,
    /// Answers that vote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<u32>,
    /// Temperature of the technique itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Smaller questions, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_questions: Option<u32>,
    /// Rounds of checking or discussion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// Steps kept at each depth of a tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breadth: Option<u32>,
    /// Steps proposed after each kept one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposals: Option<u32>,
    /// Steps one after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// When a second prompt reads out the answer: 0 never, 1 if it is missing, 2 always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extract: Option<u32>,
    /// 1: the result of a program goes back to the model, which says the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speak: Option<u32>,
    /// The prompt of one's own; of a technique that writes its own prompts, the examples picked for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Questions and answers of that prompt are labelled in raw text.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: bool,
    /// Keys of the stages that discuss; none stands for all that can.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub speakers: Vec<String>,
    /// Key of the stage that decides; empty: the one that is asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub judge: String,
}

/// A stage of a planned experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlannedStage {
    /// Manifest id, or the name of a local file.
    pub model: String,
    /// The stage of the model.
    pub stage: String,
}

impl LabView {
    /// Does it say what is planned?
    pub fn has_plan(&self) -> bool {
        self.plan.is_some() || self.techniques.len() > 1
    }

    pub(super) fn check(&self) -> Result<(), SceneError> {
        count("techniques", self.techniques.len(), MAX_TECHNIQUES)?;
        self.techniques.iter().try_for_each(|technique| slug("techniques", technique))?;
        for (field, id) in [("set", &self.set), ("rule", &self.rule)] {
            if !id.is_empty() {
                slug(field, id)?;
            }
        }
        for (field, value, max) in [
            ("shots", self.shots, MAX_KNOB),
            ("votes", self.votes, MAX_KNOB),
            ("problems", self.problems, MAX_FIGURE),
            ("max_tokens", self.max_tokens, MAX_TOKENS),
            ("shown_max_tokens", self.shown_max_tokens, MAX_TOKENS),
            ("batch", self.batch, MAX_FIGURE),
        ] {
            value.map_or(Ok(()), |value| whole(field, value, 0, max))?;
        }
        check_seed(self.seed)?;
        check_temperature(self.temperature)?;
        self.shown.as_ref().map_or(Ok(()), |shown| shown.check())?;
        if let Some(plan) = &self.plan {
            count("plan", plan.len(), MAX_TECHNIQUES)?;
            plan.iter().try_for_each(PlannedTechnique::check)?;
        }
        count("stages", self.stages.len(), MAX_STAGES)?;
        for stage in &self.stages {
            name("model", &stage.model)?;
            slug("stage", &stage.stage)?;
        }
        count("languages", self.languages.as_ref().map_or(0, Vec::len), MAX_LANGUAGES)?;
        if !self.set_model.is_empty() {
            name("set_model", &self.set_model)?;
        }
        length("pattern", &self.pattern)
    }
}

impl PlannedTechnique {
    fn check(&self) -> Result<(), SceneError> {
        slug("plan", &self.id)?;
        for (field, value) in [
            ("shots", self.shots),
            ("votes", self.votes),
            ("sub_questions", self.sub_questions),
            ("rounds", self.rounds),
            ("breadth", self.breadth),
            ("proposals", self.proposals),
            ("depth", self.depth),
            ("extract", self.extract),
            ("speak", self.speak),
        ] {
            value.map_or(Ok(()), |value| whole(field, value, 0, MAX_KNOB))?;
        }
        check_temperature(self.temperature)?;
        count("speakers", self.speakers.len(), MAX_STAGES)?;
        self.speakers.iter().try_for_each(|key| name("speakers", key))?;
        if !self.judge.is_empty() {
            name("judge", &self.judge)?;
        }
        check_parts(&self.parts)
    }
}

fn check_temperature(temperature: Option<f32>) -> Result<(), SceneError> {
    temperature
        .map_or(Ok(()), |value| number("temperature", value.into(), 0.0, MAX_TEMPERATURE.into()))
}
