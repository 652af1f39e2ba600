//! Ways on after a notice, and the toggles.

use leptos::prelude::*;

use crate::browser::{dom, store};
use crate::protocol::{BackendChoice, Source};
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::chat::Mode;
use crate::state::load::Load;
use crate::state::notice::{Action, Notices, Situation};
use crate::state::preferences::Preferences;
use crate::state::settings::Field;

impl App {
    /// What ways on depend on. Tracks.
    pub(crate) fn situation(self) -> Situation {
        let local = matches!(self.source.get(), Some(Source::LocalFile { .. }));
        let context = self.form.with(|form| form.parse()).map_or(0, |settings| settings.context);
        let language = self.language.get();
        let of_model = self.with_selected(|entry| {
            (entry.context, !catalogue::examples(entry, language).is_empty())
        });
        // A file of the reader's does not say here how long its context may be: it may be tried.
        let (longest_context, has_example) = of_model.unwrap_or((u32::MAX, false));
        Situation { local, context, longest_context, has_example }
    }

    /// Does what a notice's button says.
    pub(crate) fn act(self, action: Action) {
        match action {
            Action::UseCpu => {
                self.backend.set(BackendChoice::Cpu);
                self.load_selected(self.load.with_untracked(Load::then_run));
            }
            Action::LoadAgain | Action::ResumeDownload => {
                self.load_selected(self.load.with_untracked(Load::then_run));
            }
            Action::RemoveAndLoad => {
                let names = untrack(|| {
                    self.with_selected(|entry| {
                        entry.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>()
                    })
                });
                for name in names.unwrap_or_default() {
                    self.remove_stored(name);
                }
                self.load_selected(self.load.with_untracked(Load::then_run));
            }
            Action::LoadWithContext(tokens) => {
                self.form.update(|form| form.set(Field::Context, tokens.to_string()));
                self.load_selected(self.prompt.with_untracked(|prompt| !prompt.is_empty()));
            }
            Action::UseExample => {
                self.use_first_example();
                self.notices.update(Notices::clear_failures);
                dom::focus("prompt");
            }
            Action::RawMode => {
                self.set_mode(Mode::Raw);
                self.notices.update(Notices::clear_failures);
                dom::focus("prompt");
            }
            Action::PickFile => dom::click("open-file"),
            Action::PickModel => dom::focus("model-select"),
            Action::EditPrompt => dom::focus("prompt"),
            Action::ShowStored => dom::open_details("stored"),
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

    pub(crate) fn switch_language(self) {
        self.language.update(|language| *language = language.other());
        self.save_preferences();
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
