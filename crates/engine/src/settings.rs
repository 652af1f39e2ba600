//! Plain data that crosses the worker's boundary: what to sample and what came out.

use serde::{Deserialize, Serialize};

/// How the next token is chosen. Names follow common usage (llama.cpp, Hugging Face).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SamplerSettings {
    /// Divides the logits; 0 means greedy (always the most likely token).
    pub temperature: f32,
    /// Keep only the `top_k` most likely tokens; 0 keeps all.
    pub top_k: u32,
    /// Keep the smallest set of most likely tokens whose probability reaches `top_p`; 1 keeps all.
    pub top_p: f32,
    /// Drop tokens less likely than `min_p` times the most likely one; 0 keeps all.
    pub min_p: f32,
    /// Makes tokens that already occurred less likely (Keskar et al. 2019, CTRL); 1 changes nothing.
    pub repeat_penalty: f32,
    /// Seed of the random draw. The same seed and settings give the same text.
    pub seed: u64,
}

impl Default for SamplerSettings {
    fn default() -> Self {
        Self { temperature: 0.7, top_k: 40, top_p: 0.95, min_p: 0.0, repeat_penalty: 1.0, seed: 1 }
    }
}

impl SamplerSettings {
    /// Always the most likely token.
    pub fn greedy() -> Self {
        Self { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0, repeat_penalty: 1.0, seed: 0 }
    }
}

/// One of the most likely next tokens, before and after the sampling filters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// Token id.
    pub id: u32,
    /// Raw logit.
    pub logit: f32,
    /// Softmax of the raw logits over the full vocabulary.
    pub probability: f32,
    /// Probability it was drawn with, after penalty, temperature and filters; 0 if filtered out.
    pub filtered: f32,
}

/// What one decode step reports for one row of the batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// The chosen token.
    pub token: u32,
    /// Its position in the sequence, counted from 0.
    pub position: u32,
    /// Natural log of the chosen token's probability (raw softmax over the full vocabulary).
    pub logprob: f32,
    /// How many tokens the filters left.
    pub kept: u32,
    /// Entropy of the raw distribution over the full vocabulary, in nats.
    pub entropy: f32,
    /// The ten most likely tokens, best first.
    pub alternatives: Vec<Alternative>,
}

/// What the backend has done since it was made. Every figure is counted, none is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Compute dispatches (on the CPU: kernel calls).
    pub dispatches: u64,
    /// Queue submissions.
    pub submits: u64,
    /// GPU objects created, apart from encoders, passes and command buffers.
    pub objects_created: u64,
    /// Bytes read back from the GPU.
    pub bytes_read_back: u64,
    /// Bytes written to GPU buffers.
    pub bytes_uploaded: u64,
    /// Bytes of weights held on the backend.
    pub weight_bytes: u64,
}
