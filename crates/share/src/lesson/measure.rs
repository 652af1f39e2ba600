//! What a question or a claim can be about: a number or a text of a run. In JSON, `{"probability": {"column": 1}}`.
//!
//! `column`, `layer`, `head`: counted from 0. `at`: place in the answer. `rank`: 0 is the most likely token. `query` and
//! `key`: places in the prompt, then in the answer. `technique`: place among
//! the planned techniques, which in the scene's lab view follow the one that is built.

use serde::{Deserialize, Serialize};

/// A number. What is left out is 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields mean the same in all variants: see the top of this file")]
pub enum Measure {
    /// Tokens of the prompt as it went in.
    PromptTokens {
        #[serde(default)]
        column: u32,
    },
    /// Characters of the prompt per token.
    CharactersPerToken {
        #[serde(default)]
        column: u32,
    },
    /// Tokens of the answer.
    AnswerTokens {
        #[serde(default)]
        column: u32,
    },
    /// 1 if the model ended the answer itself, 0 if the limit did.
    Ended {
        #[serde(default)]
        column: u32,
    },
    /// Probability (0 to 1) of one of the ten most likely tokens at a place of the answer.
    Probability {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
        #[serde(default)]
        rank: u32,
    },
    /// The same of the first few of them together.
    TopShare {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
        count: u32,
    },
    /// Entropy in bits at a place of the answer.
    Entropy {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
    },
    /// Surprisal in bits of the token chosen at a place of the answer.
    Surprisal {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
    },
    /// The first answer token in which two columns differ.
    DivergesAt {
        #[serde(default)]
        column: u32,
        against: u32,
    },
    /// Reward of the answer.
    Reward {
        #[serde(default)]
        column: u32,
    },
    /// Bits per character of the scored text.
    BitsPerCharacter {
        #[serde(default)]
        column: u32,
    },
    /// Mean KL divergence in bits from the next column over the scored text.
    Kl {
        #[serde(default)]
        column: u32,
    },
    /// How many drawn answers are different from each other.
    DistinctSamples,
    /// One attention weight.
    Attention {
        #[serde(default)]
        column: u32,
        layer: u32,
        head: u32,
        query: u32,
        key: u32,
    },
    /// The largest average weight that any traced head gives to the token before the query.
    PreviousToken {
        #[serde(default)]
        column: u32,
    },
    /// The largest average weight that any traced head gives to the very first token, queries after it only.
    FirstToken {
        #[serde(default)]
        column: u32,
    },
    /// Cosine between the embedding rows of two words that are one token each.
    Similarity { a: String, b: String },
    /// The first layer from which on the logit lens ranks first what the output ranks first.
    Settles,
    /// How far the scene's switches and patch move the next-token distribution: total variation, 0 to 1.
    Moved,
    /// Share of right answers (0 to 1) of a technique.
    Accuracy {
        #[serde(default)]
        technique: u32,
    },
}

/// A text. What is left out is 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields mean the same in all variants: see the top of this file")]
pub enum TextMeasure {
    /// The whole answer.
    Answer {
        #[serde(default)]
        column: u32,
    },
    /// The token at a place of the answer.
    Token {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
    },
    /// One of the most likely tokens at a place of the answer.
    Alternative {
        #[serde(default)]
        column: u32,
        #[serde(default)]
        at: u32,
        #[serde(default)]
        rank: u32,
    },
    /// A token of the prompt.
    PromptToken {
        #[serde(default)]
        column: u32,
        at: u32,
    },
    /// The prompt token that a head's query looks at most.
    Attended {
        #[serde(default)]
        column: u32,
        layer: u32,
        head: u32,
        query: u32,
    },
    /// The prompt token that matters most to the answer's first token.
    Influential {
        #[serde(default)]
        column: u32,
    },
    /// What the logit lens ranks first at a layer.
    Lens { layer: u32 },
    /// The drawn answer that came most often.
    CommonSample,
}
