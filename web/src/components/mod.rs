//! What is on the page. Components bind the plain structs of `state`; they decide nothing.

mod bars;
mod chip;
mod column;
mod columns;
mod embed;
mod gallery;
mod header;
mod lesson;
mod lessons;
mod licence;
mod markdown;
mod models;
mod nav;
mod notices;
mod offer;
pub(crate) mod page;
mod prompt;
mod qr;
mod question;
mod replay;
mod scenes;
mod settings;
mod share;
mod status;
mod tools;
mod widget_data;
mod widget_lookup;
