//! From bytes to a [`Header`].

use std::collections::{BTreeMap, BTreeSet};

use super::reader::{Fault, Reader};
use super::value::{number, scalar_bytes};
use super::{
    ALIGNMENT_KEY, Array, DEFAULT_ALIGNMENT, GgufError, Header, MAX_DIMENSIONS, TensorInfo,
    VERSIONS, Value,
};
use crate::DType;
use crate::dtype::ggml_name;

/// A key with an empty name and a value of one byte.
const LEAST_KEY_BYTES: u64 = 8 + 4 + 1;
/// A tensor with an empty name and one axis.
const LEAST_TENSOR_BYTES: u64 = 8 + 4 + 8 + 4 + 8;

/// Reads the header at the beginning of a file.
///
/// `bytes` is the beginning of the file and `file_bytes` its full length, which bounds every count and offset.
/// `Ok(None)`: the header goes on behind `bytes`; call again with more. An error is final: more bytes cannot help.
/// Until the whole header is here a call takes time proportional to its items and allocates nothing; callers that grow
/// `bytes` by a factor rather than by a fixed amount keep the total linear.
pub fn parse_header(bytes: &[u8], file_bytes: u64) -> Result<Option<Header>, GgufError> {
    match walk(&mut Reader::new(bytes, file_bytes)).and_then(|()| read(bytes, file_bytes)) {
        Ok(header) => Ok(Some(header)),
        Err(Fault::NeedMore) => Ok(None),
        Err(Fault::Bad(error)) => Err(error),
    }
}

struct Counts {
    version: u32,
    tensors: u64,
    keys: u64,
}

fn counts(reader: &mut Reader<'_>) -> Result<Counts, Fault> {
    reader.magic()?;
    let version = reader.u32("the version")?;
    if version != 0 && version & 0xffff == 0 {
        return Err(GgufError::BigEndian { version }.into());
    }
    if !VERSIONS.contains(&version) {
        return Err(GgufError::UnsupportedVersion { version }.into());
    }
    let tensors = reader.u64("the tensor count")?;
    let keys = reader.u64("the key count")?;
    reader.check_count("the tensors", tensors, LEAST_TENSOR_BYTES)?;
    reader.check_count("the metadata keys", keys, LEAST_KEY_BYTES)?;
    Ok(Counts { version, tensors, keys })
}

/// Is the whole header here? Stores nothing, so that no count can cost memory.
fn walk(reader: &mut Reader<'_>) -> Result<(), Fault> {
    let counts = counts(reader)?;
    for _ in 0..counts.keys {
        let key = reader.string_bytes("a metadata key")?;
        walk_value(reader, key)?;
    }
    for _ in 0..counts.tensors {
        let name = reader.string_bytes("a tensor name")?;
        let axes = dimension_count(reader, name)?;
        reader.take("a tensor's shape", u64::from(axes) * 8)?;
        reader.take("a tensor's type and offset", 4 + 8)?;
    }
    Ok(())
}

fn walk_value(reader: &mut Reader<'_>, key: &[u8]) -> Result<(), Fault> {
    match reader.u32("a value type")? {
        number::STRING => reader.string_bytes("a string").map(|_| ()),
        number::ARRAY => match reader.u32("an array's type")? {
            number::STRING => {
                let count = reader.u64("an array's length")?;
                reader.check_count("an array of strings", count, 8)?;
                for _ in 0..count {
                    reader.string_bytes("a string of an array")?;
                }
                Ok(())
            }
            number::ARRAY => Err(GgufError::NestedArray { key: lossy(key) }.into()),
            item => {
                let item_bytes = known(item, key)?;
                let count = reader.u64("an array's length")?;
                reader.check_count("an array", count, item_bytes)?;
                reader.take("an array", count * item_bytes).map(|_| ())
            }
        },
        scalar => {
            let bytes = known(scalar, key)?;
            reader.take("a value", bytes).map(|_| ())
        }
    }
}

