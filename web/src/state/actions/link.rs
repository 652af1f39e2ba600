//! Opening what was passed on: links, files, sets of scenes.

use leptos::prelude::*;
use share::{Collection, Scene, ShareError, Shared, file, link};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::browser::read::{self, ReadError};
use crate::browser::{dom, scenes};
use crate::state::app::{App, Tool};
use crate::state::catalogue;
use crate::state::scene;
use crate::state::sharing::change::essence;
use crate::state::sharing::compose::spell_out;
use crate::state::sharing::opened::{Opened, Opening, Replaying};
use crate::state::sharing::origin::{self, Difference};
use crate::state::sharing::steps::Steps;

/// Is this a file of ours rather than a model?
pub(super) fn is_shared_file(name: &str) -> bool {
    name.to_lowercase().ends_with(".json")
}

/// What a file of ours holds.
pub(super) async fn read_shared(picked: &File) -> Result<Shared, ShareError> {
    match read::text(picked, file::MAX_BYTES).await {
        Ok(text) => file::open(&text),
        Err(ReadError::TooLarge { max, .. }) => Err(ShareError::TooLarge { max }),
        Err(error @ ReadError::Refused(_)) => Err(ShareError::Unreadable(error.to_string())),
    }
}

impl App {
    /// Opens what the address holds. False if it is no link, or holds no scene: the page is then as it is for
    /// everyone.
    pub(crate) fn open_address(self) -> bool {
        let address = dom::fragment();
        let has_models = self.catalogue.with_untracked(Option::is_some);
        has_models && link::is_link(&address) && self.open_shared(link::open(&address))
    }

    /// Opens a file of ours.
    pub(crate) fn open_shared_file(self, picked: File) {
        spawn_local(async move {
            self.open_shared(read_shared(&picked).await);
        });
    }

    fn open_shared(self, shared: Result<Shared, ShareError>) -> bool {
        match shared {
            Ok(Shared::Scene(scene)) => {
                self.sharing.steps.set(None);
                self.open_scene(*scene);
                true
            }
            Ok(Shared::Scenes(collection)) => self.open_set(collection),
            Ok(Shared::Lesson(text)) => {
                self.sharing.opened.set(None);
                self.open_lesson_text(text);
                false
            }
            Err(error) => {
                self.sharing.opened.set(Some(Opened::Refused(error)));
                false
            }
        }
    }

    /// Puts a scene from elsewhere on the page and runs it again, as soon as its models are there.
    pub(crate) fn open_scene(self, scene: Scene) {
        let scene = self.with_columns(scene);
        let local = self.local.get_untracked();
        let differences = self.catalogue.with_untracked(|entries| {
            origin::differences(&scene, entries.as_deref().unwrap_or_default(), &local)
        });
        if let Some(language) = scene.language {
            self.language.set(language);
        }
        let mut shown = scene.clone();
        spell_out(&mut shown);
        (shown.language, shown.expected) = (None, None);
        self.example.set(None);
        self.tool.set(None);
        self.drop_plans();
        if self.is_busy_untracked() {
            self.stop();
        }
        self.put_scene(shown);
        for lane in self.lanes {
            lane.clear();
        }
        self.look_at_nothing();
        self.sharing.opened.set(Some(Opened::Scene(Box::new(Opening::new(scene, differences)))));
        self.go_on_with_link();
    }

    /// A scene without columns gets the page's own choice: all stages of the default model.
    fn with_columns(self, mut scene: Scene) -> Scene {
        if scene.columns.is_empty() {
            scene.columns = self.catalogue.with_untracked(|entries| {
                let entries = entries.as_deref().unwrap_or_default();
                let default = catalogue::default_model(entries);
                let found = entries.iter().find(|entry| default == Some(entry.id.as_str()));
                found.map_or_else(Vec::new, |entry| {
                    scene::columns_of(&entry.id, origin::stages(entry).into_iter())
                })
            });
        }
        scene
    }

    /// The scene that was opened, while it waits for its models and nobody has changed it. Anything else on the page
    /// is the reader's own.
    pub(super) fn waiting(self) -> Option<Opening> {
        let opened = self.sharing.opened.get_untracked();
        let Some(Opened::Scene(opening)) = opened else { return None };
        let meant = essence(&opening.scene);
        let is_there = self.scene.with_untracked(|now| {
            let now = essence(now);
            let inputs = |scene: &Scene| (scene.prompt.clone(), scene.columns.clone());
            inputs(&now) == inputs(&meant)
                && (now.sampler, now.max_tokens) == (meant.sampler, meant.max_tokens)
        });
        (opening.phase == Replaying::Waits && is_there).then_some(*opening)
    }

