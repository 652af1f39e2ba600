//! Looking inside: what the page asks about one text, and what comes back.
//!
//! A text is prompt and answer of one stage, at most as long as the context. Tokens of it are counted from 0, the
//! prompt's first. Layers, heads and neurons are counted from 0 too. A stream of residual vectors is named by the
//! number of blocks it has gone through: 0 is the embedding, the number of layers is what the final norm gets.
//!
//! Every request is answered once by the answer of its name, except [`Ask::Lens`] and [`Ask::Influence`]: they are
//! answered in parts, and end with [`Answer::Ended`]. [`Answer::Progress`] may come before. After `Stop`, what was
//! not answered ends with [`Answer::Ended`]; what cannot be answered, with [`super::Event::Failed`] and its number.
//!
//! Arrays of numbers are `Uint8Array`s of little-endian 32-bit numbers on the way, last axis first in memory.

mod facts;
mod parts;

pub use facts::{
    GateFunction, LayerAttention, MergePart, MergeStep, Rope, Segment, SegmentKind, Shape,
    TextFacts,
};
pub use parts::{
    AttentionHead, Contributions, FeedForwardAt, HeadChange, HeadStat, HeadStats, LensRow,
    NormPlace, Normed, SwitchedRun, Thumbnails, TokenValue,
};

use serde::{Deserialize, Serialize};
use share::scene::Switch;

use super::{Prompt, TokenView, floats};

/// Most ids of one [`Ask::EmbeddingRows`].
pub const MAX_EMBEDDING_ROWS: usize = 1024;
/// Most tokens of a list of nearest or most pushed ones.
pub const MAX_NEAREST: u32 = 64;
/// Longest piece of [`Ask::Merges`].
pub const MAX_PIECE_BYTES: usize = 256;
/// Most tokens of one [`Ask::Lens`]; of more, the first are answered.
pub const MAX_LENS_TOKENS: u32 = 256;
/// Most tokens that [`Ask::Switches`] writes.
pub const MAX_SWITCHED_TOKENS: u32 = 128;
/// Most tokens of a text whose attention is answered pair by pair.
pub const MAX_MAP_TOKENS: u32 = 2048;
/// Rows and columns of a thumbnail; fewer for a shorter text.
pub const THUMBNAIL: u32 = 32;

/// A question about one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideRequest {
    /// Identifies the request in what answers it.
    pub run: u32,
    pub text: InsideText,
    pub ask: Ask,
}

/// Prompt and answer of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideText {
    pub model: String,
    /// [`super::StageInfo::id`]
    pub stage: String,
    pub prompt: Prompt,
    /// Ids that follow the prompt; none to look at the prompt alone.
    pub answer: Vec<u32>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The tokens, what they belong to, and the sizes of the model → [`Answer::Text`].
    Text,
    /// How a piece of text was put together → [`Answer::Merges`].
    Merges { piece: String },
    /// Any text through the tokenizer of the text's model → [`Answer::Encoded`].
    Encode { text: String },
    /// Rows of the embedding table as the first block gets them (scaled where the model scales) → [`Answer::EmbeddingRows`].
    EmbeddingRows { ids: Vec<u32> },
    /// The tokens whose embedding rows point most nearly the same way → [`Answer::Nearest`]. `id` itself is left out.
    Nearest { id: u32, count: u32 },
    /// The tokens whose embedding rows point most nearly as a token's residual vector does after so many blocks
    /// → [`Answer::Nearest`].
    NearestAfter { blocks: u32, token: u32, count: u32 },
    /// Residual vectors of all tokens after so many blocks → [`Answer::Residual`].
    Residual { blocks: u32 },
    /// One attention head → [`Answer::Attention`].
    Attention { layer: u32, head: u32 },
    /// The mean over the heads of a layer → [`Answer::AttentionMap`].
    AttentionMean { layer: u32 },
    /// Attention rollout (Abnar & Zuidema 2020) from the first block to `layer` → [`Answer::AttentionMap`].
    Rollout { layer: u32 },
    /// All heads of all layers, small, with what they do → [`Answer::Thumbnails`].
    Thumbnails,
    /// How much every head differs from another text's of the same length → [`Answer::HeadChanges`].
    HeadChanges { against: InsideText },
    /// The feed-forward of a layer at a token → [`Answer::FeedForward`].
    FeedForward { layer: u32, token: u32 },
    /// What a neuron pushes up and down → [`Answer::Neuron`].
    Neuron { layer: u32, neuron: u32, count: u32 },
    /// Lengths of residual vectors and of what the sub-layers add → [`Answer::Norms`].
    Norms,
    /// The vector that something reads through a norm at a token → [`Answer::Normed`]. `layer` is of no concern to
    /// the final norm.
    Normed { token: u32, place: NormPlace, layer: u32 },
    /// The logit lens over tokens `first..first + count` → an [`Answer::Lens`] for each number of blocks.
    Lens { first: u32, count: u32, target: Option<u32> },
    /// The distribution after `token` → [`Answer::Logits`].
    Logits { token: u32 },
    /// Which parts make the logit of `target` after `token` → [`Answer::Contributions`].
    Contributions { token: u32, target: u32 },
    /// How the probability of `target` after `token` changes without each of `tokens` (none beyond `token`)
    /// → an [`Answer::Influence`] for each.
    Influence { token: u32, target: u32, tokens: Vec<u32>, occlusion: Occlusion },
    /// The text with parts of the model scaled, beside the untouched run → [`Answer::Switched`].
    Switches { switches: Vec<Switch>, patch: Option<PatchRequest>, max_tokens: u32 },
}

