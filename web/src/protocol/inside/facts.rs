//! What a text and its model are made of.

use lab::prompt::PartKind;
use serde::{Deserialize, Serialize};

use crate::protocol::TokenView;

/// The tokens of a text, and the model they go through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextFacts {
    /// The prompt as the model gets it.
    pub prompt: String,
    /// Prompt and answer.
    pub tokens: Vec<TokenView>,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// In order, without gaps, over all tokens.
    pub segments: Vec<Segment>,
    pub shape: Shape,
}

/// Sizes of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    pub layers: u32,
    pub heads: u32,
    pub kv_heads: u32,
    pub head_width: u32,
    pub d_model: u32,
    /// Feed-forward neurons of a layer.
    pub d_ff: u32,
    pub vocab: u32,
    pub gate: GateFunction,
    /// What embedding rows are multiplied by before the first block; in the rows that are sent.
    pub embedding_scale: f32,
    pub rope: Rope,
    /// One for each layer.
    pub attention: Vec<LayerAttention>,
}

/// The function on the gate of a feed-forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateFunction {
    /// `x · sigmoid(x)`
    Silu,
    /// GELU, tanh form.
    Gelu,
}

/// Rotary positions: pair `i` of a head turns by `position · base^(-2i / head_width)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rope {
    /// Pair `i` is components 2i and 2i + 1.
    Interleaved,
    /// Pair `i` is components i and i + head_width / 2.
    Halves,
}

/// What differs from layer to layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerAttention {
    /// Base of the rotary angles (theta).
    pub rope_base: f32,
    /// Products of query and key are multiplied by it.
    pub scale: f32,
    /// A query sees so many keys, itself included; `None` for all before it.
    pub window: Option<u32>,
    /// Queries and keys are normalized before they turn.
    pub normed: bool,
}

/// Neighbouring tokens that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub kind: SegmentKind,
    pub start: u32,
    pub end: u32,
}

/// What tokens belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// The chat template's own: turn marks, role names.
    Template,
    System,
    /// An earlier turn of user and assistant, counted from 1.
    Example {
        number: u32,
    },
    Question,
    /// A raw prompt.
    Raw,
    /// A part of a prompt that was put together in the lab, counted among its kind from 1.
    Part {
        part: PartKind,
        number: u32,
    },
    /// What stands between such parts: gaps, labels, earlier turns.
    Rest,
    Answer,
}

/// A piece of text on its way to tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergeStep {
    pub parts: Vec<MergePart>,
    /// The part that the last merge made; `None` for the first step.
    pub merged: Option<u32>,
    /// Place of that merge in the tokenizer's order: smaller merges first.
    pub rank: Option<u32>,
}

/// A part of a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePart {
    pub bytes: Vec<u8>,
    /// The token it is; `None` while it is none.
    pub id: Option<u32>,
}
