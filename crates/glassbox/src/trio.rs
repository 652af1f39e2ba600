//! The stages of a trio: the base model and adapters of it, from the repository's files.

use crate::load::{Loaded, site_file};
use anyhow::{Context, Result, bail};
use engine::adapter::Adapter;
use formats::manifest::{AdapterFiles, Manifest, StageId};
use std::fs;
use std::path::Path;

/// A stage that is ready to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    pub(crate) id: StageId,
    /// Its adapter in the engine; 0 for the base.
    pub(crate) adapter: u32,
    /// Does it expect the chat template?
    pub(crate) chat: bool,
}

/// The stages of a loaded model.
#[derive(Clone, Debug)]
pub(crate) struct Trio {
    pub(crate) stages: Vec<Stage>,
}

impl Trio {
    /// Reads the adapters that the manifest names and hands them to the engine.
    pub(crate) fn load(loaded: &mut Loaded, manifest: &Manifest) -> Result<Self> {
        let Some(trio) = &manifest.trio else { bail!("{} is not a trio", manifest.id) };
        let mut adapters = Vec::new();
        let mut stages = Vec::new();
        for stage in &trio.stages {
            let adapter = match &stage.adapter {
                None => 0,
                Some(files) => add(&mut adapters, read(loaded, files)?),
            };
            stages.push(Stage { id: stage.id, adapter, chat: stage.chat });
        }
        loaded.engine.set_adapters(&adapters)?;
        Ok(Self { stages })
    }

    /// The stage of that name.
    pub(crate) fn stage(&self, id: StageId) -> Result<Stage> {
        let found = self.stages.iter().find(|stage| stage.id == id).copied();
        found.with_context(|| format!("this trio has no stage {id}"))
    }
}

/// Loads one adapter from a folder with PEFT's two files, as the engine's only one.
pub(crate) fn load_folder(loaded: &mut Loaded, folder: &Path) -> Result<()> {
    let config = folder.join("adapter_config.json");
    let weights = folder.join("adapter_model.safetensors");
    let adapter = read_files(loaded, &config, &weights)?;
    Ok(loaded.engine.set_adapters(&[adapter])?)
}

fn add(adapters: &mut Vec<Adapter>, adapter: Adapter) -> u32 {
    adapters.push(adapter);
    adapters.len() as u32
}

fn read(loaded: &Loaded, files: &AdapterFiles) -> Result<Adapter> {
    read_files(loaded, &site_file(&files.config.path), &site_file(&files.weights.path))
}

fn read_files(loaded: &Loaded, config: &Path, weights: &Path) -> Result<Adapter> {
    let json = fs::read_to_string(config).with_context(|| config.display().to_string())?;
    let bytes = fs::read(weights).with_context(|| weights.display().to_string())?;
    engine::read_adapter(&loaded.header, &json, &bytes)
        .with_context(|| weights.display().to_string())
}
