//! What the reader does: pick, load, run.

use formats::manifest::{Manifest, parse_catalogue};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::browser::{dom, fetch};
use crate::protocol::{FailureKind, GenerateRequest, Prompt, Request, Source};
use crate::state::app::{App, Asking};
use crate::state::catalogue;
use crate::state::chat::{Conversation, Mode};
use crate::state::inspect::Inspect;
use crate::state::load::{Load, Wanted};
use crate::state::notice::{Notice, Notices};
use crate::state::run::Run;
use crate::state::settings::Field;

impl App {
    /// Reads the list of models and selects `preferred`, or else the first.
    pub(crate) fn read_catalogue(self, preferred: Option<String>) {
        spawn_local(async move {
            let read = match fetch::text("models/catalogue.json").await {
                Ok(json) => parse_catalogue(&json).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match read {
                Ok(manifests) => {
                    let known = |id: &String| manifests.iter().any(|entry| entry.id == *id);
                    let id = preferred
                        .filter(known)
                        .or_else(|| manifests.first().map(|entry| entry.id.clone()));
                    self.catalogue.set(Some(manifests));
                    if self.source.with_untracked(Option::is_none) {
                        self.source.set(id.map(|id| Source::Catalogue { id }));
                    }
                    if self.prompt.with_untracked(String::is_empty) {
                        self.use_first_example();
                    }
                }
                Err(detail) => {
                    self.notices.update(|notices| notices.add(Notice::Catalogue { detail }));
                }
            }
        });
    }

    /// The manifest of the selected model. Tracks.
    pub(crate) fn with_selected<T>(self, read: impl FnOnce(&Manifest) -> T) -> Option<T> {
        self.source.with(|source| {
            let Some(Source::Catalogue { id }) = source else { return None };
            self.catalogue
                .with(|entries| entries.as_ref()?.iter().find(|entry| entry.id == *id).map(read))
        })
    }

    pub(super) fn use_first_example(self) {
        let language = self.language.get_untracked();
        let example = untrack(|| {
            self.with_selected(|entry| {
                catalogue::examples(entry, language).first().map(|&prompt| prompt.to_owned())
            })
        });
        if let Some(example) = example.flatten() {
            self.prompt.set(example);
        }
    }

    /// What the selects and settings ask for; `None` while there is nothing to load. Tracks.
    pub(crate) fn wanted(self) -> Option<Wanted> {
        let context = self.form.with(|form| form.parse()).ok()?.context;
        Some(Wanted { source: self.source.get()?, backend: self.backend.get(), context })
    }

    /// Loads the selected model, after its licence was accepted.
    pub(crate) fn load_selected(self, then_run: bool) {
        let Some(wanted) = untrack(|| self.wanted()) else {
            match self.form.with_untracked(|form| form.parse()) {
                Err(field) => self.complain(field),
                Ok(_) => self.fail(FailureKind::NoModel, String::new()),
            }
            return;
        };
        let unaccepted = untrack(|| {
            self.with_selected(|entry| {
                entry.licence.must_accept
                    && self.accepted.with(|accepted| !accepted.contains(&entry.licence.url))
            })
        });
        if let (Some(true), Source::Catalogue { id }) = (unaccepted, &wanted.source) {
            self.asking.set(Some(Asking { model: id.clone(), then_run }));
            return;
        }
        if self.run.with_untracked(|run| run.phase.is_busy()) {
            self.stop();
        }
        if self.load.with_untracked(Load::is_loading) {
            self.send(&Request::CancelLoad);
        }
        self.notices.update(Notices::clear);
        self.load.update(|load| load.begin(wanted.clone(), then_run));
        let Wanted { source, backend, context } = wanted;
        let file = match source {
            Source::LocalFile { .. } => self.file.get_value(),
            Source::Catalogue { .. } => None,
        };
        self.with_link(|link| {
            link.send(&Request::Load { source, backend, context }, file.as_ref())
        });
    }

    fn send(self, request: &Request) {
        self.with_link(|link| link.send(request, None));
    }

    /// The answer to the licence dialog.
    pub(crate) fn answer_licence(self, accepted: bool) {
        let Some(asking) = self.asking.get_untracked() else { return };
        self.asking.set(None);
        if !accepted {
            return;
        }
        let url = untrack(|| self.with_selected(|entry| entry.licence.url.clone()));
        if let Some(url) = url {
            self.accepted.update(|list| list.push(url));
            self.save_preferences();
            self.load_selected(asking.then_run);
        }
    }

    pub(crate) fn cancel_load(self) {
        if self.load.try_update(Load::cancel).unwrap_or(false) {
            self.send(&Request::CancelLoad);
            self.list_stored();
        }
    }

    /// Opens a file of the reader's at once.
    pub(crate) fn open_file(self, file: File) {
        let name = file.name();
        self.file.set_value(Some(file));
        self.local_name.set(Some(name.clone()));
        self.source.set(Some(Source::LocalFile { name }));
        self.load_selected(false);
    }

    pub(crate) fn list_stored(self) {
        self.send(&Request::ListStored);
    }

    pub(crate) fn remove_stored(self, name: String) {
        self.send(&Request::RemoveStored { name });
    }

    /// Runs the prompt, after loading what is selected if it is not loaded.
    pub(crate) fn press_run(self) {
        if self.run.with_untracked(|run| run.phase.is_busy()) {
            return;
        }
        self.notices.update(Notices::clear_failures);
        let settings = match self.form.with_untracked(|form| form.parse()) {
            Ok(settings) => settings,
            Err(field) => return self.complain(field),
        };
        let mode = self.mode.get_untracked();
        let is_empty = self.prompt.with_untracked(|prompt| match mode {
            // White space is something to continue, but nothing to say.
            Mode::Raw => prompt.is_empty(),
            Mode::Chat => prompt.trim().is_empty(),
        });
        if is_empty {
            return self.fail(FailureKind::EmptyPrompt, String::new());
        }
        let Some(wanted) = untrack(|| self.wanted()) else {
            return self.fail(FailureKind::NoModel, String::new());
        };
        if self.load.with_untracked(|load| load.is_loading_this(&wanted)) {
            // Pressed again while it waits: let it not wait.
            return self.load.update(|load| load.set_then_run(!load.then_run()));
        }
        if !self.load.with_untracked(|load| load.satisfies(&wanted)) {
            return self.load_selected(true);
        }
        let prompt = self.take_prompt(mode);
        self.inspect.set(Inspect::default());
        self.show_prompt.set(mode == Mode::Raw);
        let run = self.run.try_update(Run::begin).unwrap_or_default();
        let request = GenerateRequest {
            run,
            prompt,
            sampler: settings.sampler,
            max_tokens: settings.max_tokens,
        };
        self.send(&Request::Generate(request));
    }

    /// The prompt to send. In a chat it joins the conversation and leaves the field.
    fn take_prompt(self, mode: Mode) -> Prompt {
        let text = self.prompt.get_untracked();
        if mode == Mode::Raw {
            return Prompt::Raw { text };
        }
        let system = self.system.get_untracked();
        let answer = self.run.with_untracked(|run| run.text.clone());
        let messages = self
            .conversation
            .try_update(|conversation| conversation.say(&system, &answer, text))
            .unwrap_or_default();
        self.prompt.set(String::new());
        Prompt::Chat { messages }
    }

    pub(crate) fn stop(self) {
        self.send(&Request::Stop);
    }

    /// Changes how prompts are meant. A conversation begins anew.
    pub(crate) fn set_mode(self, mode: Mode) {
        if self.mode.get_untracked() != mode {
            self.mode.set(mode);
            self.conversation.set(Conversation::default());
        }
    }

    pub(crate) fn new_conversation(self) {
        if self.run.with_untracked(|run| run.phase.is_busy()) {
            self.stop();
        }
        self.conversation.set(Conversation::default());
        self.run.update(Run::clear);
        self.inspect.set(Inspect::default());
        dom::focus("prompt");
    }

    fn complain(self, field: Field) {
        self.notices.update(|notices| notices.add(Notice::Setting(field)));
    }
}
