//! Models: where they come from, and what a loaded one is.

use serde::{Deserialize, Serialize};

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A model of the catalogue, by manifest id.
    Catalogue { id: String },
    /// The same model's file from its public address, on the host that the reader's button named.
    Hub { id: String, host: String },
    /// A GGUF file that the reader dropped or picked.
    LocalFile { name: String },
}

/// Which backend the reader asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackendChoice {
    /// WebGPU where it works, else the CPU.
    #[default]
    Auto,
    /// WebGPU or an error.
    Gpu,
    /// The CPU.
    Cpu,
}

/// What a load is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadStage {
    Downloading,
    ReadingStored,
    ReadingLocal,
    Verifying,
    Preparing,
}

/// A loaded model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Manifest id, or the file's name for a local file. Requests name the model so.
    pub id: String,
    pub architecture: String,
    pub backend: BackendInfo,
    pub vocab: u32,
    pub layers: u32,
    pub context: u32,
    pub weight_bytes: u64,
    pub file_bytes: u64,
    pub has_chat_template: bool,
    /// At least one; requests name a stage by its id.
    pub stages: Vec<StageInfo>,
    /// Finished answers get an [`super::Event::Reward`].
    pub has_reward: bool,
    /// Bytes of the files of all adapters, the reward model's among them.
    pub adapter_bytes: u64,
}

/// A stage of a loaded model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageInfo {
    /// `base`, `sft` or `rlhf`; `model` for a model that has no stages.
    pub id: String,
    /// Expects its prompts in the chat template. For `model`: there is a template to put them in.
    pub chat: bool,
}

/// What the engine runs on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackendInfo {
    pub gpu: bool,
    /// Adapter name as the browser tells it; "CPU" without one.
    pub adapter: String,
    /// Why the CPU is used although `Auto` was asked for.
    pub fallback_reason: Option<String>,
}

/// A file in the browser's private file system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredFile {
    pub name: String,
    pub bytes: u64,
    pub complete: bool,
}