/// What takes the place of an occluded token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occlusion {
    /// Nothing: the text is one token shorter.
    Drop,
    /// Another token.
    Replace { id: u32 },
}

/// The residual vector at one place, taken from another text of the same model and stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatchRequest {
    /// After so many blocks (`share::Patch::layer` + 1).
    pub blocks: u32,
    /// The token whose vector is replaced.
    pub token: u32,
    pub source: Prompt,
    /// The token of the source whose vector is taken.
    pub source_token: u32,
}

/// An answer and the request it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideEvent {
    pub run: u32,
    pub answer: Answer,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Text(TextFacts),
    /// The piece as single characters or bytes, then after each merge. One step only where nothing merges.
    Merges {
        steps: Vec<MergeStep>,
    },
    Encoded {
        tokens: Vec<TokenView>,
    },
    /// (ids, width)
    EmbeddingRows {
        width: u32,
        #[serde(with = "floats")]
        rows: Vec<f32>,
    },
    /// Best first.
    Nearest {
        tokens: Vec<TokenValue>,
    },
    /// (tokens, width)
    Residual {
        blocks: u32,
        width: u32,
        #[serde(with = "floats")]
        rows: Vec<f32>,
    },
    Attention(AttentionHead),
    /// (tokens, tokens): rows are queries, each sums to 1.
    AttentionMap {
        layer: u32,
        tokens: u32,
        #[serde(with = "floats")]
        weights: Vec<f32>,
    },
    Thumbnails(Thumbnails),
    /// Heads that changed most first.
    HeadChanges {
        heads: Vec<HeadChange>,
    },
    FeedForward(FeedForwardAt),
    Neuron {
        layer: u32,
        neuron: u32,
        /// Largest first. The value is what 1 unit of the neuron's product adds to the logit, before the final
        /// norm divides by its length (the norm's weights are in it).
        up: Vec<TokenValue>,
        /// Smallest first.
        down: Vec<TokenValue>,
    },
    Norms {
        /// (layers + 1, tokens): after so many blocks.
        #[serde(with = "floats")]
        residual: Vec<f32>,
        /// (layers, tokens): length of what attention adds.
        #[serde(with = "floats")]
        attention: Vec<f32>,
        /// (layers, tokens): length of what the feed-forward adds.
        #[serde(with = "floats")]
        feed_forward: Vec<f32>,
    },
    Normed(Normed),
    Lens(LensRow),
    Logits {
        token: u32,
        /// (vocab)
        #[serde(with = "floats")]
        logits: Vec<f32>,
        /// The most likely next tokens, best first: [`MAX_NEAREST`], or as many as there are.
        top: Vec<TokenView>,
    },
    Contributions(Contributions),
    Influence {
        /// Probability of the target in the whole text.
        untouched: f32,
        /// The token that is occluded.
        token: u32,
        /// Probability of the target without it.
        probability: f32,
    },
    Switched {
        untouched: SwitchedRun,
        changed: SwitchedRun,
    },
    /// Work done so far, in units of the request.
    Progress {
        done: u32,
        total: u32,
    },
    /// No more will come. `stopped`: before everything was answered.
    Ended {
        stopped: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Event;

    #[track_caller]
    fn comes_through(answer: Answer) {
        let sent =
            serde_json::to_string(&Event::Inside(InsideEvent { run: 3, answer: answer.clone() }));
        let read: Event = serde_json::from_str(&sent.expect("plain data")).expect("the same");
        let Event::Inside(event) = read else { panic!("another event") };
        assert_eq!(event, InsideEvent { run: 3, answer });
    }

    #[test]
    fn arrays_of_tagged_answers_come_through_bit_for_bit() {
        let numbers = vec![0.0, -0.1, f32::MIN_POSITIVE, 3e38, -7.25];
        comes_through(Answer::Residual { blocks: 1, width: 5, rows: numbers.clone() });
        comes_through(Answer::Thumbnails(Thumbnails {
            layers: 1,
            heads: 1,
            size: 2,
            cells: numbers.clone(),
            stats: vec![HeadStats::default()],
        }));
        comes_through(Answer::FeedForward(FeedForwardAt {
            layer: 1,
            token: 2,
            gate: numbers.clone(),
            up: numbers.clone(),
            product: numbers,
            most_active: vec![4, 0],
        }));
    }

    #[test]
    fn a_question_comes_through_with_its_switches() {
        let part = share::scene::SwitchPart::Head;
        let prompt = Prompt::Raw { text: "a".to_owned() };
        let text = InsideText {
            model: "m".to_owned(),
            stage: "base".to_owned(),
            prompt: prompt.clone(),
            answer: vec![1],
        };
        let ask = Ask::Switches {
            switches: vec![Switch { part, layer: 1, index: 2, scale: 0.5 }],
            patch: Some(PatchRequest { blocks: 1, token: 0, source: prompt, source_token: 0 }),
            max_tokens: 8,
        };
        let request = InsideRequest { run: 3, text, ask };
        let sent = serde_json::to_string(&crate::protocol::Request::Inside(request.clone()));
        let read = serde_json::from_str(&sent.expect("plain data")).expect("the same");
        let crate::protocol::Request::Inside(read) = read else { panic!("another request") };
        assert_eq!(read, request);
    }
}
