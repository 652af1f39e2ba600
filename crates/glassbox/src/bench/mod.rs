mod batch;
mod compare;

use crate::load::{Loaded, catalogue, find, load, prefill};
use crate::options::{Backend, Options};
use anyhow::Result;
use engine::{DecodeRow, EngineOptions, SamplerSettings};
use serde::Serialize;
use std::time::Instant;

/// The prompt of every measurement that is not given another.
const PROMPT: &str = include_str!("../../../../tests/bench/prompt.txt");

/// One model on one backend. Per-token figures are counted over the decode steps after the first.
#[derive(Debug, Serialize)]
struct Figures {
    model: String,
    backend: &'static str,
    adapter: String,
    file_bytes: u64,
    weight_bytes: u64,
    weights_to_file: f64,
    prompt_tokens: usize,
    new_tokens: u32,
    dispatches_per_token: f64,
    submits_per_token: f64,
    objects_created_per_token: f64,
    bytes_read_back_per_token: f64,
    first_token_ms: f64,
    tokens_per_second: f64,
}

/// Measures models on both backends, or on the one asked for.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    if options.compare {
        let all = compare::run(options).await?;
        match options.json {
            true => println!("{}", serde_json::to_string_pretty(&all)?),
            false => all.iter().for_each(|comparison| println!("{comparison}")),
        }
        return Ok(true);
    }
    if options.batch {
        let all = batch::run(options).await?;
        match options.json {
            true => println!("{}", serde_json::to_string_pretty(&all)?),
            false => all.iter().for_each(|batched| println!("{batched}")),
        }
        return Ok(true);
    }
    let names = match options.names.is_empty() {
        true => catalogue()?.into_iter().map(|manifest| manifest.id).collect(),
        false => options.names.clone(),
    };
    let backends =
        options.backend.map_or(vec![Backend::Cpu, Backend::Gpu], |backend| vec![backend]);
    let mut all = Vec::new();
    for name in &names {
        for backend in &backends {
            let engine_options =
                EngineOptions { context: options.context, ..EngineOptions::default() };
            let loaded = load(&find(name, options)?, *backend, engine_options).await?;
            let prompt = options.prompt.as_deref().unwrap_or(PROMPT.trim_end());
            let figures = measure(name, *backend, loaded, prompt, options.tokens.max(1)).await?;
            if !options.json {
                print_line(&figures);
            }
            all.push(figures);
        }
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    Ok(true)
}

async fn measure(
    name: &str,
    backend: Backend,
    loaded: Loaded,
    prompt: &str,
    tokens: u32,
) -> Result<Figures> {
    let Loaded { mut engine, tokenizer, file_bytes, .. } = loaded;
    let prompt = tokenizer.encode_prompt(prompt);
    let (before, last) = prompt.split_at(prompt.len() - 1);
    let sampler = SamplerSettings::greedy();
    let mut first_token_ms = 0.0;
    let mut seconds = 0.0;
    let (mut start_counters, mut end_counters) = (engine.counters(), engine.counters());
    // The first round compiles what has to be compiled.
    for _ in 0..2 {
        engine.truncate(0, 0)?;
        let start = Instant::now();
        prefill(&mut engine, 0, 0, before, usize::MAX).await?;
        let mut decode =
            engine.start(&[DecodeRow { sequence: 0, adapter: 0, token: last[0], sampler }])?;
        engine.step(&mut decode).await?;
        first_token_ms = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        start_counters = engine.counters();
        for _ in 0..tokens {
            engine.step(&mut decode).await?;
        }
        end_counters = engine.counters();
        seconds = start.elapsed().as_secs_f64();
        engine.finish(decode);
    }
    let per_token = |from: u64, to: u64| (to - from) as f64 / f64::from(tokens);
    let (a, b) = (start_counters, end_counters);
    let figures = Figures {
        model: name.to_owned(),
        backend: backend.name(),
        adapter: engine.adapter_name().to_owned(),
        file_bytes,
        weight_bytes: engine.weight_bytes(),
        weights_to_file: engine.weight_bytes() as f64 / file_bytes as f64,
        prompt_tokens: prompt.len(),
        new_tokens: tokens,
        dispatches_per_token: per_token(a.dispatches, b.dispatches),
        submits_per_token: per_token(a.submits, b.submits),
        objects_created_per_token: per_token(a.objects_created, b.objects_created),
        bytes_read_back_per_token: per_token(a.bytes_read_back, b.bytes_read_back),
        first_token_ms,
        tokens_per_second: f64::from(tokens) / seconds,
    };
    engine.destroy();
    Ok(figures)
}

/// The middle one; of an even number the higher of the two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn print_line(f: &Figures) {
    println!(
        "{:24} {}  {:6.1} tokens/s  first token {:6.0} ms  {:5.1} dispatches, {:.1} submits, {:.1} objects, {:.0} B \
         read back per token  weights {:.1} MB ({:.3} × file)  {}",
        f.model,
        f.backend,
        f.tokens_per_second,
        f.first_token_ms,
        f.dispatches_per_token,
        f.submits_per_token,
        f.objects_created_per_token,
        f.bytes_read_back_per_token,
        f.weight_bytes as f64 / 1e6,
        f.weights_to_file,
        f.adapter,
    );
}
