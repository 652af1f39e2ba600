//! Preferences in the browser's local storage. A browser that keeps nothing is no error.

use gloo_storage::{LocalStorage, Storage};

use crate::state::preferences::Preferences;

const KEY: &str = "glassbox.preferences";

pub(crate) fn read() -> Preferences {
    if is_open() { LocalStorage::get(KEY).unwrap_or_default() } else { Preferences::default() }
}

pub(crate) fn write(preferences: &Preferences) {
    if is_open() {
        // Full or forbidden: the choice then lasts as long as the page.
        let _ = LocalStorage::set(KEY, preferences);
    }
}

/// `gloo-storage` throws where cookies are blocked, so ask first.
fn is_open() -> bool {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).is_some()
}
