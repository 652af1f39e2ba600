//! What the page knows, as plain data with plain transitions. `app` and `lane` alone hold signals.

mod actions;
pub(crate) mod app;
pub(crate) mod blind;
pub(crate) mod catalogue;
pub(crate) mod claims;
pub(crate) mod diverge;
mod events;
pub(crate) mod export;
pub(crate) mod format;
pub(crate) mod gallery;
pub(crate) mod heatmap;
mod inbox;
pub(crate) mod inside;
pub(crate) mod inspect;
pub(crate) mod lab;
pub(crate) mod lane;
pub(crate) mod lessons;
pub(crate) mod library;
pub(crate) mod notice;
pub(crate) mod panel;
pub(crate) mod preferences;
pub(crate) mod rubric;
pub(crate) mod run;
pub(crate) mod samples;
pub(crate) mod scene;
pub(crate) mod score;
pub(crate) mod settings;
pub(crate) mod sharing;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod token;
pub(crate) mod tree;
pub(crate) mod tuner;
pub(crate) mod votes;
