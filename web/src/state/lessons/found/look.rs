//! What a step's questions are about beside the runs, and what that is looked for in.

use share::lesson::{Measure, Question, Step, TextMeasure};
use share::scene::{Patch, Switch};

use crate::protocol::inside::{Ask, InsideText, PatchRequest};
use crate::state::inside::switches::prompt_like;
use crate::state::inside::text::of_run;
use crate::state::run::{Phase, Run};

/// What a question is about, beside the runs. Columns, layers and heads are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Look {
    Head { column: u32, layer: u32, head: u32 },
    Similarity { a: String, b: String },
    Lens,
    Moved,
    Influence { column: u32 },
}

/// All that a step's questions are about, each once.
pub(crate) fn looks(step: &Step) -> Vec<Look> {
    let mut out = Vec::new();
    for look in step.questions().flat_map(looks_of) {
        if !out.contains(&look) {
            out.push(look);
        }
    }
    out
}

fn looks_of(question: &Question) -> Vec<Look> {
    let mut looks: Vec<Look> = question.measures().into_iter().filter_map(of_number).collect();
    looks.extend(question.text_measure().and_then(of_text));
    looks
}

fn of_number(measure: &Measure) -> Option<Look> {
    match measure {
        Measure::Attention { column, layer, head, .. } => {
            Some(Look::Head { column: *column, layer: *layer, head: *head })
        }
        Measure::Similarity { a, b } => Some(Look::Similarity { a: a.clone(), b: b.clone() }),
        Measure::Settles => Some(Look::Lens),
        Measure::Moved => Some(Look::Moved),
        _ => None,
    }
}

fn of_text(measure: &TextMeasure) -> Option<Look> {
    match *measure {
        TextMeasure::Attended { column, layer, head, .. } => {
            Some(Look::Head { column, layer, head })
        }
        TextMeasure::Influential { column } => Some(Look::Influence { column }),
        TextMeasure::Lens { .. } => Some(Look::Lens),
        _ => None,
    }
}

/// A column's prompt as it went in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prompted {
    /// Without its answer.
    pub(crate) text: InsideText,
    tokens: u32,
    /// The first token of the answer.
    pub(crate) first: Option<u32>,
}

impl Prompted {
    /// `None` while the run is not over: the worker has something better to do.
    pub(crate) fn of(run: &Run) -> Option<Self> {
        if run.phase != Phase::Finished || run.prompt.is_empty() {
            return None;
        }
        Some(Self {
            text: InsideText { answer: Vec::new(), ..of_run(run)? },
            tokens: run.prompt.len() as u32,
            first: run.tokens.first().map(|generated| generated.token.id),
        })
    }

    pub(crate) fn last(&self) -> u32 {
        self.tokens.saturating_sub(1)
    }
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Subject {
    /// The columns whose run is over.
    pub(crate) columns: Vec<Option<Prompted>>,
    /// The view's column.
    pub(crate) column: u32,
    pub(crate) switches: Vec<Switch>,
    pub(crate) patch: Option<Patch>,
}

impl Subject {
    pub(crate) fn prompted(&self, look: &Look) -> Option<&Prompted> {
        let column = match look {
            Look::Head { column, .. } | Look::Influence { column } => *column,
            Look::Similarity { .. } | Look::Lens | Look::Moved => self.column,
        };
        self.columns.get(column as usize)?.as_ref()
    }

    pub(crate) fn switched(&self, prompted: &Prompted) -> Ask {
        let patch = self.patch.as_ref().filter(|patch| patch.token < prompted.tokens);
        let patch = patch.map(|patch| PatchRequest {
            blocks: patch.layer + 1,
            token: patch.token,
            source: prompt_like(&prompted.text.prompt, &patch.source),
            source_token: patch.source_token,
        });
        Ask::Switches { switches: self.switches.clone(), patch, max_tokens: 0 }
    }
}
