//! What can go wrong.

use serde::{Deserialize, Serialize};

/// Each failure has its own sentence on the page; `detail` is the cause chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    pub detail: String,
    /// The numbered request that failed; `None` for a load and for what belongs to no request.
    pub run: Option<u32>,
    /// The column of that run; `None` if all of it failed.
    pub column: Option<u32>,
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
    /// The device was lost and the model could not be rebuilt; an [`super::Event::Unloaded`] names it. Others are
    /// still there.
    DeviceLost,
    PromptTooLong,
    EmptyPrompt,
    /// The model that was asked for is not loaded.
    NoModel,
    Template,
    Storage,
    /// A bug, or a request that makes no sense (a stage the model does not have, ids beyond its vocabulary …).
    Internal,
}
