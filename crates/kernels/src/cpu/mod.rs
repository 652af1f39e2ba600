//! A twin of every kernel, written to be read, and [`Machine`], which runs a [`crate::Plan`] with them.
//!
//! The twins compute what the shaders compute, from the same parameters, with weights as they lie in the
//! file. Tests hold the shaders to them. [`matmul_fused`] is a fast way to do what [`matmul`] does; a
//! machine that serves as an oracle does without it.

mod attention;
mod cache;
mod dot;
mod embed;
mod fused;
mod gated;
mod inside;
mod lora;
mod machine;
mod matmul;
mod matmul_fused;
mod matrix;
mod parallel;
mod rms_norm;
mod rope;
mod sample;

pub use attention::{AttentionInput, attention};
pub use cache::Cache;
pub use embed::embed;
pub use gated::gate;
pub use lora::Change;
pub use machine::{Machine, MachineOptions, WeightsError};
pub use matmul::matmul;
pub use matmul_fused::matmul_fused;
pub use matrix::{MatrixData, Part};
pub use rms_norm::rms_norm;
pub use rope::{rope, rope_table};
pub use sample::{random, sample};
