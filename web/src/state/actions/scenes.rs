//! The reader's own scenes, kept in the browser.

use leptos::prelude::*;
use share::store::{SavedScene, SavedScenes, StoreError};
use share::{Collection, NamedScene, Shared, file};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::link::read_shared;
use crate::browser::scenes::{self, Kept};
use crate::state::app::App;
use crate::state::sharing::signals::Pane;

impl App {
    /// Reads again what is kept.
    pub(crate) fn list_scenes(self) {
        self.sharing.saved.set(scenes::saved().list());
    }

    /// Opens or closes a dialog.
    pub(crate) fn show_pane(self, pane: Option<Pane>) {
        self.sharing.trouble.set(None);
        self.sharing.imported.set(None);
        self.sharing.deleted.set(None);
        if pane == Some(Pane::Scenes) {
            self.list_scenes();
        }
        self.sharing.pane.set(pane);
    }

    /// Changes what is kept, says what went wrong with it, and reads it again. True if it went well.
    pub(super) fn change_scenes(
        self,
        change: impl FnOnce(&mut SavedScenes<Kept>) -> Result<(), StoreError>,
    ) -> bool {
        let mut saved = scenes::saved();
        let trouble = change(&mut saved).err();
        let is_fine = trouble.is_none();
        self.sharing.trouble.set(trouble);
        self.list_scenes();
        is_fine
    }

    /// Keeps what stands on the page.
    pub(crate) fn save_scene(self, name: &str) -> bool {
        let NamedScene { name, saved: now, scene } = self.named(name);
        self.change_scenes(|saved| saved.save(&name, &scene, now).map(drop))
    }

    /// What stands on the page takes the place of a saved scene.
    pub(crate) fn update_scene(self, id: u64) {
        let NamedScene { saved: now, scene, .. } = self.named("");
        self.change_scenes(|saved| saved.update(id, &scene, now));
    }

    pub(crate) fn rename_scene(self, id: u64, name: &str) -> bool {
        self.change_scenes(|saved| saved.rename(id, name))
    }

    pub(crate) fn duplicate_scene(self, id: u64) {
        self.change_scenes(|saved| saved.duplicate(id, scenes::now()).map(drop));
    }

    /// Forgets a saved scene, which can be had back for a while.
    pub(crate) fn delete_scene(self, id: u64) {
        let deleted = scenes::saved().get(id).ok();
        if self.change_scenes(|saved| saved.delete(id)) {
            self.sharing.deleted.set(deleted);
        }
    }

    /// Keeps again what was deleted last.
    pub(crate) fn restore_scene(self) {
        let Some(SavedScene { name, saved: when, scene, .. }) =
            self.sharing.deleted.get_untracked()
        else {
            return;
        };
        if self.change_scenes(|saved| saved.save(&name, &scene, when).map(drop)) {
            self.sharing.deleted.set(None);
        }
    }

    /// Opens a saved scene.
    pub(crate) fn open_saved(self, id: u64) {
        match scenes::saved().get(id) {
            Ok(saved) => {
                self.show_pane(None);
                self.sharing.steps.set(None);
                self.open_scene(saved.scene);
            }
            Err(error) => self.sharing.trouble.set(Some(error)),
        }
    }

    /// Saves all scenes as one file.
    pub(crate) fn export_scenes(self) {
        match scenes::saved().export() {
            Ok(Some(shared)) => self.save_shared("glassbox-scenes", &shared),
            Ok(None) => {}
            Err(error) => self.sharing.trouble.set(Some(error)),
        }
    }

    /// Takes in what a file holds.
    pub(crate) fn import_scenes(self, picked: File) {
        spawn_local(async move {
            let opened = read_shared(&picked).await;
            let name = picked.name();
            let name = name.strip_suffix(file::ENDING).unwrap_or(&name).to_owned();
            let mut count = 0;
            let went_well = self.change_scenes(|saved| {
                count = saved.import(&opened?, &name, scenes::now())?;
                Ok(())
            });
            self.sharing.imported.set(went_well.then_some(count));
        });
    }

    /// The saved scenes as a set, oldest first.
    pub(crate) fn saved_set(self) -> Vec<NamedScene> {
        match scenes::saved().export() {
            Ok(Some(Shared::Scenes(collection))) => collection.scenes,
            _ => Vec::new(),
        }
    }

    /// Steps through the saved scenes.
    pub(crate) fn present_saved(self) {
        let scenes = self.saved_set();
        if !scenes.is_empty() {
            self.show_pane(None);
            self.open_set(Collection { title: String::new(), scenes });
        }
    }
}
