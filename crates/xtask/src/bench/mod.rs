//! `cargo xtask bench`: the page's CPU path and the native program, side by side with other engines.
//!
//! This part makes everything that `tests/bench/run.mjs` needs; that script measures.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::{
    build,
    cli::Selection,
    models,
    paths::Paths,
    run::{cargo, command, run as run_command},
    setup,
};

mod onnx;
mod readme;

const PEERS: [&str; 3] = ["wllama", "onnx", "llama-cpp"];
/// The models that the aims are about.
const MODELS: [&str; 2] = ["smollm2-135m-instruct", "gemma-3-270m"];

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Engines to measure against. None: ours alone.
    pub(crate) peers: Vec<String>,
    /// Ids of models; none means [`MODELS`].
    pub(crate) models: Vec<String>,
    /// Paired rounds.
    pub(crate) rounds: Option<u32>,
    /// New tokens per round.
    pub(crate) tokens: Option<u32>,
    /// Put the table into `README.md`.
    pub(crate) write_readme: bool,
}

/// Makes what is needed, measures, and writes `target/bench/bench.json` and `bench.md`.
///
/// # Errors
/// If a peer is unknown, something cannot be made, or a measurement fails.
pub(crate) fn run(paths: &Paths, options: &Options) -> Result<()> {
    if let Some(unknown) = options.peers.iter().find(|peer| !PEERS.contains(&peer.as_str())) {
        bail!("there is no peer `{unknown}`; there are {}", PEERS.join(", "));
    }
    let ids = match options.models.is_empty() {
        true => MODELS.map(str::to_owned).to_vec(),
        false => options.models.clone(),
    };
    let has = |name: &str| options.peers.iter().any(|peer| peer == name);
    setup::all(paths)?;
    models::run(paths, &Selection::Ids(ids.clone()))?;
    if !options.peers.is_empty() {
        println!("Peers");
        setup::npm_packages(&folder(paths), "npm packages", setup::Scripts::Ignore)?;
    }
    // Other models of this peer are left out by the script.
    if has("onnx") && ids.iter().any(|id| id == onnx::MODEL) {
        onnx::ensure(paths)?;
    }
    build::run(paths, false)?;
    if has("llama-cpp") {
        run_command(cargo(paths.root()).args(["build", "--release", "--package", "glassbox"]))?;
    }
    measure(paths, options, &ids)?;
    if options.write_readme {
        readme::write(&paths.root().join("README.md"), &results(paths).join("bench.md"))?;
    }
    Ok(())
}

/// The scripts, and the peers' npm packages.
fn folder(paths: &Paths) -> PathBuf {
    paths.root().join("tests/bench")
}

/// Where the results go, and what is made for the peers.
fn results(paths: &Paths) -> PathBuf {
    paths.target().join("bench")
}

fn measure(paths: &Paths, options: &Options, ids: &[String]) -> Result<()> {
    let chromium = setup::chromium().context("Chromium was not found")?;
    let program =
        paths.target().join("release/glassbox").with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(
        program.is_file() || !options.peers.iter().any(|peer| peer == "llama-cpp"),
        "{} is missing",
        program.display()
    );
    println!("Measuring");
    let mut node = command("node");
    node.env("CHROME", chromium).arg(folder(paths).join("run.mjs"));
    node.arg("--site").arg(paths.site()).arg("--models").arg(paths.models());
    node.arg("--onnx").arg(onnx::folder(paths)).arg("--program").arg(program);
    node.arg("--out").arg(results(paths));
    node.args(["--peers", &options.peers.join(","), "--ids", &ids.join(",")]);
    for (name, value) in [("--rounds", options.rounds), ("--tokens", options.tokens)] {
        if let Some(value) = value {
            node.arg(name).arg(value.to_string());
        }
    }
    run_command(&mut node)
}
