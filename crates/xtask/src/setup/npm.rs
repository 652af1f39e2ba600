//! npm packages at the versions that a folder's `package-lock.json` names.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::run::{command, find_program, report, run};

/// Whether packages may run their own install scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scripts {
    Run,
    /// For packages that hold all that is needed and whose scripts would download or compile more.
    Ignore,
}

/// Installs a folder's npm packages, unless they are there already.
///
/// # Errors
/// If npm is missing or fails, or the folder has no lock file.
pub(crate) fn ensure(folder: &Path, what: &str, scripts: Scripts) -> Result<()> {
    let since = Instant::now();
    let lock_file = folder.join("package-lock.json");
    let lock =
        fs::read(&lock_file).with_context(|| format!("{} cannot be read", lock_file.display()))?;
    // A copy of the lock file, written after npm is done, says what is installed.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        report(what, "found", since);
        return Ok(());
    }
    if find_program("npm").is_none() {
        bail!("npm was not found; on Debian the command is `sudo apt-get install -y nodejs npm`");
    }
    let mut npm = command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    if scripts == Scripts::Ignore {
        npm.arg("--ignore-scripts");
    }
    run(&mut npm).with_context(|| format!("in {}", folder.display()))?;
    fs::create_dir_all(folder.join("node_modules"))?;
    fs::write(&stamp, lock).with_context(|| format!("{} cannot be written", stamp.display()))?;
    report(what, "installed with npm", since);
    Ok(())
}

/// A program that a folder's npm packages brought.
pub(crate) fn bin(folder: &Path, program: &str) -> PathBuf {
    folder.join("node_modules/.bin").join(program)
}
