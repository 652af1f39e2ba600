//! What is open on the page, and what is selected in it.
//!
//! Columns, layers, heads and neurons are counted from 0; tokens are places in prompt and answer together, or in
//! the answer where a field says so.

use serde::{Deserialize, Serialize};

use super::{AskedPrompt, LabView, is_default};

/// The part of the page that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum View {
    /// Answers side by side.
    Compare(CompareView),
    /// The way from text to next token.
    Inside(InsideView),
    /// Prompts from parts, and experiments.
    Lab(LabView),
}

/// Answers side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareView {
    /// The column that is selected.
    #[serde(skip_serializing_if = "is_default")]
    pub column: u32,
    /// The answer token whose alternatives are locked open, counted from the answer's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<u32>,
    /// The exact text and ids that went in are shown.
    #[serde(skip_serializing_if = "is_default")]
    pub exact: bool,
    /// Every column gets the same raw text.
    #[serde(skip_serializing_if = "is_default")]
    pub same_text: bool,
    /// Names are hidden until the vote.
    #[serde(skip_serializing_if = "is_default")]
    pub blind: bool,
    /// So many answers are drawn from the selected column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<u32>,
    /// This column's text is scored by the other stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
}

/// The way from text to next token, opened at a panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InsideView {
    /// The panel that is open.
    #[serde(skip_serializing_if = "is_default")]
    pub panel: Panel,
    /// The column that is looked into.
    #[serde(skip_serializing_if = "is_default")]
    pub column: u32,
    /// The prompt of the lab that is looked into instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<AskedPrompt>>,
    /// The column whose stage it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<u32>,
    /// The stage of the same model that it is compared with; `None` leaves it to `against`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versus: Option<String>,
    /// The token that is followed; in attention, the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<u32>,
    /// In attention, the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<u32>,
    /// The layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// The attention head of the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<u32>,
    /// The feed-forward neuron of the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neuron: Option<u32>,
    /// The token id whose logit is explained or whose rank is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// What is switched off or scaled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<Switch>,
    /// A residual vector taken from another prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Patch>,
    /// Every column gets the same raw text, as in [`CompareView`].
    #[serde(skip_serializing_if = "is_default")]
    pub same_text: bool,
}

/// The panels of the inside view, from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// Text cut into tokens.
    #[default]
    Tokens,
    /// Embedding and position.
    Embedding,
    /// Attention of a layer and head.
    Attention,
    /// Feed-forward neurons.
    FeedForward,
    /// Residual stream and logit lens.
    Residual,
    /// Logits to probabilities to the draw.
    Output,
    /// What mattered: occlusion beside attention.
    Influence,
    /// Parts switched off.
    Switches,
}

/// A part of the model, scaled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// What is scaled.
    pub part: SwitchPart,
    /// In which layer.
    pub layer: u32,
    /// Which head or neuron; 0 for a whole part.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index: u32,
    /// 0 is off, 1 changes nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scale: f32,
}

/// A part of a layer that can be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchPart {
    /// One attention head.
    Head,
    /// The attention of the layer.
    Attention,
    /// The feed-forward part of the layer.
    FeedForward,
    /// One feed-forward neuron.
    Neuron,
}

/// The residual stream at one place, replaced by that of another prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patch {
    /// After this layer.
    pub layer: u32,
    /// At this token.
    pub token: u32,
    /// The other prompt.
    pub source: String,
    /// The token of the other prompt whose vector is taken.
    pub source_token: u32,
}

impl Default for View {
    fn default() -> Self {
        Self::Compare(CompareView::default())
    }
}
