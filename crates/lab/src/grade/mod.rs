//! Is the answer right, and which words say so?
//!
//! The same answers can score very differently under another rule, so every [`Verdict`] names the rule that was used and the
//! place in the answer that it read.

mod accepted;
mod choice;
mod fold;
mod grader;
pub(crate) mod marker;
mod number;
mod pattern;
mod verdict;
mod words;

pub use fold::fold;
pub use grader::{Answered, Grader, HEAD_TOKENS, Key};
pub use pattern::PatternError;
pub use verdict::{Reading, Rule, Verdict};
