//! Passing on what stands on the page.

use leptos::prelude::*;
use share::{Collection, NamedScene, Scene, ShareError, Shared, file, link};

use crate::browser::{dom, save, scenes};
use crate::i18n;
use crate::state::app::{App, Tool};
use crate::state::sharing::compose::{Around, Look, backend_name, compose, name_of, promised};
use crate::state::sharing::origin;

/// The beginning of the names of files.
const NAME: &str = "glassbox";
const MEDIA_TYPE: &str = "application/json";

impl App {
    /// The page as it is passed on. `answers`: with what came out, if that belongs to what stands there. Tracks.
    pub(crate) fn composed(self, answers: bool, presenter: bool) -> Scene {
        let scene = self.scene.get();
        let origins = scene.columns.iter().map(|column| {
            self.with_manifest(&column.model, |entry| origin::origin(entry, &column.stage))
                .unwrap_or_default()
        });
        let around = Around {
            language: Some(self.language.get()),
            origins: origins.collect(),
            answers: if answers { self.promise() } else { None },
            look: self.look(&scene),
            stages: self.lab_stages_to_name(),
            presenter,
        };
        compose(scene, around)
    }

    /// What the page can promise: the answers of all columns, if they are whole and answer what stands there, and
    /// what they were computed on. Tracks.
    pub(crate) fn promise(self) -> Option<(String, Vec<Vec<u32>>)> {
        self.scene.track();
        let answers: Option<Vec<Vec<u32>>> = self
            .columns()
            .iter()
            .map(|lane| {
                let asks = self.request_of(lane.number)?;
                lane.run.with(|run| promised(run, &asks))
            })
            .collect();
        let answers = answers.filter(|answers| !answers.is_empty())?;
        let model = self.scene.with(|scene| Some(scene.columns.first()?.model.clone()))?;
        let backend =
            self.library.with(|library| library.info(&model).map(|i| backend_name(&i.backend)))?;
        Some((backend, answers))
    }

    /// What the reader looks at. Tracks.
    fn look(self, scene: &Scene) -> Look {
        let column_of = |model: &str, stage: &str| {
            scene.columns.iter().position(|c| c.model == model && c.stage == stage)
        };
        let tool = self.tool.get();
        if tool == Some(Tool::Score) {
            let score = self.scoring.with(|scoring| {
                scoring.as_ref().and_then(|own| column_of(&own.model, &own.writer))
            });
            return Look { column: score.unwrap_or_default(), score, ..Look::default() };
        }
        if tool == Some(Tool::Samples) {
            let drawn = self.draws.with(|draws| {
                let request = &draws.first()?.request;
                Some((column_of(&request.model, &request.stage)?, request.count))
            });
            if let Some((column, count)) = drawn {
                return Look { column, samples: Some(count), ..Look::default() };
            }
        }
        let locked = self.inspect.with(|inspect| inspect.locked());
        let spot = locked.and_then(|spot| Some((self.position(spot.lane)?, spot.place)));
        spot.map_or_else(Look::default, |(column, place)| Look {
            column,
            token: Some(place),
            ..Look::default()
        })
    }

    /// The link to a scene.
    pub(crate) fn link_to(self, scene: Scene) -> Result<link::Link, ShareError> {
        link::link(&dom::page_address(), &Shared::from(scene))
    }

    /// Saves a scene as a file.
    pub(crate) fn save_scene_file(self, scene: Scene) {
        self.save_shared(&format!("{NAME}-scene"), &Shared::from(scene));
    }

    /// Saves what is shared as a file.
    pub(super) fn save_shared(self, name: &str, shared: &Shared) {
        match file::write(shared) {
            Ok(text) => save::text(&format!("{name}{}", file::ENDING), MEDIA_TYPE, &text),
            Err(error) => self.sharing.trouble.set(Some(error.into())),
        }
    }

    /// What stands on the page, with a name, as it is kept. Tracks nothing.
    pub(super) fn named(self, name: &str) -> NamedScene {
        let scene = untrack(|| self.composed(true, self.is_presented()));
        NamedScene { name: name.trim().to_owned(), saved: scenes::now(), scene }
    }

    /// A name for what stands on the page. Tracks.
    pub(crate) fn suggested_name(self) -> String {
        let fallback = i18n::strings(self.language.get()).share.scenes.unnamed;
        self.scene.with(|scene| name_of(scene, fallback))
    }

    /// A link to all saved scenes as a set, if there are any that fit into one.
    pub(crate) fn link_to_set(self, scenes: Vec<NamedScene>) -> Result<link::Link, ShareError> {
        let collection = Collection { title: String::new(), scenes };
        link::link(&dom::page_address(), &Shared::Scenes(collection))
    }
}
