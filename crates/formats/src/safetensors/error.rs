//! What can be wrong with a safetensors file.

use super::MAX_HEADER;

/// A file that cannot be read. Offsets of tensors count bytes from the end of the header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SafetensorsError {
    /// Not even the length of a header.
    #[error(
        "not a safetensors file: it has {bytes} bytes, fewer than the 8 of the header's length"
    )]
    TooShort {
        /// Size of the file.
        bytes: u64,
    },
    /// The header claims a length that no adapter's has.
    #[error(
        "not a safetensors file, or one that is too large: its header would have {header} bytes, more than {MAX_HEADER}"
    )]
    HeaderTooLong {
        /// Bytes claimed.
        header: u64,
    },
    /// The file ends inside its header.
    #[error("the safetensors file ends too early: its header has {header} bytes, the file {bytes}")]
    HeaderOutsideFile {
        /// Bytes of the header.
        header: u64,
        /// Size of the file.
        bytes: u64,
    },
    /// The header is not the JSON that it should be.
    #[error("the header of the safetensors file is broken: {detail}")]
    Header {
        /// What the JSON reader says.
        detail: String,
    },
    /// A name that occurs twice.
    #[error("tensor {tensor:?} occurs twice")]
    Duplicate {
        /// The tensor.
        tensor: String,
    },
    /// A type that adapters do not use.
    #[error("tensor {tensor:?} has the type {dtype:?}; F32, F16 and BF16 can be read")]
    UnsupportedType {
        /// The tensor.
        tensor: String,
        /// The type as written.
        dtype: String,
    },
    /// A shape whose size does not fit into 64 bits.
    #[error("tensor {tensor:?} has the shape {shape:?}, which is too large")]
    ShapeOverflow {
        /// The tensor.
        tensor: String,
        /// Its shape.
        shape: Vec<u64>,
    },
    /// A place that has not the size that shape and type need.
    #[error(
        "tensor {tensor:?} lies from byte {begin} to byte {end}, but its shape needs {needed} bytes"
    )]
    SizeMismatch {
        /// The tensor.
        tensor: String,
        /// Where it begins.
        begin: u64,
        /// Where it ends.
        end: u64,
        /// Bytes of its numbers.
        needed: u64,
    },
    /// A place beyond the end of the file.
    #[error(
        "tensor {tensor:?} ends at byte {end}, but there are {data_bytes} bytes behind the header"
    )]
    OutsideFile {
        /// The tensor.
        tensor: String,
        /// Where it ends.
        end: u64,
        /// Bytes behind the header.
        data_bytes: u64,
    },
    /// Two tensors in one place.
    #[error(
        "tensors {first:?} and {second:?} overlap: one ends at byte {end}, the other begins at byte {begin}"
    )]
    Overlap {
        /// The one that begins first.
        first: String,
        /// The other.
        second: String,
        /// Where the other begins.
        begin: u64,
        /// Where the first ends.
        end: u64,
    },
    /// Bytes that belong to no tensor.
    #[error("no tensor covers the bytes {from} to {to} behind the header")]
    Gap {
        /// Where the gap begins.
        from: u64,
        /// Where it ends.
        to: u64,
    },
}
