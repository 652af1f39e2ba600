//! The reader's own scenes, kept in the browser and nowhere else.
//!
//! One key per scene, so that two open tabs do not overwrite each other's; each holds the text of a file, with
//! its version, so that what was saved opens for ever.

#[cfg(target_arch = "wasm32")]
mod browser;
mod memory;

use thiserror::Error;

use crate::scene::Scene;
use crate::shared::{Collection, MAX_NAME, MAX_SCENES, NamedScene};
use crate::{ShareError, Shared, file};

#[cfg(target_arch = "wasm32")]
pub use browser::Browser;
pub use memory::Memory;

/// The keys of scenes begin with this; a number follows.
const PREFIX: &str = "glassbox.scene.";

/// Texts by key, kept beyond the page: the browser's local storage, or a fake of it.
pub trait Storage {
    /// All keys, in any order.
    ///
    /// # Errors
    /// [`StoreError::Closed`] where the browser keeps nothing.
    fn keys(&self) -> Result<Vec<String>, StoreError>;

    /// The text of a key.
    ///
    /// # Errors
    /// [`StoreError::Closed`] where the browser keeps nothing.
    fn get(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Keeps a text; what the key held is gone.
    ///
    /// # Errors
    /// [`StoreError::Closed`], or [`StoreError::Full`] if there is no room.
    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError>;

    /// Forgets a key; one that is not there is no error.
    ///
    /// # Errors
    /// [`StoreError::Closed`] where the browser keeps nothing.
    fn remove(&mut self, key: &str) -> Result<(), StoreError>;
}

/// Why something was not kept.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum StoreError {
    /// The browser keeps nothing for this page: cookies are blocked, or a private window.
    #[error("this browser keeps nothing for this page")]
    Closed,
    /// No room.
    #[error("the browser's storage for this page is full")]
    Full,
    /// As many scenes as are kept.
    #[error("{max} scenes are saved, and no more are kept")]
    TooMany {
        /// The most that are kept.
        max: usize,
    },
    /// A name that is empty, too long, or more than one line.
    #[error("a name is one line of 1 to {max} characters")]
    Name {
        /// The most characters.
        max: usize,
    },
    /// No scene has this number; it may have been deleted in another tab.
    #[error("there is no saved scene {id}")]
    Missing {
        /// The number.
        id: u64,
    },
    /// A file that does not open, or a scene past its bounds.
    #[error(transparent)]
    Share(#[from] ShareError),
}

/// A scene that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedScene {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was saved, in milliseconds since 1970.
    pub saved: u64,
    /// The scene.
    pub scene: Scene,
}

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Scenes, the last saved first.
    pub scenes: Vec<SavedScene>,
    /// Numbers of those that do not open: a later Glassbox saved them. They are left alone.
    pub unreadable: Vec<u64>,
}

/// The reader's scenes. `now` is the time in milliseconds since 1970.
#[derive(Clone, Debug, Default)]
pub struct SavedScenes<S> {
    storage: S,
}

impl<S: Storage> SavedScenes<S> {
    /// The scenes in a storage.
    pub fn new(storage: S) -> Self {
        Self { storage }
    }

