//! The strings of the inside view: its frame, tokens, embedding, attention, and the pictures of tables.

use share::scene::Panel;

use crate::protocol::inside::SegmentKind;
use crate::state::inside::attention::Role;

/// A table of numbers as a picture.
pub(crate) struct Heatmap {
    /// What screen readers call it.
    pub(crate) role: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) closer: &'static str,
    pub(crate) farther: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) masked: &'static str,
}

pub(crate) struct Inside {
    /// The way in from the answers, and the way back.
    pub(crate) open: &'static str,
    pub(crate) back: &'static str,
    pub(crate) back_to_lab: &'static str,
    /// What is looked into is a prompt of the lab, and the way to the columns' texts.
    pub(crate) lab_prompt: &'static str,
    pub(crate) to_columns: &'static str,
    /// Stage and model.
    pub(crate) title: fn(&str) -> String,
    pub(crate) no_text: &'static str,
    pub(crate) which_column: &'static str,
    pub(crate) strip: &'static str,
    pub(crate) pipeline: &'static str,
    pub(crate) panel: fn(Panel) -> &'static str,
    pub(crate) segment: fn(SegmentKind) -> String,
    pub(crate) layer: &'static str,
    pub(crate) head: &'static str,
    /// A place in the text, counted from 0.
    pub(crate) place: fn(u32) -> String,
    pub(crate) waiting: &'static str,
    pub(crate) progress: fn(u32, u32) -> String,
    pub(crate) failed: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) again: &'static str,
    /// What is on show answers an earlier question.
    pub(crate) old: &'static str,
}

pub(crate) struct InsideTokens {
    pub(crate) intro: &'static str,
    pub(crate) chips: &'static str,
    /// Size of the vocabulary.
    pub(crate) one_of: fn(&str) -> String,
    pub(crate) merges: &'static str,
    pub(crate) piece: &'static str,
    pub(crate) merges_explained: &'static str,
    pub(crate) start: &'static str,
    /// Step, and place of the merge in the tokenizer's list.
    pub(crate) merge: fn(usize, &str) -> String,
    pub(crate) merge_unranked: fn(usize) -> String,
    pub(crate) packing: &'static str,
    pub(crate) packing_explained: &'static str,
    pub(crate) text: &'static str,
    pub(crate) characters: &'static str,
    pub(crate) tokens: &'static str,
    pub(crate) ratio: &'static str,
    pub(crate) this_text: &'static str,
    pub(crate) english: &'static str,
    pub(crate) chinese: &'static str,
    pub(crate) rival: &'static str,
    pub(crate) rival_model: &'static str,
    pub(crate) no_rival: &'static str,
    /// Model, tokens, characters per token.
    pub(crate) cut: fn(&str, usize, Option<f64>) -> String,
    /// The byte after which two tokenizers part; `None` if they do not.
    pub(crate) parts: fn(Option<usize>) -> String,
}

pub(crate) struct InsideEmbedding {
    pub(crate) intro: &'static str,
    pub(crate) row_title: &'static str,
    /// Token, width, vocabulary.
    pub(crate) row: fn(&str, u32, &str) -> String,
    /// Place in the row, value.
    pub(crate) component: fn(usize, &str) -> String,
    pub(crate) nearest: &'static str,
    pub(crate) nearest_explained: &'static str,
    pub(crate) cosine: &'static str,
    pub(crate) cloud_title: &'static str,
    pub(crate) cloud_explained: &'static str,
    pub(crate) blocks: &'static str,
    /// Blocks gone through, share of the differences that the picture shows, neighbours in it.
    pub(crate) cloud: fn(u32, &str, usize) -> String,
    /// Token, blocks gone through, its vector's neighbours with their cosines.
    pub(crate) near_after: fn(&str, u32, &str) -> String,
    /// Token, its place, the other place, blocks, cosine.
    pub(crate) twin: fn(&str, u32, u32, u32, &str) -> String,
    pub(crate) rope: &'static str,
    pub(crate) rope_explained: &'static str,
    /// Place, width of a head, base.
    pub(crate) rope_formula: fn(u32, u32, f32) -> String,
    /// Pair, degrees, tokens for a whole turn.
    pub(crate) hand: fn(u32, &str, &str) -> String,
    pub(crate) swap: &'static str,
    pub(crate) swap_explained: &'static str,
    pub(crate) swap_with: &'static str,
    /// Token, its place before and after, blocks, cosine.
    pub(crate) swapped: fn(&str, u32, u32, u32, &str) -> String,
    pub(crate) swap_recut: &'static str,
}

pub(crate) struct InsideAttention {
    pub(crate) intro: &'static str,
    pub(crate) what: &'static str,
    pub(crate) mode_head: &'static str,
    pub(crate) mode_mean: &'static str,
    pub(crate) mode_rollout: &'static str,
    pub(crate) mode_difference: &'static str,
    pub(crate) step: &'static str,
    pub(crate) step_score: &'static str,
    pub(crate) step_scaled: &'static str,
    pub(crate) step_weight: &'static str,
    pub(crate) root: &'static str,
    pub(crate) lines: &'static str,
    /// Layer, head, what is shown.
    pub(crate) caption_head: fn(u32, u32, &str) -> String,
    pub(crate) caption_mean: fn(u32) -> String,
    pub(crate) caption_rollout: fn(u32) -> String,
    /// Layer, head, the other stage.
    pub(crate) caption_difference: fn(u32, u32, &str) -> String,
    /// Query and its place, key and its place, value; `None` for a masked cell.
    pub(crate) cell: fn(&str, u32, &str, u32, Option<&str>) -> String,
    /// Query, its strongest keys.
    pub(crate) lines_caption: fn(&str, &str) -> String,
    /// Query, key, width of a head.
    pub(crate) score: fn(&str, &str, u32) -> String,
    pub(crate) scaled: &'static str,
    /// Keys that the query sees.
    pub(crate) softmax: fn(u32) -> String,
    pub(crate) masked: &'static str,
    pub(crate) mass: &'static str,
    /// Place of the query.
    pub(crate) mass_explained: fn(u32) -> String,
    /// Place of the query.
    pub(crate) mass_own: fn(u32) -> String,
    pub(crate) mass_all: &'static str,
    /// What a head does, share of the queries it holds for, queries.
    pub(crate) role: fn(Role, &str, u32) -> String,
    pub(crate) reminder: &'static str,
    /// Most tokens.
    pub(crate) too_long: fn(u32) -> String,
    /// Layer, head.
    pub(crate) switch_off: fn(u32, u32) -> String,
    pub(crate) heads: &'static str,
    pub(crate) heads_explained: &'static str,
    /// Layer, head.
    pub(crate) head_at: fn(u32, u32) -> String,
    pub(crate) against: &'static str,
    pub(crate) no_other_stage: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) changes_explained: &'static str,
}
