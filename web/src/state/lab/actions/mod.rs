//! What the reader does in the lab, and what comes of it.

mod asking;
mod drive;
mod files;
mod measure;
mod open;
mod panel;
mod steps;
mod stored;

pub(crate) use files::{EXPORTS, is_for_lab};
