//! Finds and loads models: the same loader as the page's, fed from a file.

use crate::options::{Backend, Options};
use anyhow::{Context, Result, bail};
use engine::{Device, Engine, EngineOptions, Loader};
use formats::gguf::Header;
use formats::manifest::{self, Manifest};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use text::{Overrides, Tokenizer};

/// Bytes read at a time.
const PIECE: usize = 4 << 20;

/// A model ready to run.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) engine: Engine,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) header: Header,
    pub(crate) file_bytes: u64,
}

/// A model file and, if the catalogue knows it, its manifest.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) manifest: Option<Manifest>,
}

/// Models of the catalogue.
pub(crate) fn catalogue() -> Result<Vec<Manifest>> {
    let folder = Path::new("web/models");
    let mut manifests = Vec::new();
    for entry in fs::read_dir(folder).context("web/models: run from the repository's root")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            manifests.push(manifest::parse(&json).with_context(|| path.display().to_string())?);
        }
    }
    manifests.sort_by_key(|manifest| manifest.files[0].bytes);
    Ok(manifests)
}

/// Finds a model by path, by id, or by the name of its file.
pub(crate) fn find(name: &str, options: &Options) -> Result<Found> {
    let known = catalogue().unwrap_or_default();
    let file_name = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned());
    let manifest = known.into_iter().find(|manifest| {
        manifest.id == name || Some(&manifest.files[0].name) == file_name.as_ref()
    });
    let path = match &manifest {
        Some(manifest) if !Path::new(name).is_file() => {
            model_file(&manifest.files[0].local, options)
        }
        _ => PathBuf::from(name),
    };
    if !path.is_file() {
        bail!("there is no file {}; get the models with: cargo xtask models", path.display());
    }
    Ok(Found { path, manifest })
}

/// A file that comes with the site, in the repository.
pub(crate) fn site_file(path: &str) -> PathBuf {
    Path::new("web").join(path)
}

/// Where the file of a manifest's `local` path is.
fn model_file(local: &str, options: &Options) -> PathBuf {
    if local.starts_with("models/") { site_file(local) } else { options.weights.join(local) }
}

/// Loads a model.
pub(crate) async fn load(
    found: &Found,
    backend: Backend,
    options: EngineOptions,
) -> Result<Loaded> {
    let device = match backend {
        Backend::Cpu => Device::cpu(),
        Backend::Gpu => Device::gpu().await?,
    };
    let overrides = found.manifest.as_ref().map(Overrides::from).unwrap_or_default();
    let mut file = File::open(&found.path).with_context(|| found.path.display().to_string())?;
    let file_bytes = file.metadata()?.len();
    let mut loader = Loader::new(device, options, file_bytes);
    let mut piece = vec![0; PIECE];
    let mut header: Option<Header> = None;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        loader.push(&piece[..read]).with_context(|| found.path.display().to_string())?;
        if header.is_none() {
            header = loader.header().cloned();
        }
    }
    let engine = loader.finish().await.with_context(|| found.path.display().to_string())?;
    let header = header.context("the file has no header")?;
    let tokenizer = Tokenizer::from_gguf(&header, &overrides)?;
    Ok(Loaded { engine, tokenizer, header, file_bytes })
}

/// Feeds tokens in pieces of at most `chunk`.
pub(crate) async fn prefill(
    engine: &mut Engine,
    sequence: u32,
    adapter: u32,
    tokens: &[u32],
    chunk: usize,
) -> Result<()> {
    for piece in tokens.chunks(chunk.min(engine.max_rows() as usize)) {
        engine.prefill(sequence, adapter, piece).await?;
    }
    Ok(())
}
