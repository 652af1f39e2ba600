//! Data for tests of the plain structs.

use crate::protocol::{BackendInfo, ModelInfo, TokenView};
use engine::{Alternative, StepReport};

pub(crate) fn token(id: u32, text: &str) -> TokenView {
    TokenView { id, text: text.to_owned(), bytes: text.as_bytes().to_vec(), special: false }
}

/// A report in which `token` was drawn with probability one half from ten alternatives.
pub(crate) fn report(token: u32, position: u32) -> StepReport {
    let alternatives = (0..10)
        .map(|rank| Alternative {
            id: token + rank,
            logit: 10.0 - rank as f32,
            probability: 0.5f32.powi(rank as i32 + 1),
            filtered: if rank < 2 { 0.5 } else { 0.0 },
        })
        .collect();
    StepReport { token, position, logprob: 0.5f32.ln(), kept: 2, entropy: 0.5, alternatives }
}

pub(crate) fn model_info(id: &str, gpu: bool) -> ModelInfo {
    ModelInfo {
        id: id.to_owned(),
        architecture: "llama".to_owned(),
        backend: BackendInfo {
            gpu,
            adapter: if gpu { "Test adapter" } else { "CPU" }.to_owned(),
            fallback_reason: None,
        },
        vocab: 49_152,
        layers: 30,
        context: 2048,
        weight_bytes: 98_000_000,
        file_bytes: 98_362_432,
        has_chat_template: true,
    }
}
