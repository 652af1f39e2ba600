//! Problems to measure techniques on: from generators, from the held-out files of the trios, from the reader's own table.
//!
//! Generated problems are in nobody's training data, there are as many as one likes (of those made from word lists,
//! as many as the list has), and the same kind, language and seed always give the same ones.

mod ages;
mod antonyms;
mod bias;
mod capitals;
mod counting;
mod dates;
mod frame;
mod generate;
mod kind;
mod patterns;
mod people;
mod problem;
mod sentiment;
pub mod table;
mod translation;
mod word_list;
mod word_problems;

pub use generate::{examples, problems};
pub use kind::Kind;
pub use problem::Problem;
