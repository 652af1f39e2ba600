//! A loaded model.

use engine::Engine;
use text::Tokenizer;

use super::backend;
use super::load;
use super::origin::Origin;
use super::progress::Progress;
use super::signals::Ticket;
use crate::protocol::{BackendInfo, Failure, ModelInfo};

/// The one sequence that this part of the page runs.
pub(super) const SEQUENCE: u32 = 0;

/// An engine with its tokenizer, and how to get it again.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) tokenizer: Tokenizer,
    pub(super) origin: Origin,
    pub(super) context: u32,
    pub(super) fallback_reason: Option<String>,
    /// The tokens in the KV cache of [`SEQUENCE`].
    pub(super) held: Vec<u32>,
}

impl Session {
    /// What the page shows.
    pub(super) fn info(&self) -> ModelInfo {
        let engine = &self.engine;
        ModelInfo {
            id: self.origin.id.clone(),
            architecture: engine.architecture().to_owned(),
            backend: BackendInfo {
                gpu: engine.is_gpu(),
                adapter: engine.adapter_name().to_owned(),
                fallback_reason: self.fallback_reason.clone(),
            },
            vocab: engine.vocab(),
            layers: engine.layers(),
            context: engine.context(),
            weight_bytes: engine.weight_bytes(),
            file_bytes: self.origin.bytes,
            has_chat_template: self.tokenizer.has_chat_template(),
        }
    }

    /// The same model on a new GPU device, with an empty KV cache. On failure the model is gone.
    pub(super) async fn rebuild(self, ticket: &Ticket) -> Result<Self, Failure> {
        let Self { engine, tokenizer, origin, context, fallback_reason, .. } = self;
        engine.destroy();
        let device = backend::gpu_again().await?;
        let progress = Progress::new(origin.bytes, true);
        let tokenizer = Some(tokenizer);
        let (engine, tokenizer) =
            load::read(&origin, device, context, tokenizer, progress, ticket).await?;
        Ok(Self { engine, tokenizer, origin, context, fallback_reason, held: Vec::new() })
    }
}
