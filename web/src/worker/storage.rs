//! The browser's private file system (OPFS). A model `NAME` is kept as
//!
//! - `NAME.part` while it is incomplete,
//! - `NAME` and `NAME.sha256` once it is complete and verified; the side file holds the hash.

use std::collections::BTreeMap;

use js_sys::{Function, IteratorNext, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
};

use super::js;
use super::part::Part;
use crate::protocol::StoredFile;

const PART: &str = ".part";
const HASH: &str = ".sha256";

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub(super) enum StorageError {
    /// An old browser, an insecure page or a private window.
    #[error("this browser gives the page no private file system")]
    Unavailable,
    /// The browser said no.
    #[error("{action} `{name}`: {reason}")]
    Refused { action: &'static str, name: String, reason: String },
    /// The disk or the page's quota is full.
    #[error("only {written} of {wanted} bytes could be written")]
    Full { written: u64, wanted: u64 },
}

impl StorageError {
    /// What the browser threw, with what was being done.
    pub(super) fn refused(action: &'static str, name: &str, thrown: &JsValue) -> Self {
        Self::Refused { action, name: name.to_owned(), reason: js::describe(thrown) }
    }
}

/// The directory in which models are kept.
pub(super) struct Store {
    root: FileSystemDirectoryHandle,
}

impl Store {
    /// Opens the private file system.
    pub(super) async fn open() -> Result<Self, StorageError> {
        let navigator = js::scope().navigator();
        let manager = js::property(&navigator, "storage");
        if !js::property(&manager, "getDirectory").is_function() {
            return Err(StorageError::Unavailable);
        }
        let root = JsFuture::from(navigator.storage().get_directory()).await;
        let root = root.map_err(|error| StorageError::refused("open", "/", &error))?;
        Ok(Self { root: root.unchecked_into() })
    }

    /// What is kept, whole or in part.
    pub(super) async fn list(&self) -> Result<Vec<StoredFile>, StorageError> {
        let refused = |error: JsValue| StorageError::refused("list", "/", &error);
        let entries = self.root.values();
        let mut files = Vec::new();
        loop {
            let next = entries.next().map_err(refused)?;
            let next: IteratorNext = JsFuture::from(next).await.map_err(refused)?.unchecked_into();
            if next.done() {
                return Ok(stored_files(&files));
            }
            let entry = next.value();
            let is_file = js::property(&entry, "kind").as_string().is_some_and(|k| k == "file");
            let entry: FileSystemFileHandle = entry.unchecked_into();
            // A file that vanishes between the two calls is not listed.
            if is_file && let Ok(file) = JsFuture::from(entry.get_file()).await {
                files.push((entry.name(), file.unchecked_into::<Blob>().size() as u64));
            }
        }
    }

    /// Removes a model, whole or in part. One that is not there is no error.
    pub(super) async fn remove(&self, name: &str) -> Result<(), StorageError> {
        // The hash goes first: without it the file does not count as complete.
        for entry in [format!("{name}{HASH}"), name.to_owned(), format!("{name}{PART}")] {
            self.remove_entry(&entry).await?;
        }
        Ok(())
    }

    /// The complete file, if it is here with the right size and was verified against this hash.
    pub(super) async fn verified(
        &self,
        name: &str,
        bytes: u64,
        sha256: &str,
    ) -> Result<Option<File>, StorageError> {
        let side_name = format!("{name}{HASH}");
        let Some(side) = self.file(&side_name).await? else { return Ok(None) };
        let hash = JsFuture::from(side.text()).await;
        let hash = hash.map_err(|error| StorageError::refused("read", &side_name, &error))?;
        if hash.as_string().is_none_or(|hash| hash != sha256) {
            return Ok(None);
        }
        let file = self.file(name).await?;
        Ok(file.filter(|file| file.size() as u64 == bytes))
    }

    /// Opens the part of a model, an empty one if there is none yet.
    pub(super) async fn part(&self, name: &str) -> Result<Part, StorageError> {
        self.open_to_write(&format!("{name}{PART}")).await
    }

    /// The part is complete and verified: keeps it as the model.
    pub(super) async fn keep(
        &self,
        name: &str,
        part: Part,
        sha256: &str,
    ) -> Result<(), StorageError> {
        // Closes the file, which cannot be moved while it is open.
        drop(part);
        let part_name = format!("{name}{PART}");
        let refused = |error: JsValue| StorageError::refused("keep", name, &error);
        self.remove_entry(name).await?;
        let part = self.handle(&part_name, true).await?;
        let Some(part) = part else { return Err(StorageError::Unavailable) };
        // `move` is not in web-sys. Where a browser lacks it, the part stays and is verified again
        // at the next load, without a download.
        let Ok(move_to) = js::property(&part, "move").dyn_into::<Function>() else {
            return Ok(());
        };
        let moved = move_to.call1(&part, &JsValue::from_str(name)).map_err(refused)?;
        JsFuture::from(moved.unchecked_into::<Promise>()).await.map_err(refused)?;
        let mut side = self.open_to_write(&format!("{name}{HASH}")).await?;
        side.truncate()?;
        side.append(sha256.as_bytes())
    }

    async fn open_to_write(&self, name: &str) -> Result<Part, StorageError> {
        let Some(handle) = self.handle(name, true).await? else {
            return Err(StorageError::Unavailable);
        };
        Part::open(&handle).await
    }

    async fn file(&self, name: &str) -> Result<Option<File>, StorageError> {
        let Some(handle) = self.handle(name, false).await? else { return Ok(None) };
        let file = JsFuture::from(handle.get_file()).await;
        let file = file.map_err(|error| StorageError::refused("open", name, &error))?;
        Ok(Some(file.unchecked_into()))
    }

    /// `None` if there is no such file and it shall not be made.
    async fn handle(
        &self,
        name: &str,
        create: bool,
    ) -> Result<Option<FileSystemFileHandle>, StorageError> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(create);
        let handle = self.root.get_file_handle_with_options(name, &options);
        match JsFuture::from(handle).await {
            Ok(handle) => Ok(Some(handle.unchecked_into())),
            Err(error) if js::is_named(&error, "NotFoundError") => Ok(None),
            Err(error) => Err(StorageError::refused("open", name, &error)),
        }
    }

    async fn remove_entry(&self, name: &str) -> Result<(), StorageError> {
        match JsFuture::from(self.root.remove_entry(name)).await {
            Err(error) if !js::is_named(&error, "NotFoundError") => {
                Err(StorageError::refused("remove", name, &error))
            }
            _ => Ok(()),
        }
    }
}

