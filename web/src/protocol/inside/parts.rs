//! What was computed on a text.

use serde::{Deserialize, Serialize};

use crate::protocol::{FinishReason, TokenView, floats};

/// A token and a number that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenValue {
    pub token: TokenView,
    pub value: f32,
}

/// One attention head on a text. `weight[q][k] = softmax over k of (scale · query[q] · key[k])`, masked where
/// `k > q` or `k + window <= q`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttentionHead {
    pub layer: u32,
    pub head: u32,
    /// The key/value head it shares.
    pub kv_head: u32,
    pub tokens: u32,
    pub width: u32,
    pub scale: f32,
    pub window: Option<u32>,
    /// (tokens, tokens): rows are queries; 0 where masked.
    #[serde(with = "floats")]
    pub weights: Vec<f32>,
    /// (tokens, width): as they meet, normalized and turned.
    #[serde(with = "floats")]
    pub queries: Vec<f32>,
    /// (tokens, width)
    #[serde(with = "floats")]
    pub keys: Vec<f32>,
    /// (tokens, width)
    #[serde(with = "floats")]
    pub values: Vec<f32>,
    pub stats: HeadStats,
}

/// All heads of all layers, max-pooled to at most [`super::THUMBNAIL`] rows and columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thumbnails {
    pub layers: u32,
    pub heads: u32,
    /// Rows and columns of each.
    pub size: u32,
    /// (layers, heads, size, size)
    #[serde(with = "floats")]
    pub cells: Vec<f32>,
    /// Layer by layer, head by head.
    pub stats: Vec<HeadStats>,
}

/// What a head looks at, measured on one text. Each is a mean of attention weights over the queries it counts; and
/// the share of those queries whose largest weight is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadStats {
    /// The token before, over all queries but the first.
    pub previous: HeadStat,
    /// The first token, over all queries but the first.
    pub first: HeadStat,
    /// The query itself, over all queries but the first.
    pub own: HeadStat,
    /// A token that followed an earlier occurrence of the query's token, over the queries that have one.
    pub induction: HeadStat,
}

/// One of [`HeadStats`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadStat {
    pub mean: f32,
    /// Share of queries whose largest weight is there.
    pub share: f32,
    /// Queries that were counted; 0 for none.
    pub queries: u32,
}

/// How much a head's attention differs between two texts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadChange {
    pub layer: u32,
    pub head: u32,
    /// Mean absolute difference of the weights that are not masked.
    pub difference: f32,
}

/// `product = gate_function(gate) · up`, each (d_ff).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedForwardAt {
    pub layer: u32,
    pub token: u32,
    /// Before its function.
    #[serde(with = "floats")]
    pub gate: Vec<f32>,
    #[serde(with = "floats")]
    pub up: Vec<f32>,
    #[serde(with = "floats")]
    pub product: Vec<f32>,
    /// Neurons with the largest products by amount, largest first; at most 32.
    pub most_active: Vec<u32>,
}

/// What reads the residual stream through a norm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NormPlace {
    /// The attention of a layer.
    Attention,
    /// The feed-forward of a layer.
    FeedForward,
    /// The output matrix.
    #[default]
    Final,
}

/// `y[i] = x[i] / sqrt(mean of x² + epsilon) · weights[i]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normed {
    pub place: NormPlace,
    pub layer: u32,
    pub token: u32,
    pub epsilon: f32,
    /// The residual vector: (d_model).
    #[serde(with = "floats")]
    pub x: Vec<f32>,
    /// (d_model)
    #[serde(with = "floats")]
    pub weights: Vec<f32>,
}

/// The logit lens after so many blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LensRow {
    pub blocks: u32,
    /// The first token of the row.
    pub first: u32,
    /// The most likely next token after each.
    pub top: Vec<TokenView>,
    /// Its probability.
    #[serde(with = "floats")]
    pub probabilities: Vec<f32>,
    /// Its logit: the probability is `exp(logit − log_sum)`.
    #[serde(with = "floats")]
    pub logits: Vec<f32>,
    /// `ln Σ exp` of the logits over the full vocabulary.
    #[serde(with = "floats")]
    pub log_sums: Vec<f32>,
    /// Rank of the target, counted from 1; empty without one.
    pub target_ranks: Vec<u32>,
    /// Probability of the target; empty without one.
    #[serde(with = "floats")]
    pub target_probabilities: Vec<f32>,
}

/// Direct logit attribution: with the final norm's divisor kept, the parts add up to the logit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contributions {
    pub token: u32,
    pub target: TokenView,
    pub embedding: f32,
    /// One for each layer.
    pub attention: Vec<f32>,
    /// One for each layer.
    pub feed_forward: Vec<f32>,
    /// As the model computes it.
    pub logit: f32,
    /// Its probability.
    pub probability: f32,
}

/// What a text leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchedRun {
    /// Logits after the text's last token: (vocab).
    #[serde(with = "floats")]
    pub logits: Vec<f32>,
    /// The most likely next tokens with their probabilities, best first.
    pub top: Vec<TokenValue>,
    /// Greedy continuation.
    pub continuation: Vec<TokenView>,
    pub reason: FinishReason,
}
