//! Files that the reader gives to the page.

use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::browser::fetch::describe;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("{0}")]
    Refused(String),
    #[error("it has {bytes} bytes, but at most {max} are read")]
    TooLarge { bytes: f64, max: usize },
}

/// The text of a file of at most so many bytes.
pub(crate) async fn text(file: &File, max: usize) -> Result<String, ReadError> {
    let bytes = file.size();
    if bytes > max as f64 {
        return Err(ReadError::TooLarge { bytes, max });
    }
    let text = JsFuture::from(file.text()).await;
    let text = text.map_err(|error| ReadError::Refused(describe(&error)))?;
    text.as_string().ok_or_else(|| ReadError::Refused("not text".to_owned()))
}
