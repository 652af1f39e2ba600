//! What of attention is on show.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::strip::{axis_names, name_of};
use crate::protocol::inside::{Answer, Ask, AttentionHead};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::heatmap::{Cell, Grid};
use crate::state::inside::attention::{Step, difference, grid, is_too_long, map_grid};
use crate::state::inside::question::{Reply, ask};

/// What the picture is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Head,
    Mean,
    Rollout,
    Difference,
}

pub(super) const MODES: [Mode; 4] = [Mode::Head, Mode::Mean, Mode::Rollout, Mode::Difference];

impl Mode {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Mean => "mean",
            Self::Rollout => "rollout",
            Self::Difference => "difference",
        }
    }
}

/// What was answered last, which the choices may be ahead of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawn {
    pub(super) mode: Mode,
    pub(super) layer: u32,
    pub(super) head: u32,
    /// Model and stage of the other text of a difference.
    pub(super) against: Option<(String, String)>,
}

/// Weights of a whole text, as they came.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    pub(super) tokens: u32,
    answer: Arc<Answer>,
}

impl Weights {
    fn of(answer: &Arc<Answer>) -> Option<Self> {
        let tokens = match answer.as_ref() {
            Answer::Attention(head) => head.tokens,
            Answer::AttentionMap { tokens, .. } => *tokens,
            _ => return None,
        };
        Some(Self { tokens, answer: answer.clone() })
    }

    /// For tests.
    #[cfg(test)]
    pub(super) fn of_map(tokens: u32, weights: Vec<f32>) -> Self {
        Self { tokens, answer: Arc::new(Answer::AttentionMap { layer: 0, tokens, weights }) }
    }

    /// (tokens, tokens)
    pub(super) fn weights(&self) -> &[f32] {
        match self.answer.as_ref() {
            Answer::Attention(head) => &head.weights,
            Answer::AttentionMap { weights, .. } => weights,
            _ => &[],
        }
    }
}

/// A cell in words, with its written value.
pub(super) fn told(app: App, cell: Cell, value: Option<&str>) -> String {
    let (query, key) = (cell.row as u32, cell.column as u32);
    app.inside.facts.with(|facts| {
        let Some(facts) = facts else { return String::new() };
        let [from, to] = [query, key].map(|at| name_of(facts, at));
        (app.t().inside_attention.cell)(&from, query, &to, key, value)
    })
}

/// Choices of the reader, and what was answered for them.
#[derive(Clone, Copy)]
pub(super) struct Looks {
    pub(super) mode: RwSignal<Mode>,
    pub(super) step: RwSignal<Step>,
    /// Small weights are drawn stronger.
    pub(super) root: RwSignal<bool>,
    /// Lines between tokens instead of the table.
    pub(super) lines: RwSignal<bool>,
    pub(super) hovered: RwSignal<Option<Cell>>,
    pub(super) names: Memo<Vec<String>>,
    pub(super) reply: Reply,
    pub(super) other: Reply,
    /// What `grid` is of.
    pub(super) drawn: Memo<Option<Drawn>>,
    pub(super) head: Memo<Option<Arc<AttentionHead>>>,
    pub(super) weights: Memo<Option<Weights>>,
    pub(super) grid: Memo<Option<Arc<Grid>>>,
}

pub(super) fn head_of(reply: Reply) -> Option<Arc<AttentionHead>> {
    reply.one(|answer| match answer {
        Answer::Attention(head) => Some(Arc::new(head.clone())),
        _ => None,
    })
}

/// What is drawn in a mode. A difference needs the same head of both texts.
fn drawn_of(mode: Mode, own: Reply, other: Reply) -> Option<Drawn> {
    let drawn = own.about(|_, ask| {
        let (mode, layer, head) = match ask {
            Ask::Attention { layer, head } => (Mode::Head, *layer, *head),
            Ask::AttentionMean { layer } => (Mode::Mean, *layer, 0),
            Ask::Rollout { layer } => (Mode::Rollout, *layer, 0),
            _ => return None,
        };
        Some(Drawn { mode, layer, head, against: None })
    })?;
    if mode != Mode::Difference {
        return Some(drawn);
    }
    let same = Ask::Attention { layer: drawn.layer, head: drawn.head };
    let is_head = drawn.mode == Mode::Head;
    let against = other.about(|text, ask| {
        (is_head && *ask == same).then(|| (text.model.clone(), text.stage.clone()))
    })?;
    Some(Drawn { mode, against: Some(against), ..drawn })
}

