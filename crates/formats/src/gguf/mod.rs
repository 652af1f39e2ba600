//! GGUF, versions 2 and 3, little-endian: the header that comes before the weights.
//!
//! Layout (ggml's docs/gguf.md): magic, version, tensor count, key count, keys with values, tensor descriptions, padding,
//! weights. A header may be megabytes long and arrive in pieces: [`parse_header`] first walks over what is here without
//! storing anything, and reads values only once the whole header has arrived.

mod error;
mod header;
mod parse;
mod reader;
mod value;
pub mod write;

pub use error::GgufError;
pub use header::{Header, TensorInfo};
pub use parse::parse_header;
pub use value::{Array, Value};

const VERSIONS: std::ops::RangeInclusive<u32> = 2..=3;
const ALIGNMENT_KEY: &str = "general.alignment";
const DEFAULT_ALIGNMENT: u64 = 32;
const MAX_DIMENSIONS: u32 = 4;
