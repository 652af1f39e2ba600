//! Model files: bytes in, plain descriptions and numbers out.
//!
//! - [`gguf`] reads (and, for tests and recipes, writes) GGUF headers;
//! - [`quant`] knows the block layout of every supported weight type;
//! - [`safetensors`] and [`peft`] read adapters;
//! - [`manifest`] describes a model of the catalogue.
//!
//! Nothing here does I/O and nothing panics, whatever the bytes are. Memory stays proportional to the bytes that are
//! really there: a count is believed only once the bytes it stands for have arrived.

pub mod gguf;
pub mod manifest;
pub mod peft;
pub mod quant;
pub mod safetensors;

mod dtype;

pub use dtype::DType;
