//! The page and its worker: one crate with two doors, each a WebAssembly module of its own.
//!
//! Logic lives in plain structs under `state`, tested natively; components only bind it. The page
//! never sees a buffer: it talks to the worker in the plain data of `protocol`.

#![allow(unreachable_pub, reason = "leptos's component macro makes its items public")]
#![cfg_attr(
    not(all(feature = "page", feature = "worker")),
    allow(dead_code, reason = "behind one door lies what only the other leads to")
)]

use wasm_bindgen::prelude::*;

mod browser;
mod components;
mod i18n;
#[expect(missing_docs, reason = "the names of plain message fields say what they are")]
pub mod protocol;
mod reactive;
mod state;
mod worker;

/// Mounts the page into the document's body.
#[cfg(feature = "page")]
#[wasm_bindgen]
pub fn start_page() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(components::page::Page);
}

/// Starts listening in a dedicated worker.
#[cfg(feature = "worker")]
#[wasm_bindgen]
pub fn start_worker() {
    console_error_panic_hook::set_once();
    worker::start();
}
