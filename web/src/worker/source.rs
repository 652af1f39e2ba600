//! Reads a file that is a JavaScript `Blob`: one from the reader's disk, or one that was kept.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::intake::{Intake, PIECE};
use super::js;
use super::signals::Ticket;
use crate::protocol::{Failure, FailureKind};

/// Feeds the whole file, one piece after another.
pub(super) async fn feed(
    file: &Blob,
    intake: &mut Intake<'_>,
    ticket: &Ticket,
) -> Result<(), Failure> {
    let mut buffer = vec![0_u8; PIECE];
    let total = file.size();
    let mut at = 0.0;
    while at < total {
        let end = (at + PIECE as f64).min(total);
        let piece = slice(file, at, end).await.map_err(|error| {
            // The file was changed or taken away under the page.
            Failure::new(FailureKind::CorruptedFile, js::describe(&error))
        })?;
        if ticket.cancelled() {
            return Err(Failure::cancelled());
        }
        let Some(target) = buffer.get_mut(..piece.length() as usize) else {
            return Err(Failure::new(FailureKind::Internal, "a slice longer than asked for"));
        };
        piece.copy_to(target);
        intake.feed(target)?;
        at = end;
    }
    Ok(())
}

async fn slice(file: &Blob, start: f64, end: f64) -> Result<Uint8Array, wasm_bindgen::JsValue> {
    let slice = file.slice_with_f64_and_f64(start, end)?;
    let bytes = JsFuture::from(slice.array_buffer()).await?;
    Ok(Uint8Array::new(&bytes))
}
