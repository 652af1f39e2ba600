//! The ONNX model, built from the same weights by `tests/bench/onnx/build.py`.

use std::{
    env,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};

use crate::{
    models,
    paths::Paths,
    run::{command, report, run as run_command},
};

/// The model that is built.
pub(super) const MODEL: &str = "smollm2-135m-instruct";
/// Names a Python that has the packages of `requirements.txt` already: PyTorch alone takes gigabytes.
const PYTHON: &str = "GLASSBOX_ONNX_PYTHON";

/// Holds a folder for each model.
pub(super) fn folder(paths: &Paths) -> PathBuf {
    super::results(paths).join("onnx")
}

/// Builds the model, unless it is there. A fetched model file must be in place.
///
/// # Errors
/// If Python or a package is missing, or the build fails.
pub(super) fn ensure(paths: &Paths) -> Result<()> {
    let since = Instant::now();
    let output = folder(paths).join(MODEL);
    if output.join("build.json").is_file() {
        report("ONNX model", "found", since);
        return Ok(());
    }
    let scripts = super::folder(paths).join("onnx");
    let python = match env::var_os(PYTHON) {
        Some(python) => PathBuf::from(python),
        None => install(&super::results(paths).join("venv"), &scripts)?,
    };
    let mut build = command(python);
    run_command(build.arg(scripts.join("build.py")).arg(model_file(paths)?).arg(&output))?;
    report("ONNX model", "built", since);
    Ok(())
}

/// Makes a virtual environment with the pinned packages; returns its Python.
fn install(venv: &Path, scripts: &Path) -> Result<PathBuf> {
    let since = Instant::now();
    run_command(command("python3").args(["-m", "venv"]).arg(venv))?;
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = scripts.join("requirements.txt");
    let mut pip = command(&python);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"]);
    run_command(pip.arg(requirements)).with_context(|| {
        format!("the ONNX builder's packages could not be installed; {PYTHON} may name a Python that has them")
    })?;
    report("ONNX builder", "installed with pip", since);
    Ok(python)
}

fn model_file(paths: &Paths) -> Result<PathBuf> {
    let catalogue: serde_json::Value = serde_json::from_str(&models::catalogue(paths)?)?;
    let manifests = catalogue.as_array().context("the catalogue is not an array")?;
    let manifest = manifests
        .iter()
        .find(|manifest| manifest["id"] == MODEL)
        .with_context(|| format!("there is no model {MODEL}"))?;
    let local =
        manifest["files"][0]["local"].as_str().with_context(|| format!("{MODEL} has no file"))?;
    Ok(paths.models().join(local))
}
