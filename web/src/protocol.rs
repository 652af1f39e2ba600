//! Messages between the page and its worker. Plain serde data, sent with `postMessage`.
//!
//! A load and an answer can be under way at once. Answers are given one after another, in the order of their
//! requests; one that needs a model whose load was asked for earlier waits for that load. Every numbered request
//! is answered to its end: `Run` by [`Event::RunEnded`], `Samples` by [`Event::SamplesEnded`], `Score` by
//! [`Event::Scored`], `Distribution` and `Tokenize` by the event of their name – or, the last three, by
//! [`Event::Failed`] with their number and no column; those of the prompt lab as [`lab`] says. After `Stop`, what was
//! still waiting ends in the same way.
//!
//! An enum is an object with one field, named like the variant, or that name alone: `{"token": {…}}`, `"stop"`. A tag
//! among the variant's fields would have to be looked for first, and what is read before it kept: a quarter of a
//! megabyte of code in the page.

mod failure;
mod floats;
pub mod inside;
pub mod lab;
mod model;

pub use engine::Counters;
pub use failure::{Failure, FailureKind};
pub use model::{BackendChoice, BackendInfo, LoadStage, ModelInfo, Source, StageInfo, StoredFile};

use engine::{Alternative, SamplerSettings, StepReport};
use inside::{InsideEvent, InsideRequest};
use serde::{Deserialize, Serialize};

/// Columns of a run, and stages of a score.
pub const MAX_COLUMNS: usize = 4;
/// Answers of one draw.
pub const MAX_SAMPLES: u32 = 32;
/// The stage of a model that has no others.
pub const ONLY_STAGE: &str = "model";

/// Page → worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Load a model beside those that are there; one of the same name is replaced. Its stages and reward model
    /// come with it. A `File` object travels beside the message for `Source::LocalFile`.
    Load { source: Source, backend: BackendChoice, context: u32 },
    /// Stop the download or load that is under way. A later `Load` resumes it.
    CancelLoad,
    /// Let go of a loaded model and free its memory.
    Unload { model: String },
    /// Answer a prompt in several columns at once.
    Run(RunRequest),
    /// Draw many answers to one prompt.
    Samples(SamplesRequest),
    /// Force one text through several stages.
    Score(ScoreRequest),
    /// The logits of the token after prompt and answer.
    Distribution { run: u32, model: String, stage: String, prompt: Prompt, answer: Vec<u32> },
    /// The exact text and ids that would go in.
    Tokenize { run: u32, model: String, stage: String, prompt: Prompt },
    /// Work of the prompt lab.
    Lab(lab::LabRequest),
    /// A question about what a model does with one text; its answers are [`Event::Inside`].
    Inside(InsideRequest),
    /// Stop every answer that was asked for so far, after the token being computed.
    Stop,
    /// Nobody waits for this [`Request::Inside`] any more: it ends as after `Stop`, and alone.
    Forget { run: u32 },
    /// What is kept in the browser's private file system?
    ListStored,
    /// Remove one stored file (whole or partial) by manifest file name.
    RemoveStored { name: String },
    /// For tests and the curious: destroy the GPU devices of all models now, as a driver reset would.
    DestroyDevice,
}

/// One to four columns. Those of the same model are rows of one batch; models take turns, step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Identifies the run in the events that answer it.
    pub run: u32,
    pub columns: Vec<ColumnRequest>,
}

/// What one column answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnRequest {
    /// Identifies the column in the events; each occurs once in a run.
    pub column: u32,
    pub model: String,
    /// [`StageInfo::id`]
    pub stage: String,
    pub prompt: Prompt,
    /// The answer's first tokens, for a branch: they follow the prompt as they are.
    pub prefix: Vec<u32>,
    pub sampler: SamplerSettings,
    /// Tokens to write after the prefix.
    pub max_tokens: u32,
}

/// Many answers to one prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamplesRequest {
    pub run: u32,
    pub model: String,
    pub stage: String,
    pub prompt: Prompt,
    /// Answer `i` is drawn with the seed plus `i`.
    pub sampler: SamplerSettings,
    pub max_tokens: u32,
    /// 2 to 32.
    pub count: u32,
}

/// One text through one to four stages of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRequest {
    pub run: u32,
    pub model: String,
    /// In the order in which neighbours are compared.
    pub stages: Vec<StagePrompt>,
    /// The same ids for all stages.
    pub answer: Vec<u32>,
}

/// A stage, and the prompt that the text answers there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StagePrompt {
    pub stage: String,
    pub prompt: Prompt,
}

/// What the reader typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Text the model continues as it stands.
    Raw { text: String },
    /// A conversation, put through the model's chat template.
    Chat { messages: Vec<text::Message> },
    /// A prompt of the lab, and where its parts lie.
    Parts { input: ::lab::prompt::Input, segments: Vec<::lab::prompt::Segment> },
}

