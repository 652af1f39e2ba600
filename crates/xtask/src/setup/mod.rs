//! What has to be on the machine: each need is looked for, and installed if it is missing and that is
//! allowed. Installed Rust toolchains are never touched.

use std::path::PathBuf;

use anyhow::{Result, anyhow};

use crate::paths::Paths;

use self::apt::Apt;
pub(crate) use self::{
    npm::{Scripts, bin as npm_bin, ensure as npm_packages},
    probe::{chromium, lavapipe},
    wasm::{Panics, WasmToolchain},
};

mod apt;
mod npm;
mod probe;
mod wasm;

/// Sets up everything: to build and serve the page, and to run every check.
///
/// # Errors
/// One chain that names every need which is still missing, with the command to type for it.
pub(crate) fn all(paths: &Paths) -> Result<()> {
    println!("Setting up");
    let mut apt = Apt::default();
    let mut failures = Vec::new();
    let mut note =
        |result: Result<()>| failures.extend(result.err().map(|error| format!("{error:#}")));
    note(probe::ensure(&mut apt, &probe::BROWSER_AND_GPU));
    note(wasm::ensure(paths, &mut apt, Panics::Stop).map(drop));
    note(npm::ensure(&web_tools(paths), "wasm-opt", Scripts::Run));
    note(npm::ensure(&paths.e2e(), "browser test tools", Scripts::Run));
    if failures.is_empty() { Ok(()) } else { Err(anyhow!(failures.join("\nerror: "))) }
}

/// Sets up what the page's build needs, and returns the toolchain that compiles it. `release`: for readers.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn web(paths: &Paths, release: bool) -> Result<WasmToolchain> {
    println!("Setting up the page's build");
    let panics = if release { Panics::Stop } else { Panics::Speak };
    let toolchain = wasm::ensure(paths, &mut Apt::default(), panics)?;
    if release {
        npm::ensure(&web_tools(paths), "wasm-opt", Scripts::Run)?;
    }
    Ok(toolchain)
}

/// The folder whose npm package holds wasm-opt.
pub(crate) fn web_tools(paths: &Paths) -> PathBuf {
    paths.web().join("tools")
}
