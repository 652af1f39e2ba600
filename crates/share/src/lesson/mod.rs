//! Lessons: guided text beside the live page. Each step sets the scene, says what to look at, and may ask.
//!
//! A lesson is a Markdown file: its title is the heading of level 1, each heading of level 2 begins a step, and code
//! blocks named `scene`, `highlight`, `question`, `widget` and `claim` hold JSON. `web/lessons/README.md` is the
//! manual for whoever writes one. What comes out are nodes; there is no HTML.

mod claim;
mod error;
mod grade;
mod index;
mod measure;
mod observed;
mod parse;
mod question;
mod value;
mod widget;

use serde::{Deserialize, Serialize};

use crate::markdown::Block;
use crate::scene::{Language, Scene};

pub use claim::{Claim, Outcome};
pub use error::{LessonError, Problem};
pub use grade::{Answer, Attempts, Grade, Reaction};
pub use index::{Index, IndexEntry, Title};
pub use measure::{Measure, TextMeasure};
pub use observed::{
    Choice, LabResult, LensLayer, Observed, ObservedColumn, ObservedHead, ObservedToken, Similarity,
};
pub use parse::parse;
pub use question::{Ask, Question, Want};
pub use widget::{DataSource, Lookup, Widget};

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its file's name without the ending.
    pub id: String,
    /// The language it is written in.
    pub language: Language,
    /// Its title.
    pub title: String,
    /// What is said before the first step.
    pub intro: Vec<Block>,
    /// One step or more.
    pub steps: Vec<Step>,
    /// How many pieces of HTML, pictures and links to other schemes were dropped.
    pub dropped: usize,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What it consists of, in order.
    pub blocks: Vec<StepBlock>,
}

/// A piece of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepBlock {
    /// Text to read.
    Text(Block),
    /// What the page is set to when the step begins; at most one.
    Scene(Box<Scene>),
    /// What to look at.
    Highlight(Highlight),
    /// What is asked.
    Question(Box<Question>),
    /// Something to play with that is no part of the page.
    Widget(Widget),
    /// What the text states about the models. Not shown: a test holds the shipped models to it.
    Claim(Claim),
}

/// A place on the page to be lit up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Highlight {
    /// Which part of the page.
    pub place: Place,
    /// Of which column; `None`: wherever it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// At which answer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u32>,
}

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The prompt's field.
    Prompt,
    /// The button that runs it.
    Run,
    /// Temperature and the other settings.
    Settings,
    /// A column, or all of them.
    Column,
    /// The exact text and ids that went in.
    Exact,
    /// A token of an answer.
    Token,
    /// The alternatives of a token, with their bars.
    Alternatives,
    /// The live temperature slider.
    Temperature,
    /// Drawn answers with their counts.
    Samples,
    /// One stage's text scored by the others.
    Scores,
    /// The reward of an answer.
    Reward,
    /// The vote.
    Vote,
    /// The panel of the inside view that is open.
    Panel,
    /// The row of panels of the inside view.
    Pipeline,
    /// The attention matrix.
    Matrix,
    /// The grid of heads.
    Heads,
    /// The difference between two stages.
    Difference,
    /// The grid of the logit lens.
    Lens,
    /// What mattered.
    Influence,
    /// The switches.
    Switches,
    /// The parts of a prompt.
    Parts,
    /// The techniques.
    Techniques,
    /// Results of an experiment.
    Results,
    /// The widget of this step.
    Widget,
}

impl Lesson {
    /// The scene in force at a step: its own, or that of the last step before it that has one.
    pub fn scene_at(&self, step: usize) -> Option<&Scene> {
        self.steps.iter().take(step.saturating_add(1)).rev().find_map(Step::scene)
    }
}

impl Step {
    /// The scene this step sets.
    pub fn scene(&self) -> Option<&Scene> {
        self.blocks.iter().find_map(|block| match block {
            StepBlock::Scene(scene) => Some(&**scene),
            _ => None,
        })
    }

    /// The questions of this step.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.blocks.iter().filter_map(|block| match block {
            StepBlock::Question(question) => Some(&**question),
            _ => None,
        })
    }

    /// The places to light up.
    pub fn highlights(&self) -> impl Iterator<Item = &Highlight> {
        self.blocks.iter().filter_map(|block| match block {
            StepBlock::Highlight(highlight) => Some(highlight),
            _ => None,
        })
    }

    /// The claims of this step.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.blocks.iter().filter_map(|block| match block {
            StepBlock::Claim(claim) => Some(claim),
            _ => None,
        })
    }

    /// All numbers that its questions and claims are about: what has to be observed beside the run itself.
    pub fn measures(&self) -> Vec<&Measure> {
        let asked = self.questions().flat_map(Question::measures);
        asked.chain(self.claims().flat_map(Claim::measures)).collect()
    }

    /// All texts that its questions and claims are about.
    pub fn text_measures(&self) -> Vec<&TextMeasure> {
        let asked = self.questions().filter_map(Question::text_measure);
        asked.chain(self.claims().flat_map(Claim::text_measures)).collect()
    }
}
