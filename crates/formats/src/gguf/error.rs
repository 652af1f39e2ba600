//! What can be wrong with a GGUF file.

use crate::DType;

/// A file that cannot be read. Offsets count bytes from the start of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GgufError {
    /// The file is something else.
    #[error("not a GGUF file: it begins with the bytes {found:02x?}, not with \"GGUF\"")]
    BadMagic {
        /// Up to four bytes.
        found: Vec<u8>,
    },
    /// Written by a big-endian machine.
    #[error(
        "the GGUF file is big-endian (its version reads {version:#010x}); only little-endian files are supported"
    )]
    BigEndian {
        /// The version as read.
        version: u32,
    },
    /// Neither version 2 nor 3.
    #[error("GGUF version {version} is not supported; versions 2 and 3 are")]
    UnsupportedVersion {
        /// The version as read.
        version: u32,
    },
    /// The file ends in the middle of its header.
    #[error(
        "the file ends too early: {what} at byte {offset} needs {needed} bytes, but the file has {file_bytes}"
    )]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Where it begins.
        offset: u64,
        /// Its size in bytes.
        needed: u64,
        /// The size of the whole file.
        file_bytes: u64,
    },
    /// A count or length that the rest of the file has no room for.
    #[error(
        "{what} before byte {offset}: {count} × {item_bytes} bytes do not fit into the {remaining} bytes that are left"
    )]
    CountTooLarge {
        /// What was counted.
        what: &'static str,
        /// Where the counted items begin.
        offset: u64,
        /// The count as read.
        count: u64,
        /// The least that one item takes.
        item_bytes: u64,
        /// Bytes from `offset` to the end of the file.
        remaining: u64,
    },
    /// Text that is not UTF-8.
    #[error("{what} that ends at byte {offset} is not UTF-8")]
    NotUtf8 {
        /// What was being read.
        what: &'static str,
        /// Where it ends.
        offset: u64,
    },
    /// A metadata key that occurs twice.
    #[error("metadata key {key:?} occurs twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A tensor name that occurs twice.
    #[error("tensor {tensor:?} occurs twice")]
    DuplicateTensor {
        /// The tensor.
        tensor: String,
    },
    /// A metadata type number that GGUF does not define.
    #[error("metadata key {key:?} has the unknown value type {value_type}")]
    UnknownValueType {
        /// The key.
        key: String,
        /// The number as read.
        value_type: u32,
    },
    /// An array of arrays.
    #[error("metadata key {key:?} holds an array of arrays, which is not supported")]
    NestedArray {
        /// The key.
        key: String,
    },
    /// `general.alignment` is not a power of two.
    #[error("the alignment {alignment} is not a power of two that fits the file")]
    BadAlignment {
        /// The value as read.
        alignment: i128,
    },
    /// No axis, or more than four.
    #[error("tensor {tensor:?} has {count} dimensions; 1 to 4 are supported")]
    DimensionCount {
        /// The tensor.
        tensor: String,
        /// The count as read.
        count: u32,
    },
    /// An axis of length 0.
    #[error("tensor {tensor:?} has length 0 along axis {axis}")]
    ZeroDimension {
        /// The tensor.
        tensor: String,
        /// The axis, fastest first.
        axis: usize,
    },
    /// The number of weights does not fit 64 bits.
    #[error("tensor {tensor:?} of shape {shape:?} has more weights than can be counted")]
    ShapeOverflow {
        /// The tensor.
        tensor: String,
        /// Its shape, fastest axis first.
        shape: Vec<u64>,
    },
    /// A weight type that this crate cannot read.
    #[error("tensor {tensor:?} has type {name} (number {number}), which is not supported")]
    UnsupportedType {
        /// The tensor.
        tensor: String,
        /// The type's number.
        number: u32,
        /// ggml's name for it; "unknown" if it has none.
        name: &'static str,
    },
    /// Rows that do not end where a block ends.
    #[error("tensor {tensor:?}: rows of {row} weights are not whole {dtype} blocks of {} weights", .dtype.block_len())]
    RowLength {
        /// The tensor.
        tensor: String,
        /// Weights per row.
        row: u64,
        /// The tensor's type.
        dtype: DType,
    },
    /// A tensor that does not begin at a multiple of the alignment.
    #[error(
        "tensor {tensor:?} begins at offset {offset} of the data, which is not a multiple of {alignment}"
    )]
    Unaligned {
        /// The tensor.
        tensor: String,
        /// Its offset as read, from the start of the data.
        offset: u64,
        /// The file's alignment.
        alignment: u64,
    },
    /// A tensor that reaches beyond the end of the file.
    #[error(
        "tensor {tensor:?} lies outside the file: {bytes} bytes at offset {offset} of the data, which begins at byte \
         {data_offset} of {file_bytes}"
    )]
    OutsideFile {
        /// The tensor.
        tensor: String,
        /// Its offset as read, from the start of the data.
        offset: u64,
        /// Its size.
        bytes: u64,
        /// Where the data begins.
        data_offset: u64,
        /// The size of the whole file.
        file_bytes: u64,
    },
    /// Two tensors that share bytes.
    #[error(
        "tensors {first:?} and {second:?} overlap: the first ends at byte {end}, the second begins at {begin}"
    )]
    Overlap {
        /// The tensor that begins earlier.
        first: String,
        /// The other one.
        second: String,
        /// End of the first.
        end: u64,
        /// Beginning of the second.
        begin: u64,
    },
    /// A key that the caller cannot do without.
    #[error("the file has no metadata key {key:?}")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of another type, or a number out of range.
    #[error("metadata key {key:?} should be {expected}, but is {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What the caller asked for.
        expected: &'static str,
        /// What the file holds.
        found: String,
    },
}