    /// Was something opened that has nothing to run?
    pub(super) fn rests(self) -> bool {
        self.sharing.opened.with_untracked(|opened| {
            matches!(opened, Some(Opened::Scene(opening)) if opening.phase == Replaying::Rests)
        })
    }

    /// The models that the opened scene still needs, where loading them is the reader's decision. Tracks.
    pub(crate) fn models_to_offer(self) -> Vec<String> {
        let models = self.sharing.opened.with(|opened| match opened {
            Some(Opened::Scene(opening)) if opening.phase == Replaying::Waits => opening.models(),
            _ => Vec::new(),
        });
        let is_coming = |model: &str| self.library.with(|library| library.loading() == Some(model));
        models.into_iter().filter(|model| !self.is_ready(model) && !is_coming(model)).collect()
    }

    /// Is a model loaded as the settings want it? Tracks.
    pub(super) fn is_ready(self, model: &str) -> bool {
        self.wanted_of(model)
            .is_some_and(|wanted| self.library.with(|library| library.satisfies(&wanted)))
    }

    /// Does the opened scene need the file of this name? From now on it is there.
    pub(super) fn is_awaited(self, name: &str) -> bool {
        let Some(Opened::Scene(opening)) = self.sharing.opened.get_untracked() else {
            return false;
        };
        let missing = Difference::NoModel(name.to_owned());
        if !opening.differences.contains(&missing) {
            return false;
        }
        let rest = opening.differences.into_iter().filter(|found| *found != missing).collect();
        let opening = Opening::new(opening.scene, rest);
        self.sharing.opened.set(Some(Opened::Scene(Box::new(opening))));
        true
    }

    pub(crate) fn dismiss_opened(self) {
        self.sharing.opened.set(None);
    }

    // ---- sets ----

    /// Opens a set at its first scene.
    pub(crate) fn open_set(self, collection: Collection) -> bool {
        let steps = Steps::new(collection);
        let first = steps.as_ref().and_then(|steps| Some(steps.now()?.scene.clone()));
        self.sharing.steps.set(steps);
        if let Some(scene) = &first {
            self.open_scene(scene.clone());
        }
        first.is_some()
    }

    /// The next scene of the set, or the one before. False if there is none.
    pub(crate) fn turn_scene(self, forward: bool) -> bool {
        let turned = self.sharing.steps.try_update(|steps| {
            let steps = steps.as_mut()?;
            if !steps.go(forward) {
                return None;
            }
            steps.now().map(|named| named.scene.clone())
        });
        let Some(scene) = turned.flatten() else { return false };
        let (presenter, embed) = self.scene.with_untracked(|scene| (scene.presenter, scene.embed));
        self.open_scene(Scene {
            presenter: scene.presenter || presenter,
            embed: scene.embed || embed,
            ..scene
        });
        true
    }

    /// Keeps a set that was opened among the reader's own scenes.
    pub(crate) fn keep_set(self) {
        if let Some(steps) = self.sharing.steps.get_untracked() {
            let shared = Shared::Scenes(steps.collection().clone());
            self.change_scenes(|saved| saved.import(&shared, "", scenes::now()).map(drop));
        }
    }

    pub(crate) fn close_set(self) {
        self.sharing.steps.set(None);
    }

    // ---- what the link pointed at ----

    /// After the replay: the token, the scores or the samples that were open where the link was made.
    pub(super) fn look_as_linked(self, opening: &Opening) {
        let view = scene::view(&opening.scene);
        let lane_of = |column: u32| {
            let play = opening.plays.iter().find(|play| play.column == column as usize)?;
            Some(play.lane)
        };
        if let Some(lane) = view.score.and_then(lane_of) {
            self.tool.set(Some(Tool::Score));
            self.score(lane);
        } else if let (Some(count), Some(lane)) = (view.samples, lane_of(view.column)) {
            self.tool.set(Some(Tool::Samples));
            self.draw_samples(lane, count, false);
        }
        if let (Some(place), Some(lane)) = (view.token, lane_of(view.column)) {
            self.look_at(lane, place as usize);
        }
    }
}
