//! Compares a model, or the stages of a trio, with a reference file; the format is described in `tests/golden/README.md`.

mod compare;
mod file;

use crate::load::{Loaded, find, load};
use crate::options::{Backend, Chunk, Options};
use crate::trio::Trio;
use anyhow::{Context, Result, bail};
use compare::{Findings, Tolerances};
use engine::EngineOptions;
use file::{Case, Golden, Rewarded};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// One line per case and way of cutting it; `Ok(false)` on a miss.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    if options.names.is_empty() {
        bail!("golden takes one or more files");
    }
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let mut check = Check { options, backend, held: 0, missed: 0 };
    for name in &options.names {
        let json = fs::read_to_string(name).with_context(|| name.clone())?;
        let golden: Golden = serde_json::from_str(&json).with_context(|| name.clone())?;
        let cases = golden.cases.iter().chain(golden.stages.values().flatten());
        let of_cases = cases.map(|case| case.ids.len() + case.greedy_ids.len());
        let of_rewards = golden.rewards.iter().map(|rewarded| rewarded.ids.len());
        let longest = of_cases.chain(of_rewards).max().unwrap_or(1) as u32;
        let sizes = EngineOptions { context: longest + 1, sequences: 1, max_rows: longest };
        let found = find(&golden.model, options)?;
        let mut loaded = load(&found, backend, sizes).await?;
        // The text of a long case was cut, and need not tokenize to the same ids.
        let is_long =
            Path::new(name).file_stem().is_some_and(|s| s.to_string_lossy().ends_with("-long"));
        check.cases(&golden.model, &golden.cases, 0, !is_long, &mut loaded).await?;
        if !golden.stages.is_empty() || !golden.rewards.is_empty() {
            let manifest = found.manifest.as_ref().context("the catalogue has no such model")?;
            let trio = Trio::load(&mut loaded, manifest)?;
            for (id, cases) in &golden.stages {
                let what = format!("{} {id}", golden.model);
                check.cases(&what, cases, trio.stage(*id)?.adapter, true, &mut loaded).await?;
            }
            if !golden.rewards.is_empty() {
                let adapter = trio.reward.context("this trio has no reward model")?;
                check.rewards(&golden.model, &golden.rewards, adapter, &mut loaded).await?;
            }
        }
        loaded.engine.destroy();
    }
    println!("{} passed, {} failed", check.held, check.missed);
    Ok(check.missed == 0)
}

/// The comparison under way.
struct Check<'a> {
    options: &'a Options,
    backend: Backend,
    held: u32,
    missed: u32,
}

impl Check<'_> {
    async fn cases(
        &mut self,
        what: &str,
        cases: &[Case],
        adapter: u32,
        check_ids: bool,
        loaded: &mut Loaded,
    ) -> Result<()> {
        let tolerances = Tolerances::of(self.backend);
        for (i, case) in cases.iter().enumerate() {
            for chunk in &self.options.chunks {
                let start = Instant::now();
                let mut findings = Findings::of(adapter);
                if check_ids {
                    findings.ids(case, &loaded.tokenizer);
                }
                let engine = &mut loaded.engine;
                let how = match *chunk {
                    Chunk::Whole => {
                        findings.whole(case, engine, tolerances).await?;
                        "whole".to_owned()
                    }
                    Chunk::Tokens(tokens) => {
                        findings.chunked(case, engine, tolerances, tokens).await?;
                        format!("by {tokens}")
                    }
                };
                findings.greedy(case, engine, tolerances, self.options.greedy).await?;
                self.report(
                    &findings.misses,
                    &format!(
                        "{what} {} case {i} {how}: {} tokens, {} in {:.1} s",
                        self.backend.name(),
                        case.ids.len(),
                        findings.summary(),
                        start.elapsed().as_secs_f64(),
                    ),
                );
            }
        }
        Ok(())
    }

    async fn rewards(
        &mut self,
        what: &str,
        rewards: &[Rewarded],
        adapter: u32,
        loaded: &mut Loaded,
    ) -> Result<()> {
        let mut findings = Findings::of(adapter);
        let mut worst = 0f32;
        for case in rewards {
            let off =
                findings.reward(case, &mut loaded.engine, Tolerances::of(self.backend)).await?;
            worst = worst.max(off);
        }
        let (backend, count) = (self.backend.name(), rewards.len());
        self.report(
            &findings.misses,
            &format!("{what} {backend} rewards: {count} answers, off by {worst:.4}"),
        );
        Ok(())
    }

    fn report(&mut self, misses: &[String], line: &str) {
        let verdict = if misses.is_empty() { "ok  " } else { "MISS" };
        println!("{verdict} {line}");
        for miss in misses.iter().take(8) {
            println!("     {miss}");
        }
        match misses.is_empty() {
            true => self.held += 1,
            false => self.missed += 1,
        }
    }
}
