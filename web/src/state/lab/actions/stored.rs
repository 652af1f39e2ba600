//! The runs that come with the page.

use lab::experiment::Run;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser::fetch;
use crate::state::app::App;
use crate::state::lab::measured::Measured;
use crate::state::lab::{Stored, Trouble, shipped};

impl App {
    /// Shows a shipped experiment, and the stored run on this model if there is one.
    pub(crate) fn lab_open_shipped(self, id: &str, model: &str) {
        let (id, model) = (id.to_owned(), model.to_owned());
        let is_open = self.lab.stored.with_untracked(|stored| {
            stored.as_ref().is_some_and(|own| own.shipped == id && own.model == model)
        });
        if is_open {
            return;
        }
        let address = shipped::stored_run(&id, &model);
        let stored =
            Stored { shipped: id.clone(), model: model.clone(), run: None, missing: false };
        self.lab.stored.set(Some(stored));
        spawn_local(async move {
            let read = fetch::text(&address).await;
            let run = read.map_err(|_| None).and_then(|log| {
                Run::restore(&log).map_err(|error| Some(Trouble::Log(error.to_string())))
            });
            self.lab.stored.update(|stored| {
                let own = stored.as_mut().filter(|own| own.shipped == id && own.model == model);
                let Some(own) = own else { return };
                match run {
                    Ok(run) => own.run = Some(run),
                    Err(trouble) => {
                        own.missing = true;
                        if trouble.is_some() {
                            self.lab.trouble.set(trouble);
                        }
                    }
                }
            });
        });
    }

    /// Puts the stored run on the page, with all its prompts and answers. No model is needed.
    pub(crate) fn lab_replay_stored(self) {
        let stored = self.lab.stored.with_untracked(|stored| {
            let stored = stored.as_ref()?;
            stored.run.clone()
        });
        if let Some(run) = stored {
            self.lab_cancel();
            self.lab.trouble.set(None);
            self.lab_show(Some(Measured::replayed(run)));
        }
    }
}
