//! A cursor over the beginning of a file of known length.

use super::GgufError;

/// Why reading stopped.
pub(super) enum Fault {
    /// The bytes that are here end too early, but the file goes on.
    NeedMore,
    /// The file cannot be read, whatever follows.
    Bad(GgufError),
}

impl From<GgufError> for Fault {
    fn from(error: GgufError) -> Fault {
        Fault::Bad(error)
    }
}

/// Reads little-endian values. `bytes` never reaches beyond `file_bytes`, and `position` never beyond `bytes`.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    file_bytes: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], file_bytes: u64) -> Reader<'a> {
        let here = usize::try_from(file_bytes).unwrap_or(usize::MAX).min(bytes.len());
        Reader { bytes: &bytes[..here], position: 0, file_bytes }
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.position as u64
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, what: &'static str, count: u64) -> Result<&'a [u8], Fault> {
        if count > self.remaining() {
            let (offset, file_bytes) = (self.position(), self.file_bytes);
            return Err(GgufError::Truncated { what, offset, needed: count, file_bytes }.into());
        }
        let rest = &self.bytes[self.position..];
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let taken = rest.get(..count).ok_or(Fault::NeedMore)?;
        self.position += count;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Fault> {
        let taken = self.take(what, N as u64)?;
        let mut array = [0; N];
        array.copy_from_slice(taken);
        Ok(array)
    }

    pub(super) fn u32(&mut self, what: &'static str) -> Result<u32, Fault> {
        self.array(what).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &'static str) -> Result<u64, Fault> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// The bytes of a string: a length, then the text.
    pub(super) fn string_bytes(&mut self, what: &'static str) -> Result<&'a [u8], Fault> {
        let length = self.u64(what)?;
        self.check_count(what, length, 1)?;
        self.take(what, length)
    }

    /// A string.
    pub(super) fn string(&mut self, what: &'static str) -> Result<String, Fault> {
        let bytes = self.string_bytes(what)?;
        match str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(GgufError::NotUtf8 { what, offset: self.position() }.into()),
        }
    }

    /// Can `count` items of at least `item_bytes` each follow in this file?
    pub(super) fn check_count(
        &self,
        what: &'static str,
        count: u64,
        item_bytes: u64,
    ) -> Result<(), GgufError> {
        let remaining = self.remaining();
        if count.checked_mul(item_bytes).is_some_and(|bytes| bytes <= remaining) {
            return Ok(());
        }
        Err(GgufError::CountTooLarge {
            what,
            offset: self.position(),
            count,
            item_bytes,
            remaining,
        })
    }

    /// Does the file begin like GGUF, as far as it is here? Then skips the magic.
    pub(super) fn magic(&mut self) -> Result<(), Fault> {
        let begin = &self.bytes[..self.bytes.len().min(4)];
        if !b"GGUF".starts_with(begin) {
            return Err(GgufError::BadMagic { found: begin.to_vec() }.into());
        }
        self.take("the magic", 4).map(|_| ())
    }

    fn remaining(&self) -> u64 {
        self.file_bytes - self.position()
    }
}