impl Looks {
    pub(super) fn new(app: App) -> Self {
        let mode = RwSignal::new(Mode::Head);
        let step = RwSignal::new(Step::Weight);
        let root = RwSignal::new(false);
        let place = memo(move || {
            let selection = app.selection();
            (selection.layer, selection.head)
        });
        let reply = ask(app, move || {
            let (text, facts) = app.inside.ready()?;
            if is_too_long(&facts) {
                return None;
            }
            let (layer, head) = place.get();
            let what = match mode.get() {
                Mode::Head | Mode::Difference => Ask::Attention { layer, head },
                Mode::Mean => Ask::AttentionMean { layer },
                Mode::Rollout => Ask::Rollout { layer },
            };
            Some((text, what))
        });
        let other = ask(app, move || {
            let (_, facts) = app.inside.ready()?;
            let (layer, head) = place.get();
            let text = app.inside.against.get()?;
            let is_asked = mode.get() == Mode::Difference && !is_too_long(&facts);
            is_asked.then_some((text, Ask::Attention { layer, head }))
        });
        let names = memo(move || {
            app.inside.facts.with(|facts| facts.as_ref().map(|f| axis_names(f)).unwrap_or_default())
        });
        let head = memo(move || head_of(reply));
        let twin = memo(move || head_of(other));
        let weights = memo(move || reply.parts.with(|parts| Weights::of(parts.first()?)));
        let drawn = memo(move || drawn_of(mode.get(), reply, other));
        let grid = memo(move || {
            let names = names.get();
            let Drawn { mode, layer, .. } = drawn.get()?;
            let drawn = match mode {
                Mode::Head => grid(head.get()?.as_ref(), step.get(), root.get(), &names),
                Mode::Mean | Mode::Rollout => {
                    let map = weights.get()?;
                    let is_mean = mode == Mode::Mean;
                    let window = app
                        .inside
                        .facts
                        .with(|facts| facts.as_ref()?.shape.attention.get(layer as usize)?.window);
                    // Rollout goes through all layers, windowed and not.
                    let window = window.filter(|_| is_mean);
                    map_grid(map.weights(), map.tokens, window, root.get(), &names)
                }
                Mode::Difference => {
                    let (own, twin) = (head.get()?, twin.get()?);
                    difference(&own.weights, &twin.weights, own.tokens, own.window, &names)
                }
            };
            drawn.map(Arc::new)
        });
        Self {
            mode,
            step,
            root,
            lines: RwSignal::new(false),
            hovered: RwSignal::new(None),
            names,
            reply,
            other,
            drawn,
            head,
            weights,
            grid,
        }
    }

    /// Is what is drawn not yet what was chosen? Tracks.
    pub(super) fn is_old(self) -> bool {
        self.reply.is_old() || (self.mode.get() == Mode::Difference && self.other.is_old())
    }

    /// The pair of query and key that is looked at: pointed at, else locked. Tracks.
    pub(super) fn pair(self, app: App) -> Option<Cell> {
        self.hovered.get().or_else(|| locked(app))
    }
}

/// Locks a pair of query and key, which all panels share, or frees the key.
pub(super) fn lock(app: App, cell: Option<Cell>) {
    app.select(|view| match cell {
        Some(Cell { row, column }) if column <= row => {
            view.token = Some(row as u32);
            view.key = Some(column as u32);
        }
        Some(_) | None => view.key = None,
    });
}

/// The locked pair. Tracks.
pub(super) fn locked(app: App) -> Option<Cell> {
    let selection = app.selection();
    let (row, column) = (selection.token as usize, selection.key? as usize);
    Some(Cell { row, column })
}
