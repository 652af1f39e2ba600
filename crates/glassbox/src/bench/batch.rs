//! What running problems as rows of one batch saves, beside one after another.

use crate::calls::{Asked, MOST_ROWS, Model};
use crate::options::{Backend, Options};
use anyhow::{Context, Result, bail};
use lab::experiment::{ExampleSource, Experiment, Next, Run, Source, TechniqueUse};
use lab::grade::Grader;
use lab::problems::Kind;
use lab::prompt::{ChatExamples, Form};
use lab::technique::{ModelCall, Sampling, Technique};
use lab::{Bilingual, Language};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Instant;

/// Problems of the run.
const PROBLEMS: usize = MOST_ROWS as usize;
/// Rounds of each measurement; the median of their ratios counts.
const ROUNDS: usize = 3;
/// New tokens of an answer, at most.
const MAX_TOKENS: u32 = 64;

/// One technique over 32 problems.
#[derive(Debug, Serialize)]
pub(super) struct Batched {
    model: String,
    stage: String,
    backend: &'static str,
    technique: String,
    problems: usize,
    prompt_tokens: u64,
    /// In the batch: taken over from another row.
    reused_tokens: u64,
    new_tokens: u64,
    one_by_one_seconds: f64,
    batch_seconds: f64,
    /// Median over rounds of one by one / batch.
    speedup: f64,
}

/// Measures the models named, or Sprout.
pub(super) async fn run(options: &Options) -> Result<Vec<Batched>> {
    let names = match options.names.is_empty() {
        true => vec!["sprout".to_owned()],
        false => options.names.clone(),
    };
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let mut all = Vec::new();
    for name in &names {
        let mut model = Model::load_named(name, backend, MOST_ROWS, options).await?;
        let techniques = [
            ("plain", Technique::Plain),
            ("few-shot, 4 examples", Technique::FewShot { shots: 4, picked: Vec::new() }),
        ];
        for (key, technique) in techniques {
            let calls = calls(&model, key, technique)?;
            all.push(measure(name, backend, &mut model, key, &calls).await?);
        }
        model.loaded.engine.destroy();
    }
    Ok(all)
}

/// The first calls of an experiment on word problems: one for each problem.
fn calls(model: &Model, key: &str, technique: Technique) -> Result<Vec<(String, ModelCall)>> {
    let chat = model.loaded.tokenizer.has_chat_template();
    // A stage that answers, if there is one.
    let stage = model.stages().find(|id| *id == "sft").or_else(|| model.stages().next());
    let stage = stage.context("the model has no stage")?.to_owned();
    let experiment = Experiment {
        id: "bench".to_owned(),
        title: Bilingual::default(),
        question: Bilingual::default(),
        techniques: vec![TechniqueUse {
            key: key.to_owned(),
            name: Bilingual::default(),
            technique,
        }],
        stages: vec![lab::experiment::Stage {
            key: stage.clone(),
            model: "model".to_owned(),
            stage: stage.clone(),
            form: if chat { Form::Chat } else { Form::Raw },
            chat_examples: ChatExamples::Turns,
        }],
        problems: Source::Generated { kind: Kind::TwoStep },
        languages: vec![Language::En],
        count: PROBLEMS,
        examples: ExampleSource::Problems,
        seed: 1,
        sampling: Sampling::default(),
        max_tokens: MAX_TOKENS,
        batch: PROBLEMS,
        grader: Grader::default(),
    };
    let mut run = Run::new(experiment, None, BTreeMap::new())?;
    let Next::Batch(batch) = run.next_batch() else { bail!("the experiment asks nothing") };
    Ok(batch.rows.into_iter().map(|row| (stage.clone(), row.call)).collect())
}

async fn measure(
    name: &str,
    backend: Backend,
    model: &mut Model,
    technique: &str,
    calls: &[(String, ModelCall)],
) -> Result<Batched> {
    let asked: Vec<Asked<'_>> = calls.iter().map(|(stage, call)| Asked { stage, call }).collect();
    let mut rounds = Vec::new();
    let mut replies = Vec::new();
    for round in 0..=ROUNDS {
        let start = Instant::now();
        let mut alone = Vec::new();
        for one in &asked {
            // Nothing is taken over: each problem by itself.
            model.forget();
            alone.extend(model.answer(&[*one]).await?);
        }
        let one_by_one = start.elapsed().as_secs_f64();
        model.forget();
        let start = Instant::now();
        replies = model.answer(&asked).await?;
        let batch = start.elapsed().as_secs_f64();
        for (alone, together) in alone.iter().zip(&replies) {
            match (alone, together) {
                (Ok(alone), Ok(together)) if alone.text == together.text => {}
                (Err(message), _) | (_, Err(message)) => bail!("{message}"),
                _ => bail!("a row of a batch says what it does not say alone"),
            }
        }
        // The first round compiles what has to be compiled.
        if round > 0 {
            rounds.push((one_by_one, batch));
        }
    }
    let sum = |count: fn(&lab::technique::Reply) -> u32| -> u64 {
        replies.iter().flatten().map(|reply| u64::from(count(reply))).sum()
    };
    let median = |pick: fn(&(f64, f64)) -> f64| super::median(rounds.iter().map(pick).collect());
    Ok(Batched {
        model: name.to_owned(),
        stage: calls.first().map(|(stage, _)| stage.clone()).unwrap_or_default(),
        backend: backend.name(),
        technique: technique.to_owned(),
        problems: calls.len(),
        prompt_tokens: sum(|reply| reply.prompt_tokens),
        reused_tokens: sum(|reply| reply.reused_tokens),
        new_tokens: sum(|reply| reply.tokens),
        one_by_one_seconds: median(|(alone, _)| *alone),
        batch_seconds: median(|(_, batch)| *batch),
        speedup: median(|(alone, batch)| alone / batch),
    })
}

impl std::fmt::Display for Batched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:16} {} {}  {:22} {} problems: {:.2} s as a batch against {:.2} s one by one: {:.2} × as fast; {} tokens \
             in ({} taken over), {} out",
            self.model,
            self.stage,
            self.backend,
            self.technique,
            self.problems,
            self.batch_seconds,
            self.one_by_one_seconds,
            self.speedup,
            self.prompt_tokens,
            self.reused_tokens,
            self.new_tokens,
        )
    }
}
