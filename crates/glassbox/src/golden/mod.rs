//! Compares a model with a reference file; the format is described in `tests/golden/README.md`.

mod compare;
mod file;

use crate::load::{find, load};
use crate::options::{Backend, Chunk, Options};
use anyhow::{Context, Result, bail};
use compare::{Findings, Tolerances};
use engine::EngineOptions;
use file::Golden;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// One line per case and way of cutting it; `Ok(false)` on a miss.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    if options.names.is_empty() {
        bail!("golden takes one or more files");
    }
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let tolerances = Tolerances::of(backend);
    let (mut held, mut missed) = (0u32, 0u32);
    for name in &options.names {
        let json = fs::read_to_string(name).with_context(|| name.clone())?;
        let golden: Golden = serde_json::from_str(&json).with_context(|| name.clone())?;
        let longest = golden
            .cases
            .iter()
            .map(|case| case.ids.len() + case.greedy_ids.len())
            .max()
            .unwrap_or(1);
        let engine_options =
            EngineOptions { context: longest as u32 + 1, sequences: 1, max_rows: longest as u32 };
        let mut loaded = load(&find(&golden.model, options)?, backend, engine_options).await?;
        // The text of a long case was cut, and need not tokenize to the same ids.
        let check_ids =
            !Path::new(name).file_stem().is_some_and(|s| s.to_string_lossy().ends_with("-long"));
        for (i, case) in golden.cases.iter().enumerate() {
            for chunk in &options.chunks {
                let start = Instant::now();
                let mut findings = Findings::default();
                if check_ids {
                    findings.ids(case, &loaded.tokenizer);
                }
                match *chunk {
                    Chunk::Whole => findings.whole(case, &mut loaded.engine, tolerances).await?,
                    Chunk::Tokens(tokens) => {
                        findings.chunked(case, &mut loaded.engine, tolerances, tokens).await?;
                    }
                }
                findings.greedy(case, &mut loaded.engine, tolerances, options.greedy).await?;
                let verdict = if findings.misses.is_empty() { "ok  " } else { "MISS" };
                let how = match chunk {
                    Chunk::Whole => "whole".to_owned(),
                    Chunk::Tokens(tokens) => format!("by {tokens}"),
                };
                println!(
                    "{verdict} {} {} case {i} {how}: {} tokens, {} in {:.1} s",
                    golden.model,
                    backend.name(),
                    case.ids.len(),
                    findings.summary(),
                    start.elapsed().as_secs_f64(),
                );
                for miss in findings.misses.iter().take(8) {
                    println!("     {miss}");
                }
                if findings.misses.is_empty() {
                    held += 1;
                } else {
                    missed += 1;
                }
            }
        }
        loaded.engine.destroy();
    }
    println!("{held} passed, {missed} failed");
    Ok(missed == 0)
}
