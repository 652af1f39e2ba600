//! A twin of every kernel, written to be read, and [`Machine`], which runs a [`crate::Plan`] with them.
//!
//! The twins compute what the shaders compute, from the same parameters, with weights as they lie in the
//! file. Tests hold the shaders to them.

mod attention;
mod dot;
mod embed;
mod gated;
mod machine;
mod matmul;
mod matrix;
mod parallel;
mod rms_norm;
mod rope;
mod sample;

pub use attention::{AttentionInput, attention};
pub use embed::embed;
pub use gated::{gate, gated};
pub use machine::{Machine, MachineOptions, WeightsError};
pub use matmul::matmul;
pub use matrix::{MatrixData, Part};
pub use rms_norm::rms_norm;
pub use rope::{rope, rope_table};
pub use sample::{random, sample};
