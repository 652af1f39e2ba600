//! Checks of the repository itself; they are ordinary tests, in `tests/`.
//!
//! Here is what they share: where the repository is, and which files belong to it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// The repository.
///
/// # Errors
/// If this does not run under cargo.
pub fn root() -> Result<PathBuf> {
    let folder = env::var_os("CARGO_MANIFEST_DIR")
        .context("CARGO_MANIFEST_DIR is not set: run this with cargo")?;
    let root = Path::new(&folder).ancestors().nth(2);
    Ok(root.context("the checks do not lie two folders below the repository")?.to_owned())
}

/// The repository's files: those in git and new ones that git does not ignore, as paths with slashes.
///
/// # Errors
/// If git is missing or this is no git checkout.
pub fn files() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    // Whoever owns the checkout: nothing in it is run here.
    git.args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let root = root()?;
    let list = output(git.current_dir(&root))?;
    let mut files: Vec<String> =
        list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    // A file that was deleted but not yet committed is still listed.
    files.retain(|path| root.join(path).is_file());
    files.sort();
    files.dedup();
    ensure!(!files.is_empty(), "git lists no file in {}", root.display());
    Ok(files)
}

/// What a command writes to its standard output.
///
/// # Errors
/// If it cannot be started or fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} cannot be started"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {complaint}");
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} did not write UTF-8"))
}
