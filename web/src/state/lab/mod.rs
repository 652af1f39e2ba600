//! The prompt lab: a prompt from parts, and experiments that measure it. Plain structs with plain transitions;
//! [`Lab`] alone holds signals, and `actions` is what the reader does.

mod actions;
pub(crate) mod asked;
pub(crate) mod build;
pub(crate) mod chart;
mod keep;
pub(crate) mod knobs;
pub(crate) mod measured;
mod naming;
pub(crate) mod panel;
pub(crate) mod parts;
pub(crate) mod pieces;
pub(crate) mod plan;
pub(crate) mod round;
pub(crate) mod rows;
pub(crate) mod scene;
pub(crate) mod shipped;
pub(crate) mod tally;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod thoughts;
pub(crate) mod waits;

use lab::experiment::{Experiment, Filter, Run};
use lab::prompt::{Input, Stretch};
use leptos::prelude::*;

use crate::protocol::TokenView;
pub(crate) use actions::{EXPORTS, is_for_lab};
use asked::Seat;
use build::Build;
use keep::Keeper;
use measured::Measured;
use plan::{Plan, PlanError};
use round::Round;
use scene::Shown;
use waits::Waits;

/// The lab's signals. Copies are the same lab.
#[derive(Clone, Copy)]
pub(crate) struct Lab {
    /// An experiment is shown; otherwise the prompt that is built.
    pub(crate) measure: RwSignal<bool>,
    pub(crate) build: RwSignal<Build>,
    /// Stages that the reader chose to ask; none stands for the page's own choice.
    pub(crate) seats: RwSignal<Vec<Seat>>,
    pub(crate) round: RwSignal<Round>,
    /// The prompt as the model's tokenizer cuts it.
    pub(crate) tokens: RwSignal<Option<Tokens>>,
    pub(crate) plan: RwSignal<Plan>,
    pub(crate) run: RwSignal<Option<Measured>>,
    /// The stored run beside it.
    pub(crate) stored: RwSignal<Option<Stored>>,
    /// An experiment that is being made ready.
    pub(crate) pending: RwSignal<Option<Pending>>,
    pub(crate) look: RwSignal<Look>,
    pub(crate) waits: RwSignal<Waits>,
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    /// Does the browser keep the run?
    pub(crate) keeping: RwSignal<bool>,
    keeper: StoredValue<Keeper>,
    /// What the scene said last.
    shown: StoredValue<Option<Shown>>,
    /// The prompt whose tokens were asked for last, by the number of the request.
    cutting: StoredValue<Option<Cutting>>,
    /// Asking was stopped.
    stopping: StoredValue<bool>,
    /// The kept run was looked for.
    opened: StoredValue<bool>,
}

/// A prompt in tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) input: Input,
    pub(crate) tokens: Vec<TokenView>,
    pub(crate) stretches: Vec<Stretch>,
    /// For each token the index of its stretch.
    pub(crate) parts: Vec<Option<usize>>,
}

/// A prompt whose tokens were asked for.
#[derive(Clone, Debug, PartialEq)]
struct Cutting {
    run: u32,
    seat: Seat,
    input: Input,
    /// It has been answered.
    done: bool,
}

/// An experiment that waits for its models and its file.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) experiment: Experiment,
    /// The text of its file of problems, once it is there.
    file: Option<String>,
}

/// The stored run of a shipped experiment.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) shipped: String,
    pub(crate) model: String,
    /// `None` while it is read, or if there is none.
    pub(crate) run: Option<Run>,
    pub(crate) missing: bool,
}

/// What is looked at in the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) filter: Filter,
    /// Lines before the first one that is shown.
    pub(crate) from: usize,
    /// The cell whose calls are open.
    pub(crate) open: Option<usize>,
}

/// Something that cannot be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    Plan(PlanError),
    /// A prompt that cannot be asked.
    Prompt(String),
    /// An experiment that cannot be begun.
    Experiment(String),
    /// A file that is neither a table nor a log.
    Table(String),
    Log(String),
    /// A file of the site that cannot be fetched.
    Fetch(String),
    /// A batch that broke down.
    Batch(String),
}

/// Lines of the table that are shown at once.
pub(crate) const LINES: usize = 40;

impl Lab {
    pub(crate) fn new() -> Self {
        Self {
            measure: RwSignal::new(false),
            build: RwSignal::new(Build::default()),
            seats: RwSignal::new(Vec::new()),
            round: RwSignal::new(Round::default()),
            tokens: RwSignal::new(None),
            plan: RwSignal::new(Plan::default()),
            run: RwSignal::new(None),
            stored: RwSignal::new(None),
            pending: RwSignal::new(None),
            look: RwSignal::new(Look::default()),
            waits: RwSignal::new(Waits::default()),
            trouble: RwSignal::new(None),
            keeping: RwSignal::new(true),
            keeper: StoredValue::new(Keeper::default()),
            shown: StoredValue::new(None),
            cutting: StoredValue::new(None),
            stopping: StoredValue::new(false),
            opened: StoredValue::new(false),
        }
    }
}

/// The lab crate's name of a language of the page.
pub(crate) fn language(language: crate::state::preferences::Language) -> lab::Language {
    match language {
        crate::state::preferences::Language::En => lab::Language::En,
        crate::state::preferences::Language::Zh => lab::Language::Zh,
    }
}
