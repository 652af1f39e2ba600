//! Where the reader's scenes are kept: the browser's local storage. Natively, where there is none, nothing lasts.

use share::store::SavedScenes;

#[cfg(target_arch = "wasm32")]
pub(crate) use share::store::Browser as Kept;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use share::store::Memory as Kept;

/// The reader's scenes, as they are now.
pub(crate) fn saved() -> SavedScenes<Kept> {
    SavedScenes::default()
}

/// The time in milliseconds since 1970.
pub(crate) fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// A time as people of this language write it.
pub(crate) fn written(milliseconds: u64, language: &str) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(milliseconds as f64));
    date.to_locale_string(language, &wasm_bindgen::JsValue::UNDEFINED).into()
}
