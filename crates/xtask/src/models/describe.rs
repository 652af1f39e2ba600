//! `cargo xtask models --stamp`: brings manifests up to date with the files that come with the site.
//!
//! Sizes, hashes and numbers of rows are taken from the files. A trio's stages, reward model, checkpoints, data sets
//! and logs are those that lie in `web/models/ID/`; words that the manifest has about them are kept.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use formats::manifest::{
    AdapterFiles, Checkpoint, CheckpointWeights, DataSet, Manifest, Reward, SiteFile, Stage,
    StageId, Trio,
};

use crate::{paths::Paths, run::report};

use super::{stamp, texts};

/// The folder of the reward model's adapter.
const REWARD: &str = "reward";
/// Where the recipe notes how the SFT stage's answers are rewarded.
const REWARD_REPORTS: [&str; 3] =
    ["adapters/reward/reward.json", "metrics/reward.json", "eval/reward.json"];
const NOTICES: [&str; 3] = ["NOTICE", "NOTICE.txt", "NOTICE.md"];
/// The licence of data sets written for this project.
const OWN_LICENCE: &str = "Apache-2.0";

/// Rewrites every manifest that no longer fits its files.
///
/// # Errors
/// If a file cannot be read, half of an adapter is missing, or the manifest would break a rule.
pub(crate) fn run(paths: &Paths) -> Result<()> {
    println!("Manifests");
    for (path, manifest) in super::read(paths)? {
        let since = Instant::now();
        let failed = || format!("model {}", manifest.id);
        let described = describe(&paths.web(), &manifest).with_context(failed)?;
        described.validate().with_context(failed)?;
        let is_new = described != manifest;
        if is_new {
            let json = serde_json::to_string_pretty(&described)? + "\n";
            fs::write(&path, json)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        report(&manifest.id, if is_new { "written" } else { "up to date" }, since);
    }
    Ok(())
}

/// What a manifest should say. `web`: the folder that site paths begin in.
pub(super) fn describe(web: &Path, manifest: &Manifest) -> Result<Manifest> {
    let mut out = manifest.clone();
    let folder = Folder { web, id: &manifest.id };
    for file in out.files.iter_mut().filter(|file| file.is_bundled()) {
        let found = hash(web, &file.local)?;
        (file.bytes, file.sha256) = (found.bytes, found.sha256);
    }
    if let Some(trio) = &mut out.trio {
        let old = trio.clone();
        *trio = Trio {
            stages: folder.stages(&old)?,
            reward: folder.reward(&old)?,
            checkpoints: folder.checkpoints(&old)?,
            data: folder.data(&old)?,
            metrics: folder.paths("metrics", &["jsonl"])?,
            report: folder.first(&["eval/report.json"]),
            readme: folder.first(&["README.md"]),
            notice: folder.first(&NOTICES),
            lineage: old.lineage,
        };
    }
    Ok(out)
}

/// A model's folder below `web/models/`.
struct Folder<'a> {
    web: &'a Path,
    id: &'a str,
}