/// Reads a header that `walk` has found to be complete.
fn read(bytes: &[u8], file_bytes: u64) -> Result<Header, Fault> {
    let reader = &mut Reader::new(bytes, file_bytes);
    let counts = counts(reader)?;

    let mut metadata = BTreeMap::new();
    for _ in 0..counts.keys {
        let key = reader.string("a metadata key")?;
        let value = read_value(reader, &key)?;
        if metadata.contains_key(&key) {
            return Err(GgufError::DuplicateKey { key }.into());
        }
        metadata.insert(key, value);
    }
    let alignment = alignment(&metadata)?;

    let mut tensors = Vec::new();
    for _ in 0..counts.tensors {
        tensors.push(read_tensor(reader)?);
    }
    check_names(&tensors)?;

    let Some(data_offset) = reader.position().checked_next_multiple_of(alignment) else {
        return Err(GgufError::BadAlignment { alignment: alignment.into() }.into());
    };
    let mut header =
        Header { version: counts.version, metadata, tensors, data_offset, alignment, file_bytes };
    place(&mut header)?;
    Ok(header)
}

fn read_value(reader: &mut Reader<'_>, key: &str) -> Result<Value, Fault> {
    const WHAT: &str = "a value";
    Ok(match reader.u32("a value type")? {
        number::U8 => Value::U8(u8::from_le_bytes(reader.array(WHAT)?)),
        number::I8 => Value::I8(i8::from_le_bytes(reader.array(WHAT)?)),
        number::U16 => Value::U16(u16::from_le_bytes(reader.array(WHAT)?)),
        number::I16 => Value::I16(i16::from_le_bytes(reader.array(WHAT)?)),
        number::U32 => Value::U32(u32::from_le_bytes(reader.array(WHAT)?)),
        number::I32 => Value::I32(i32::from_le_bytes(reader.array(WHAT)?)),
        number::U64 => Value::U64(u64::from_le_bytes(reader.array(WHAT)?)),
        number::I64 => Value::I64(i64::from_le_bytes(reader.array(WHAT)?)),
        number::F32 => Value::F32(f32::from_le_bytes(reader.array(WHAT)?)),
        number::F64 => Value::F64(f64::from_le_bytes(reader.array(WHAT)?)),
        number::BOOL => Value::Bool(reader.array::<1>(WHAT)? != [0]),
        number::STRING => Value::String(reader.string("a string")?),
        number::ARRAY => Value::Array(read_array(reader, key)?),
        value_type => {
            return Err(GgufError::UnknownValueType { key: key.to_owned(), value_type }.into());
        }
    })
}

fn read_array(reader: &mut Reader<'_>, key: &str) -> Result<Array, Fault> {
    let item = reader.u32("an array's type")?;
    let count = reader.u64("an array's length")?;
    if item == number::STRING {
        reader.check_count("an array of strings", count, 8)?;
        let strings: Result<Vec<_>, _> =
            (0..count).map(|_| reader.string("a string of an array")).collect();
        return Ok(Array::String(strings?));
    }
    let item_bytes = known(item, key.as_bytes())?;
    reader.check_count("an array", count, item_bytes)?;
    let raw = reader.take("an array", count * item_bytes)?;
    Ok(match item {
        number::U8 => Array::U8(raw.to_vec()),
        number::I8 => Array::I8(items(raw, i8::from_le_bytes)),
        number::U16 => Array::U16(items(raw, u16::from_le_bytes)),
        number::I16 => Array::I16(items(raw, i16::from_le_bytes)),
        number::U32 => Array::U32(items(raw, u32::from_le_bytes)),
        number::I32 => Array::I32(items(raw, i32::from_le_bytes)),
        number::U64 => Array::U64(items(raw, u64::from_le_bytes)),
        number::I64 => Array::I64(items(raw, i64::from_le_bytes)),
        number::F32 => Array::F32(items(raw, f32::from_le_bytes)),
        number::F64 => Array::F64(items(raw, f64::from_le_bytes)),
        number::BOOL => Array::Bool(items(raw, |byte: [u8; 1]| byte != [0])),
        _ => return Err(GgufError::NestedArray { key: key.to_owned() }.into()),
    })
}

fn items<T, const N: usize>(raw: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    raw.as_chunks().0.iter().map(|&item| read(item)).collect()
}

