//! What a scene may hold. Numbers are those the page's own fields allow.

/// Bytes of one text: prompt, system message, part.
pub const MAX_TEXT: usize = 65_536;
/// Bytes of a model's, file's or stage's name.
pub const MAX_NAME: usize = 128;
/// Columns.
pub const MAX_COLUMNS: usize = 4;
/// Parts of a prompt.
pub const MAX_PARTS: usize = 64;
/// Turns of a conversation.
pub const MAX_TURNS: usize = 256;
/// Stretches of text that belong to a part.
pub const MAX_SPANS: usize = 512;
/// Token ids of one list.
pub const MAX_IDS: usize = 4096;
/// Switched-off parts of a model.
pub const MAX_SWITCHES: usize = 64;
/// Techniques of an experiment.
pub const MAX_TECHNIQUES: usize = 16;
/// Stages of an experiment.
pub const MAX_STAGES: usize = 8;
/// Languages of an experiment's problems.
pub const MAX_LANGUAGES: usize = 2;
/// A whole number that a technique is set to.
pub const MAX_KNOB: u32 = 64;
/// Problems of an experiment, and calls in one batch.
pub const MAX_FIGURE: u32 = 10_000;
/// New tokens of an answer.
pub const MAX_TOKENS: u32 = 32_768;
/// A temperature.
pub const MAX_TEMPERATURE: f32 = 10.0;
/// Layers, heads, neurons, token places and token ids stay below this.
pub const MAX_INDEX: u32 = 1 << 20;
/// New tokens when a scene does not say.
pub const DEFAULT_MAX_TOKENS: u32 = 128;
/// Whole numbers above this are not exact in JavaScript.
pub const MAX_SEED: u64 = (1 << 53) - 1;
