//! Messages between the page and its worker. Plain serde data, sent with `postMessage`.

use engine::{Counters, SamplerSettings, StepReport};
use serde::{Deserialize, Serialize};

/// Page → worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Load a model; a `File` object travels beside the message for `Source::LocalFile`.
    Load { source: Source, backend: BackendChoice, context: u32 },
    /// Stop the download or load that is under way. A later `Load` resumes it.
    CancelLoad,
    /// Run the loaded model.
    Generate(GenerateRequest),
    /// Stop generating after the token being computed.
    Stop,
    /// What is kept in the browser's private file system?
    ListStored,
    /// Remove one stored file (whole or partial) by manifest file name.
    RemoveStored { name: String },
    /// For tests and the curious: destroy the GPU device now, as a driver reset would.
    DestroyDevice,
}

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A model of the catalogue, by manifest id.
    Catalogue { id: String },
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

/// A prompt and what to do with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GenerateRequest {
    /// Identifies the run in the events that answer it.
    pub run: u32,
    pub prompt: Prompt,
    pub sampler: SamplerSettings,
    pub max_tokens: u32,
}

/// What the reader typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Prompt {
    /// Text the model continues as it stands.
    Raw { text: String },
    /// A conversation, put through the model's chat template.
    Chat { messages: Vec<text::Message> },
}

/// Worker → page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The worker listens. Sent once, before any request is read.
    Ready { webgpu: bool },
    /// Bytes of the model file seen so far. `resumed_from` > 0 for a resumed download.
    Progress { stage: LoadStage, bytes: u64, total: u64, bytes_per_second: f64, resumed_from: u64 },
    /// A model is ready to run.
    Loaded(ModelInfo),
    /// The prompt as it went in.
    PromptTokens { run: u32, tokens: Vec<TokenView> },
    /// Prompt tokens processed so far.
    Prefill { run: u32, done: u32, total: u32 },
    /// One generated token.
    Token { run: u32, token: TokenView, report: StepReport, alternatives: Vec<TokenView> },
    /// The run ended.
    Finished { run: u32, reason: FinishReason, stats: RunStats },
    /// What is kept in the browser.
    Stored { files: Vec<StoredFile> },
    /// The device was lost and has been rebuilt; the run goes on.
    DeviceRestored,
    /// Something went wrong; the page goes on working.
    Failed(Failure),
    /// The worker broke down and will say nothing more: the page starts another.
    Crashed { detail: String },
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
    /// Manifest id, or the file's name for a local file.
    pub id: String,
    pub architecture: String,
    pub backend: BackendInfo,
    pub vocab: u32,
    pub layers: u32,
    pub context: u32,
    pub weight_bytes: u64,
    pub file_bytes: u64,
    pub has_chat_template: bool,
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

/// One token for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenView {
    pub id: u32,
    /// The text this token completed. Empty while a character is still in pieces.
    pub text: String,
    /// The token's own bytes.
    pub bytes: Vec<u8>,
    /// A control token such as `<|im_end|>`.
    pub special: bool,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    EndOfText,
    MaxTokens,
    ContextFull,
    Stopped,
    Failed,
}

/// Figures of one run, measured in the worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunStats {
    pub prompt_tokens: u32,
    pub new_tokens: u32,
    /// From the request to the first token.
    pub first_token_ms: f64,
    /// Decode speed after the first token.
    pub tokens_per_second: f64,
    /// Work done by this run alone.
    pub counters: Counters,
}

/// A file in the browser's private file system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredFile {
    pub name: String,
    pub bytes: u64,
    pub complete: bool,
}

/// Each failure has its own sentence on the page; `detail` is the cause chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    pub detail: String,
    pub run: Option<u32>,
}

/// What went wrong, as far as the reader can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// WebGPU was asked for and is not there.
    NoWebGpu,
    /// The server refused the file or could not be reached.
    DownloadRefused,
    /// The connection broke; what arrived is kept and can be resumed.
    DownloadInterrupted,
    /// The file's bytes or hash are wrong.
    CorruptedFile,
    /// A file, architecture, tokenizer or tensor type this engine does not know.
    Unsupported,
    OutOfMemory,
    DeviceLost,
    PromptTooLong,
    EmptyPrompt,
    NoModel,
    Template,
    Storage,
    Internal,
}
