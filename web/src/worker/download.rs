//! Fetching what a load needs, in pieces and so that it can be stopped.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache,
    RequestInit, Response,
};

use super::js;
use super::plan::{self, Answer};
use super::signals::Ticket;
use crate::browser::fetch::{self, Reach};
use crate::protocol::{Failure, FailureKind};

/// The body of a file on its way.
pub(super) struct Download {
    /// The file's byte that the body begins with.
    pub(super) from: u64,
    reader: ReadableStreamDefaultReader,
    ticket: Ticket,
}

/// Which of the browser's caches may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cache {
    /// None: weights are kept in the private file system, and a second copy would be waste.
    None,
    /// The HTTP cache, after the server said that its copy still holds: for what comes with the site.
    Revalidated,
}

/// Asks for a file of `total` bytes from byte `from` on, at a path of the site or at an address of the host that
/// the reader's button named. A server that has no ranges, or another file, makes it start at byte 0 instead.
///
/// Fails with `DownloadRefused`, or with `DownloadInterrupted` when the reader cancels.
pub(super) async fn open(
    path: &str,
    from: u64,
    total: u64,
    cache: Cache,
    reach: Reach<'_>,
    ticket: &Ticket,
) -> Result<Download, Failure> {
    let mut from = from;
    loop {
        let response = get(path, from, cache, reach, ticket).await?;
        let content_range = response.headers().get("Content-Range").unwrap_or(None);
        match plan::judge(response.status(), content_range.as_deref(), from, total) {
            Answer::Continues => {}
            Answer::Whole => from = 0,
            Answer::AskForWhole => {
                // The judge never says so when the whole file was asked for.
                from = 0;
                if let Some(body) = response.body() {
                    JsFuture::from(body.cancel()).await.ok();
                }
                continue;
            }
            Answer::Refused => return Err(refused(path, &response)),
        }
        let Some(body) = response.body() else { return Err(refused(path, &response)) };
        let reader = body.get_reader().unchecked_into();
        return Ok(Download { from, reader, ticket: ticket.clone() });
    }
}

/// Fetches a small file of `total` bytes that comes with the site.
pub(super) async fn whole(path: &str, total: u64, ticket: &Ticket) -> Result<Vec<u8>, Failure> {
    let download = open(path, 0, total, Cache::Revalidated, Reach::Site, ticket).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = download.next().await? {
        if bytes.len() as u64 + u64::from(chunk.length()) > total {
            let detail = format!("{path}: more than {total} bytes");
            return Err(Failure::new(FailureKind::CorruptedFile, detail));
        }
        bytes.extend(chunk.to_vec());
    }
    if bytes.len() as u64 == total {
        return Ok(bytes);
    }
    let detail = format!("{path}: {} of {total} bytes", bytes.len());
    Err(Failure::new(FailureKind::DownloadInterrupted, detail))
}

/// Fetches a small text.
pub(super) async fn text(path: &str, ticket: &Ticket) -> Result<String, Failure> {
    let response = get(path, 0, Cache::Revalidated, Reach::Site, ticket).await?;
    if !response.ok() {
        return Err(refused(path, &response));
    }
    let body = match response.text() {
        Ok(text) => JsFuture::from(text).await,
        Err(error) => Err(error),
    };
    let body = body.map_err(|error| interrupted(&error, ticket))?;
    ticket.end_download();
    Ok(body.as_string().unwrap_or_default())
}

impl Download {
    /// The next bytes of the body, or `None` at its end.
    pub(super) async fn next(&self) -> Result<Option<Uint8Array>, Failure> {
        let result = JsFuture::from(self.reader.read()).await;
        let result: ReadableStreamReadResult =
            result.map_err(|error| interrupted(&error, &self.ticket))?.unchecked_into();
        if self.ticket.cancelled() {
            return Err(Failure::cancelled());
        }
        if result.get_done().unwrap_or(true) {
            return Ok(None);
        }
        Ok(Some(result.get_value().unchecked_into()))
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        // An ended body does not mind; one that is not wanted any more stops here.
        self.ticket.end_download();
    }
}

/// One request. `from` > 0 asks for a range.
async fn get(
    path: &str,
    from: u64,
    cache: Cache,
    reach: Reach<'_>,
    ticket: &Ticket,
) -> Result<Response, Failure> {
    if ticket.cancelled() {
        return Err(Failure::cancelled());
    }
    let started = start(path, from, cache, reach, ticket);
    let response = match started {
        Ok(fetch) => JsFuture::from(fetch).await,
        Err(error) => Err(error),
    };
    match response {
        Ok(response) => Ok(response.unchecked_into()),
        Err(_) if ticket.cancelled() => Err(Failure::cancelled()),
        Err(error) => {
            let detail = format!("{path}: {}", js::describe(&error));
            Err(Failure::new(FailureKind::DownloadRefused, detail))
        }
    }
}

/// Starts a fetch, of the site or of the host that the reader's button named.
fn start(
    path: &str,
    from: u64,
    cache: Cache,
    reach: Reach<'_>,
    ticket: &Ticket,
) -> Result<js_sys::Promise, JsValue> {
    let controller = AbortController::new()?;
    let init = RequestInit::new();
    init.set_signal(Some(&controller.signal()));
    init.set_cache(match cache {
        Cache::None => RequestCache::NoStore,
        Cache::Revalidated => RequestCache::NoCache,
    });
    if from > 0 {
        let headers = Headers::new()?;
        headers.set("Range", &format!("bytes={from}-"))?;
        init.set_headers_headers(&headers);
    }
    let started = fetch::start(path, &init, reach)?;
    ticket.watch(controller);
    Ok(started)
}

fn refused(path: &str, response: &Response) -> Failure {
    let detail = format!("{path}: HTTP {} {}", response.status(), response.status_text());
    Failure::new(FailureKind::DownloadRefused, detail.trim_end())
}

fn interrupted(error: &JsValue, ticket: &Ticket) -> Failure {
    if ticket.cancelled() {
        return Failure::cancelled();
    }
    Failure::new(FailureKind::DownloadInterrupted, js::describe(error))
}
