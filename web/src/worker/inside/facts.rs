//! The tokens of a text, how they came to be, and the model's sizes.

use super::refuse;
use super::segments::{contents, segments};
use super::work::Work;
use crate::protocol::inside::{
    Answer, GateFunction, LayerAttention, MAX_PIECE_BYTES, MergePart, MergeStep, Rope, Shape,
    TextFacts,
};
use crate::protocol::{Failure, Prompt};
use crate::worker::session::Session;
use crate::worker::views;

/// A text of more bytes is not encoded for display.
const MAX_TEXT_BYTES: usize = 1 << 18;

/// How a piece of text was put together.
pub(super) fn merges(session: &Session, piece: &str) -> Result<Answer, Failure> {
    if piece.len() > MAX_PIECE_BYTES {
        return refuse(format!("a piece of {} bytes; at most {MAX_PIECE_BYTES}", piece.len()));
    }
    let part = |part: text::MergePart| MergePart { bytes: part.bytes, id: part.id };
    let step = |step: text::MergeStep| MergeStep {
        parts: step.parts.into_iter().map(part).collect(),
        merged: step.merged.map(|merged| merged as u32),
        rank: step.rank,
    };
    let steps = session.tokenizer.merge_steps(piece).into_iter().map(step).collect();
    Ok(Answer::Merges { steps })
}

/// Any text as tokens.
pub(super) fn encode(session: &Session, text: &str) -> Result<Answer, Failure> {
    if text.len() > MAX_TEXT_BYTES {
        return refuse(format!("a text of {} bytes; at most {MAX_TEXT_BYTES}", text.len()));
    }
    let ids = session.tokenizer.encode(text);
    Ok(Answer::Encoded { tokens: views::prompt(&session.tokenizer, &ids) })
}

impl Work<'_> {
    /// Tokens, segments, sizes.
    pub(super) fn text(&self, prompt: &Prompt) -> Result<Answer, Failure> {
        let tokens = views::prompt(&self.session.tokenizer, &self.tokens);
        let tokenizer = &self.session.tokenizer;
        let contents = contents(prompt, |messages| tokenizer.render_chat(messages, true));
        let segments = segments(&contents, &self.prompt, &tokens, self.prompt_tokens);
        Ok(Answer::Text(TextFacts {
            prompt: self.prompt.clone(),
            tokens,
            prompt_tokens: self.prompt_tokens as u32,
            segments,
            shape: shape(self.session.engine.shape()),
        }))
    }
}

fn shape(shape: engine::Shape) -> Shape {
    let layer = |layer: engine::AttentionShape| LayerAttention {
        rope_base: layer.rope_base,
        scale: layer.scale,
        window: layer.window,
        normed: layer.normed,
    };
    Shape {
        layers: shape.layers,
        heads: shape.heads,
        kv_heads: shape.kv_heads,
        head_width: shape.head_width,
        d_model: shape.d_model,
        d_ff: shape.d_ff,
        vocab: shape.vocab,
        gate: if shape.gelu { GateFunction::Gelu } else { GateFunction::Silu },
        embedding_scale: shape.embedding_scale,
        rope: if shape.interleaved { Rope::Interleaved } else { Rope::Halves },
        attention: shape.attention.into_iter().map(layer).collect(),
    }
}
