//! Calls of the prompt lab, answered by loaded models.

use crate::load::{Found, Loaded, find, load};
use crate::options::{Backend, Options};
use crate::trio::Trio;
use anyhow::{Context, Result};
use engine::generate::{Batch, Caches, Line};
use engine::{EngineOptions, SamplerSettings};
use lab::prompt::text_of;
use lab::technique::{ModelCall, Reply, Sampling, Writing};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The stage of a model that has no others.
const ONLY_STAGE: &str = "model";
/// Most rows at once; calls beyond wait for one that becomes free.
pub(crate) const MOST_ROWS: u32 = 32;
/// Bytes that are read at once.
const PIECE: u64 = 4 << 20;

/// A loaded model, its stages, and what its caches hold.
pub(crate) struct Model {
    pub(crate) loaded: Loaded,
    /// Name and adapter.
    stages: Vec<(String, u32)>,
    caches: Caches,
}

/// A call and the stage that answers it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'c> {
    pub(crate) stage: &'c str,
    pub(crate) call: &'c ModelCall,
}

impl Model {
    /// Loads a model of the catalogue with all its stages, to answer `rows` calls at once.
    async fn load(found: &Found, backend: Backend, rows: u32, options: &Options) -> Result<Self> {
        let sequences = rows.clamp(1, MOST_ROWS) + 1;
        let engine_options =
            EngineOptions { context: options.context, sequences, ..EngineOptions::default() };
        let mut loaded = load(found, backend, engine_options).await?;
        let stages = match &found.manifest {
            Some(manifest) if manifest.trio.is_some() => {
                let trio = Trio::load(&mut loaded, manifest)?;
                trio.stages.iter().map(|stage| (stage.id.to_string(), stage.adapter)).collect()
            }
            _ => vec![(ONLY_STAGE.to_owned(), 0)],
        };
        let caches = Caches::new(loaded.engine.sequences());
        Ok(Self { loaded, stages, caches })
    }

    /// The same by its name.
    pub(crate) async fn load_named(
        name: &str,
        backend: Backend,
        rows: u32,
        options: &Options,
    ) -> Result<Self> {
        let loading = async { Self::load(&find(name, options)?, backend, rows, options).await };
        loading.await.with_context(|| format!("the model `{name}`"))
    }

    /// Names of the stages, first ones first.
    pub(crate) fn stages(&self) -> impl Iterator<Item = &str> {
        self.stages.iter().map(|(id, _)| id.as_str())
    }

    /// The caches hold nothing.
    pub(crate) fn forget(&mut self) {
        self.caches.forget();
    }

    /// Answers calls as rows of one batch, in their order: a reply, or why the call cannot be run.
    pub(crate) async fn answer(
        &mut self,
        calls: &[Asked<'_>],
    ) -> Result<Vec<Result<Reply, String>>> {
        let (mut batch, mut writings, mut places) = (Batch::default(), Vec::new(), Vec::new());
        for asked in calls {
            places.push(self.line(*asked).map(|line| {
                writings.push(Writing::new(asked.call));
                // Both lists grow together: a writing's place is its line's number.
                batch.add(line)
            }));
        }
        let Loaded { engine, tokenizer, .. } = &mut self.loaded;
        let stops = |line: usize, id: u32| {
            writings.get_mut(line).is_some_and(|writing: &mut Writing| writing.push(tokenizer, id))
        };
        batch.run(engine, &mut self.caches, stops).await?;
        let mut writings = writings.into_iter();
        let mut reply = |number: usize| {
            let (line, writing) = (batch.line(number), writings.next());
            let (Some(line), Some(writing)) = (line, writing) else {
                return Err("the call was lost".to_owned());
            };
            Ok(writing.finish(line.given as u32, line.reused() as u32))
        };
        Ok(places.into_iter().map(|place| place.and_then(&mut reply)).collect())
    }

    fn line(&self, asked: Asked<'_>) -> Result<Line, String> {
        let Asked { stage, call } = asked;
        let Loaded { engine, tokenizer, .. } = &self.loaded;
        let found = self.stages.iter().find(|(id, _)| id == stage);
        let (_, adapter) = found.ok_or_else(|| format!("the model has no stage `{stage}`"))?;
        let text = text_of(&call.input, tokenizer).map_err(|error| error.to_string())?;
        let ids = tokenizer.encode_prompt(&text);
        let (length, context) = (ids.len(), engine.context());
        if ids.is_empty() {
            return Err("the prompt has no token".to_owned());
        }
        // One place is for the answer.
        if length >= context as usize {
            return Err(format!("{length} tokens, the context holds {context}"));
        }
        let Sampling { temperature, top_k, top_p, min_p, repeat_penalty } = call.sampling;
        let seed = call.seed;
        let sampler = SamplerSettings { temperature, top_k, top_p, min_p, repeat_penalty, seed };
        Ok(Line::new(*adapter, sampler, ids, call.max_tokens))
    }

    /// SHA-256 over the weights as the engine holds them now, adapters among them.
    pub(crate) async fn checksum(&self) -> Result<String> {
        let engine = &self.loaded.engine;
        let mut hasher = Sha256::new();
        for (part, size) in engine.weight_parts().into_iter().enumerate() {
            for at in (0..size).step_by(PIECE as usize) {
                hasher.update(engine.read_weights(part, at, PIECE).await?);
            }
        }
        Ok(hex(&hasher.finalize()))
    }
}

/// SHA-256 of a file.
pub(crate) fn file_hash(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| path.display().to_string())?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE as usize];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&piece[..read]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
