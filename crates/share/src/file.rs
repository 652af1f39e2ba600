//! Files: `NAME.glassbox.json`, the JSON of a link, for people to read, with its version in `glassbox`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::migrate::{VERSION, read};
use crate::{ShareError, Shared};

/// The ending of such files.
pub const ENDING: &str = ".glassbox.json";
/// Larger files are not read.
pub const MAX_BYTES: usize = 8 << 20;

#[derive(Serialize)]
struct File<'a> {
    glassbox: u32,
    #[serde(flatten)]
    shared: &'a Shared,
}

/// Only the version; the rest is that version's business.
#[derive(Deserialize)]
struct Head {
    glassbox: u32,
}

/// The text of a file.
///
/// # Errors
/// [`ShareError`] if what is shared is out of bounds.
pub fn write(shared: &Shared) -> Result<String, ShareError> {
    shared.check()?;
    let file = File { glassbox: VERSION, shared };
    let mut text = serde_json::to_string_pretty(&file).map_err(unreadable)?;
    text.push('\n');
    Ok(text)
}

/// Opens a file.
///
/// # Errors
/// [`ShareError`] says in one sentence why it does not open.
pub fn open(text: &str) -> Result<Shared, ShareError> {
    if text.len() > MAX_BYTES {
        return Err(ShareError::TooLarge { max: MAX_BYTES });
    }
    let text = text.trim_start_matches('\u{feff}');
    let head: Head = serde_json::from_str(text).map_err(unreadable)?;
    if head.glassbox > VERSION {
        return Err(ShareError::FutureVersion { version: head.glassbox, known: VERSION });
    }
    if head.glassbox == 0 {
        return Err(ShareError::Unreadable("there is no version 0".to_owned()));
    }
    let mut value: Value = serde_json::from_str(text).map_err(unreadable)?;
    if let Some(object) = value.as_object_mut() {
        object.remove("glassbox");
    }
    read(head.glassbox, &value.to_string())
}

fn unreadable(error: serde_json::Error) -> ShareError {
    ShareError::Unreadable(error.to_string())
}
