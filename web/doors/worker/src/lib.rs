//! The module that `worker.js` starts.
//!
//! A crate of its own, because link-time optimization works at the level of the last crate: this one is optimized for
//! speed, so that the loops of the kernels are, and `web`, where no such loop is, for size.

pub use web::start_worker;
