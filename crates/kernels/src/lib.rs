//! The compute kernels of Glassbox.
//!
//! - [`shader`]: the WGSL kernels of `shaders/`, linked and reflected at build time.
//! - [`params`]: their uniform structs, byte for byte.
//! - [`plan`]: a model as plain data: which kernels run on which tensors, in order.
//! - [`adapter`]: low-rank changes of its weights, chosen per row.
//! - [`cpu`]: a twin of every kernel, and a machine that runs a plan with them. The twins are the
//!   oracle in tests and the backend where there is no WebGPU.

pub mod adapter;
pub mod cpu;
mod inside;
pub mod params;
pub mod plan;
pub mod shader;
pub mod trace;

pub use inside::Down;
pub use plan::{Plan, PlanBuilder};
