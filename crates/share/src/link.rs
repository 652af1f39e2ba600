//! Links: `#v1=` and base64url of deflated (zlib, so that damage shows in its checksum) canonical JSON.
//!
//! The part of an address after `#` is never sent to a server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use crate::migrate::read;
use crate::{ShareError, Shared};

pub use crate::migrate::VERSION;

/// Some programs cut links that have more characters.
pub const LONG: usize = 2_000;
/// Above this, what is shared goes into a file.
pub const TOO_LONG: usize = 8_000;
/// Longer links are not even unpacked.
pub const MAX_CHARS: usize = 65_536;
/// No link unpacks to more bytes than this.
pub const MAX_UNPACKED: usize = 1 << 20;

/// The best compression there is; scenes are small.
const LEVEL: u8 = 10;

/// A link, and whether it is fit to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The whole address.
    pub url: String,
    /// Whether it is short enough.
    pub size: LinkSize,
}

/// Whether a link is short enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSize {
    /// Any program takes it.
    Short,
    /// More than [`LONG`] characters: some programs cut it.
    Long,
    /// More than [`TOO_LONG`] characters: make a file instead.
    TooLong,
}

/// A link to the page at `address`, whose own fragment is left out.
///
/// # Errors
/// [`ShareError`] if what is shared is out of bounds.
pub fn link(address: &str, shared: &Shared) -> Result<Link, ShareError> {
    let page = address.split('#').next().unwrap_or_default();
    let url = format!("{page}{}", fragment(shared)?);
    let size = match url.chars().count() {
        chars if chars > TOO_LONG => LinkSize::TooLong,
        chars if chars > LONG => LinkSize::Long,
        _ => LinkSize::Short,
    };
    Ok(Link { url, size })
}

/// The part of a link from `#` on. The same content always gives the same characters.
///
/// # Errors
/// [`ShareError`] if what is shared is out of bounds.
pub fn fragment(shared: &Shared) -> Result<String, ShareError> {
    let packed = compress_to_vec_zlib(shared.to_json()?.as_bytes(), LEVEL);
    Ok(format!("#v{VERSION}={}", URL_SAFE_NO_PAD.encode(packed)))
}

/// Whether an address has the form of a link: if not, the page opens as it does for everyone.
pub fn is_link(address: &str) -> bool {
    parts(address).is_some()
}

/// Opens an address, or its part from `#` on.
///
/// # Errors
/// [`ShareError`] says in one sentence why it does not open. Nothing is ever guessed or cut.
pub fn open(address: &str) -> Result<Shared, ShareError> {
    let chars = address.len();
    if chars > MAX_CHARS {
        return Err(ShareError::TooLong { chars, max: MAX_CHARS });
    }
    let (version, data) = parts(address).ok_or(ShareError::NoLink)?;
    // A later version may be packed in another way.
    if version > VERSION {
        return Err(ShareError::FutureVersion { version, known: VERSION });
    }
    let packed = URL_SAFE_NO_PAD.decode(data).map_err(|_| ShareError::Damaged)?;
    if packed.is_empty() {
        return Err(ShareError::Damaged);
    }
    let bytes = decompress_to_vec_zlib_with_limit(&packed, MAX_UNPACKED).map_err(|error| {
        match error.status {
            TINFLStatus::HasMoreOutput => ShareError::TooLarge { max: MAX_UNPACKED },
            _ => ShareError::Damaged,
        }
    })?;
    read(version, str::from_utf8(&bytes).map_err(|_| ShareError::Damaged)?)
}

/// Version and data of `…#v1=data`. Mail programs may write `=` as `%3D`.
fn parts(address: &str) -> Option<(u32, &str)> {
    let (_, fragment) = address.trim().split_once('#')?;
    let rest = fragment.strip_prefix('v')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (version, rest) = rest.split_at(digits);
    let data = ["=", "%3D", "%3d"].iter().find_map(|sign| rest.strip_prefix(sign))?;
    if version.is_empty() {
        return None;
    }
    // More digits than fit are a version that this page does not know.
    Some((version.parse().unwrap_or(u32::MAX), data))
}