    /// All of them.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub fn list(&self) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        for id in self.ids()? {
            match self.get(id) {
                Ok(saved) => listing.scenes.push(saved),
                // Deleted by another tab since the keys were read.
                Err(StoreError::Missing { .. }) => {}
                Err(StoreError::Share(_)) => listing.unreadable.push(id),
                Err(error) => return Err(error),
            }
        }
        listing.scenes.sort_by_key(|saved| std::cmp::Reverse((saved.saved, saved.id)));
        Ok(listing)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Share`] if it does not open.
    pub fn get(&self, id: u64) -> Result<SavedScene, StoreError> {
        let text = self.storage.get(&key(id))?.ok_or(StoreError::Missing { id })?;
        match file::open(&text)? {
            Shared::Scenes(Collection { mut scenes, .. }) if scenes.len() == 1 => {
                let NamedScene { name, saved, scene } = scenes.remove(0);
                Ok(SavedScene { id, name, saved, scene })
            }
            _ => Err(ShareError::Unreadable("not one saved scene".to_owned()).into()),
        }
    }

    /// Saves a scene under a new number and gives the number.
    ///
    /// # Errors
    /// [`StoreError::Name`], [`StoreError::TooMany`], [`StoreError::Full`], or a scene past its bounds.
    pub fn save(&mut self, name: &str, scene: &Scene, now: u64) -> Result<u64, StoreError> {
        let ids = self.ids()?;
        if ids.len() >= MAX_SCENES {
            return Err(StoreError::TooMany { max: MAX_SCENES });
        }
        // The time keeps two tabs apart.
        let id = ids.last().map_or(now, |last| last.saturating_add(1).max(now));
        self.put(id, name, scene, now)?;
        Ok(id)
    }

    /// Replaces a saved scene; its name stays.
    ///
    /// # Errors
    /// As [`SavedScenes::save`], and [`StoreError::Missing`].
    pub fn update(&mut self, id: u64, scene: &Scene, now: u64) -> Result<(), StoreError> {
        let saved = self.get(id)?;
        self.put(id, &saved.name, scene, now)
    }

    /// Gives a saved scene another name.
    ///
    /// # Errors
    /// As [`SavedScenes::update`].
    pub fn rename(&mut self, id: u64, name: &str) -> Result<(), StoreError> {
        let saved = self.get(id)?;
        self.put(id, name, &saved.scene, saved.saved)
    }

    /// Saves a copy under the same name with the next number behind it, and gives its id.
    ///
    /// # Errors
    /// As [`SavedScenes::save`], and [`StoreError::Missing`].
    pub fn duplicate(&mut self, id: u64, now: u64) -> Result<u64, StoreError> {
        let saved = self.get(id)?;
        let names: Vec<String> = self.list()?.scenes.into_iter().map(|saved| saved.name).collect();
        let name = copy_name(&saved.name, &names);
        self.save(&name, &saved.scene, now)
    }

    /// Forgets a saved scene.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub fn delete(&mut self, id: u64) -> Result<(), StoreError> {
        self.storage.remove(&key(id))
    }

    /// All scenes that open as one set, oldest first; [`file::write`] makes a file of it. `None` if there are none.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub fn export(&self) -> Result<Option<Shared>, StoreError> {
        let scenes: Vec<NamedScene> = self
            .list()?
            .scenes
            .into_iter()
            .rev()
            .map(|SavedScene { name, saved, scene, .. }| NamedScene { name, saved, scene })
            .collect();
        let collection = Collection { title: String::new(), scenes };
        Ok((!collection.scenes.is_empty()).then_some(Shared::Scenes(collection)))
    }

    /// Saves what a file holds and gives how many scenes are new. A scene that is kept already, name and all, is not
    /// saved twice. All or nothing: on an error, what was saved of it is deleted again.
    ///
    /// # Errors
    /// As [`SavedScenes::save`].
    pub fn import(
        &mut self,
        shared: &Shared,
        fallback: &str,
        now: u64,
    ) -> Result<usize, StoreError> {
        let named = match shared {
            Shared::Scenes(collection) => collection.scenes.clone(),
            Shared::Scene(scene) => {
                vec![NamedScene { name: fallback.to_owned(), saved: now, scene: (**scene).clone() }]
            }
            Shared::Lesson(_) => Vec::new(),
        };
        let mut kept = self.list()?.scenes;
        let mut new = Vec::new();
        for NamedScene { name, saved, scene } in named {
            if kept.iter().any(|kept| kept.name == name && kept.scene == scene) {
                continue;
            }
            // Nobody knows when, or a clock is wrong.
            let saved = if saved == 0 || saved > now { now } else { saved };
            match self.save(&name, &scene, saved) {
                Ok(id) => {
                    new.push(id);
                    kept.push(SavedScene { id, name, saved, scene });
                }
                Err(error) => {
                    new.into_iter().try_for_each(|id| self.delete(id))?;
                    return Err(error);
                }
            }
        }
        Ok(new.len())
    }

    fn put(&mut self, id: u64, name: &str, scene: &Scene, now: u64) -> Result<(), StoreError> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > MAX_NAME || name.chars().any(char::is_control) {
            return Err(StoreError::Name { max: MAX_NAME });
        }
        let named = NamedScene { name: name.to_owned(), saved: now, scene: scene.clone() };
        let collection = Collection { title: String::new(), scenes: vec![named] };
        self.storage.set(&key(id), &file::write(&Shared::Scenes(collection))?)
    }

    /// Numbers of all keys, rising.
    fn ids(&self) -> Result<Vec<u64>, StoreError> {
        let number = |key: String| key.strip_prefix(PREFIX)?.parse().ok();
        let mut ids: Vec<u64> = self.storage.keys()?.into_iter().filter_map(number).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

fn key(id: u64) -> String {
    format!("{PREFIX}{id}")
}

/// "Bees" → "Bees 2" → "Bees 3", the first that is free.
fn copy_name(name: &str, taken: &[String]) -> String {
    let stem = match name.rsplit_once(' ') {
        Some((stem, number)) if number.parse::<u32>().is_ok() && !stem.trim().is_empty() => stem,
        _ => name,
    };
    let stem: String = stem.chars().take(MAX_NAME - 8).collect();
    let mut numbers = 2..;
    let free = |number: &u32| !taken.contains(&format!("{stem} {number}"));
    numbers.find(free).map_or(stem.clone(), |number| format!("{stem} {number}"))
}
