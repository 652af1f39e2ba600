//! What the reader does. Each file adds to [`App`](super::app::App) what one part of the page needs.

mod branch;
mod columns;
mod examples;
mod export;
mod history;
mod hub;
mod link;
mod models;
mod replay;
mod run;
mod scenes;
mod share;
mod tools;
mod votes;
mod ways;
