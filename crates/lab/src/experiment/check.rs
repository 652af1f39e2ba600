//! Experiments within bounds.

use super::error::ExperimentError;
use super::settings::{Experiment, Source, Stage};
use crate::rng::SEED_MASK;
use crate::technique::Technique;

/// How large an experiment may be.
pub mod limits {
    /// Techniques.
    pub const MAX_TECHNIQUES: usize = 16;
    /// Stages.
    pub const MAX_STAGES: usize = 8;
    /// Problems in each language.
    pub const MAX_COUNT: usize = 5_000;
    /// Techniques × stages × problems.
    pub const MAX_CELLS: usize = 100_000;
    /// New tokens of a call.
    pub const MAX_TOKENS: u32 = 1_024;
    /// Rows of a batch.
    pub const MAX_BATCH: usize = 256;
    /// Bytes of a name or key.
    pub const MAX_NAME: usize = 100;
    /// Bytes of a log.
    pub const MAX_LOG: usize = 256 << 20;
    /// The version of logs.
    pub const LOG_VERSION: u32 = 1;
}

impl Experiment {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`ExperimentError`] for the first one out of bounds.
    pub fn check(&self) -> Result<(), ExperimentError> {
        name("id", &self.id)?;
        range("count", self.count, 1, limits::MAX_COUNT)?;
        range("batch", self.batch, 1, limits::MAX_BATCH)?;
        range("max_tokens", self.max_tokens as usize, 1, limits::MAX_TOKENS as usize)?;
        range("techniques", self.techniques.len(), 1, limits::MAX_TECHNIQUES)?;
        range("stages", self.stages.len(), 1, limits::MAX_STAGES)?;
        range("languages", self.languages.len(), 1, 2)?;
        if self.seed > SEED_MASK {
            let setting = "seed";
            return Err(ExperimentError::Range {
                setting,
                value: self.seed,
                min: 0,
                max: SEED_MASK,
            });
        }
        self.check_sampling()?;
        self.grader.check()?;
        unique("languages", self.languages.iter().map(|language| language.code()))?;
        unique("techniques", self.techniques.iter().map(|technique| technique.key.as_str()))?;
        unique("stages", self.stages.iter().map(|stage| stage.key.as_str()))?;
        self.stages.iter().try_for_each(check_stage)?;
        for used in &self.techniques {
            name("technique", &used.key)?;
            let key = || used.key.clone();
            used.technique
                .check()
                .map_err(|cause| ExperimentError::Technique { key: key(), cause })?;
            if let Technique::Discussion { speakers, judge, .. } = &used.technique {
                let mut asked = speakers.iter().chain((!judge.is_empty()).then_some(judge));
                if let Some(stage) = asked.find(|stage| self.stage_index(stage).is_none()) {
                    return Err(ExperimentError::UnknownStage { key: key(), stage: stage.clone() });
                }
            }
        }
        match &self.problems {
            Source::Trio { model, file, .. } => {
                name("model", model)?;
                name("file", file)?;
            }
            Source::Table { problems, .. } => {
                unique("problems", problems.iter().map(|problem| problem.id.as_str()))?;
            }
            Source::Generated { .. } => {}
        }
        let problems = self.count.saturating_mul(self.languages.len());
        let cells =
            problems.saturating_mul(self.techniques.len()).saturating_mul(self.stages.len());
        if cells > limits::MAX_CELLS {
            return Err(ExperimentError::TooLarge { cells });
        }
        Ok(())
    }

    fn check_sampling(&self) -> Result<(), ExperimentError> {
        let sampling = &self.sampling;
        for (setting, value, max) in [
            ("temperature", sampling.temperature, 5.0),
            ("top_p", sampling.top_p, 1.0),
            ("min_p", sampling.min_p, 1.0),
            ("repeat_penalty", sampling.repeat_penalty, 10.0),
        ] {
            // Not a number is in no range.
            if !(0.0..=max).contains(&value) {
                return Err(ExperimentError::Sampling { setting, value });
            }
        }
        Ok(())
    }
}

fn check_stage(stage: &Stage) -> Result<(), ExperimentError> {
    name("stage", &stage.key)?;
    name("model", &stage.model)?;
    name("stage", &stage.stage)
}

/// Names become file names and keys: nothing in them can lead out of a folder.
fn name(setting: &'static str, name: &str) -> Result<(), ExperimentError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good = !name.is_empty()
        && name.len() <= limits::MAX_NAME
        && !name.starts_with('.')
        && name.chars().all(plain);
    if good { Ok(()) } else { Err(ExperimentError::Name { setting, name: name.to_owned() }) }
}

fn range(
    setting: &'static str,
    value: usize,
    min: usize,
    max: usize,
) -> Result<(), ExperimentError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    let [value, min, max] = [value, min, max].map(|number| number as u64);
    Err(ExperimentError::Range { setting, value, min, max })
}

pub(super) fn unique<'a>(
    setting: &'static str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), ExperimentError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(ExperimentError::SameName { setting, name: name.to_owned() });
        }
    }
    Ok(())
}
