//! A file of the catalogue: kept in the browser, fetched, or both, and verified on the way.

use js_sys::Uint8Array;

use super::clock;
use super::download::{self, Cache, Download};
use super::intake::{Intake, PIECE};
use super::origin::SiteFile;
use super::outbox;
use super::part::Part;
use super::plan::{self, Start};
use super::signals::Ticket;
use super::source;
use super::storage::{StorageError, Store};
use crate::browser::fetch::Reach;
use crate::protocol::{Failure, FailureKind, LoadStage};

/// Reads a file of `bytes`: the kept one, or what is missing of it from the server. One that comes with the site is
/// always read from there.
pub(super) async fn read(
    file: &SiteFile,
    bytes: u64,
    intake: &mut Intake<'_>,
    ticket: &Ticket,
) -> Result<(), Failure> {
    if file.is_bundled {
        intake.hash();
        return fetch(file, bytes, &mut None, intake, ticket).await;
    }
    let store = noticed(Store::open().await);
    if let Some(store) = &store {
        let kept = noticed(store.verified(&file.name, bytes, &file.sha256).await).flatten();
        if let Some(kept) = kept {
            intake.enter(LoadStage::ReadingStored);
            let read = source::feed(&kept, intake, ticket).await;
            return clean_up(read, store, &file.name).await;
        }
    }
    intake.hash();
    let Some(store) = store else {
        return fetch(file, bytes, &mut None, intake, ticket).await;
    };
    let mut part = noticed(store.part(&file.name).await);
    let began_with_part = part.is_some();
    let fetched = fetch(file, bytes, &mut part, intake, ticket).await;
    match (fetched, part) {
        (Ok(()), Some(part)) => {
            noticed(store.keep(&file.name, part, &file.sha256).await);
            Ok(())
        }
        (Ok(()), None) => {
            // Writing failed on the way: half a file only takes up space.
            if began_with_part {
                noticed(store.remove(&file.name).await);
            }
            Ok(())
        }
        (Err(failure), part) => {
            let empty = part.as_ref().is_some_and(|part| part.bytes() == 0);
            // Closes the file.
            drop(part);
            if empty {
                noticed(store.remove(&file.name).await);
            }
            clean_up(Err(failure), &store, &file.name).await
        }
    }
}

/// Removes a kept file that turned out to be bad, so that the next try fetches it anew.
async fn clean_up(outcome: Result<(), Failure>, store: &Store, name: &str) -> Result<(), Failure> {
    if let Err(failure) = &outcome
        && failure.kind == FailureKind::CorruptedFile
    {
        noticed(store.remove(name).await);
    }
    outcome
}

/// Feeds what `part` holds, then the rest from the server, and verifies the whole. `part` becomes
/// `None` when nothing can be written any more.
async fn fetch(
    file: &SiteFile,
    bytes: u64,
    part: &mut Option<Part>,
    intake: &mut Intake<'_>,
    ticket: &Ticket,
) -> Result<(), Failure> {
    let have = part.as_ref().map_or(0, Part::bytes);
    let cache = if file.is_bundled { Cache::Revalidated } else { Cache::None };
    let reach = file.host.as_deref().map_or(Reach::Site, Reach::Host);
    // The server is asked before the part is read: only then is it known whether the part is of use.
    let download = match plan::start(have, bytes) {
        Start::Whole => None,
        Start::Fresh => Some(download::open(&file.path, 0, bytes, cache, reach, ticket).await?),
        Start::Resume(from) => {
            Some(download::open(&file.path, from, bytes, cache, reach, ticket).await?)
        }
    };
    let use_of_part = download.as_ref().map_or(have, |download| download.from);
    let mut buffer = vec![0_u8; PIECE];
    if use_of_part > 0
        && let Some(part) = part
    {
        intake.progress.resumed_from(use_of_part);
        intake.enter(LoadStage::ReadingStored);
        feed_part(part, use_of_part, &mut buffer, intake, ticket).await?;
    } else if have > 0 {
        stop_keeping_on_error(part, Part::truncate);
    }
    if let Some(download) = download {
        intake.enter(LoadStage::Downloading);
        feed_download(&download, part, &mut buffer, intake).await?;
    }
    intake.verify(&file.sha256)
}

/// Feeds the first `end` bytes of the part.
async fn feed_part(
    part: &Part,
    end: u64,
    buffer: &mut [u8],
    intake: &mut Intake<'_>,
    ticket: &Ticket,
) -> Result<(), Failure> {
    let mut at = 0;
    while at < end {
        let wanted = (end - at).min(buffer.len() as u64) as usize;
        let count = part.read_at(at, &mut buffer[..wanted]).map_err(|error| {
            // Unreadable is as good as wrong: the next load begins afresh.
            Failure::new(FailureKind::CorruptedFile, error.to_string())
        })?;
        if count == 0 {
            let detail = format!("the stored part ended after {at} of {end} bytes");
            return Err(Failure::new(FailureKind::CorruptedFile, detail));
        }
        intake.feed(&buffer[..count])?;
        at += count as u64;
        clock::pause().await;
        if ticket.cancelled() {
            return Err(Failure::cancelled());
        }
    }
    Ok(())
}

/// Feeds a body as it comes in, writing it to the part on the way.
async fn feed_download(
    download: &Download,
    part: &mut Option<Part>,
    buffer: &mut [u8],
    intake: &mut Intake<'_>,
) -> Result<(), Failure> {
    while let Some(chunk) = download.next().await? {
        for piece in pieces(&chunk, buffer.len() as u32) {
            let bytes = &mut buffer[..piece.length() as usize];
            piece.copy_to(bytes);
            stop_keeping_on_error(part, |part| part.append(bytes));
            intake.feed(bytes)?;
        }
    }
    match intake.missing() {
        0 => Ok(()),
        missing => {
            let detail = format!("the connection ended {missing} bytes too early");
            Err(Failure::new(FailureKind::DownloadInterrupted, detail))
        }
    }
}

/// Cuts a chunk into pieces of at most `size` bytes, without copying.
fn pieces(chunk: &Uint8Array, size: u32) -> impl Iterator<Item = Uint8Array> {
    let length = chunk.length();
    (0..length).step_by(size as usize).map(move |start| {
        let end = length.min(start.saturating_add(size));
        chunk.subarray(start, end)
    })
}

/// Does something to the part; when that fails, says so and goes on without one.
fn stop_keeping_on_error(
    part: &mut Option<Part>,
    act: impl FnOnce(&mut Part) -> Result<(), StorageError>,
) {
    if let Some(open) = part
        && let Err(error) = act(open)
    {
        outbox::fail(error.into());
        *part = None;
    }
}

/// Tells the page that something cannot be kept; the load goes on all the same.
fn noticed<T>(outcome: Result<T, StorageError>) -> Option<T> {
    outcome.map_err(|error| outbox::fail(error.into())).ok()
}