/// A tensor whose offset still counts from the beginning of the data.
fn read_tensor(reader: &mut Reader<'_>) -> Result<TensorInfo, Fault> {
    let tensor = reader.string("a tensor name")?;
    let axes = dimension_count(reader, tensor.as_bytes())?;
    let mut shape = Vec::new();
    for _ in 0..axes {
        shape.push(reader.u64("a tensor's shape")?);
    }
    let type_number = reader.u32("a tensor's type")?;
    let offset = reader.u64("a tensor's offset")?;

    if let Some(axis) = shape.iter().position(|&length| length == 0) {
        return Err(GgufError::ZeroDimension { tensor, axis }.into());
    }
    let Some(dtype) = DType::from_ggml(type_number) else {
        let name = ggml_name(type_number);
        return Err(GgufError::UnsupportedType { tensor, number: type_number, name }.into());
    };
    let (block_len, block_bytes) = (dtype.block_len() as u64, dtype.block_bytes() as u64);
    if !shape[0].is_multiple_of(block_len) {
        return Err(GgufError::RowLength { tensor, row: shape[0], dtype }.into());
    }
    let weights = shape.iter().try_fold(1u64, |product, &length| product.checked_mul(length));
    let Some(bytes) = weights.and_then(|weights| (weights / block_len).checked_mul(block_bytes))
    else {
        return Err(GgufError::ShapeOverflow { tensor, shape }.into());
    };
    Ok(TensorInfo { name: tensor, shape, dtype, offset, bytes })
}

fn dimension_count(reader: &mut Reader<'_>, name: &[u8]) -> Result<u32, Fault> {
    let count = reader.u32("a tensor's dimension count")?;
    if (1..=MAX_DIMENSIONS).contains(&count) {
        return Ok(count);
    }
    Err(GgufError::DimensionCount { tensor: lossy(name), count }.into())
}

fn alignment(metadata: &BTreeMap<String, Value>) -> Result<u64, GgufError> {
    let Some(value) = metadata.get(ALIGNMENT_KEY) else { return Ok(DEFAULT_ALIGNMENT) };
    let Some(alignment) = value.integer() else {
        let (key, found) = (ALIGNMENT_KEY.to_owned(), value.describe());
        return Err(GgufError::WrongType { key, expected: "an integer", found });
    };
    match u64::try_from(alignment) {
        Ok(alignment) if alignment.is_power_of_two() => Ok(alignment),
        _ => Err(GgufError::BadAlignment { alignment }),
    }
}

fn check_names(tensors: &[TensorInfo]) -> Result<(), GgufError> {
    let mut names = BTreeSet::new();
    match tensors.iter().find(|tensor| !names.insert(tensor.name.as_str())) {
        Some(twice) => Err(GgufError::DuplicateTensor { tensor: twice.name.clone() }),
        None => Ok(()),
    }
}

/// Turns offsets into the data into offsets into the file, and checks and sorts them.
fn place(header: &mut Header) -> Result<(), GgufError> {
    let Header { data_offset, alignment, file_bytes, .. } = *header;
    for tensor in &mut header.tensors {
        let (offset, bytes) = (tensor.offset, tensor.bytes);
        if !offset.is_multiple_of(alignment) {
            return Err(GgufError::Unaligned { tensor: tensor.name.clone(), offset, alignment });
        }
        let begin = data_offset.checked_add(offset);
        let end = begin.and_then(|begin| begin.checked_add(bytes));
        let (Some(begin), Some(end)) = (begin, end) else {
            return Err(GgufError::OutsideFile {
                tensor: tensor.name.clone(),
                offset,
                bytes,
                data_offset,
                file_bytes,
            });
        };
        if end > file_bytes {
            return Err(GgufError::OutsideFile {
                tensor: tensor.name.clone(),
                offset,
                bytes,
                data_offset,
                file_bytes,
            });
        }
        tensor.offset = begin;
    }
    header.tensors.sort_by_key(|tensor| tensor.offset);
    for pair in header.tensors.windows(2) {
        let (end, begin) = (pair[0].offset + pair[0].bytes, pair[1].offset);
        if end > begin {
            let (first, second) = (pair[0].name.clone(), pair[1].name.clone());
            return Err(GgufError::Overlap { first, second, end, begin });
        }
    }
    Ok(())
}

/// Bytes of a scalar of this type.
fn known(value_type: u32, key: &[u8]) -> Result<u64, GgufError> {
    scalar_bytes(value_type)
        .ok_or_else(|| GgufError::UnknownValueType { key: lossy(key), value_type })
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
