//! Adapters in PEFT's file format: `adapter_config.json` and `adapter_model.safetensors`.
//!
//! Read are low-rank changes of linear layers (LoRA), and the scalar head `score` of a reward model, as PEFT writes
//! them for `AutoModelForCausalLM` and `AutoModelForSequenceClassification`. Whatever else would change the model's
//! numbers is an error, never left out.

mod config;
mod error;

pub use config::{Config, Pattern};
pub use error::PeftError;

use std::collections::BTreeMap;

use crate::safetensors::{Safetensors, Tensor};

/// What PEFT puts before the names of a model's own modules.
const PREFIX: &str = "base_model.model.";
const A: &str = ".lora_A.weight";
const B: &str = ".lora_B.weight";
/// The head's name in files of different ages.
const HEADS: [&str; 3] =
    ["score.weight", "score.modules_to_save.weight", "score.modules_to_save.default.weight"];

/// An adapter, its numbers as f32.
#[derive(Clone, Debug, PartialEq)]
pub struct PeftAdapter {
    /// What its configuration says.
    pub config: Config,
    /// By name of the module it changes, such as `model.layers.0.self_attn.q_proj`.
    pub modules: BTreeMap<String, Change>,
    /// Weights of the scalar head of a reward model: (d_model).
    pub head: Option<Vec<f32>>,
}

/// Change of a linear layer: `y = W x + scale * B (A x)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Inner width.
    pub rank: u32,
    /// Inputs of the layer.
    pub inputs: u32,
    /// Outputs of the layer.
    pub outputs: u32,
    /// (rank, inputs)
    pub a: Vec<f32>,
    /// (outputs, rank), without the scale.
    pub b: Vec<f32>,
    /// `lora_alpha / r`, or `lora_alpha / sqrt(r)` with rank-stabilised scaling.
    pub scale: f32,
}

impl PeftAdapter {
    /// Reads the text of `adapter_config.json` and the bytes of `adapter_model.safetensors`.
    ///
    /// # Errors
    /// A broken file, another kind of adapter than LoRA, options and tensors that this engine would have to leave out,
    /// halves without each other, shapes or ranks that contradict each other, numbers that are none.
    pub fn read(config_json: &str, safetensors: &[u8]) -> Result<PeftAdapter, PeftError> {
        let config = Config::parse(config_json)?;
        let file = Safetensors::parse(safetensors)?;
        let mut halves: BTreeMap<&str, Halves<'_>> = BTreeMap::new();
        let mut head = None;
        let mut unknown = Vec::new();
        for (name, tensor) in &file.tensors {
            let inner = name.strip_prefix(PREFIX).unwrap_or(name);
            if let Some(module) = inner.strip_suffix(A) {
                halves.entry(module).or_default().a = Some((name, tensor));
            } else if let Some(module) = inner.strip_suffix(B) {
                halves.entry(module).or_default().b = Some((name, tensor));
            } else if HEADS.contains(&inner) && head.is_none() {
                head = Some(read_head(name, tensor)?);
            } else {
                unknown.push(name.clone());
            }
        }
        if !unknown.is_empty() {
            return Err(PeftError::UnknownTensors { names: unknown });
        }
        let mut modules = BTreeMap::new();
        for (module, halves) in halves {
            modules.insert(module.to_owned(), halves.join(module, &config)?);
        }
        if modules.is_empty() && head.is_none() {
            return Err(PeftError::Empty);
        }
        Ok(PeftAdapter { config, modules, head })
    }
}

/// A tensor and its full name.
type Named<'a> = (&'a String, &'a Tensor<'a>);

#[derive(Default)]
struct Halves<'a> {
    a: Option<Named<'a>>,
    b: Option<Named<'a>>,
}

impl Halves<'_> {
    fn join(self, module: &str, config: &Config) -> Result<Change, PeftError> {
        let lacking = |half| PeftError::MissingHalf { module: module.to_owned(), half };
        let (name_a, a) = self.a.ok_or_else(|| lacking("lora_A"))?;
        let (name_b, b) = self.b.ok_or_else(|| lacking("lora_B"))?;
        let [rank, inputs] = matrix(name_a, a)?;
        let [outputs, rank_b] = matrix(name_b, b)?;
        let expected = config.rank(module);
        if rank != rank_b || rank != expected {
            let module = module.to_owned();
            return Err(PeftError::Rank { module, a: rank, b: rank_b, expected });
        }
        let scale = config.scale(module);
        let (a, b) = (finite(name_a, a)?, finite(name_b, b)?);
        Ok(Change { rank, inputs, outputs, a, b, scale })
    }
}

/// The head's weights. It has one output.
fn read_head(name: &str, tensor: &Tensor<'_>) -> Result<Vec<f32>, PeftError> {
    let [outputs, _] = matrix(name, tensor)?;
    if outputs != 1 {
        return Err(PeftError::Head { tensor: name.to_owned(), outputs });
    }
    finite(name, tensor)
}

/// Rows and columns of a matrix, neither of them 0.
fn matrix(name: &str, tensor: &Tensor<'_>) -> Result<[u32; 2], PeftError> {
    let size = |axis: u64| u32::try_from(axis).ok().filter(|size| *size > 0);
    if let [rows, columns] = tensor.shape()
        && let (Some(rows), Some(columns)) = (size(*rows), size(*columns))
    {
        return Ok([rows, columns]);
    }
    Err(PeftError::NotMatrix { tensor: name.to_owned(), shape: tensor.shape().to_vec() })
}

fn finite(name: &str, tensor: &Tensor<'_>) -> Result<Vec<f32>, PeftError> {
    let numbers = tensor.to_f32();
    match numbers.iter().find(|number| !number.is_finite()) {
        Some(&value) => Err(PeftError::NotFinite { tensor: name.to_owned(), value }),
        None => Ok(numbers),
    }
}
