//! Trios: one model at several stages of its upbringing, with everything that made them.
//!
//! All paths are site paths, `models/ID/…`: these files come with the site.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Localized;

/// The stages of a model: the base, and adapters of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trio {
    /// How the stages descend from each other, in a sentence or two.
    pub lineage: Localized,
    /// The base first, then the others in the order of [`StageId`].
    pub stages: Vec<Stage>,
    /// The reward model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<Reward>,
    /// Weights from along the way, to be fetched when they are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkpoints: Vec<Checkpoint>,
    /// What the stages were trained and measured on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataSet>,
    /// Logs of the training runs, JSON Lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// What was measured on held-out data, JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// The model's own page, Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readme: Option<String>,
    /// The notice that travels with the adapters, plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

impl Trio {
    /// The stage with this name.
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// Every file with a size and a hash: those of the stages, of the reward model and of the checkpoints.
    pub fn files(&self) -> impl Iterator<Item = &SiteFile> {
        let of_stages = self.stages.iter().filter_map(|stage| stage.adapter.as_ref());
        let of_reward = self.reward.iter().map(|reward| &reward.adapter);
        let adapters = of_stages.chain(of_reward).flat_map(AdapterFiles::files);
        adapters.chain(self.checkpoints.iter().flat_map(|checkpoint| checkpoint.weights.files()))
    }

    /// Whether anything here was made from the base's weights by training adapters of them.
    pub fn has_adapters(&self) -> bool {
        let is_adapter =
            |checkpoint: &Checkpoint| matches!(checkpoint.weights, CheckpointWeights::Adapter(_));
        self.reward.is_some()
            || self.stages.iter().any(|stage| stage.adapter.is_some())
            || self.checkpoints.iter().any(is_adapter)
    }
}

/// Names of the stages, in the order in which they are trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageId {
    /// Pretrained: continues documents.
    Base,
    /// Fine-tuned on questions and answers.
    Sft,
    /// Trained against the reward model.
    Rlhf,
}

impl StageId {
    /// Every stage, in order.
    pub const ALL: [StageId; 3] = [StageId::Base, StageId::Sft, StageId::Rlhf];

    /// Its name in manifests, links and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            StageId::Base => "base",
            StageId::Sft => "sft",
            StageId::Rlhf => "rlhf",
        }
    }
}

impl fmt::Display for StageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StageId {
    type Err = UnknownStage;

    fn from_str(name: &str) -> Result<StageId, UnknownStage> {
        let found = StageId::ALL.into_iter().find(|id| id.as_str() == name);
        found.ok_or_else(|| UnknownStage { name: name.to_owned() })
    }
}

/// A word that names no stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no stage {name:?}; there are base, sft and rlhf")]
pub struct UnknownStage {
    /// The word.
    pub name: String,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Which one.
    pub id: StageId,
    /// Name to show.
    pub name: Localized,
    /// One sentence about it.
    pub summary: Localized,
    /// Whether it expects its prompts in the chat template.
    pub chat: bool,
    /// What it adds to the base's weights; none for the base itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<AdapterFiles>,
}

/// An adapter in PEFT's file format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdapterFiles {
    /// `adapter_config.json`
    pub config: SiteFile,
    /// `adapter_model.safetensors`
    pub weights: SiteFile,
}

impl AdapterFiles {
    /// Both files.
    pub fn files(&self) -> [&SiteFile; 2] {
        [&self.config, &self.weights]
    }

    /// Bytes of both files.
    pub fn bytes(&self) -> u64 {
        self.config.bytes.saturating_add(self.weights.bytes)
    }
}

/// A file that comes with the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Site path.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// The reward model: an adapter with a scalar head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Its files.
    pub adapter: AdapterFiles,
    /// Mean of the rewards of the SFT stage's answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f32>,
    /// Their standard deviation: the unit in which rewards are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f32>,
}

impl Reward {
    /// A reward in standard deviations of the SFT stage's rewards, counted from their mean; `None` where these are
    /// not known.
    pub fn standardized(&self, reward: f32) -> Option<f32> {
        Some((reward - self.mean?) / self.sd?)
    }
}

/// Weights from along the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Kebab-case.
    pub id: String,
    /// Name to show.
    pub name: Localized,
    /// Where they are.
    pub weights: CheckpointWeights,
}

/// What a checkpoint consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckpointWeights {
    /// A whole base, from pretraining: a GGUF file without a tokenizer.
    Base(SiteFile),
    /// An adapter of the base.
    Adapter(AdapterFiles),
}

impl CheckpointWeights {
    /// Its files.
    pub fn files(&self) -> impl Iterator<Item = &SiteFile> {
        let (base, adapter) = match self {
            CheckpointWeights::Base(file) => (Some(file), None),
            CheckpointWeights::Adapter(files) => (None, Some(files)),
        };
        base.into_iter().chain(adapter.into_iter().flat_map(AdapterFiles::files))
    }
}

/// A data set in the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// Name to show.
    pub name: Localized,
    /// Site path: JSON Lines, or plain text.
    pub path: String,
    /// Lines that are not empty.
    pub rows: u64,
    /// SPDX identifier, or words.
    pub licence: String,
}
