//! The browser's local storage.

use super::{Storage, StoreError};

/// The page's local storage, asked for anew each time: a reader may block it while the page is open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser;

impl Storage for Browser {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        let storage = local()?;
        let length = storage.length().map_err(|_| StoreError::Closed)?;
        Ok((0..length).filter_map(|at| storage.key(at).ok().flatten()).collect())
    }

    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        local()?.get_item(key).map_err(|_| StoreError::Closed)
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        // It is there, so what fails now is room.
        local()?.set_item(key, text).map_err(|_| StoreError::Full)
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        local()?.remove_item(key).map_err(|_| StoreError::Closed)
    }
}

fn local() -> Result<web_sys::Storage, StoreError> {
    let window = web_sys::window().ok_or(StoreError::Closed)?;
    window.local_storage().ok().flatten().ok_or(StoreError::Closed)
}
