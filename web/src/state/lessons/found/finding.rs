//! What the worker's answers say to questions.

use std::sync::Arc;

use share::lesson::LensLayer;

use crate::protocol::inside::{Answer, Ask, AttentionHead, LensRow};
use crate::state::inside::attention::row;
use crate::state::inside::influence::Influence;
use crate::state::inside::switches::Comparison;
use crate::state::lessons::observe;

/// What an answer says to questions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Finding {
    /// By query: the weights of the keys up to it.
    Rows(Vec<Vec<f32>>),
    Ids(Vec<u32>),
    Cosine(f64),
    Lens(Vec<LensLayer>),
    Moved(f64),
    Influence(Vec<f64>),
    /// It could not be told, or was stopped.
    Nothing,
}

impl Finding {
    /// `None` for no parts, and for what no question is about.
    pub(crate) fn of(ask: &Ask, parts: &[Arc<Answer>]) -> Option<Self> {
        match (ask, parts.first()?.as_ref()) {
            (Ask::Influence { token, .. }, _) => influence(parts, *token).map(Self::Influence),
            (Ask::Lens { .. }, _) => Some(Self::Lens(lens(parts))),
            (_, Answer::Attention(head)) => Some(Self::Rows(rows(head))),
            (_, Answer::Encoded { tokens }) => {
                Some(Self::Ids(tokens.iter().map(|token| token.id).collect()))
            }
            (_, Answer::EmbeddingRows { width, rows }) => {
                let row = |at| row(rows, *width, at);
                cosine(row(0), row(1)).map(Self::Cosine)
            }
            (Ask::Switches { .. }, answer) => Comparison::of(answer)?.moved().map(Self::Moved),
            _ => None,
        }
    }
}

/// Masked keys are left out.
fn rows(head: &AttentionHead) -> Vec<Vec<f32>> {
    let own = |query: u32| {
        let row = row(&head.weights, head.tokens, query);
        row.iter().take(query as usize + 1).copied().collect()
    };
    (0..head.tokens).map(own).collect()
}

/// One entry for each layer; before the first there is only the embedding, which is none.
fn lens(parts: &[Arc<Answer>]) -> Vec<LensLayer> {
    let mut rows: Vec<&LensRow> = parts
        .iter()
        .filter_map(|part| match part.as_ref() {
            Answer::Lens(row) if row.blocks > 0 => Some(row),
            _ => None,
        })
        .collect();
    rows.sort_by_key(|row| row.blocks);
    let layer = |row: &LensRow| {
        let probability = f64::from(*row.probabilities.first()?);
        Some(LensLayer { top: observe::text(row.top.first()?), probability })
    };
    rows.into_iter().filter_map(layer).collect()
}

/// In bits, by token; no number for a token that was not taken out.
fn influence(parts: &[Arc<Answer>], token: u32) -> Option<Vec<f64>> {
    let Influence { untouched, without } = Influence::of(parts, token)?;
    let bits = |without: Option<f32>| {
        // What is nothing in 32 bits is little, but not nothing.
        let without = f64::from(without?.max(f32::MIN_POSITIVE));
        Some((f64::from(untouched) / without).log2())
    };
    Some(without.into_iter().map(|without| bits(without).unwrap_or(f64::NAN)).collect())
}

fn cosine(a: &[f32], b: &[f32]) -> Option<f64> {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    cosine.is_finite().then_some(cosine)
}
