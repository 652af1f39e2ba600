//! Small helpers around JavaScript values.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's global scope.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// A property of a value; `undefined` where there is none, or nothing to have one.
pub(super) fn property(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A thrown value in words: `NotFoundError: A requested file could not be found.`
pub(super) fn describe(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => format!("{}: {}", String::from(error.name()), String::from(error.message())),
        None => format!("{thrown:?}"),
    }
}

/// Is it the DOM exception of this name?
pub(super) fn is_named(thrown: &JsValue, name: &str) -> bool {
    property(thrown, "name").as_string().is_some_and(|found| found == name)
}
