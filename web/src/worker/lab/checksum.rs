//! Checksums of the weights: that a prompt does not change them can be seen.

use sha2::{Digest, Sha256};

use crate::protocol::lab::LabEvent;
use crate::protocol::{Event, Failure};
use crate::worker::clock;
use crate::worker::intake::hex;
use crate::worker::models::Models;
use crate::worker::outbox;
use crate::worker::session::Session;
use crate::worker::signals::Ticket;
use crate::worker::writer;

/// Bytes that are read at once.
const PIECE: u64 = 4 << 20;

/// Serves a `Checksum`.
pub(super) async fn tell(models: &Models, run: u32, model: String, ticket: &Ticket) {
    let session = match models.take(&model) {
        Ok(session) => session,
        Err(failure) => return outbox::fail(failure.in_run(run)),
    };
    let work = async |session: &mut Session| hash(session).await;
    let (session, outcome) = writer::with_device(session, ticket, work).await;
    models.give_back(&model, session);
    match outcome {
        Ok((sha256, bytes)) => {
            outbox::post(&Event::Lab(LabEvent::Checksum { run, model, sha256, bytes }));
        }
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}

/// The hash in hexadecimal digits, and the number of bytes.
async fn hash(session: &Session) -> Result<(String, u64), Failure> {
    let engine = &session.engine;
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    for (part, size) in engine.weight_parts().into_iter().enumerate() {
        let mut at = 0;
        while at < size {
            let piece = engine.read_weights(part, at, PIECE).await?;
            if piece.is_empty() {
                break;
            }
            hasher.update(&piece);
            at += piece.len() as u64;
            clock::pause().await;
        }
        bytes += at;
    }
    Ok((hex(&hasher.finalize()), bytes))
}
