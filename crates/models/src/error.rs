use formats::gguf::GgufError;

/// Why a header does not describe a model the engine can run.
#[derive(Debug, thiserror::Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum ModelError {
    /// Metadata is missing or of the wrong type.
    #[error(transparent)]
    Header(#[from] GgufError),
    /// Not one of [`crate::ARCHITECTURES`].
    #[error("the architecture '{name}' is not one this engine runs ({})", known())]
    UnknownArchitecture {
        /// Value of `general.architecture`.
        name: String,
    },
    /// A size is zero or absurdly large.
    #[error("{key} is {value}, which is not a possible size")]
    Size {
        /// Metadata key.
        key: String,
        /// Its value.
        value: u32,
    },
    /// A number that is none, or beyond any sense.
    #[error("{key} is {value}, which makes no sense")]
    Number {
        /// Metadata key.
        key: String,
        /// Its value.
        value: String,
    },
    /// The attention heads have sizes the kernels do not take.
    #[error(
        "{heads} query heads, {kv_heads} key/value heads of width {width}: query heads must be a multiple \
         of key/value heads, the width a multiple of 4 and at most 256"
    )]
    Heads {
        /// Query heads.
        heads: u32,
        /// Key/value heads.
        kv_heads: u32,
        /// Components per head.
        width: u32,
    },
    /// A tensor the architecture needs is not in the file.
    #[error("the file has no tensor '{name}'")]
    MissingTensor {
        /// Tensor name.
        name: String,
    },
    /// A tensor the architecture does not know would be ignored.
    #[error("the file has a tensor '{name}' that this engine does not know for its architecture")]
    UnknownTensor {
        /// Tensor name.
        name: String,
    },
    /// A tensor's shape contradicts the metadata.
    #[error("the tensor '{name}' has the shape {found:?}, expected {expected:?}")]
    Shape {
        /// Tensor name.
        name: String,
        /// Shape that follows from the metadata, fastest axis first.
        expected: Vec<u64>,
        /// Shape in the file.
        found: Vec<u64>,
    },
    /// An adapter for other modules than the model's linear layers.
    #[error(
        "the adapter changes {}: this '{architecture}' model has no such linear layers",
        .modules.join(", ")
    )]
    AdapterModules {
        /// Hugging Face names.
        modules: Vec<String>,
        /// Value of `general.architecture`.
        architecture: String,
    },
    /// An adapter for a model of other sizes.
    #[error(
        "the adapter's change of '{module}' is for a layer of inputs and outputs {found:?}, the model's has {expected:?}"
    )]
    AdapterShape {
        /// Hugging Face name.
        module: String,
        /// Inputs and outputs in the file.
        expected: Vec<u64>,
        /// Inputs and outputs in the adapter.
        found: Vec<u64>,
    },
    /// A reward head for a model of another width.
    #[error("the reward head has {found} weights, the model's width is {expected}")]
    AdapterHead {
        /// Width of the residual stream.
        expected: u32,
        /// Weights in the head.
        found: usize,
    },
    /// A feature the architecture file knows of but does not implement.
    #[error("{what} is not supported")]
    Unsupported {
        /// The feature, in words.
        what: String,
    },
}

fn known() -> String {
    crate::ARCHITECTURES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
