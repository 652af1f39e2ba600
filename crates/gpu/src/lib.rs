//! Runs a [`kernels::Plan`] on wgpu, natively and in the browser. The only crate that knows wgpu.
//!
//! - [`Gpu`]: a device with WebGPU's default limits, whose every created object, submit and byte is counted.
//! - [`layout`]: how weights are repacked, once, while they load; they stay quantized on the GPU.
//! - [`Machine`]: lowers a plan to dispatches, once, and runs them.

mod adapters;
mod change;
mod counters;
mod device;
mod error;
mod inside;
pub mod layout;
mod lower;
mod machine;
mod matrix;
mod pack;
mod pipelines;
mod program;
mod readback;
mod resources;
mod traced;
mod weights;

pub use counters::Counters;
pub use device::{Gpu, required_limits};
pub use error::GpuError;
pub use machine::{Machine, MachineOptions, Ticket};
