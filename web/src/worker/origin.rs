//! Which file a model is, so that it can be read again after the device was lost.

use formats::manifest::{Manifest, Trio};
use text::Overrides;
use web_sys::File;

use super::download;
use super::failure::chain;
use super::signals::Ticket;
use super::trio;
use crate::protocol::{Failure, FailureKind, Source};

const CATALOGUE: &str = "models/catalogue.json";

/// A model file and what its manifest adds to it.
pub(super) struct Origin {
    /// Manifest id, or the name of a local file.
    pub(super) id: String,
    /// Size of the file.
    pub(super) bytes: u64,
    pub(super) overrides: Overrides,
    /// The stages that come with the model.
    pub(super) trio: Option<Trio>,
    /// Context that the manifest says the model was trained for.
    pub(super) trained_context: Option<u32>,
    pub(super) place: Place,
}

/// Where the file is.
pub(super) enum Place {
    /// On the site, and perhaps already in the browser.
    Site(SiteFile),
    /// On the reader's disk.
    Local(File),
}

/// A file of the catalogue.
pub(super) struct SiteFile {
    /// Its name in the browser's private file system.
    pub(super) name: String,
    /// Its path, relative to the page, or its public address.
    pub(super) path: String,
    /// SHA-256 in lower-case hexadecimal digits.
    pub(super) sha256: String,
    /// Comes with the site: nothing is gained by keeping it in the browser.
    pub(super) is_bundled: bool,
    /// The host that the reader's button named; `path` is then an address there.
    pub(super) host: Option<String>,
}

impl Origin {
    /// Bytes of the model file and of its adapters' files.
    pub(super) fn all_bytes(&self) -> u64 {
        self.trio.as_ref().map_or(0, trio::adapter_bytes).saturating_add(self.bytes)
    }
}

/// Finds out what is to be loaded.
pub(super) async fn find(
    source: Source,
    file: Option<File>,
    ticket: &Ticket,
) -> Result<Origin, Failure> {
    match source {
        Source::Catalogue { id } => from_catalogue(&manifest(&id, ticket).await?, None),
        Source::Hub { id, host } => from_catalogue(&manifest(&id, ticket).await?, Some(host)),
        Source::LocalFile { name } => {
            let Some(file) = file else {
                return Err(internal(format!("no file came with the request for `{name}`")));
            };
            Ok(from_disk(name, file, ticket).await)
        }
    }
}

async fn manifest(id: &str, ticket: &Ticket) -> Result<Manifest, Failure> {
    let found = catalogue(ticket).await?.into_iter().find(|manifest| manifest.id == id);
    found.ok_or_else(|| internal(format!("the catalogue has no model `{id}`")))
}

/// `host`: the one that the reader's button named; without, the site itself.
fn from_catalogue(manifest: &Manifest, host: Option<String>) -> Result<Origin, Failure> {
    let Some(file) = manifest.files.first() else {
        return Err(internal(format!("the manifest of `{}` names no file", manifest.id)));
    };
    let path = match &host {
        None => file.local.clone(),
        Some(_) => file.hub.clone().ok_or_else(|| {
            internal(format!("the manifest of `{}` has no public address", manifest.id))
        })?,
    };
    Ok(Origin {
        id: manifest.id.clone(),
        bytes: file.bytes,
        overrides: Overrides::from(manifest),
        trio: manifest.trio.clone(),
        trained_context: Some(manifest.context),
        place: Place::Site(SiteFile {
            name: file.name.clone(),
            path,
            sha256: file.sha256.clone(),
            is_bundled: file.is_bundled(),
            host,
        }),
    })
}

/// A local file that is one of the catalogue's (same name and size) gets what its manifest adds, such
/// as a chat template and adapters. Without a catalogue the file stands alone.
async fn from_disk(name: String, file: File, ticket: &Ticket) -> Origin {
    let bytes = file.size() as u64;
    let catalogue = catalogue(ticket).await.unwrap_or_default();
    let known = catalogue.iter().find(|manifest| {
        manifest.files.first().is_some_and(|file| file.name == name && file.bytes == bytes)
    });
    let overrides = known.map(Overrides::from).unwrap_or_default();
    let trio = known.and_then(|manifest| manifest.trio.clone());
    let trained_context = known.map(|manifest| manifest.context);
    Origin { id: name, bytes, overrides, trio, trained_context, place: Place::Local(file) }
}

async fn catalogue(ticket: &Ticket) -> Result<Vec<Manifest>, Failure> {
    let json = download::text(CATALOGUE, ticket).await?;
    formats::manifest::parse_catalogue(&json)
        .map_err(|error| internal(format!("{CATALOGUE}: {}", chain(&error))))
}

fn internal(detail: String) -> Failure {
    Failure::new(FailureKind::Internal, detail)
}
