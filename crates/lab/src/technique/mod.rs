//! Techniques: ways to ask the same question.
//!
//! A [`Technique`] is a setting. [`Attempt`] is one technique at work on one [`Task`]: a state machine that says
//! which calls a model has to make ([`Attempt::calls`]) and goes on when it has all the replies ([`Attempt::reply`]),
//! until there is an [`Outcome`]. It runs nothing itself, and keeps every call with its reply.
//!
//! Several calls at once may run as rows of one batch; they do not depend on one another. Samples of one prompt are
//! calls that differ in their seed only.

mod attempt;
mod build;
mod call;
mod catalogue;
mod check;
mod discussion;
mod fields;
mod outcome;
mod phrases;
mod program;
mod reading;
mod self_check;
mod self_consistency;
mod settings;
mod single;
mod sub_questions;
mod task;
mod tree;
mod writing;
mod zero_shot_cot;

pub use attempt::{Attempt, Step};
pub use call::{CallRecord, ModelCall, Purpose, Reply, Sampling};
pub use catalogue::{CATALOGUE, Info};
pub use check::{TechniqueError, limits};
pub use outcome::{Detail, Outcome, SubAnswer, Thought, Turn, Vote};
pub use settings::{Extract, Technique};
pub use task::{Speaker, Task};
pub use writing::Writing;
