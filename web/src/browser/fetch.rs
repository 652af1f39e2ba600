//! Small text files of this site.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{address} could not be fetched: {cause}")]
    Unreachable { address: String, cause: String },
    #[error("{address}: the server answered with status {status}")]
    Status { address: String, status: u16 },
}

/// The text at an address relative to the page.
pub(crate) async fn text(address: &str) -> Result<String, FetchError> {
    let unreachable = |cause: JsValue| FetchError::Unreachable {
        address: address.to_owned(),
        cause: describe(&cause),
    };
    let window = web_sys::window().ok_or_else(|| unreachable(JsValue::from_str("no window")))?;
    let answer = JsFuture::from(window.fetch_with_str(address)).await.map_err(unreachable)?;
    let response: web_sys::Response = answer.dyn_into().map_err(unreachable)?;
    if !response.ok() {
        return Err(FetchError::Status { address: address.to_owned(), status: response.status() });
    }
    let body = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    body.as_string().ok_or_else(|| unreachable(JsValue::from_str("not text")))
}

/// A JavaScript error in words.
pub(crate) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}
