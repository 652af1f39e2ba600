//! The signals of sharing, in one bundle.

use leptos::prelude::*;
use share::Scene;
use share::history::History;
use share::store::{Listing, SavedScene, StoreError};

use crate::state::sharing::opened::Opened;
use crate::state::sharing::steps::Steps;
use crate::state::sharing::tab::Left;

/// A dialog of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Share,
    Scenes,
}

/// What links, files, saved scenes and undo need. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Sharing {
    pub(crate) history: RwSignal<History<Scene>>,
    pub(crate) opened: RwSignal<Option<Opened>>,
    /// The set of scenes that is stepped through.
    pub(crate) steps: RwSignal<Option<Steps>>,
    pub(crate) pane: RwSignal<Option<Pane>>,
    pub(crate) saved: RwSignal<Result<Listing, StoreError>>,
    /// What went wrong with saved scenes last.
    pub(crate) trouble: RwSignal<Option<StoreError>>,
    /// The scene that was deleted last, for whoever wants it back.
    pub(crate) deleted: RwSignal<Option<SavedScene>>,
    /// How many scenes came in with the last file.
    pub(crate) imported: RwSignal<Option<usize>>,
    /// The address asks for one view without anything around it.
    pub(crate) embed: RwSignal<bool>,
    pub(crate) left: StoredValue<Left>,
}

impl Sharing {
    pub(crate) fn new(embed: bool) -> Self {
        Self {
            history: RwSignal::new(History::new(Scene::default())),
            opened: RwSignal::new(None),
            steps: RwSignal::new(None),
            pane: RwSignal::new(None),
            saved: RwSignal::new(Ok(Listing::default())),
            trouble: RwSignal::new(None),
            deleted: RwSignal::new(None),
            imported: RwSignal::new(None),
            embed: RwSignal::new(embed),
            left: StoredValue::new(Left::default()),
        }
    }
}
