//! What is on the page. Components bind the plain structs of `state`; they decide nothing.

mod bars;
mod chip;
mod column;
mod columns;
mod gallery;
mod header;
mod licence;
mod models;
mod notices;
mod offer;
pub(crate) mod page;
mod prompt;
mod settings;
mod status;
mod tools;