impl Folder<'_> {
    fn stages(&self, old: &Trio) -> Result<Vec<Stage>> {
        let mut stages = Vec::new();
        for id in StageId::ALL {
            let adapter = self.adapter(id.as_str())?;
            if adapter.is_some() != (id == StageId::Base) {
                let known = old.stage(id).cloned().unwrap_or_else(|| texts::stage(id));
                stages.push(Stage { adapter, ..known });
            }
        }
        Ok(stages)
    }

    fn reward(&self, old: &Trio) -> Result<Option<Reward>> {
        let Some(adapter) = self.adapter(REWARD)? else { return Ok(None) };
        let known = |read: fn(&Reward) -> Option<f32>| old.reward.as_ref().and_then(read);
        let mut reward =
            Reward { adapter, mean: known(|reward| reward.mean), sd: known(|reward| reward.sd) };
        if let Some(path) = self.first(&REWARD_REPORTS) {
            let text = fs::read_to_string(self.web.join(&path)).with_context(|| path.clone())?;
            let json: serde_json::Value =
                serde_json::from_str(&text).with_context(|| path.clone())?;
            let number = |field: &str| json[field].as_f64().map(|number| number as f32);
            reward.mean = number("sft_reward_mean");
            reward.sd = number("sft_reward_std");
        }
        Ok(Some(reward))
    }

    fn checkpoints(&self, old: &Trio) -> Result<Vec<Checkpoint>> {
        let mut found = Vec::new();
        for path in self.paths("checkpoints", &["gguf"])? {
            let name = path.rsplit('/').next().unwrap_or_default();
            let id = name.split('.').next().unwrap_or_default().to_owned();
            found.push((id, CheckpointWeights::Base(hash(self.web, &path)?)));
        }
        for name in self.names("adapters")? {
            let is_stage = StageId::ALL.iter().any(|id| id.as_str() == name);
            if !is_stage
                && name != REWARD
                && let Some(files) = self.adapter(&name)?
            {
                found.push((name, CheckpointWeights::Adapter(files)));
            }
        }
        let mut checkpoints = Vec::new();
        for (id, weights) in found {
            let known = old.checkpoints.iter().find(|checkpoint| checkpoint.id == id);
            let is_base = matches!(weights, CheckpointWeights::Base(_));
            let name = known.map(|checkpoint| checkpoint.name.clone());
            let name = name.unwrap_or_else(|| texts::checkpoint(&id, is_base));
            checkpoints.push(Checkpoint { id, name, weights });
        }
        // `step-90` before `step-100`; bases stay before adapters.
        let key = |checkpoint: &Checkpoint| {
            let (name, number) =
                checkpoint.id.rsplit_once('-').unwrap_or((checkpoint.id.as_str(), ""));
            let is_adapter = matches!(checkpoint.weights, CheckpointWeights::Adapter(_));
            (is_adapter, name.to_owned(), number.parse::<u32>().ok())
        };
        checkpoints.sort_by_key(key);
        Ok(checkpoints)
    }

    fn data(&self, old: &Trio) -> Result<Vec<DataSet>> {
        let mut sets = Vec::new();
        for folder in ["data", "data/facts", "eval"] {
            for path in self.paths(folder, &["jsonl", "txt"])? {
                let file = self.web.join(&path);
                let text = fs::read_to_string(&file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                // A line that begins with # is a comment in our text files.
                let is_row = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
                let rows = text.lines().filter(is_row).count() as u64;
                let known = old.data.iter().find(|set| set.path == path);
                let inside = path.strip_prefix(&self.site_path("")).unwrap_or(&path);
                let name = known.map_or_else(|| texts::data(inside), |set| set.name.clone());
                let licence =
                    known.map_or_else(|| OWN_LICENCE.to_owned(), |set| set.licence.clone());
                sets.push(DataSet { name, path, rows, licence });
            }
        }
        Ok(sets)
    }

    /// The adapter `adapters/NAME`, if it is there.
    fn adapter(&self, name: &str) -> Result<Option<AdapterFiles>> {
        let path = |file: &str| self.site_path(&format!("adapters/{name}/{file}"));
        let (config, weights) = (path("adapter_config.json"), path("adapter_model.safetensors"));
        let is_there = |path: &str| self.web.join(path).is_file();
        match (is_there(&config), is_there(&weights)) {
            (false, false) => Ok(None),
            (true, true) => {
                let (config, weights) = (hash(self.web, &config)?, hash(self.web, &weights)?);
                Ok(Some(AdapterFiles { config, weights }))
            }
            (true, false) => bail!("{weights} is missing"),
            (false, true) => bail!("{config} is missing"),
        }
    }

    /// The first of some files that is there.
    fn first(&self, names: &[&str]) -> Option<String> {
        let mut paths = names.iter().map(|name| self.site_path(name));
        paths.find(|path| self.web.join(path).is_file())
    }

    /// Site paths of the files in a folder with one of these endings, in order.
    fn paths(&self, folder: &str, endings: &[&str]) -> Result<Vec<String>> {
        let mut names = self.names(folder)?;
        names.retain(|name| {
            name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
        });
        Ok(names.iter().map(|name| self.site_path(&format!("{folder}/{name}"))).collect())
    }

    /// Names in a folder, in order; none if there is no such folder.
    fn names(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.web.join(self.site_path(folder));
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let reading = || format!("{} cannot be read", path.display());
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).with_context(reading)? {
            let name = entry.with_context(reading)?.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn site_path(&self, inside: &str) -> String {
        format!("models/{}/{inside}", self.id)
    }
}

/// The file that a site path leads to.
fn hash(web: &Path, path: &str) -> Result<SiteFile> {
    let file: PathBuf = web.join(path);
    let (bytes, sha256) = stamp::hash_file(&file)?;
    Ok(SiteFile { path: path.to_owned(), bytes, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_describe_the_files_that_are_there() {
        let paths = Paths::find().unwrap();
        for (path, manifest) in crate::models::read(&paths).unwrap() {
            let described = describe(&paths.web(), &manifest).unwrap();
            assert_eq!(
                described,
                manifest,
                "{} does not fit its files: type `cargo xtask models --stamp`",
                path.display()
            );
        }
    }

    #[test]
    fn stages_come_and_go_with_their_files() {
        let paths = Paths::find().unwrap();
        let known = crate::models::manifests(&paths).unwrap();
        let sprout = known.iter().find(|manifest| manifest.id == "sprout").unwrap();
        let web = std::env::temp_dir().join(format!("glassbox-describe-{}", std::process::id()));
        let put = |path: &str, text: &str| {
            let path = web.join("models/sprout").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put(&sprout.files[0].name, "base");
        let bare = describe(&web, sprout).unwrap();
        let trio = bare.trio.as_ref().unwrap();
        assert_eq!(bare.files[0].bytes, 4);
        assert_eq!(trio.stages.len(), 1);
        assert!(trio.reward.is_none() && trio.checkpoints.is_empty() && trio.data.is_empty());
        bare.validate().unwrap();

        for name in ["rlhf", "sft", "reward", "overtrained-100", "overtrained-90"] {
            put(&format!("adapters/{name}/adapter_config.json"), "{}");
            put(&format!("adapters/{name}/adapter_model.safetensors"), name);
        }
        put("adapters/reward/reward.json", r#"{"sft_reward_mean": 0.5, "sft_reward_std": 2}"#);
        put("checkpoints/pretrain-1.q4_0.gguf", "early");
        put("data/sft.jsonl", "{}\n\n{}\n");
        put("eval/report.json", "{}");
        let mut full = describe(&web, &bare).unwrap();
        full.validate().unwrap();
        let trio = full.trio.as_mut().unwrap();
        let ids: Vec<_> = trio.stages.iter().map(|stage| stage.id).collect();
        assert_eq!(ids, StageId::ALL);
        let reward = trio.reward.as_ref().unwrap();
        assert_eq!((reward.mean, reward.sd), (Some(0.5), Some(2.0)));
        let ids: Vec<_> = trio.checkpoints.iter().map(|checkpoint| &*checkpoint.id).collect();
        assert_eq!(ids, ["pretrain-1", "overtrained-90", "overtrained-100"]);
        assert_eq!((trio.data.len(), trio.data[0].rows), (1, 2));
        assert_eq!(trio.report.as_deref(), Some("models/sprout/eval/report.json"));

        // Words are kept, and a second look changes nothing.
        trio.stages[1].name.en = "Tuned".to_owned();
        assert_eq!(describe(&web, &full).unwrap(), full);
        fs::remove_file(web.join("models/sprout/adapters/sft/adapter_config.json")).unwrap();
        let message = describe(&web, &full).unwrap_err().to_string();
        assert!(message.contains("sft/adapter_config.json is missing"), "{message}");
        fs::remove_dir_all(&web).unwrap();
    }
}
