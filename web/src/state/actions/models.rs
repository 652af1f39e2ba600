//! Models: pick, load, open, let go.

use formats::manifest::{Manifest, parse_catalogue};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::link::is_shared_file;
use crate::browser::fetch;
use crate::protocol::{FailureKind, ModelInfo, Request, Source};
use crate::state::app::{App, Asking};
use crate::state::catalogue;
use crate::state::gallery;
use crate::state::library::{Library, Then, Wanted, model_of};
use crate::state::notice::{Notice, Notices};
use crate::state::scene;
use crate::state::settings::Field;

impl App {
    /// Reads the list of models. One that the address names is only selected; otherwise the default one is loaded,
    /// and the first example runs.
    pub(crate) fn read_catalogue(self, preferred: Option<String>) {
        spawn_local(async move {
            let read = match fetch::text("models/catalogue.json").await {
                Ok(json) => parse_catalogue(&json).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match read {
                Ok(manifests) => self.take_catalogue(manifests, preferred),
                Err(detail) => {
                    self.notices.update(|notices| notices.add(Notice::Catalogue { detail }));
                }
            }
        });
    }

    fn take_catalogue(self, manifests: Vec<Manifest>, preferred: Option<String>) {
        let known = |id: &String| manifests.iter().any(|entry| entry.id == *id);
        let named = preferred.filter(known);
        let default = catalogue::default_model(&manifests).map(str::to_owned);
        let starts = named.is_none() && self.source.with_untracked(Option::is_none);
        let first = manifests.first().map(|entry| entry.id.clone());
        let id = named.or_else(|| default.clone()).or(first);
        self.catalogue.set(Some(manifests));
        if self.source.with_untracked(Option::is_none) {
            self.source.set(id.map(|id| Source::Catalogue { id }));
        }
        if self.open_address() {
            // What was opened may load nothing by itself: the lab, or a prompt that is still to be written.
            let is_loading = self.library.with_untracked(Library::is_loading);
            if let Some(id) = default.filter(|_| !is_loading && self.rests()) {
                self.load(&id, Then::default());
            }
            return;
        }
        if let Some(id) = default.filter(|_| starts) {
            self.show_example(gallery::FIRST, &id);
            // In the lab nothing runs that is not seen.
            let run = !untrack(|| self.lab_is_open());
            self.load(&id, Then { show: false, run });
        }
    }

    /// The manifest of the selected model. Tracks.
    pub(crate) fn with_selected<T>(self, read: impl FnOnce(&Manifest) -> T) -> Option<T> {
        self.source.with(|source| {
            let Some(Source::Catalogue { id }) = source else { return None };
            self.with_manifest(id, read)
        })
    }

    /// The manifest of a model of the catalogue. Tracks.
    pub(crate) fn with_manifest<T>(self, id: &str, read: impl FnOnce(&Manifest) -> T) -> Option<T> {
        self.catalogue
            .with(|entries| entries.as_ref()?.iter().find(|entry| entry.id == id).map(read))
    }

    /// A model's name in words. Tracks.
    pub(crate) fn model_name(self, model: &str) -> String {
        let language = self.language.get();
        let name = self.with_manifest(model, |entry| catalogue::short_name(entry, language));
        name.unwrap_or_else(|| model.to_owned())
    }

    /// What selects and settings ask for; `None` while there is nothing to load. Tracks.
    pub(crate) fn wanted(self) -> Option<Wanted> {
        self.source.with(|source| self.wanting(source.clone()?))
    }

    /// The same for the model of this name.
    pub(crate) fn wanted_of(self, model: &str) -> Option<Wanted> {
        let source = if self.with_manifest(model, |_| ()).is_some() {
            Source::Catalogue { id: model.to_owned() }
        } else if self.local.with(|names| names.iter().any(|name| name == model)) {
            Source::LocalFile { name: model.to_owned() }
        } else {
            return None;
        };
        self.wanting(source)
    }

    fn wanting(self, source: Source) -> Option<Wanted> {
        let context = self.form.with(|form| form.parse()).ok()?.context;
        Some(Wanted { source, backend: self.backend.get(), context })
    }

    /// Loads the selected model and shows it. `run`: the prompt is run then.
    pub(crate) fn load_selected(self, run: bool) {
        match untrack(|| self.wanted()) {
            Some(wanted) => self.load_wanted(wanted, Then { show: true, run }),
            None => self.cannot_load(),
        }
    }

    /// Loads the model of this name.
    pub(crate) fn load(self, model: &str, then: Then) {
        match untrack(|| self.wanted_of(model)) {
            Some(wanted) => self.load_wanted(wanted, then),
            None => self.cannot_load(),
        }
    }

    fn cannot_load(self) {
        match self.form.with_untracked(|form| form.parse()) {
            Err(field) => self.complain(field),
            Ok(_) => self.fail(FailureKind::NoModel, String::new()),
        }
    }

    /// Loads, after the licence was accepted.
    pub(crate) fn load_wanted(self, wanted: Wanted, then: Then) {
        let unaccepted = untrack(|| {
            self.with_manifest(model_of(&wanted.source), |entry| {
                entry.licence.must_accept
                    && self.accepted.with(|accepted| !accepted.contains(&entry.licence.url))
            })
        });
        if unaccepted == Some(true) {
            self.asking.set(Some(Asking { wanted, then }));
            return;
        }
        if self.is_busy_untracked() {
            self.stop();
        }
        if self.library.with_untracked(Library::is_loading) {
            self.send(&Request::CancelLoad);
        }
        self.notices.update(Notices::clear);
        self.library.update(|library| library.begin(wanted.clone(), then));
        let Wanted { source, backend, context } = wanted;
        let name = model_of(&source).to_owned();
        let file = match source {
            Source::LocalFile { .. } => self
                .files
                .with_value(|files| files.iter().find(|file| file.name() == name).cloned()),
            Source::Catalogue { .. } | Source::Hub { .. } => None,
        };
        self.with_link(|link| {
            link.send(&Request::Load { source, backend, context }, file.as_ref())
        });
    }

    /// The answer to the licence dialog.
    pub(crate) fn answer_licence(self, accepted: bool) {
        let Some(Asking { wanted, then }) = self.asking.get_untracked() else { return };
        self.asking.set(None);
        if !accepted {
            return;
        }
        let model = model_of(&wanted.source);
        let url = untrack(|| self.with_manifest(model, |entry| entry.licence.url.clone()));
        if let Some(url) = url {
            self.accepted.update(|list| list.push(url));
            self.save_preferences();
            self.load_wanted(wanted, then);
        }
    }

    pub(crate) fn cancel_load(self) {
        if self.library.try_update(Library::cancel).unwrap_or(false) {
            self.send(&Request::CancelLoad);
            self.list_stored();
        }
    }

    /// Opens a file of the reader's at once: a model, or something of ours.
    pub(crate) fn open_file(self, file: File) {
        let name = file.name();
        if is_shared_file(&name) {
            return self.open_shared_file(file);
        }
        self.files.update_value(|files| {
            files.retain(|other| other.name() != name);
            files.push(file);
        });
        self.local.update(|names| {
            names.retain(|other| *other != name);
            names.push(name.clone());
        });
        self.source.set(Some(Source::LocalFile { name: name.clone() }));
        if self.is_awaited(&name) {
            return self.load(&name, Then::default());
        }
        self.load_selected(false);
    }

    /// Lets go of a loaded model.
    pub(crate) fn unload(self, model: String) {
        self.send(&Request::Unload { model });
    }

    pub(crate) fn list_stored(self) {
        self.send(&Request::ListStored);
    }

    pub(crate) fn remove_stored(self, name: String) {
        self.send(&Request::RemoveStored { name });
    }

    /// Does a column show a stage that this model turned out not to have? Or is there no column at all?
    pub(crate) fn lacks_stage_of(self, info: &ModelInfo) -> bool {
        self.scene.with_untracked(|scene| {
            let has = |stage: &str| info.stages.iter().any(|own| own.id == stage);
            let of_model = |model: &str| model == info.id;
            scene.columns.is_empty()
                || scene.columns.iter().any(|c| of_model(&c.model) && !has(&c.stage))
        })
    }

    /// The stages of this model become the columns.
    pub(crate) fn show_model(self, info: &ModelInfo) {
        let stages = info.stages.iter().map(|stage| stage.id.as_str());
        let columns = scene::columns_of(&info.id, stages);
        self.set_columns(columns);
    }

    pub(super) fn complain(self, field: Field) {
        self.notices.update(|notices| notices.add(Notice::Setting(field)));
    }
}
