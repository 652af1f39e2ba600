//! `glassbox lab check`: does a stored run still say what this build of the engine says?

use super::load;
use crate::calls::Asked;
use crate::options::{Backend, Options};
use anyhow::{Context, Result, bail};
use lab::experiment::Run;
use lab::technique::CallRecord;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Replays the log (which holds the techniques to the prompts in it), then runs the calls of its first problems again.
/// `Ok(false)`: a reply is another one.
pub(super) async fn run(path: &Path, options: &Options) -> Result<bool> {
    let log = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let run = Run::restore(&log).with_context(|| path.display().to_string())?;
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let made_on = run.made_with().get("backend").map(String::as_str);
    if made_on != Some(backend.name()) {
        bail!("the run was made on {}", made_on.unwrap_or("another backend"));
    }
    let mut models = load(run.experiment(), backend, options).await?;
    let most = options.problems.unwrap_or(usize::MAX);
    let (results, experiment) = (run.results(), run.experiment());
    let mut by_model: BTreeMap<&str, Vec<(&str, &CallRecord)>> = BTreeMap::new();
    for row in results.rows().iter().filter(|row| row.problem_index < most) {
        for record in row.records {
            let speaker = record.call.speaker.as_deref();
            let stage = speaker.and_then(|key| experiment.stage_index(key)).unwrap_or(row.stage);
            let Some(stage) = experiment.stages.get(stage) else { continue };
            let calls = by_model.entry(stage.model.as_str()).or_default();
            calls.push((stage.stage.as_str(), record));
        }
    }
    let (mut same, mut all) = (0, 0);
    for (id, calls) in by_model {
        let model = models.get_mut(id).context("a model that no stage has")?;
        let asked: Vec<Asked<'_>> =
            calls.iter().map(|(stage, record)| Asked { stage, call: &record.call }).collect();
        let replies = model.answer(&asked).await?;
        for ((stage, record), reply) in calls.iter().zip(replies) {
            all += 1;
            match reply {
                Ok(reply) if reply.text == record.reply.text => same += 1,
                other => {
                    let said = other.map_or_else(|message| message, |reply| reply.text);
                    println!("{id} {stage}: {:?}, now {said:?}", record.reply.text);
                }
            }
        }
    }
    println!("{}: {same} of {all} replies are the same", path.display());
    Ok(all > 0 && same == all)
}
