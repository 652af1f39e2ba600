//! Many answers as rows of batches: token ids in, token ids out.
//!
//! A [`Batch`] holds [`Line`]s, each a prompt with its adapter and sampler. Lines that have a sequence are filled one after
//! another, then all advance together; one that ends frees its row for the next that waits. What some sequence holds
//! already, from another line or an earlier batch, is taken over with [`Engine::fork`](crate::Engine::fork) instead of
//! being computed again ([`Caches`]), and counted ([`Batch::saving`]).
//!
//! What a line writes does not depend on the lines beside it, nor on what the caches held: on the CPU to the last bit; on
//! a GPU the kernels for one row and for many add in other orders, and only the same batches give the same bits.

mod batch;
mod caches;

pub use batch::{Advance, Batch, Ending, Line, Saving, Written};
pub use caches::Caches;