/// Models from the directory's files (name, bytes).
fn stored_files(files: &[(String, u64)]) -> Vec<StoredFile> {
    let has = |name: &str| files.iter().any(|(found, _)| found == name);
    let mut models = BTreeMap::<&str, StoredFile>::new();
    for (file_name, bytes) in files {
        if file_name.ends_with(HASH) {
            continue;
        }
        let name = file_name.strip_suffix(PART).unwrap_or(file_name);
        let complete = name == file_name && has(&format!("{name}{HASH}"));
        let model = models.entry(name).or_insert_with(|| StoredFile {
            name: name.to_owned(),
            bytes: 0,
            complete: false,
        });
        model.bytes += bytes;
        model.complete |= complete;
    }
    models.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(files: &[(&str, u64)]) -> Vec<(String, u64, bool)> {
        let files: Vec<_> = files.iter().map(|&(name, bytes)| (name.to_owned(), bytes)).collect();
        stored_files(&files)
            .into_iter()
            .map(|file| (file.name, file.bytes, file.complete))
            .collect()
    }

    #[test]
    fn a_file_is_complete_only_with_its_hash() {
        let files = [("b.gguf.part", 40), ("a.gguf", 100), ("a.gguf.sha256", 64), ("c.gguf", 7)];
        assert_eq!(
            listed(&files),
            [
                ("a.gguf".to_owned(), 100, true),
                ("b.gguf".to_owned(), 40, false),
                ("c.gguf".to_owned(), 7, false)
            ]
        );
    }

    #[test]
    fn a_model_that_lies_there_twice_is_listed_once_with_all_its_bytes() {
        let files = [("a.gguf", 100), ("a.gguf.sha256", 64), ("a.gguf.part", 30)];
        assert_eq!(listed(&files), [("a.gguf".to_owned(), 130, true)]);
        assert_eq!(listed(&[("a.gguf.sha256", 64)]), []);
    }
}
