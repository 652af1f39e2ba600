//! Data for tests of the plain structs.

use engine::{Alternative, SamplerSettings, StepReport};

use crate::protocol::inside::{
    GateFunction, LayerAttention, Rope, Segment, SegmentKind, Shape, TextFacts,
};
use crate::protocol::{BackendInfo, ColumnRequest, ModelInfo, Prompt, StageInfo, TokenView};
use crate::state::run::Generated;

pub(crate) fn token(id: u32, text: &str) -> TokenView {
    TokenView { id, text: text.to_owned(), bytes: text.as_bytes().to_vec(), special: false }
}

/// A report in which `token` was drawn with probability one half from ten alternatives. The entropy is two bits.
pub(crate) fn report(token: u32, position: u32) -> StepReport {
    let alternatives = (0..10)
        .map(|rank| Alternative {
            id: token + rank,
            logit: 10.0 - rank as f32,
            probability: 0.5f32.powi(rank as i32 + 1),
            filtered: if rank < 2 { 0.5 } else { 0.0 },
        })
        .collect();
    StepReport { token, position, logprob: 0.5f32.ln(), kept: 2, entropy: 4f32.ln(), alternatives }
}

/// A token of an answer, drawn from ten that are called `t0` to `t9`.
pub(crate) fn generated(id: u32, text: &str) -> Generated {
    Generated {
        token: token(id, text),
        report: report(id, 0),
        alternatives: (0..10).map(|rank| token(id + rank, &format!("t{rank}"))).collect(),
        chosen: false,
    }
}

/// What a column asks for: `Hello` of this stage of the model `m`.
pub(crate) fn asked(stage: &str) -> ColumnRequest {
    ColumnRequest {
        column: 0,
        model: "m".to_owned(),
        stage: stage.to_owned(),
        prompt: Prompt::Raw { text: "Hello".to_owned() },
        prefix: Vec::new(),
        sampler: SamplerSettings::default(),
        max_tokens: 48,
    }
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
        stages: vec![StageInfo { id: "model".to_owned(), chat: true }],
        has_reward: false,
        adapter_bytes: 0,
    }
}

/// A raw prompt of these tokens, in a model of two layers with four heads of width 8.
pub(crate) fn facts(tokens: &[&str]) -> TextFacts {
    let count = tokens.len() as u32;
    let attention = LayerAttention { rope_base: 10_000.0, scale: 0.5, window: None, normed: false };
    TextFacts {
        prompt: tokens.concat(),
        tokens: (0..).zip(tokens).map(|(id, text)| token(id, text)).collect(),
        prompt_tokens: count,
        segments: vec![Segment { kind: SegmentKind::Raw, start: 0, end: count }],
        shape: Shape {
            layers: 2,
            heads: 4,
            kv_heads: 2,
            head_width: 8,
            d_model: 32,
            d_ff: 64,
            vocab: 1000,
            gate: GateFunction::Silu,
            embedding_scale: 1.0,
            rope: Rope::Halves,
            attention: vec![attention; 2],
        },
    }
}
