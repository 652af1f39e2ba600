use formats::manifest::StageId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A reference file.
#[derive(Debug, Deserialize)]
pub(crate) struct Golden {
    /// Name of the GGUF file.
    pub(crate) model: String,
    #[serde(default)]
    pub(crate) cases: Vec<Case>,
    /// Cases of the stages of a trio.
    #[serde(default)]
    pub(crate) stages: BTreeMap<StageId, Vec<Case>>,
    /// What the trio's reward model says.
    #[serde(default)]
    pub(crate) rewards: Vec<Rewarded>,
}

/// A finished conversation, with its end of turn if it has one.
#[derive(Debug, Deserialize)]
pub(crate) struct Rewarded {
    pub(crate) answer: String,
    pub(crate) ids: Vec<u32>,
    pub(crate) reward: f32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) text: String,
    pub(crate) ids: Vec<u32>,
    pub(crate) greedy_ids: Vec<u32>,
    #[serde(default)]
    pub(crate) positions: Vec<Position>,
    #[serde(default)]
    pub(crate) hidden_states: Vec<HiddenState>,
    #[serde(default)]
    pub(crate) attention: Vec<AttentionRow>,
}

/// The most likely tokens after a position.
#[derive(Debug, Deserialize)]
pub(crate) struct Position {
    pub(crate) position: usize,
    pub(crate) top_ids: Vec<u32>,
    pub(crate) top_logprobs: Vec<f32>,
}

/// The residual stream of the last position before block `layer`; the last entry is after the final norm.
#[derive(Debug, Deserialize)]
pub(crate) struct HiddenState {
    pub(crate) layer: usize,
    pub(crate) l2_last: f32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AttentionRow {
    pub(crate) layer: usize,
    pub(crate) head: usize,
    /// The query, if it is not the last one.
    pub(crate) query: Option<usize>,
    #[serde(alias = "last_row")]
    pub(crate) row: Vec<f32>,
}
