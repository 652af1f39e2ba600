//! Looking inside: which text, what of it is selected, and the questions that the panels ask the worker.
//!
//! The selection lives in the scene ([`App::selection`], [`App::select`]), so that a link holds it. A panel reads the
//! text's facts ([`Inside::facts`]) and asks for the rest with [`question::ask`] when it is open and only then.

pub(crate) mod asked;
pub(crate) mod attention;
pub(crate) mod chart;
pub(crate) mod embedding;
pub(crate) mod feed_forward;
pub(crate) mod formulas;
pub(crate) mod heads;
pub(crate) mod influence;
pub(crate) mod influence_file;
pub(crate) mod normed;
pub(crate) mod output;
pub(crate) mod pca;
pub(crate) mod question;
pub(crate) mod residual;
pub(crate) mod rope;
pub(crate) mod segments;
pub(crate) mod select;
pub(crate) mod sketch;
pub(crate) mod switches;
pub(crate) mod target;
pub(crate) mod text;
pub(crate) mod tokens;
pub(crate) mod value;

use std::sync::Arc;

use leptos::prelude::*;
use share::scene::{InsideView, Panel, Scene, View};

use crate::protocol::inside::{InsideEvent, InsideText, TextFacts};
use crate::state::app::App;
use crate::state::sharing::tab::Tab;

use question::{Heard, Listener};
use select::Selection;

/// The panels from left to right: text to next token, then what can be asked of all of it.
pub(crate) const PANELS: [Panel; 8] = [
    Panel::Tokens,
    Panel::Embedding,
    Panel::Attention,
    Panel::FeedForward,
    Panel::Residual,
    Panel::Output,
    Panel::Influence,
    Panel::Switches,
];

/// The signals of the inside view. `InsidePage` keeps text and facts up to date while it is open.
#[derive(Clone, Copy)]
pub(crate) struct Inside {
    /// Prompt and answer that are looked into; `None` while there is no loaded model to ask.
    pub(crate) text: RwSignal<Option<InsideText>>,
    /// Its tokens and the sizes of its model.
    pub(crate) facts: RwSignal<Option<Arc<TextFacts>>>,
    /// The same text in the stage it is compared with.
    pub(crate) against: RwSignal<Option<InsideText>>,
    /// Who waits for which request.
    listeners: StoredValue<Vec<(u32, Listener)>>,
}

impl Inside {
    pub(crate) fn new() -> Self {
        Self {
            text: RwSignal::new(None),
            facts: RwSignal::new(None),
            against: RwSignal::new(None),
            listeners: StoredValue::new(Vec::new()),
        }
    }

    /// The text and its facts, once both are there: what a panel's questions are about. Tracks.
    pub(crate) fn ready(self) -> Option<(InsideText, Arc<TextFacts>)> {
        Some((self.text.get()?, self.facts.get()?))
    }

    /// An answer came. Who asked hears it, if the panel is still open.
    pub(crate) fn hear(self, event: InsideEvent) {
        let InsideEvent { run, answer } = event;
        self.tell(run, &Heard::Answer(Arc::new(answer)));
    }

    /// A request failed.
    pub(crate) fn fail(self, run: u32) {
        self.tell(run, &Heard::Failed);
    }

    /// Nothing that was asked will be answered: the worker broke down.
    pub(crate) fn break_off(self) {
        let waiting: Vec<u32> =
            self.listeners.with_value(|all| all.iter().map(|(run, _)| *run).collect());
        for run in waiting {
            self.fail(run);
        }
    }

    fn tell(self, run: u32, heard: &Heard) {
        let found = self.listeners.with_value(|all| {
            all.iter().find(|(own, _)| *own == run).map(|(_, listener)| *listener)
        });
        let Some(listener) = found else { return };
        // A panel that was closed has no ears any more.
        if listener.try_run((run, heard.clone())).unwrap_or(true) {
            self.listeners.update_value(|all| all.retain(|(own, _)| *own != run));
        }
    }

    /// Nobody waits for a request any more.
    fn forget(self, run: u32) {
        self.listeners.update_value(|all| all.retain(|(own, _)| *own != run));
    }

    fn listen(self, run: u32, listener: Listener) {
        self.listeners.update_value(|all| all.push((run, listener)));
    }
}

/// The inside view; another view has the default one behind it.
pub(crate) fn view(scene: &Scene) -> InsideView {
    match &scene.view {
        View::Inside(view) => view.clone(),
        View::Compare(_) | View::Lab(_) => InsideView::default(),
    }
}

impl App {
    /// What is selected, within the bounds of text and model. Tracks.
    pub(crate) fn selection(self) -> Selection {
        let view = self.scene.with(view);
        self.inside.facts.with(|facts| Selection::of(&view, facts.as_deref()))
    }

    /// Selects something else. Nothing happens while another view is open.
    pub(crate) fn select(self, edit: impl FnOnce(&mut InsideView)) {
        let before = self.scene.with_untracked(|scene| match &scene.view {
            View::Inside(view) => Some(view.clone()),
            View::Compare(_) | View::Lab(_) => None,
        });
        let Some(before) = before else { return };
        let mut after = before.clone();
        edit(&mut after);
        if after != before {
            self.scene.update(|scene| scene.view = View::Inside(after));
        }
    }

    /// Opens the inside view as it was left. A token of an answer that is locked is followed there.
    pub(crate) fn open_inside(self) {
        let spot = self.inspect.with_untracked(|inspect| inspect.locked());
        let spot = spot.and_then(|spot| Some((untrack(|| self.position(spot.lane))?, spot)));
        self.open_tab(Tab::Inside);
        let prompt = |lane: usize| self.lanes[lane].run.with_untracked(|run| run.prompt.len());
        self.select(|view| {
            view.asked = None;
            let Some((column, spot)) = spot else { return };
            view.column = column as u32;
            view.against = view.against.filter(|against| *against != view.column);
            view.token = Some((prompt(spot.lane) + spot.place) as u32);
            view.key = None;
        });
    }

    /// Goes back to the columns, or to the lab that the prompt came from.
    pub(crate) fn close_inside(self) {
        let asked = self.scene.with_untracked(view).asked.is_some();
        self.open_tab(if asked { Tab::Lab } else { Tab::Compare });
    }
}
