//! Does the prompt really help? Prompts built from parts, techniques that ask a model in their own way, problems to
//! measure them on, graders, and the statistics that say how sure one can be.
//!
//! - [`prompt`]: parts, assembled to a text or a chat, and where each part lies in it;
//! - [`technique`]: few-shot, chain of thought, self-consistency and the rest, each a state machine over model calls;
//! - [`calculator`]: the bounded language in which program of thought writes;
//! - [`problems`]: generators that are reproducible by seed, the reader's own table, the held-out files of the trios;
//! - [`grade`]: verdicts, the rule that gave them, and the words they rest on;
//! - [`stats`]: intervals and paired tests;
//! - [`shipped`]: the prompts that come with the page;
//! - [`experiment`]: techniques × stages × problems, as a state machine that hands out batches of calls and takes answers.
//!
//! Nothing here runs a model, reads a clock, draws or does I/O, and nothing panics, whatever a model or a file says. Whoever
//! drives it (the page or the command line) runs the calls and says what came back.

pub mod calculator;
pub mod experiment;
pub mod grade;
pub mod language;
pub mod problems;
pub mod prompt;
pub mod rng;
pub mod shipped;
pub mod stats;
pub mod technique;

pub use language::{Bilingual, Language, Phrase};
