//! Writes the site's service worker: `web/sw.js`, and in front of it the files of this build with their hashes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{
    models::{self, site::CATALOGUE, stamp},
    paths::Paths,
    run::report,
};

const WORKER: &str = "sw.js";
/// Digits of a file's SHA-256: enough to tell any two files apart.
const DIGITS: usize = 32;
/// Larger files are never kept by the service worker: models have their own place.
const LARGEST: u64 = 16 << 20;
/// The folder of the stored runs, `EXPERIMENT.MODEL.jsonl`: those on another model are kept only once they were read.
const RUNS: &str = "experiments/runs/";
/// Folders of the first model that are kept only once they were used.
const LATER: [&str; 2] = ["checkpoints/", "recipe/"];

/// A file of the site.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    hash: String,
    bytes: u64,
}

/// Writes the service worker. A development build has one that keeps nothing, so that every reload shows what was
/// built last.
///
/// # Errors
/// If something cannot be read or written.
pub(crate) fn write(paths: &Paths, dev: bool) -> Result<()> {
    let since = Instant::now();
    let files = if dev { BTreeMap::new() } else { list(&paths.site())? };
    let catalogue = models::manifests(paths)?;
    let default = catalogue.iter().find(|manifest| manifest.default).map(|m| m.id.as_str());
    let first = first(&files, default);
    let bytes: u64 = first.iter().filter_map(|path| files.get(*path)).map(|file| file.bytes).sum();
    let state = if dev {
        "keeps nothing in a development build".to_owned()
    } else {
        format!(
            "{} files at once, {} kB; {} in all",
            first.len(),
            bytes.div_ceil(1000),
            files.len()
        )
    };
    let hashes: BTreeMap<&str, &str> =
        files.iter().map(|(path, file)| (path.as_str(), file.hash.as_str())).collect();
    let from = paths.web().join(WORKER);
    let script =
        fs::read_to_string(&from).with_context(|| format!("{} cannot be read", from.display()))?;
    let to = paths.site().join(WORKER);
    let build = json!({ "first": first, "files": hashes });
    fs::write(&to, format!("const BUILD = {build};\n{script}"))
        .with_context(|| format!("{} cannot be written", to.display()))?;
    report("service worker", &state, since);
    Ok(())
}

/// Every file of the site that may be kept, by its path with slashes.
fn list(site: &Path) -> Result<BTreeMap<String, Kept>> {
    let mut folders: Vec<PathBuf> = vec![site.to_owned()];
    let mut files = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        let reading = || format!("{} cannot be read", folder.display());
        for entry in fs::read_dir(&folder).with_context(reading)? {
            let path = entry.with_context(reading)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(site).context("a file of the site lies outside of it")?;
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let name = parts.join("/");
            let (bytes, mut hash) = stamp::hash_file(&path)?;
            if name != WORKER && bytes <= LARGEST {
                hash.truncate(DIGITS);
                files.insert(name, Kept { hash, bytes });
            }
        }
    }
    Ok(files)
}

/// What is kept before the worker takes over, small files first: the page, its lessons, the catalogue, and the model
/// that a first visit starts with, with its stages, the data that made them and what was measured on it.
fn first<'a>(files: &'a BTreeMap<String, Kept>, default: Option<&str>) -> Vec<&'a str> {
    let is_first = |path: &str| {
        if let Some(run) = path.strip_prefix(RUNS) {
            return run.split_once('.').and_then(|(_, model)| model.strip_suffix(".jsonl"))
                == default;
        }
        let Some(below) = path.strip_prefix("models/") else { return true };
        let own = default.and_then(|id| below.strip_prefix(id)?.strip_prefix('/'));
        below == CATALOGUE
            || own.is_some_and(|own| !LATER.iter().any(|folder| own.starts_with(folder)))
    };
    let mut first: Vec<_> = files.iter().filter(|(path, _)| is_first(path)).collect();
    first.sort_by_key(|(_, file)| file.bytes);
    first.into_iter().map(|(path, _)| path.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_with_their_hashes_but_for_the_worker_itself() {
        let site = std::env::temp_dir().join(format!("glassbox-offline-{}", std::process::id()));
        fs::create_dir_all(site.join("styles")).unwrap();
        fs::write(site.join("styles/a.css"), "abc").unwrap();
        fs::write(site.join(WORKER), "old").unwrap();
        let files = list(&site).unwrap();
        fs::remove_dir_all(&site).unwrap();
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["styles/a.css"]);
        let css = &files["styles/a.css"];
        assert_eq!((css.hash.as_str(), css.bytes), ("ba7816bf8f01cfea414140de5dae2223", 3));
    }

    #[test]
    fn the_page_and_the_first_model_come_first_and_other_models_later() {
        let file = |bytes| Kept { hash: String::new(), bytes };
        let files: BTreeMap<String, Kept> = [
            ("index.html", 9),
            ("lessons/en/tokens.md", 2),
            ("models/catalogue.json", 3),
            ("models/a/base.gguf", 100),
            ("models/a/data/sft.jsonl", 50),
            ("models/a/checkpoints/1.gguf", 1),
            ("models/a/recipe/train.py", 1),
            ("models/ab/adapter.safetensors", 1),
            ("experiments/x.json", 4),
            ("experiments/runs/x.a.jsonl", 5),
            ("experiments/runs/x.ab.jsonl", 1),
        ]
        .map(|(path, bytes)| (path.to_owned(), file(bytes)))
        .into();
        assert_eq!(
            first(&files, Some("a")),
            [
                "lessons/en/tokens.md",
                "models/catalogue.json",
                "experiments/x.json",
                "experiments/runs/x.a.jsonl",
                "index.html",
                "models/a/data/sft.jsonl",
                "models/a/base.gguf"
            ]
        );
        assert!(first(&files, None).iter().all(|path| !path.starts_with("models/a/")));
    }
}