/// What a prompt says, whoever put it together. A begun answer is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said<'a> {
    Text(&'a str),
    Turns(&'a [text::Message]),
}

impl Prompt {
    pub fn said(&self) -> Said<'_> {
        use ::lab::prompt::Input;
        match self {
            Self::Raw { text } | Self::Parts { input: Input::Raw { text }, .. } => Said::Text(text),
            Self::Chat { messages } | Self::Parts { input: Input::Chat { messages, .. }, .. } => {
                Said::Turns(messages)
            }
        }
    }
}

/// Worker → page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The worker listens. Sent once, before any request is read.
    Ready { webgpu: bool },
    /// Bytes of the model's files seen so far. `resumed_from` > 0 for a resumed download.
    Progress { stage: LoadStage, bytes: u64, total: u64, bytes_per_second: f64, resumed_from: u64 },
    /// A model is ready to run.
    Loaded(ModelInfo),
    /// A model is gone: it was let go, or its device was lost for good.
    Unloaded { model: String },
    /// The prompt as it went in, without the prefix.
    PromptTokens { run: u32, column: u32, text: String, tokens: Vec<TokenView> },
    /// Tokens of prompt and prefix processed so far.
    Prefill { run: u32, column: u32, done: u32, total: u32 },
    /// One generated token; `alternatives` are those of the report, for display.
    Token {
        run: u32,
        column: u32,
        token: TokenView,
        report: StepReport,
        alternatives: Vec<TokenView>,
    },
    /// A column ended.
    Finished { run: u32, column: u32, reason: FinishReason, stats: RunStats },
    /// The reward model's verdict on a column that ended by itself or for want of room: the chat template with
    /// the prompt, the answer, and the end of its turn if the model wrote one. Not sent for what does not fit
    /// the context, nor after `Stop`.
    Reward { run: u32, column: u32, reward: f32 },
    /// All columns have ended and been rewarded. `steps` are decode steps, each of one batch of rows.
    RunEnded { run: u32, steps: u32, counters: Counters },
    /// One of the answers of `Samples`, as they end. `ids` are those after the prompt, with the one that ended
    /// it; `logprob` is the natural logarithm of their probability at temperature 1 without filters.
    Sample { run: u32, index: u32, text: String, ids: Vec<u32>, reason: FinishReason, logprob: f32 },
    /// No more answers will come; after `Stop` or a failure these are fewer than were asked for.
    SamplesEnded { run: u32 },
    /// A text as the stages see it. After `Stop`, as far as it was scored.
    Scored { run: u32, tokens: Vec<TokenView>, stages: Vec<ScoredStage> },
    /// Logits over the full vocabulary, none after `Stop`; a `Uint8Array` of little-endian 32-bit numbers on the way.
    Distribution {
        run: u32,
        #[serde(with = "floats")]
        logits: Vec<f32>,
    },
    /// What would go in.
    Tokenized { run: u32, text: String, tokens: Vec<TokenView> },
    /// What the prompt lab asked for.
    Lab(lab::LabEvent),
    /// What a text looks like inside the model.
    Inside(InsideEvent),
    /// What is kept in the browser.
    Stored { files: Vec<StoredFile> },
    /// A device was lost and has been rebuilt; the answer goes on.
    DeviceRestored,
    /// Something went wrong; the page goes on working.
    Failed(Failure),
}

/// One token for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenView {
    pub id: u32,
    /// The text this token completed. Empty while a character is still in pieces.
    pub text: String,
    /// The token's own bytes.
    pub bytes: Vec<u8>,
    /// A control token such as `<|im_end|>`.
    pub special: bool,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    EndOfText,
    MaxTokens,
    ContextFull,
    Stopped,
    Failed,
}

/// Figures of one column, measured in the worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunStats {
    /// Prompt and prefix.
    pub prompt_tokens: u32,
    pub new_tokens: u32,
    /// From the request to the first token.
    pub first_token_ms: f64,
    /// Decode speed after the first token.
    pub tokens_per_second: f64,
    /// Work of the column's whole batch from the run's beginning to the column's end.
    pub counters: Counters,
}

/// A text as one stage sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredStage {
    pub stage: String,
    pub prompt_tokens: u32,
    /// One for each token of the text.
    pub positions: Vec<ScoredToken>,
    /// Surprisal of all tokens together, an end of turn among them, per character of the visible text; 0 for no text.
    pub bits_per_character: f32,
}

/// One token of a text as one stage sees it. Everything over the full vocabulary, at temperature 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredToken {
    /// Natural logarithm of its probability.
    pub logprob: f32,
    /// Counted from 1: one more than the tokens that are more likely.
    pub rank: u32,
    /// Entropy in nats.
    pub entropy: f32,
    /// KL(this stage ‖ next stage of the list) of the distributions it is drawn from, in nats, never below 0;
    /// `None` for the last stage.
    pub kl_to_next: Option<f32>,
    /// The most likely tokens, best first. Nothing is filtered.
    pub top: Vec<Alternative>,
}
