//! What is on the page. Components bind the plain structs of `state`; they decide nothing.

mod bars;
mod chip;
mod column;
mod columns;
mod gallery;
mod header;
mod lab;
mod lab_answers;
mod lab_build;
mod lab_calls;
mod lab_knobs;
mod lab_measure;
mod lab_results;
mod licence;
mod models;
mod notices;
mod offer;
pub(crate) mod page;
mod prompt;
mod settings;
mod status;
mod tools;
