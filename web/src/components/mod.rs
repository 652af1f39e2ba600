//! What is on the page. Components bind the plain structs of `state`; they decide nothing.

mod bars;
mod chip;
mod column;
mod columns;
mod gallery;
mod header;
mod inside;
mod inside_chart;
mod inside_feed_forward;
mod inside_influence;
mod inside_output;
mod inside_residual;
mod inside_switches;
mod inside_target;
mod licence;
mod models;
mod notices;
mod offer;
pub(crate) mod page;
mod prompt;
mod settings;
mod status;
mod tools;
