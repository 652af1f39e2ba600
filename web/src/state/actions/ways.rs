//! Ways on after a notice, and the toggles.

use leptos::prelude::*;

use crate::browser::{dom, store};
use crate::protocol::{BackendChoice, Source};
use crate::state::app::App;
use crate::state::gallery;
use crate::state::library::{Library, Then, model_of};
use crate::state::notice::{Action, Notices, Situation};
use crate::state::preferences::{Preferences, other};
use crate::state::run::Phase;
use crate::state::settings::Field;

impl App {
    /// What ways on depend on. Tracks.
    pub(crate) fn situation(self) -> Situation {
        let source = self
            .library
            .with(|library| library.last().map(|wanted| wanted.source.clone()))
            .or_else(|| self.source.get());
        let local = matches!(source, Some(Source::LocalFile { .. }));
        let context = self.form.with(|form| form.parse()).map_or(0, |settings| settings.context);
        let model = source.as_ref().map_or("", model_of);
        // A file of the reader's does not say here how long its context may be: it may be tried.
        let longest_context = self.with_manifest(model, |entry| entry.context).unwrap_or(u32::MAX);
        Situation { local, context, longest_context }
    }

    /// Does what a notice's button says.
    pub(crate) fn act(self, action: Action) {
        match action {
            Action::UseCpu => {
                self.backend.set(BackendChoice::Cpu);
                self.load_again(false);
            }
            Action::LoadAgain | Action::ResumeDownload => self.load_again(false),
            Action::RemoveAndLoad => {
                let last = self.last_model();
                let names = untrack(|| {
                    self.with_manifest(&last, |entry| {
                        entry.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>()
                    })
                });
                for name in names.unwrap_or_default() {
                    self.remove_stored(name);
                }
                self.load_again(false);
            }
            Action::LoadWithContext(tokens) => {
                self.form.update(|form| form.set(Field::Context, tokens.to_string()));
                self.load_again(self.scene.with_untracked(|scene| !scene.prompt.text.is_empty()));
            }
            Action::UseExample => {
                self.notices.update(Notices::clear_failures);
                self.use_example_prompt();
                dom::focus("prompt");
            }
            Action::RawMode => {
                self.set_same_text(true);
                self.notices.update(Notices::clear_failures);
                dom::focus("prompt");
            }
            Action::PickFile => {
                dom::open_details("models");
                dom::click("open-file");
            }
            Action::PickModel => {
                dom::open_details("models");
                dom::focus("model-select");
            }
            Action::EditPrompt => dom::focus("prompt"),
            Action::ShowStored => {
                dom::open_details("models");
                dom::open_details("stored");
            }
            Action::ReadCatalogue => {
                self.notices.update(Notices::clear);
                self.read_catalogue(None);
            }
            Action::ShowSetting(field) => {
                dom::open_details("settings");
                dom::focus(&format!("setting-{}", field.name()));
            }
        }
    }

    fn last_model(self) -> String {
        let last = self.library.with_untracked(|library| {
            library.last().map(|wanted| model_of(&wanted.source).to_owned())
        });
        last.unwrap_or_default()
    }

    /// Loads what was asked for last, with the settings as they are now. `run`: even if no run waited for it.
    fn load_again(self, run: bool) {
        let model = self.last_model();
        if model.is_empty() {
            return self.load_selected(run);
        }
        let then = self.library.with_untracked(Library::then);
        self.load(&model, Then { run: then.run || run, ..then });
    }

    /// Only the prompt of the first example.
    fn use_example_prompt(self) {
        if let Some(example) = gallery::find(gallery::FIRST) {
            let text = example.prompt.get(self.language.get_untracked()).clone();
            self.scene.update(|scene| scene.prompt.text = text);
        }
    }

    /// Switches the language. An example is shown and run again in the reader's; the reader's own words stay.
    pub(crate) fn switch_language(self) {
        let language = other(self.language.get_untracked());
        let example = untrack(|| self.shown_example()).filter(|_| !self.is_busy_untracked());
        self.language.set(language);
        self.save_preferences();
        if let Some(example) = example {
            self.scene.update(|scene| scene.prompt.text = example.prompt.get(language).clone());
            let has_run = untrack(|| self.columns())
                .iter()
                .any(|lane| lane.run.with_untracked(|run| run.phase == Phase::Finished));
            if has_run {
                self.press_run();
            }
        }
    }

    pub(crate) fn switch_theme(self) {
        self.theme.update(|theme| *theme = theme.next());
        self.save_preferences();
    }

    pub(super) fn save_preferences(self) {
        store::write(&Preferences {
            language: Some(self.language.get_untracked()),
            theme: self.theme.get_untracked(),
            accepted_licences: self.accepted.get_untracked(),
        });
    }
}
