//! The files that come with the site: `web/models/ID/` becomes `models/ID/` beside the page.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::paths::Paths;

/// What is in the site's folder of models beside the files of models.
pub(crate) const CATALOGUE: &str = "catalogue.json";
/// Folders that Python makes.
const CACHE: &str = "__pycache__";

/// What was copied.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Files in the site.
    pub(crate) files: usize,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Those that were written anew.
    pub(crate) written: usize,
}

/// Copies the files of all models that have a folder beside their manifest. A file that is there already is left as it
/// is, and every copy has the time of its original: browsers that keep a copy of their own need not fetch it again
/// after a build. What no longer has an original is removed.
///
/// # Errors
/// If something cannot be read or written.
pub(crate) fn copy(paths: &Paths) -> Result<Copied> {
    let to = paths.site().join("models");
    let mut wanted = Vec::new();
    for manifest in super::manifests(paths)? {
        let from = paths.web().join("models").join(&manifest.id);
        if from.is_dir() {
            collect(&from, &to.join(&manifest.id), &mut wanted)?;
        }
    }
    let mut copied = Copied { files: wanted.len(), ..Copied::default() };
    for (from, to) in &wanted {
        let copying = || format!("{} cannot be copied to {}", from.display(), to.display());
        copied.written += usize::from(copy_file(from, to).with_context(copying)?);
        copied.bytes += fs::metadata(to).with_context(copying)?.len();
    }
    let kept = wanted.into_iter().map(|(_, to)| to).chain([to.join(CATALOGUE)]).collect();
    remove_others(&to, &kept)?;
    Ok(copied)
}

/// Lists what is to be copied from a folder and those below it.
fn collect(from: &Path, to: &Path, files: &mut Vec<(PathBuf, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if name == CACHE || name.to_string_lossy().starts_with('.') {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &target, files)?;
        } else {
            files.push((entry.path(), target));
        }
    }
    Ok(())
}

/// Whether the copy had to be written.
fn copy_file(from: &Path, to: &Path) -> io::Result<bool> {
    let original = fs::metadata(from)?;
    let modified = original.modified()?;
    if let Ok(copy) = fs::metadata(to)
        && copy.len() == original.len()
        && copy.modified()? == modified
    {
        return Ok(false);
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to)?;
    File::options().write(true).open(to)?.set_modified(modified)?;
    Ok(true)
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        let removed = if path.is_dir() {
            remove_others(&path, kept)?;
            // Fails for a folder that still holds something, as it should.
            fs::remove_dir(&path).or(Ok(()))
        } else if kept.contains(&path) {
            Ok(())
        } else {
            fs::remove_file(&path)
        };
        removed.with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_the_time_of_their_originals_and_old_ones_go() {
        let folder = std::env::temp_dir().join(format!("glassbox-site-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        for path in ["a/one", "a/__pycache__/x", "two", ".hidden"] {
            let path = from.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "text").unwrap();
        }
        fs::create_dir_all(to.join("old")).unwrap();
        fs::write(to.join("old/file"), "").unwrap();
        fs::write(to.join("two"), "before").unwrap();
        let mut files = Vec::new();
        collect(&from, &to, &mut files).unwrap();
        files.sort();
        assert_eq!(
            files,
            [(from.join("a/one"), to.join("a/one")), (from.join("two"), to.join("two"))]
        );
        for (from, to) in &files {
            assert!(copy_file(from, to).unwrap(), "{} was there", to.display());
            assert!(!copy_file(from, to).unwrap(), "{} was copied twice", to.display());
            let time = |path| fs::metadata(path).unwrap().modified().unwrap();
            assert_eq!(time(from), time(to));
        }
        remove_others(&to, &files.iter().map(|(_, to)| to.clone()).collect()).unwrap();
        assert!(to.join("a/one").is_file() && !to.join("old").exists());
        assert_eq!(fs::read_to_string(to.join("two")).unwrap(), "text");
        fs::remove_dir_all(&folder).unwrap();
    }
}
