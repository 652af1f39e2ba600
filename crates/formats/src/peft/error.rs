//! What can be wrong with an adapter.

use crate::safetensors::SafetensorsError;

/// An adapter that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PeftError {
    /// The configuration is not the JSON that it should be.
    #[error("adapter_config.json cannot be read: {detail}")]
    Config {
        /// What the JSON reader says.
        detail: String,
    },
    /// Another method than LoRA.
    #[error("the adapter is of the kind {found:?}; only LORA can be loaded")]
    Kind {
        /// `peft_type` as written.
        found: String,
    },
    /// An option under which the numbers would be others.
    #[error("the adapter has {field} = {value}, which this engine does not support")]
    Unsupported {
        /// The option.
        field: &'static str,
        /// Its value, as JSON.
        value: String,
    },
    /// A rank or alpha with which nothing can be computed.
    #[error("the adapter has {field} = {value}, which is not possible")]
    Impossible {
        /// The option.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// A pattern that is more than a name.
    #[error(
        "the adapter's {field} has the key {key:?}: only names of modules are supported, not regular expressions"
    )]
    Pattern {
        /// `rank_pattern` or `alpha_pattern`.
        field: &'static str,
        /// The key.
        key: String,
    },
    /// The tensors cannot be read.
    #[error(transparent)]
    File(#[from] SafetensorsError),
    /// Tensors that would have to be left out.
    #[error(
        "the adapter holds {}: this engine knows lora_A and lora_B of linear layers and the head score",
        listed(.names)
    )]
    UnknownTensors {
        /// All of them.
        names: Vec<String>,
    },
    /// Neither changes nor a head.
    #[error("the adapter is empty")]
    Empty,
    /// A half without the other.
    #[error("the adapter's change of {module:?} has no {half}")]
    MissingHalf {
        /// The module.
        module: String,
        /// What is missing.
        half: &'static str,
    },
    /// A tensor that should be a matrix.
    #[error("tensor {tensor:?} has the shape {shape:?}; it must be a matrix")]
    NotMatrix {
        /// The tensor.
        tensor: String,
        /// Its shape.
        shape: Vec<u64>,
    },
    /// Ranks that contradict each other.
    #[error(
        "the adapter's change of {module:?} has rank {a} in lora_A, {b} in lora_B and {expected} in its configuration"
    )]
    Rank {
        /// The module.
        module: String,
        /// Rows of A.
        a: u32,
        /// Columns of B.
        b: u32,
        /// What the configuration says.
        expected: u32,
    },
    /// A head that is not a reward model's.
    #[error("the head {tensor:?} has {outputs} outputs; a reward model's has one")]
    Head {
        /// The tensor.
        tensor: String,
        /// Its rows.
        outputs: u32,
    },
    /// Infinite, or no number.
    #[error("tensor {tensor:?} holds {value}")]
    NotFinite {
        /// The tensor.
        tensor: String,
        /// The first such value.
        value: f32,
    },
}

/// The first few of some names, and how many there are beside them.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
