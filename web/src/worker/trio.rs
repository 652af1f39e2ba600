//! Stages of a model: which adapter each runs with.

use engine::Engine;
use engine::adapter::Adapter;
use formats::manifest::{AdapterFiles, SiteFile, Trio};
use sha2::{Digest, Sha256};

use super::download;
use super::intake::{Intake, hex};
use super::signals::Ticket;
use crate::protocol::{Failure, FailureKind, LoadStage, ONLY_STAGE, StageInfo};

/// The stages that rows can run.
#[derive(Debug, Default)]
pub(super) struct Stages {
    stages: Vec<Stage>,
    reward: Option<u32>,
    bytes: u64,
    /// For another device; empty where there can be no other.
    adapters: Vec<Adapter>,
}

#[derive(Debug)]
struct Stage {
    info: StageInfo,
    /// In the engine; 0 is the base.
    adapter: u32,
}

impl Stages {
    /// Of a model that has no stages.
    pub(super) fn only(chat: bool) -> Self {
        let mut stages = Self::default();
        stages.push(ONLY_STAGE, chat, 0);
        stages
    }

    /// Fetches a trio's adapters for the model that `intake` has taken in.
    pub(super) async fn fetch(
        trio: &Trio,
        intake: &mut Intake<'_>,
        ticket: &Ticket,
    ) -> Result<Self, Failure> {
        let mut all = Self::default();
        intake.enter(LoadStage::Downloading);
        for stage in &trio.stages {
            let adapter = match &stage.adapter {
                None => 0,
                Some(files) => all.add(files, intake, ticket).await?,
            };
            all.push(stage.id.as_str(), stage.chat, adapter);
        }
        if let Some(reward) = &trio.reward {
            all.reward = Some(all.add(&reward.adapter, intake, ticket).await?);
        }
        Ok(all)
    }

    fn push(&mut self, id: &str, chat: bool, adapter: u32) {
        self.stages.push(Stage { info: StageInfo { id: id.to_owned(), chat }, adapter });
    }

    /// Fetches an adapter; gives its number in the engine.
    async fn add(
        &mut self,
        files: &AdapterFiles,
        intake: &mut Intake<'_>,
        ticket: &Ticket,
    ) -> Result<u32, Failure> {
        let config = verified(&files.config, ticket).await?;
        let weights = verified(&files.weights, ticket).await?;
        self.adapters.push(intake.adapter(&config, &weights)?);
        self.bytes = self.bytes.saturating_add(files.bytes());
        Ok(self.adapters.len() as u32)
    }

    /// Hands the adapters to an engine.
    pub(super) fn give(&mut self, engine: &mut Engine) -> Result<(), Failure> {
        if self.adapters.is_empty() {
            return Ok(());
        }
        engine.set_adapters(&self.adapters)?;
        if !engine.is_gpu() {
            // The CPU is not lost.
            self.adapters = Vec::new();
        }
        Ok(())
    }

    /// The adapter of a stage.
    pub(super) fn adapter(&self, stage: &str) -> Result<u32, Failure> {
        let found = self.stages.iter().find(|own| own.info.id == stage);
        found.map(|stage| stage.adapter).ok_or_else(|| {
            Failure::new(FailureKind::Internal, format!("the model has no stage `{stage}`"))
        })
    }

    /// The reward model's adapter.
    pub(super) fn reward(&self) -> Option<u32> {
        self.reward
    }

    /// Bytes of all adapter files.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// For the page.
    pub(super) fn infos(&self) -> Vec<StageInfo> {
        self.stages.iter().map(|stage| stage.info.clone()).collect()
    }
}

/// Bytes of the adapter files that a trio's stages and reward model need.
pub(super) fn adapter_bytes(trio: &Trio) -> u64 {
    let of_stages = trio.stages.iter().filter_map(|stage| stage.adapter.as_ref());
    let of_reward = trio.reward.iter().map(|reward| &reward.adapter);
    of_stages.chain(of_reward).map(AdapterFiles::bytes).fold(0, u64::saturating_add)
}

/// A small file of the site, with the hash that its manifest gives.
async fn verified(file: &SiteFile, ticket: &Ticket) -> Result<Vec<u8>, Failure> {
    let bytes = download::whole(&file.path, file.bytes, ticket).await?;
    let found = hex(&Sha256::digest(&bytes));
    if found == file.sha256 {
        return Ok(bytes);
    }
    let detail = format!("{}: SHA-256 is {found}, should be {}", file.path, file.sha256);
    Err(Failure::new(FailureKind::CorruptedFile, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_stages_has_one_and_no_other() {
        let stages = Stages::only(true);
        assert_eq!(stages.infos(), [StageInfo { id: "model".to_owned(), chat: true }]);
        assert_eq!(stages.adapter("model").ok(), Some(0));
        let failure = stages.adapter("sft").expect_err("it has none");
        assert_eq!(failure.kind, FailureKind::Internal);
        assert!(failure.detail.contains("sft") && stages.reward().is_none());
    }
}
