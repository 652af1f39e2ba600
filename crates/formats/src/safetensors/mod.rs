//! The safetensors format, version 0.x of Hugging Face: eight bytes of header length, a JSON header, the tensors.
//!
//! As the format asks, tensors cover everything behind the header, without gaps and without overlaps. Only the
//! floating-point types of adapters are read.

mod error;
mod header;
pub mod write;

pub use error::SafetensorsError;

use std::collections::BTreeMap;
use std::fmt;

use half::{bf16, f16};

/// Longest header that is read, in bytes. An adapter's has about a hundred for each tensor.
pub const MAX_HEADER: u64 = 16 << 20;

/// How numbers are stored, all of them little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dtype {
    /// 32-bit floating point.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of an `F32`.
    Bf16,
}

impl Dtype {
    /// Every type.
    pub const ALL: [Dtype; 3] = [Dtype::F32, Dtype::F16, Dtype::Bf16];

    /// Its name in a header.
    pub fn name(self) -> &'static str {
        match self {
            Dtype::F32 => "F32",
            Dtype::F16 => "F16",
            Dtype::Bf16 => "BF16",
        }
    }

    /// Bytes of a number.
    pub fn bytes(self) -> u64 {
        match self {
            Dtype::F32 => 4,
            Dtype::F16 | Dtype::Bf16 => 2,
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A tensor inside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor<'a> {
    dtype: Dtype,
    shape: Vec<u64>,
    bytes: &'a [u8],
}

impl Tensor<'_> {
    /// How its numbers are stored.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Slowest axis first, so a matrix is `[out, in]`. No axis at all for a single number.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// Its numbers, in the order of the file: the last axis is the fastest.
    pub fn to_f32(&self) -> Vec<f32> {
        match self.dtype {
            Dtype::F32 => numbers(self.bytes, f32::from_le_bytes),
            Dtype::F16 => numbers(self.bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
            Dtype::Bf16 => numbers(self.bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        }
    }
}

fn numbers<const N: usize>(bytes: &[u8], read: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks::<N>().0.iter().map(|&bytes| read(bytes)).collect()
}

/// A file: its tensors by name, and what its writer noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Safetensors<'a> {
    /// By name.
    pub tensors: BTreeMap<String, Tensor<'a>>,
    /// The header's `__metadata__`.
    pub metadata: BTreeMap<String, String>,
}

impl<'a> Safetensors<'a> {
    /// Reads a whole file. Nothing of the tensors is copied.
    ///
    /// # Errors
    /// A header that is too long or broken, names that occur twice, types other than [`Dtype`], and places that
    /// overlap, leave gaps, lie outside the file or do not fit the shape.
    pub fn parse(file: &'a [u8]) -> Result<Safetensors<'a>, SafetensorsError> {
        let (json, data) = split(file)?;
        let header::Header { metadata, tensors } = header::parse(json)?;
        let total = data.len() as u64;
        let mut places = Vec::with_capacity(tensors.len());
        let mut out = BTreeMap::new();
        for (name, info) in tensors {
            let entry = info.check(&name, total)?;
            let (begin, end) = (entry.begin, entry.end);
            places.push((begin, end, name.clone()));
            // Inside the data, as was checked.
            let bytes = data.get(begin as usize..end as usize).unwrap_or_default();
            let tensor = Tensor { dtype: entry.dtype, shape: entry.shape, bytes };
            if out.insert(name.clone(), tensor).is_some() {
                return Err(SafetensorsError::Duplicate { tensor: name });
            }
        }
        check_places(places, total)?;
        Ok(Safetensors { tensors: out, metadata })
    }
}

/// The header's JSON and what follows it.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), SafetensorsError> {
    let bytes = file.len() as u64;
    let Some((length, rest)) = file.split_first_chunk::<8>() else {
        return Err(SafetensorsError::TooShort { bytes });
    };
    let header = u64::from_le_bytes(*length);
    if header > MAX_HEADER {
        return Err(SafetensorsError::HeaderTooLong { header });
    }
    rest.split_at_checked(header as usize)
        .ok_or(SafetensorsError::HeaderOutsideFile { header, bytes })
}

/// Places one behind the other, from the first byte to the last.
fn check_places(mut places: Vec<(u64, u64, String)>, total: u64) -> Result<(), SafetensorsError> {
    places.sort();
    let mut end = 0;
    let mut before: Option<String> = None;
    for (begin, next, name) in places {
        if begin < end {
            let first = before.unwrap_or_default();
            return Err(SafetensorsError::Overlap { first, second: name, begin, end });
        }
        if begin > end {
            return Err(SafetensorsError::Gap { from: end, to: begin });
        }
        (end, before) = (next, Some(name));
    }
    if end < total {
        return Err(SafetensorsError::Gap { from: end, to: total });
    }
    Ok(())
}
