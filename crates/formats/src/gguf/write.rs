//! Writing GGUF files, for tests and for the recipes that make small models.

use super::value::number;
use super::{ALIGNMENT_KEY, Array, DEFAULT_ALIGNMENT, Value};
use crate::DType;

/// Collects metadata and tensors, then writes a file. It writes what it is given and checks nothing: whether the result is
/// a good file is for [`super::parse_header`] to say.
#[derive(Clone, Debug)]
pub struct Writer {
    version: u32,
    metadata: Vec<(String, Value)>,
    tensors: Vec<Tensor>,
}

#[derive(Clone, Debug)]
struct Tensor {
    name: String,
    shape: Vec<u64>,
    dtype: DType,
    bytes: Vec<u8>,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer::new()
    }
}

impl Writer {
    /// An empty file of version 3.
    pub fn new() -> Writer {
        Writer::with_version(3)
    }

    /// An empty file of this version. Versions 2 and 3 are written alike.
    pub fn with_version(version: u32) -> Writer {
        Writer { version, metadata: Vec::new(), tensors: Vec::new() }
    }

    /// Adds a key. An integer `general.alignment` sets the alignment of the file.
    pub fn metadata(&mut self, key: impl Into<String>, value: impl Into<Value>) -> &mut Writer {
        self.metadata.push((key.into(), value.into()));
        self
    }

    /// Adds a tensor: shape with the fastest axis first, bytes as stored (see [`crate::quant::quantize`]).
    pub fn tensor(
        &mut self,
        name: impl Into<String>,
        shape: impl Into<Vec<u64>>,
        dtype: DType,
        bytes: impl Into<Vec<u8>>,
    ) -> &mut Writer {
        self.tensors.push(Tensor {
            name: name.into(),
            shape: shape.into(),
            dtype,
            bytes: bytes.into(),
        });
        self
    }

    /// The whole file.
    pub fn finish(&self) -> Vec<u8> {
        let alignment = self.alignment();
        let mut out = b"GGUF".to_vec();
        put_u32(&mut out, self.version);
        put_u64(&mut out, self.tensors.len() as u64);
        put_u64(&mut out, self.metadata.len() as u64);
        for (key, value) in &self.metadata {
            put_string(&mut out, key);
            put_value(&mut out, value);
        }
        let mut offset = 0usize;
        for tensor in &self.tensors {
            put_string(&mut out, &tensor.name);
            put_u32(&mut out, tensor.shape.len() as u32);
            tensor.shape.iter().for_each(|&length| put_u64(&mut out, length));
            put_u32(&mut out, tensor.dtype.ggml());
            put_u64(&mut out, offset as u64);
            offset += tensor.bytes.len().next_multiple_of(alignment);
        }
        for tensor in &self.tensors {
            out.resize(out.len().next_multiple_of(alignment), 0);
            out.extend_from_slice(&tensor.bytes);
        }
        out
    }

    fn alignment(&self) -> usize {
        let value = self
            .metadata
            .iter()
            .find(|(key, _)| key == ALIGNMENT_KEY)
            .and_then(|(_, value)| value.integer());
        // A nonsensical alignment is written as metadata, but must not blow the file up.
        let sane = value
            .filter(|value| (1..=1 << 20).contains(value))
            .and_then(|value| usize::try_from(value).ok());
        sane.unwrap_or(DEFAULT_ALIGNMENT as usize)
    }
}

fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_string(out: &mut Vec<u8>, text: &str) {
    put_u64(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::U8(value) => put_scalar(out, number::U8, &value.to_le_bytes()),
        Value::I8(value) => put_scalar(out, number::I8, &value.to_le_bytes()),
        Value::U16(value) => put_scalar(out, number::U16, &value.to_le_bytes()),
        Value::I16(value) => put_scalar(out, number::I16, &value.to_le_bytes()),
        Value::U32(value) => put_scalar(out, number::U32, &value.to_le_bytes()),
        Value::I32(value) => put_scalar(out, number::I32, &value.to_le_bytes()),
        Value::U64(value) => put_scalar(out, number::U64, &value.to_le_bytes()),
        Value::I64(value) => put_scalar(out, number::I64, &value.to_le_bytes()),
        Value::F32(value) => put_scalar(out, number::F32, &value.to_le_bytes()),
        Value::F64(value) => put_scalar(out, number::F64, &value.to_le_bytes()),
        Value::Bool(value) => put_scalar(out, number::BOOL, &[u8::from(*value)]),
        Value::String(text) => {
            put_u32(out, number::STRING);
            put_string(out, text);
        }
        Value::Array(array) => {
            put_u32(out, number::ARRAY);
            put_array(out, array);
        }
    }
}

fn put_scalar(out: &mut Vec<u8>, value_type: u32, bytes: &[u8]) {
    put_u32(out, value_type);
    out.extend_from_slice(bytes);
}

fn put_array(out: &mut Vec<u8>, array: &Array) {
    match array {
        Array::U8(items) => put_items(out, number::U8, items, |item| item.to_le_bytes()),
        Array::I8(items) => put_items(out, number::I8, items, |item| item.to_le_bytes()),
        Array::U16(items) => put_items(out, number::U16, items, |item| item.to_le_bytes()),
        Array::I16(items) => put_items(out, number::I16, items, |item| item.to_le_bytes()),
        Array::U32(items) => put_items(out, number::U32, items, |item| item.to_le_bytes()),
        Array::I32(items) => put_items(out, number::I32, items, |item| item.to_le_bytes()),
        Array::U64(items) => put_items(out, number::U64, items, |item| item.to_le_bytes()),
        Array::I64(items) => put_items(out, number::I64, items, |item| item.to_le_bytes()),
        Array::F32(items) => put_items(out, number::F32, items, |item| item.to_le_bytes()),
        Array::F64(items) => put_items(out, number::F64, items, |item| item.to_le_bytes()),
        Array::Bool(items) => put_items(out, number::BOOL, items, |item| [u8::from(item)]),
        Array::String(items) => {
            put_u32(out, number::STRING);
            put_u64(out, items.len() as u64);
            items.iter().for_each(|item| put_string(out, item));
        }
    }
}

fn put_items<T: Copy, const N: usize>(
    out: &mut Vec<u8>,
    item_type: u32,
    items: &[T],
    bytes: impl Fn(T) -> [u8; N],
) {
    put_u32(out, item_type);
    put_u64(out, items.len() as u64);
    for &item in items {
        out.extend_from_slice(&bytes(item));
    }
}
