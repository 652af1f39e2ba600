//! Where things lie in the repository.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The folders that the commands read and write.
#[derive(Debug)]
pub(crate) struct Paths {
    root: PathBuf,
}

impl Paths {
    /// Finds the repository: from cargo's environment, else upwards from the current folder.
    pub(crate) fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir().context("the current folder cannot be read")?,
        };
        let root =
            start.ancestors().find(|folder| folder.join("crates/xtask/Cargo.toml").is_file());
        let root =
            root.with_context(|| format!("{} is not inside the repository", start.display()))?;
        Ok(Self { root: root.to_owned() })
    }

    /// The repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Everything that is built; git ignores it.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The built page.
    pub(crate) fn site(&self) -> PathBuf {
        self.target().join("site")
    }

    /// Where wheels are kept until the models in them are verified.
    pub(crate) fn pip(&self) -> PathBuf {
        self.target().join("pip")
    }

    /// Sources of the page.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The fetched models; git ignores it. `local` paths in manifests start here.
    pub(crate) fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    /// The tests that run in a browser.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }
}
