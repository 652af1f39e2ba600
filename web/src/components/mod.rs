//! What is on the page. Components bind the plain structs of `state`; they decide nothing.

mod alternatives;
mod header;
mod licence;
mod model;
mod notices;
mod output;
pub(crate) mod page;
mod prompt;
mod settings;
mod status;
