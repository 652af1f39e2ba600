//! Errors become failures that the page has a sentence for.

use std::error::Error;

use engine::{EngineError, ErrorKind};
use text::{TemplateError, TokenizerError};

use super::storage::StorageError;
use crate::protocol::{Failure, FailureKind};

impl Failure {
    /// A failure outside a run.
    pub(super) fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), run: None, column: None }
    }

    /// The reader cancelled the load: what arrived is kept, as after a broken connection. The page,
    /// which asked for it, is not told.
    pub(super) fn cancelled() -> Self {
        Self::new(FailureKind::DownloadInterrupted, "cancelled by the reader")
    }

    /// The same failure, in a column of a run.
    pub(super) fn in_column(self, run: u32, column: u32) -> Self {
        Self { column: Some(column), ..self.in_run(run) }
    }

    /// The same failure, in a run.
    pub(super) fn in_run(mut self, run: u32) -> Self {
        self.run = Some(run);
        self
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let kind = match error.kind() {
            ErrorKind::Format => FailureKind::CorruptedFile,
            ErrorKind::Unsupported => FailureKind::Unsupported,
            ErrorKind::OutOfMemory => FailureKind::OutOfMemory,
            ErrorKind::DeviceLost => FailureKind::DeviceLost,
            ErrorKind::NoGpu => FailureKind::NoWebGpu,
            ErrorKind::ContextFull => FailureKind::PromptTooLong,
            _ => FailureKind::Internal,
        };
        Self::new(kind, chain(&error))
    }
}

impl From<TokenizerError> for Failure {
    fn from(error: TokenizerError) -> Self {
        Self::new(FailureKind::Unsupported, chain(&error))
    }
}

impl From<TemplateError> for Failure {
    fn from(error: TemplateError) -> Self {
        Self::new(FailureKind::Template, chain(&error))
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::new(FailureKind::Storage, chain(&error))
    }
}

/// An error and its causes, outermost first. A cause that is already told is not told twice.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read the header")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("7 tensors end after byte {0}")]
    struct Inner(u64);

    #[derive(Debug, thiserror::Error)]
    #[error("load failed: {0}")]
    struct Repeating(#[source] Inner);

    #[test]
    fn the_detail_holds_the_whole_chain_once() {
        assert_eq!(chain(&Outer(Inner(40))), "cannot read the header: 7 tensors end after byte 40");
        assert_eq!(chain(&Repeating(Inner(9))), "load failed: 7 tensors end after byte 9");
    }
}
