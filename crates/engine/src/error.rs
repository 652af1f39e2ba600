use formats::gguf::GgufError;
use formats::peft::PeftError;
use gpu::GpuError;
use kernels::adapter::AdapterError;
use kernels::cpu::WeightsError;
use models::ModelError;

/// Why the engine could not do something.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The file is not a GGUF file this engine reads.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// The file does not describe a model this engine runs.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Tensor bytes that do not fit the model.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The adapter's files cannot be read.
    #[error(transparent)]
    Peft(#[from] PeftError),
    /// Adapters that do not fit the model.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// A reward was asked of an adapter that gives none.
    #[error("adapter {adapter} has no reward head")]
    NoRewardHead {
        /// The adapter, counted from 1.
        adapter: u32,
    },
    /// The GPU failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// The file ended early.
    #[error("the file ends after {arrived} of {expected} bytes")]
    Truncated {
        /// Bytes that arrived.
        arrived: u64,
        /// Bytes the file should have.
        expected: u64,
    },
    /// More bytes than the file was said to have.
    #[error("more than the expected {expected} bytes arrived")]
    TooLong {
        /// Bytes the file should have.
        expected: u64,
    },
    /// The context cannot take these tokens.
    #[error("{tokens} more tokens do not fit: {length} of {context} positions are taken")]
    ContextFull {
        /// Tokens already there.
        length: u32,
        /// Tokens to be added.
        tokens: u32,
        /// Positions per sequence.
        context: u32,
    },
    /// The model computed something that is not a number.
    #[error("the model's numbers broke down at position {position}: the file may be damaged")]
    NotANumber {
        /// Position of the token that could not be drawn.
        position: u32,
    },
    /// Another call came between two steps of a decode.
    #[error("a decode cannot go on after another call has used the engine: start it again")]
    Stale,
    /// A sequence, row count or token id out of range.
    #[error("{what} is {value}, but must be {allowed}")]
    OutOfRange {
        /// What is out of range.
        what: &'static str,
        /// Its value.
        value: u64,
        /// What would be in range.
        allowed: String,
    },
}

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file is broken.
    Format,
    /// The file is sound, but needs something this engine lacks.
    Unsupported,
    /// Memory ran out on the GPU.
    OutOfMemory,
    /// The GPU device is gone; load again.
    DeviceLost,
    /// There is no usable GPU.
    NoGpu,
    /// The context is full.
    ContextFull,
    /// A mistake in the use of the engine, or a driver's.
    Internal,
}

impl EngineError {
    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Gguf(
                GgufError::UnsupportedType { .. }
                | GgufError::UnsupportedVersion { .. }
                | GgufError::BigEndian { .. },
            ) => ErrorKind::Unsupported,
            Self::Weights(WeightsError::NoRoom { .. }) => ErrorKind::OutOfMemory,
            Self::Model(
                ModelError::UnknownArchitecture { .. }
                | ModelError::UnknownTensor { .. }
                | ModelError::Unsupported { .. }
                | ModelError::Heads { .. },
            ) => ErrorKind::Unsupported,
            Self::Gguf(_)
            | Self::Model(_)
            | Self::Truncated { .. }
            | Self::TooLong { .. }
            | Self::Weights(_)
            | Self::NotANumber { .. }
            | Self::Adapter(_)
            | Self::Peft(_)
            | Self::Gpu(GpuError::Tensor { .. }) => ErrorKind::Format,
            Self::Gpu(GpuError::OutOfMemory { .. }) => ErrorKind::OutOfMemory,
            Self::Gpu(GpuError::DeviceLost { .. }) => ErrorKind::DeviceLost,
            Self::Gpu(GpuError::NoAdapter { .. }) => ErrorKind::NoGpu,
            Self::Gpu(GpuError::Layout { .. }) => ErrorKind::Unsupported,
            Self::Gpu(_) | Self::OutOfRange { .. } | Self::Stale | Self::NoRewardHead { .. } => {
                ErrorKind::Internal
            }
            Self::ContextFull { .. } => ErrorKind::ContextFull,
        }
    }
}
