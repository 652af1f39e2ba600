//! The JSON header, and what it says about a single tensor.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::{Dtype, SafetensorsError};

const METADATA: &str = "__metadata__";

/// The header as it is written: a name may still occur twice.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) tensors: Vec<(String, Info)>,
}

/// What the header says about a tensor.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Info {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// A tensor whose numbers have a place inside the file.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<u64>,
    pub(super) begin: u64,
    pub(super) end: u64,
}

/// Reads the JSON.
pub(super) fn parse(json: &[u8]) -> Result<Header, SafetensorsError> {
    serde_json::from_slice(json)
        .map_err(|error| SafetensorsError::Header { detail: error.to_string() })
}

impl Info {
    /// Checks type, size and place. `total`: bytes behind the header.
    pub(super) fn check(self, name: &str, total: u64) -> Result<Entry, SafetensorsError> {
        let tensor = || name.to_owned();
        let Some(dtype) = Dtype::ALL.into_iter().find(|dtype| dtype.name() == self.dtype) else {
            return Err(SafetensorsError::UnsupportedType { tensor: tensor(), dtype: self.dtype });
        };
        let size = self.shape.iter().try_fold(dtype.bytes(), |size, axis| size.checked_mul(*axis));
        let Some(needed) = size else {
            return Err(SafetensorsError::ShapeOverflow { tensor: tensor(), shape: self.shape });
        };
        let [begin, end] = self.data_offsets;
        if end.checked_sub(begin) != Some(needed) {
            return Err(SafetensorsError::SizeMismatch { tensor: tensor(), begin, end, needed });
        }
        if end > total {
            return Err(SafetensorsError::OutsideFile { tensor: tensor(), end, data_bytes: total });
        }
        Ok(Entry { dtype, shape: self.shape, begin, end })
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Header, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

/// Keeps every entry: an ordinary map would keep the last of those with one name.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let mut header = Header::default();
        while let Some(name) = map.next_key::<String>()? {
            if name == METADATA {
                header.metadata = map.next_value()?;
            } else {
                header.tensors.push((name, map.next_value()?));
            }
        }
        Ok(header)
    }
}
