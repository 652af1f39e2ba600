//! What the reader does. Each file adds to [`App`](super::app::App) what one part of the page needs.

mod branch;
mod columns;
mod examples;
mod export;
mod models;
mod run;
mod tools;
mod votes;
mod ways;
