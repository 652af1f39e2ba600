//! A file of the private file system that is open for reading and writing in place.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemFileHandle, FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use super::js;
use super::storage::StorageError;

/// An open file. Nobody else can open it until it is dropped.
pub(super) struct Part {
    access: FileSystemSyncAccessHandle,
    name: String,
    bytes: u64,
}

impl Part {
    /// Opens a file; fails if another tab has it open.
    pub(super) async fn open(handle: &FileSystemFileHandle) -> Result<Self, StorageError> {
        let name = handle.name();
        if !js::property(handle, "createSyncAccessHandle").is_function() {
            return Err(StorageError::Unavailable);
        }
        let access = JsFuture::from(handle.create_sync_access_handle()).await;
        let access: FileSystemSyncAccessHandle = access
            .map_err(|error| StorageError::refused("open to write", &name, &error))?
            .unchecked_into();
        let mut part = Self { access, name, bytes: 0 };
        part.bytes =
            part.access.get_size().map_err(|error| part.refused("measure", &error))? as u64;
        Ok(part)
    }

    /// Size of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads at byte `at`; tells how many bytes came.
    pub(super) fn read_at(&self, at: u64, buffer: &mut [u8]) -> Result<usize, StorageError> {
        let read = self.access.read_with_u8_array_and_options(buffer, &position(at));
        read.map(|count| count as usize).map_err(|error| self.refused("read", &error))
    }

    /// Writes at the end.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        let written = self.access.write_with_u8_array_and_options(bytes, &position(self.bytes));
        let written = written.map_err(|error| self.refused("write", &error))? as u64;
        let wanted = bytes.len() as u64;
        if written < wanted {
            return Err(StorageError::Full { written, wanted });
        }
        self.bytes += written;
        Ok(())
    }

    /// Makes the file empty.
    pub(super) fn truncate(&mut self) -> Result<(), StorageError> {
        self.access.truncate_with_u32(0).map_err(|error| self.refused("truncate", &error))?;
        self.bytes = 0;
        Ok(())
    }

    fn refused(&self, action: &'static str, thrown: &JsValue) -> StorageError {
        StorageError::refused(action, &self.name, thrown)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Closing writes out as well; a failure here shows as a wrong size or hash at the next load.
        self.access.flush().ok();
        self.access.close();
    }
}

fn position(at: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(at as f64);
    options
}
