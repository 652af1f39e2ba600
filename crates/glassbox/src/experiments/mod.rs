//! `glassbox lab`: experiments of the prompt lab, run by the same code as the page's.

mod check;
mod log;
mod table;

use crate::calls::{Asked, MOST_ROWS, Model, file_hash};
use crate::load::{find, site_file};
use crate::options::{Backend, Options};
use anyhow::{Context, Result, bail};
use lab::experiment::{Batch, BatchRow, Experiment, Next, Run, When};
use log::Log;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Runs an experiment, or checks the log of one.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    match options.names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", file] => run_file(Path::new(file), options).await,
        ["check", log] => check::run(Path::new(log), options).await,
        _ => bail!("lab takes: run FILE, or check LOG"),
    }
}

async fn run_file(path: &Path, options: &Options) -> Result<bool> {
    let json = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut experiment =
        Experiment::from_json(&json).with_context(|| path.display().to_string())?;
    if let Some(model) = &options.model {
        experiment = experiment.on_model(model);
    }
    if let Some(count) = options.problems {
        experiment.count = count;
    }
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let mut models = load(&experiment, backend, options).await?;
    let (mut run, mut log) = begin(experiment, &models, backend, options)?;
    if !run.weights().contains_key(&When::Before) {
        run.note_weights(When::Before, checksums(&models).await?);
    }
    loop {
        log.append(&run.take_log())?;
        match run.next_batch() {
            Next::Batch(batch) => answer(&mut run, &batch, &mut models).await?,
            Next::Waiting => bail!("the experiment waits for a reply that nobody owes"),
            Next::Paused | Next::Ended => break,
        }
        log::progress(&run);
    }
    run.note_weights(When::After, checksums(&models).await?);
    log.finish(&run)?;
    match options.json {
        true => println!("{}", serde_json::to_string_pretty(&table::Figures::of(&run))?),
        false => table::print(&run),
    }
    // In-context learning is not training.
    Ok(run.weights_unchanged() == Some(true))
}

/// The models that the stages name.
async fn load(
    experiment: &Experiment,
    backend: Backend,
    options: &Options,
) -> Result<BTreeMap<String, Model>> {
    let rows = u32::try_from(experiment.batch).unwrap_or(MOST_ROWS);
    let mut models = BTreeMap::new();
    for stage in &experiment.stages {
        if !models.contains_key(&stage.model) {
            let model = Model::load_named(&stage.model, backend, rows, options).await?;
            models.insert(stage.model.clone(), model);
        }
        let known = models.get(&stage.model).is_some_and(|model: &Model| {
            let mut stages = model.stages();
            stages.any(|own| own == stage.stage)
        });
        if !known {
            bail!("the model `{}` has no stage `{}`", stage.model, stage.stage);
        }
    }
    Ok(models)
}

/// A new run, or the one that the log holds as far as it came.
fn begin(
    experiment: Experiment,
    models: &BTreeMap<String, Model>,
    backend: Backend,
    options: &Options,
) -> Result<(Run, Log)> {
    let (log, held) = Log::open(options.out.as_deref())?;
    if let Some(held) = held {
        let mut run = Run::restore(&held).context("the log that is there")?;
        if run.experiment() != &experiment {
            bail!("the log that is there is of another experiment");
        }
        run.go_on();
        return Ok((run, log));
    }
    let file = experiment
        .problems
        .file()
        .map(|file| {
            let path = site_file(&format!("models/{file}"));
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        })
        .transpose()?;
    let mut made_with = BTreeMap::from([
        ("glassbox".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("backend".to_owned(), backend.name().to_owned()),
    ]);
    for (id, model) in models {
        made_with.insert("device".to_owned(), model.loaded.engine.adapter_name().to_owned());
        made_with.insert(format!("file {id}"), file_hash(&find(id, options)?.path)?);
    }
    Ok((Run::new(experiment, file.as_deref(), made_with)?, log))
}

/// Answers a batch. Its time is shared by its replies.
async fn answer(run: &mut Run, batch: &Batch, models: &mut BTreeMap<String, Model>) -> Result<()> {
    let model = models.get_mut(&batch.model).context("a model that no stage has")?;
    let stages: Vec<String> =
        run.experiment().stages.iter().map(|stage| stage.stage.clone()).collect();
    let stage = |row: &BatchRow| stages.get(row.stage).map_or("", String::as_str);
    let calls: Vec<Asked<'_>> =
        batch.rows.iter().map(|row| Asked { stage: stage(row), call: &row.call }).collect();
    let began = Instant::now();
    let replies = model.answer(&calls).await?;
    let answered = replies.iter().filter(|reply| reply.is_ok()).count();
    let seconds = began.elapsed().as_secs_f64() / answered.max(1) as f64;
    for (row, reply) in batch.rows.iter().zip(replies) {
        match reply {
            Ok(mut reply) => {
                reply.seconds = seconds;
                run.answer(row.id, reply)?;
            }
            Err(message) => run.fail(row.id, &message)?,
        }
    }
    Ok(())
}

async fn checksums(models: &BTreeMap<String, Model>) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for (id, model) in models {
        all.insert(id.clone(), model.checksum().await?);
    }
    Ok(all)
}
