//! Where the log of an experiment is kept: the browser's local storage, and nowhere else.

/// The browser's local storage.
#[cfg(target_arch = "wasm32")]
pub(crate) fn storage() -> share::store::Browser {
    share::store::Browser
}

/// Outside a browser it lasts as long as its value.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn storage() -> share::store::Memory {
    share::store::Memory::default()
}
