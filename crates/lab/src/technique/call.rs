//! What a model is asked, and what it says.

use serde::{Deserialize, Serialize};

use crate::prompt::{Input, Segment};

/// How tokens are chosen. Names and meaning are those of the engine's settings; the seed is the call's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// Divides the logits; 0 is greedy.
    pub temperature: f32,
    /// Keep only so many of the most likely tokens; 0 keeps all.
    pub top_k: u32,
    /// Keep the smallest set of most likely tokens that reaches this probability; 1 keeps all.
    pub top_p: f32,
    /// Drop tokens less likely than this share of the most likely one; 0 keeps all.
    pub min_p: f32,
    /// Makes tokens that already occurred less likely; 1 changes nothing.
    pub repeat_penalty: f32,
}

/// Greedy: what is measured is the prompt, not the dice.
impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0, repeat_penalty: 1.0 }
    }
}

/// What a call is for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Answers the question.
    #[default]
    Answer,
    /// One of several answers that vote.
    Sample,
    /// Reads the answer out of worked steps.
    Extract,
    /// Splits the question.
    Split,
    /// Answers a smaller question.
    SubAnswer,
    /// Looks for mistakes.
    Check,
    /// Answers again.
    Revise,
    /// Writes a program.
    Program,
    /// Proposes a next step.
    Propose,
    /// Scores a step.
    Score,
    /// Says its opinion in a discussion.
    Discuss,
    /// Decides.
    Judge,
}

/// One call of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCall {
    /// What it is for.
    pub purpose: Purpose,
    /// Who answers, by the key of a stage; `None` for the stage that is being measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The prompt.
    pub input: Input,
    /// Where its parts lie.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// The beginning of the answer that the prompt holds already. It belongs to the answer when that is read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Seed of the draw, at most 2⁵³ − 1.
    pub seed: u64,
    /// Strings that end the reply and do not belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// At most so many new tokens.
    pub max_tokens: u32,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The text, without special tokens, up to the stop string if one came.
    pub text: String,
    /// The text of its first [`HEAD_TOKENS`](crate::grade::HEAD_TOKENS) tokens; a beginning of `text`.
    pub head: String,
    /// Tokens that were generated.
    pub tokens: u32,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the prompt that were not computed, because another row had them already.
    #[serde(default)]
    pub reused_tokens: u32,
    /// The model ended by itself or at a stop string, not because of `max_tokens`.
    pub ended: bool,
    /// Seconds it took. In a batch: those of the batch, divided by its rows.
    #[serde(default)]
    pub seconds: f64,
}

impl ModelCall {
    /// Where a reply so far ends because of a stop string: the place at which the first one begins.
    pub fn stop_in(&self, text: &str) -> Option<usize> {
        first_stop(&self.stop, text)
    }
}

/// Where the first of these strings begins in a text; empty ones are none.
pub(super) fn first_stop(stop: &[String], text: &str) -> Option<usize> {
    stop.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop.as_str())).min()
}

/// A call and its reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// What was asked.
    pub call: ModelCall,
    /// What came back.
    pub reply: Reply,
}
