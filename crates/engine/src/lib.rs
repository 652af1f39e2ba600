//! What the page and the command line use: load a model from bytes, run it, sample, look inside.
//!
//! The engine sees token ids, never text. [`Loader`] takes a GGUF file in pieces of any size and repacks it
//! tensor by tensor, so the file is never held as a whole beside the weights. [`Engine`] then runs batches
//! of rows, each a token of a sequence, on the GPU or on the CPU twins: the same plan on both.

mod adapters;
mod backend;
mod decode;
mod device;
mod engine;
mod error;
pub mod generate;
mod inside;
mod loader;
mod settings;
mod shape;
mod weights;

pub use adapters::read_adapter;
pub use decode::{Decode, DecodeRow, distribution};
pub use device::Device;
pub use engine::{Engine, EngineOptions};
pub use error::{EngineError, ErrorKind};
pub use inside::NormPlace;
pub use kernels::adapter;
pub use kernels::cpu::random;
pub use kernels::shader;
pub use kernels::trace::{FeedForward, Interventions, Patch, SubLayer, Trace, TraceRequest};
pub use loader::Loader;
pub use settings::{Alternative, Counters, SamplerSettings, StepReport};
pub use shape::{AttentionShape, Shape};
