//! Worker → page.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use super::js;
use crate::protocol::{Event, Failure};

/// Sends one event to the page.
pub(super) fn post(event: &Event) {
    let sent = event
        .serialize(&Serializer::json_compatible().serialize_bytes_as_arrays(false))
        .map_err(JsValue::from)
        .and_then(|message| js::scope().post_message(&message));
    if let Err(error) = sent {
        // The page cannot be told, since telling is what failed.
        web_sys::console::error_1(&error);
    }
}

/// Tells the page what went wrong.
pub(super) fn fail(failure: Failure) {
    post(&Event::Failed(failure));
}
