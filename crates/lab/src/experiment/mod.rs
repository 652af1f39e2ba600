//! Experiments: techniques × stages × problems.
//!
//! An [`Experiment`] is a file. [`Experiment::prepare`] draws its problems and examples, and [`Run`] is the state
//! machine that works through them without I/O: it hands out batches of calls ([`Run::next_batch`]), takes the
//! replies ([`Run::answer`]), and writes a log ([`Run::take_log`]) from which it can be restored at any point
//! ([`Run::restore`]), finished or not. The log of a run is also its export: it holds every setting, problem, prompt
//! and reply.
//!
//! Whoever drives a run should answer a whole batch before asking for the next one: then the batches, and with them
//! the last bits of what a GPU computes, are the same each time.

mod bars;
mod batch;
mod cell;
mod check;
mod compare;
mod csv;
mod error;
mod export;
mod fields;
mod log;
mod prepare;
mod progress;
mod restore;
mod results;
mod run;
mod settings;

pub use bars::{Agreement, Bar};
pub use batch::{Batch, BatchRow, CallId, Next};
pub use check::limits;
pub use compare::Comparison;
pub use error::{ExperimentError, LogError, RunError};
pub use prepare::Prepared;
pub use progress::Progress;
pub use restore::Replay;
pub use results::{Filter, ResultRow, Results, Show};
pub use run::{Run, Status, When};
pub use settings::{ExampleSource, Experiment, Source, Stage, TechniqueUse};
