//! Writes safetensors files, for tests and recipes.

use std::collections::BTreeMap;

use half::{bf16, f16};
use serde_json::{Map, Value, json};

use super::Dtype;

/// Collects tensors; [`Writer::finish`] makes the file.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    metadata: BTreeMap<String, String>,
    header: Map<String, Value>,
    data: Vec<u8>,
}

impl Writer {
    /// An empty file.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// Adds a note.
    pub fn metadata(&mut self, key: impl Into<String>, value: impl Into<String>) -> &mut Writer {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Adds a tensor, its numbers rounded to `dtype`. The shape, slowest axis first, is taken as it is: a wrong one
    /// makes a broken file.
    pub fn tensor(
        &mut self,
        name: impl Into<String>,
        dtype: Dtype,
        shape: &[u64],
        numbers: &[f32],
    ) -> &mut Writer {
        let begin = self.data.len();
        for &number in numbers {
            match dtype {
                Dtype::F32 => self.data.extend(number.to_le_bytes()),
                Dtype::F16 => self.data.extend(f16::from_f32(number).to_le_bytes()),
                Dtype::Bf16 => self.data.extend(bf16::from_f32(number).to_le_bytes()),
            }
        }
        let place = [begin, self.data.len()];
        let info = json!({ "dtype": dtype.name(), "shape": shape, "data_offsets": place });
        self.header.insert(name.into(), info);
        self
    }

    /// The file's bytes. Spaces behind the header let the numbers begin at a multiple of eight.
    pub fn finish(&self) -> Vec<u8> {
        let mut header = self.header.clone();
        if !self.metadata.is_empty() {
            header.insert("__metadata__".to_owned(), json!(self.metadata));
        }
        let mut text = Value::Object(header).to_string();
        while !text.len().is_multiple_of(8) {
            text.push(' ');
        }
        let length = (text.len() as u64).to_le_bytes();
        [&length[..], text.as_bytes(), &self.data].concat()
    }
}
