//! What an experiment is made of.

use serde::{Deserialize, Serialize};

use super::error::ExperimentError;
use crate::grade::Grader;
use crate::problems::{Kind, Problem};
use crate::prompt::{ChatExamples, Form};
use crate::technique::{Sampling, Technique};
use crate::{Bilingual, Language};

/// An experiment with every setting. Its JSON is the file that the page and the command line run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Its name in files.
    pub id: String,
    /// Its name for readers.
    #[serde(default)]
    pub title: Bilingual,
    /// What it asks.
    #[serde(default)]
    pub question: Bilingual,
    /// What is compared.
    pub techniques: Vec<TechniqueUse>,
    /// Who answers.
    pub stages: Vec<Stage>,
    /// Where problems come from.
    pub problems: Source,
    /// The languages of the problems.
    #[serde(default = "both")]
    pub languages: Vec<Language>,
    /// Problems in each language.
    pub count: usize,
    /// Where examples come from.
    #[serde(default)]
    pub examples: ExampleSource,
    /// Problems, examples and the draws of samples follow from it; at most 2⁵³ − 1.
    #[serde(default = "one")]
    pub seed: u64,
    /// How tokens are chosen, where a technique does not say otherwise.
    #[serde(default)]
    pub sampling: Sampling,
    /// At most so many new tokens per call.
    #[serde(default = "default_max_tokens")]
    pub max_tokens: u32,
    /// Calls that run as rows of one batch.
    #[serde(default = "default_batch")]
    pub batch: usize,
    /// How answers are judged.
    #[serde(default)]
    pub grader: Grader,
}

/// A technique under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechniqueUse {
    /// Unique in the experiment, such as `few_shot-4`.
    pub key: String,
    /// Its name for readers; empty: that of the catalogue.
    #[serde(default)]
    pub name: Bilingual,
    /// The technique with its settings.
    pub technique: Technique,
}

/// A stage of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Unique in the experiment, such as `sft`.
    pub key: String,
    /// The model's id. Calls to stages of one model can be rows of one batch.
    pub model: String,
    /// `base`, `sft` or `rlhf`; models without a trio have one stage, `model`.
    pub stage: String,
    /// How prompts go into it.
    #[serde(default)]
    pub form: Form,
    /// How its chats show examples.
    #[serde(default)]
    pub chat_examples: ChatExamples,
}

/// Where problems come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", try_from = "super::fields::SourceFields")]
pub enum Source {
    /// A generator.
    Generated {
        /// Which one.
        kind: Kind,
    },
    /// A held-out file of a trio.
    Trio {
        /// The trio's model.
        model: String,
        /// The file's name without ending: `questions`, `word_problems`, `reversal`.
        file: String,
        /// Only problems of these kinds; empty: of all.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        kinds: Vec<String>,
    },
    /// The reader's own table.
    Table {
        /// What it is called.
        name: String,
        /// Its rows.
        problems: Vec<Problem>,
    },
}

/// Where examples come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", try_from = "super::fields::ExampleFields")]
pub enum ExampleSource {
    /// From where the problems come, but never one that is asked.
    #[default]
    Problems,
    /// From a generator.
    Generated {
        /// Which one.
        kind: Kind,
    },
}

impl Experiment {
    /// Reads an experiment file and checks it.
    ///
    /// # Errors
    /// [`ExperimentError`] for anything that is no experiment, or one out of bounds.
    pub fn from_json(json: &str) -> Result<Self, ExperimentError> {
        let experiment: Self = serde_json::from_str(json)
            .map_err(|error| ExperimentError::Unreadable { message: error.to_string() })?;
        experiment.check()?;
        Ok(experiment)
    }

    /// The same on another model, which has to have the same stages, and the same files if problems are from one.
    pub fn on_model(&self, model: &str) -> Self {
        let mut experiment = self.clone();
        for stage in &mut experiment.stages {
            model.clone_into(&mut stage.model);
        }
        if let Source::Trio { model: own, .. } = &mut experiment.problems {
            model.clone_into(own);
        }
        experiment
    }

    /// The index of a stage by its key.
    pub fn stage_index(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.key == key)
    }

    /// The index of a technique by its key.
    pub fn technique_index(&self, key: &str) -> Option<usize> {
        self.techniques.iter().position(|technique| technique.key == key)
    }
}

impl Source {
    /// The file it needs, below the folder of models: `sprout/eval/questions.jsonl`.
    pub fn file(&self) -> Option<String> {
        match self {
            Self::Trio { model, file, .. } => Some(format!("{model}/eval/{file}.jsonl")),
            _ => None,
        }
    }
}

impl TechniqueUse {
    /// Its name for readers.
    pub fn shown_name(&self, language: Language) -> &str {
        let own = self.name.get(language);
        if own.is_empty() { self.technique.info().name.get(language) } else { own }
    }
}

fn both() -> Vec<Language> {
    Language::ALL.to_vec()
}

fn one() -> u64 {
    1
}

fn default_max_tokens() -> u32 {
    96
}

fn default_batch() -> usize {
    8
}
