//! One file per architecture: a GGUF header becomes a [`Plan`]. [`adapter()`] reads adapters for it.
//!
//! Adding an architecture: a file beside `llama.rs` with a `plan` function, and its line in
//! [`ARCHITECTURES`].

mod adapter;
mod error;
mod gemma3;
mod llama;

pub use adapter::adapter;
pub use error::ModelError;

use formats::gguf::Header;
use kernels::Plan;
use std::collections::BTreeSet;

/// A model read from a header.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Value of `general.architecture`.
    pub architecture: &'static str,
    /// What to compute.
    pub plan: Plan,
    /// Tokens the model was trained to attend over.
    pub context: u32,
}

/// Makes a plan from a header; `Err` for a header that lacks or contradicts something.
type Planner = fn(&Header) -> Result<Plan, ModelError>;

/// Every architecture the engine runs, by its name in `general.architecture`.
pub const ARCHITECTURES: &[(&str, Planner)] = &[("llama", llama::plan), ("gemma3", gemma3::plan)];

/// Reads the model a header describes.
///
/// # Errors
/// An unknown architecture, missing or impossible sizes, missing tensors, tensors of another shape than
/// the sizes say, and tensors the architecture does not know (they would change the result).
pub fn read(header: &Header) -> Result<Model, ModelError> {
    let name = header.str("general.architecture")?;
    let Some(&(architecture, planner)) = ARCHITECTURES.iter().find(|(known, _)| *known == name)
    else {
        return Err(ModelError::UnknownArchitecture { name: name.to_owned() });
    };
    let plan = planner(header)?;
    check_tensors(header, &plan)?;
    let context = size(header, &format!("{architecture}.context_length"))?;
    Ok(Model { architecture, plan, context })
}

/// Every tensor of the plan is in the file with its shape, and no other is.
fn check_tensors(header: &Header, plan: &Plan) -> Result<(), ModelError> {
    for matrix in &plan.matrices {
        for (name, outputs) in matrix.tensors.iter().zip(&matrix.outputs) {
            expect_shape(header, name, &[matrix.inputs.into(), (*outputs).into()])?;
        }
    }
    for vector in &plan.vectors {
        for name in &vector.tensors {
            expect_shape(header, name, &[vector.width.into()])?;
        }
    }
    let known: BTreeSet<&str> = plan.tensors().collect();
    match header.tensors.iter().find(|tensor| !known.contains(tensor.name.as_str())) {
        Some(tensor) => Err(ModelError::UnknownTensor { name: tensor.name.clone() }),
        None => Ok(()),
    }
}

fn expect_shape(header: &Header, name: &str, expected: &[u64]) -> Result<(), ModelError> {
    let tensor =
        header.tensor(name).ok_or_else(|| ModelError::MissingTensor { name: name.to_owned() })?;
    if tensor.shape == expected {
        return Ok(());
    }
    Err(ModelError::Shape {
        name: name.to_owned(),
        expected: expected.to_vec(),
        found: tensor.shape.clone(),
    })
}

/// A size from the metadata, within what any real model has, so that products of a few never overflow.
fn size(header: &Header, key: &str) -> Result<u32, ModelError> {
    let value = header.u32(key)?;
    if (1..=1 << 20).contains(&value) {
        return Ok(value);
    }
    Err(ModelError::Size { key: key.to_owned(), value })
}

/// A number of layers: no more than a file with that many tensors can have.
fn layers(header: &Header, key: &str) -> Result<u32, ModelError> {
    let value = size(header, key)?;
    if value <= 1024 && value as usize <= header.tensors.len() {
        return Ok(value);
    }
    Err(ModelError::Size { key: key.to_owned(), value })
}

/// The small number that keeps a norm from dividing by zero.
fn epsilon(header: &Header, key: &str) -> Result<f32, ModelError> {
    number(key, header.f32(key)?, 0.0..1.0)
}

/// The base of rotary positions.
fn rope_base(header: &Header, key: &str, otherwise: f32) -> Result<f32, ModelError> {
    number(key, header.f32_opt(key)?.unwrap_or(otherwise), 1.0..1e12)
}

fn number(key: &str, value: f32, range: std::ops::Range<f32>) -> Result<f32, ModelError> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(ModelError::Number { key: key.to_owned(), value: value.to_string() })
}

/// Output rows of a tensor, or an error if the file lacks it.
fn rows(header: &Header, name: &str) -> Result<u32, ModelError> {
    let tensor =
        header.tensor(name).ok_or_else(|| ModelError::MissingTensor { name: name.to_owned() })?;
    match tensor.shape[..] {
        [_, rows] if rows <= 1 << 22 => Ok(rows as u32),
        _ => Err(ModelError::Shape {
            name: name.to_owned(),
            expected: vec![],
            found: tensor.shape.clone(),
        }),
    }
}

/// Refuses a combination of heads the kernels cannot run.
fn check_heads(heads: kernels::plan::Heads) -> Result<(), ModelError> {
    let fits = heads.heads.is_multiple_of(heads.kv_heads)
        && heads.width.is_multiple_of(4)
        && heads.width <= 256
        && heads.heads <= 256;
    if fits {
        return Ok(());
    }
    Err(ModelError::Heads { heads: heads.heads, kv_heads: heads.kv_heads, width: heads.width })
}
