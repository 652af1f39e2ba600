//! What several columns of one trio cost beside a single one.

use super::median;
use crate::load::{Loaded, catalogue, find, load, prefill};
use crate::options::{Backend, Options};
use crate::trio::{Stage, Trio};
use anyhow::{Context, Result, bail};
use engine::{Counters, DecodeRow, EngineOptions, SamplerSettings};
use formats::manifest::StageId;
use serde::Serialize;
use std::time::Instant;
use text::Message;

/// Rounds of each measurement; the median of their ratios counts, as machines are noisy.
const ROUNDS: usize = 5;

/// All stages of a trio as rows of one batch against its SFT stage alone.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    trio: String,
    backend: &'static str,
    adapter: String,
    columns: usize,
    tokens: u32,
    one_column_ms_per_step: f64,
    all_columns_ms_per_step: f64,
    /// Median over rounds of all columns / one column.
    time_ratio: f64,
    one_column_dispatches_per_step: f64,
    all_columns_dispatches_per_step: f64,
    /// Bytes of base weights the backend holds: a step reads them once, however many columns there are.
    weight_bytes: u64,
}

/// Measures every trio of the catalogue, or those named.
pub(super) async fn run(options: &Options) -> Result<Vec<Comparison>> {
    let trios = catalogue()?.into_iter().filter(|manifest| manifest.trio.is_some());
    let named = |id: &String| options.names.is_empty() || options.names.contains(id);
    let ids: Vec<String> = trios.map(|manifest| manifest.id).filter(named).collect();
    if ids.is_empty() {
        bail!("the catalogue has no trio of that name to compare");
    }
    let backends = options.backend.map_or(vec![Backend::Cpu, Backend::Gpu], |one| vec![one]);
    let mut all = Vec::new();
    for id in &ids {
        for backend in &backends {
            all.push(compare(id, *backend, options).await?);
        }
    }
    Ok(all)
}

async fn compare(id: &str, backend: Backend, options: &Options) -> Result<Comparison> {
    let found = find(id, options)?;
    let manifest = found.manifest.as_ref().context("the catalogue has no such model")?;
    let sequences = 4;
    let engine_options =
        EngineOptions { context: options.context, sequences, ..EngineOptions::default() };
    let mut loaded = load(&found, backend, engine_options).await?;
    let trio = Trio::load(&mut loaded, manifest)?;
    let one = [trio.stage(StageId::Sft)?];
    let prompt = options.prompt.as_deref().unwrap_or(&manifest.prompt.en);
    let tokens = options.tokens.max(1);
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let alone = decode(&mut loaded, &one, prompt, tokens).await?;
        let together = decode(&mut loaded, &trio.stages, prompt, tokens).await?;
        rounds.push((alone, together));
    }
    let ms = |pick: fn(&(Decoded, Decoded)) -> f64| median(rounds.iter().map(pick).collect());
    let (alone, together) = rounds.last().context("at least one round")?;
    let comparison = Comparison {
        trio: id.to_owned(),
        backend: backend.name(),
        adapter: loaded.engine.adapter_name().to_owned(),
        columns: trio.stages.len(),
        tokens,
        one_column_ms_per_step: ms(|(one, _)| one.ms),
        all_columns_ms_per_step: ms(|(_, all)| all.ms),
        time_ratio: ms(|(one, all)| all.ms / one.ms),
        one_column_dispatches_per_step: alone.dispatches,
        all_columns_dispatches_per_step: together.dispatches,
        weight_bytes: loaded.engine.weight_bytes(),
    };
    loaded.engine.destroy();
    Ok(comparison)
}

#[derive(Debug)]
struct Decoded {
    /// Per step.
    ms: f64,
    /// Per step.
    dispatches: f64,
}

/// Steps of the stages as rows of one batch.
async fn decode(
    loaded: &mut Loaded,
    stages: &[Stage],
    prompt: &str,
    tokens: u32,
) -> Result<Decoded> {
    let Loaded { engine, tokenizer, .. } = loaded;
    let mut rows = Vec::new();
    for (sequence, stage) in (0u32..).zip(stages) {
        let text = match stage.chat {
            true => {
                let message = Message { role: "user".into(), content: prompt.to_owned() };
                tokenizer.render_chat(&[message], true)?
            }
            false => prompt.to_owned(),
        };
        let ids = tokenizer.encode_prompt(&text);
        let (&token, before) = ids.split_last().context("the prompt has no token")?;
        engine.truncate(sequence, 0)?;
        prefill(engine, sequence, stage.adapter, before, usize::MAX).await?;
        let sampler = SamplerSettings::greedy();
        rows.push(DecodeRow { sequence, adapter: stage.adapter, token, sampler });
    }
    let mut decode = engine.start(&rows)?;
    // The first step compiles what has to be compiled.
    engine.step(&mut decode).await?;
    let Counters { dispatches: before, .. } = engine.counters();
    let start = Instant::now();
    for _ in 0..tokens {
        engine.step(&mut decode).await?;
    }
    let ms = start.elapsed().as_secs_f64() * 1e3 / f64::from(tokens);
    let dispatches = (engine.counters().dispatches - before) as f64 / f64::from(tokens);
    engine.finish(decode);
    Ok(Decoded { ms, dispatches })
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:16} {}  {} columns: {:.2} ms a step against {:.2} ms of one: {:.2} ×; {:.1} dispatches against {:.1}; \
             {:.1} MB of weights read once  {}",
            self.trio,
            self.backend,
            self.columns,
            self.all_columns_ms_per_step,
            self.one_column_ms_per_step,
            self.time_ratio,
            self.all_columns_dispatches_per_step,
            self.one_column_dispatches_per_step,
            self.weight_bytes as f64 / 1e6,
            self.adapter,
        )
    }
}
