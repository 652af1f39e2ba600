//! Verified files: hashing a model takes a second, so the result is kept in a stamp beside the file.

use std::{
    ffi::OsString,
    fs::{self, File, Metadata},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Passes bytes on while it counts and hashes them.
#[derive(Debug)]
pub(crate) struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    /// A writer in front of `inner`.
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// The number of bytes, and their SHA-256 in hexadecimal digits, once all of them are written out.
    pub(crate) fn finish(mut self) -> io::Result<(u64, String)> {
        self.inner.flush()?;
        Ok((self.bytes, format!("{:x}", self.hash.finalize())))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The size and SHA-256 of a file.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn hash_file(path: &Path) -> Result<(u64, String)> {
    let reading = || format!("{} cannot be read", path.display());
    let mut file = File::open(path).with_context(reading)?;
    let mut hashing = Hashing::new(io::sink());
    let mut buffer = vec![0; 1 << 20];
    loop {
        let length = file.read(&mut buffer).with_context(reading)?;
        if length == 0 {
            return Ok(hashing.finish()?);
        }
        hashing.write_all(&buffer[..length])?;
    }
}

/// Notes that a file was found to have this hash.
///
/// # Errors
/// If the stamp cannot be written.
pub(crate) fn write(path: &Path, sha256: &str) -> Result<()> {
    let stamp = stamp_of(path);
    let note = fs::metadata(path).map(|metadata| note(sha256, &metadata));
    note.and_then(|note| fs::write(&stamp, note))
        .with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Whether a file was found to have this hash, and has not been changed since.
pub(crate) fn is_valid(path: &Path, sha256: &str, bytes: u64) -> bool {
    let Ok(metadata) = fs::metadata(path) else { return false };
    let stamp = fs::read_to_string(stamp_of(path));
    metadata.len() == bytes && stamp.is_ok_and(|stamp| stamp == note(sha256, &metadata))
}

fn note(sha256: &str, metadata: &Metadata) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{sha256} {} {}\n", metadata.len(), modified.unwrap_or_default().as_nanos())
}

fn stamp_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".sha256");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_stamp_holds_until_the_file_changes() {
        let folder = std::env::temp_dir().join(format!("glassbox-stamp-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("model");
        fs::write(&file, "").unwrap();
        assert!(!is_valid(&file, EMPTY, 0), "valid without a stamp");
        assert_eq!(hash_file(&file).unwrap(), (0, EMPTY.to_owned()));
        write(&file, EMPTY).unwrap();
        assert!(is_valid(&file, EMPTY, 0));
        assert!(!is_valid(&file, &EMPTY.replace('e', "f"), 0), "valid for another hash");
        assert!(!is_valid(&file, EMPTY, 1), "valid for another size");
        fs::write(&file, "x").unwrap();
        assert!(!is_valid(&file, EMPTY, 1), "valid after a change");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn hashing_passes_bytes_on() {
        let mut copy = Vec::new();
        let mut hashing = Hashing::new(&mut copy);
        hashing.write_all(b"abc").unwrap();
        let (bytes, sha256) = hashing.finish().unwrap();
        assert_eq!((bytes, copy.as_slice()), (3, b"abc".as_slice()));
        assert_eq!(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
