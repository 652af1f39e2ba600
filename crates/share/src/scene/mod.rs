//! The scene: the state of the page as plain data. A link, a saved scene and a lesson's step all hold one.
//!
//! A field that has its default is left out of the JSON. So defaults are part of the format: one that changed
//! would change what old links mean. Names are those of the page's protocol.

mod asked;
mod check;
mod ids;
mod lab;
pub mod limits;
mod prompt;
mod view;

use serde::{Deserialize, Serialize};

pub use asked::{AskedPrompt, Span, Turn};
pub use check::SceneError;
pub(crate) use check::slug;
pub use ids::Ids;
pub use lab::{LabView, PlannedStage, PlannedTechnique};
pub use prompt::{Part, PartKind, Prompt};
pub use view::{CompareView, InsideView, Panel, Patch, Switch, SwitchPart, View};

/// The state of the page. The default scene is an empty prompt in the page's own choice of columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scene {
    /// The interface's language; `None` leaves it to the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What the reader typed.
    #[serde(skip_serializing_if = "is_default")]
    pub prompt: Prompt,
    /// One to four columns; none stands for the page's own choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// How tokens are chosen, in every column that does not say otherwise.
    #[serde(skip_serializing_if = "is_default")]
    pub sampler: Sampler,
    /// At most this many new tokens per column.
    #[serde(skip_serializing_if = "is_default_max_tokens")]
    pub max_tokens: u32,
    /// Context length in tokens to load models with; `None` is the page's own choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
    /// What is open, and what is selected in it.
    #[serde(skip_serializing_if = "is_default")]
    pub view: View,
    /// The lesson beside the page, and its step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonPlace>,
    /// What came out where the link was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
    /// Show only the view, for an iframe.
    #[serde(skip_serializing_if = "is_default")]
    pub embed: bool,
    /// Large type, and settings hidden, for a projector.
    #[serde(skip_serializing_if = "is_default")]
    pub presenter: bool,
}

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// One column: which stage of which model answers, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Manifest id, or the name of a local file.
    pub model: String,
    /// `base`, `sft` or `rlhf`; models without a trio have one stage, `model`.
    pub stage: String,
    /// The beginning of the model file's SHA-256 in lower-case hex; empty if unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The same for the stage's adapter; empty without one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub adapter: String,
    /// How the prompt goes in.
    #[serde(skip_serializing_if = "is_default")]
    pub form: Form,
    /// Settings of this column alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampler: Option<Sampler>,
    /// Where the reader left the path the model took.
    #[serde(skip_serializing_if = "is_default")]
    pub branch: Branch,
}

/// How a prompt goes into a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As the stage expects it: raw for a base model, the chat template for an assistant.
    #[default]
    Auto,
    /// As it stands.
    Raw,
    /// Through the chat template.
    Chat,
}

/// Answer tokens that were fixed by choosing alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Branch {
    /// All answer tokens up to and with the last one chosen; generation goes on after them.
    #[serde(skip_serializing_if = "Ids::is_empty")]
    pub prefix: Ids,
    /// Which of them the reader chose: places in `prefix`, rising. The others came from the model.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<u32>,
}

/// How the next token is chosen. The same fields, defaults and meaning as the engine's `SamplerSettings`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampler {
    /// Divides the logits; 0 is greedy.
    #[serde(skip_serializing_if = "is_default_temperature")]
    pub temperature: f32,
    /// Keep only so many of the most likely tokens; 0 keeps all.
    #[serde(skip_serializing_if = "is_default_top_k")]
    pub top_k: u32,
    /// Keep the smallest set of most likely tokens that reaches this probability; 1 keeps all.
    #[serde(skip_serializing_if = "is_default_top_p")]
    pub top_p: f32,
    /// Drop tokens less likely than this share of the most likely one; 0 keeps all.
    #[serde(skip_serializing_if = "is_default_min_p")]
    pub min_p: f32,
    /// Makes tokens that already occurred less likely; 1 changes nothing.
    #[serde(skip_serializing_if = "is_default_repeat_penalty")]
    pub repeat_penalty: f32,
    /// Seed of the draw, at most 2⁵³ − 1, so that every JSON reader keeps it exact.
    #[serde(skip_serializing_if = "is_default_seed")]
    pub seed: u64,
}

/// A lesson and one of its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LessonPlace {
    /// The lesson's id: its file's name without the ending.
    pub id: String,
    /// Counted from 0.
    #[serde(skip_serializing_if = "is_default")]
    pub step: u32,
}

/// What came out where the link was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    /// What it ran on, such as `cpu` or the adapter's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub backend: String,
    /// Answer tokens of each column, in the order of the columns.
    pub columns: Vec<Ids>,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            language: None,
            prompt: Prompt::default(),
            columns: Vec::new(),
            sampler: Sampler::default(),
            max_tokens: limits::DEFAULT_MAX_TOKENS,
            context: None,
            view: View::default(),
            lesson: None,
            expected: None,
            embed: false,
            presenter: false,
        }
    }
}

impl Default for Sampler {
    fn default() -> Self {
        Self { temperature: 0.7, top_k: 40, top_p: 0.95, min_p: 0.0, repeat_penalty: 1.0, seed: 1 }
    }
}

impl Scene {
    /// The scene as canonical JSON: no space, fields in order, defaults left out. The same scene always gives
    /// the same text.
    ///
    /// # Errors
    /// [`SceneError`] if the scene is out of bounds; a link holds only what can be opened again.
    pub fn to_json(&self) -> Result<String, SceneError> {
        self.check()?;
        serde_json::to_string(self).map_err(|error| SceneError::Unreadable(error.to_string()))
    }

    /// A scene from JSON, within all bounds.
    ///
    /// # Errors
    /// [`SceneError`] for anything that is no scene.
    pub fn from_json(json: &str) -> Result<Self, SceneError> {
        let scene: Self = serde_json::from_str(json)
            .map_err(|error| SceneError::Unreadable(error.to_string()))?;
        scene.checked()
    }

    /// The settings a column runs with.
    pub fn sampler_of(&self, column: usize) -> Sampler {
        self.columns.get(column).and_then(|column| column.sampler).unwrap_or(self.sampler)
    }
}

impl Column {
    /// A stage of a model, everything else as it comes.
    pub fn new(model: impl Into<String>, stage: impl Into<String>) -> Self {
        Self { model: model.into(), stage: stage.into(), ..Self::default() }
    }
}

impl Language {
    /// `en` or `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_default_max_tokens(value: &u32) -> bool {
    *value == limits::DEFAULT_MAX_TOKENS
}

fn is_default_temperature(value: &f32) -> bool {
    *value == Sampler::default().temperature
}

fn is_default_top_k(value: &u32) -> bool {
    *value == Sampler::default().top_k
}

fn is_default_top_p(value: &f32) -> bool {
    *value == Sampler::default().top_p
}

fn is_default_min_p(value: &f32) -> bool {
    *value == Sampler::default().min_p
}

fn is_default_repeat_penalty(value: &f32) -> bool {
    *value == Sampler::default().repeat_penalty
}

fn is_default_seed(value: &u64) -> bool {
    *value == Sampler::default().seed
}
