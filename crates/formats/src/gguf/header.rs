//! What a header says, and typed access to it.

use std::collections::BTreeMap;

use super::{Array, GgufError, Value};
use crate::DType;

/// Everything before the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// GGUF version: 2 or 3.
    pub version: u32,
    /// All keys with their values.
    pub metadata: BTreeMap<String, Value>,
    /// Sorted by offset. They do not overlap, and all lie inside the file.
    pub tensors: Vec<TensorInfo>,
    /// Where the weights begin, in bytes from the start of the file.
    pub data_offset: u64,
    /// Every tensor begins at a multiple of this, counted from `data_offset`.
    pub alignment: u64,
    /// The size of the whole file.
    pub file_bytes: u64,
}

/// Where a tensor is and what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// As stored: fastest axis first, so a matrix is `[in, out]`. 1 to 4 axes, none of them 0.
    pub shape: Vec<u64>,
    /// How its weights are stored.
    pub dtype: DType,
    /// In bytes from the start of the file.
    pub offset: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

impl TensorInfo {
    /// Number of weights.
    pub fn weights(&self) -> u64 {
        self.shape.iter().product()
    }
}

/// `x` insists on the key, `x_or` has a default, `x_opt` is `None` without the key. All of them refuse a value of another
/// type. Integers may be stored in any width as long as the value fits.
impl Header {
    /// The tensor with this name.
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The value as it was stored.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata.get(key)
    }

    /// An integer.
    pub fn u32(&self, key: &str) -> Result<u32, GgufError> {
        required(key, self.u32_opt(key)?)
    }

    /// An integer, or `default` without the key.
    pub fn u32_or(&self, key: &str, default: u32) -> Result<u32, GgufError> {
        Ok(self.u32_opt(key)?.unwrap_or(default))
    }

    /// An integer, if the key is there.
    pub fn u32_opt(&self, key: &str) -> Result<Option<u32>, GgufError> {
        self.read(key, "an integer of 32 bits", |value| {
            value.integer().and_then(|value| value.try_into().ok())
        })
    }

    /// A floating-point number.
    pub fn f32(&self, key: &str) -> Result<f32, GgufError> {
        required(key, self.f32_opt(key)?)
    }

    /// A floating-point number, or `default` without the key.
    pub fn f32_or(&self, key: &str, default: f32) -> Result<f32, GgufError> {
        Ok(self.f32_opt(key)?.unwrap_or(default))
    }

    /// A floating-point number, if the key is there.
    pub fn f32_opt(&self, key: &str) -> Result<Option<f32>, GgufError> {
        self.read(key, "a floating-point number", Value::float)
    }

    /// A truth value.
    pub fn bool(&self, key: &str) -> Result<bool, GgufError> {
        required(key, self.bool_opt(key)?)
    }

    /// A truth value, or `default` without the key.
    pub fn bool_or(&self, key: &str, default: bool) -> Result<bool, GgufError> {
        Ok(self.bool_opt(key)?.unwrap_or(default))
    }

    /// A truth value, if the key is there.
    pub fn bool_opt(&self, key: &str) -> Result<Option<bool>, GgufError> {
        self.read(key, "true or false", |value| match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        })
    }

    /// A string.
    pub fn str(&self, key: &str) -> Result<&str, GgufError> {
        required(key, self.str_opt(key)?)
    }

    /// A string, if the key is there.
    pub fn str_opt(&self, key: &str) -> Result<Option<&str>, GgufError> {
        self.read(key, "a string", |value| match value {
            Value::String(value) => Some(value.as_str()),
            _ => None,
        })
    }

    /// An array of strings.
    pub fn strings(&self, key: &str) -> Result<&[String], GgufError> {
        required(key, self.strings_opt(key)?)
    }

    /// An array of strings, if the key is there.
    pub fn strings_opt(&self, key: &str) -> Result<Option<&[String]>, GgufError> {
        self.read(key, "an array of strings", |value| match value {
            Value::Array(Array::String(items)) => Some(items.as_slice()),
            _ => None,
        })
    }

    /// An array of f32, if the key is there.
    pub fn f32s_opt(&self, key: &str) -> Result<Option<&[f32]>, GgufError> {
        self.read(key, "an array of f32", |value| match value {
            Value::Array(Array::F32(items)) => Some(items.as_slice()),
            _ => None,
        })
    }

    /// An array of integers, if the key is there.
    pub fn u32s_opt(&self, key: &str) -> Result<Option<Vec<u32>>, GgufError> {
        self.read(key, "an array of unsigned 32-bit integers", |value| match value {
            Value::Array(items) => items.integers(),
            _ => None,
        })
    }

    /// An array of signed integers, if the key is there.
    pub fn i32s_opt(&self, key: &str) -> Result<Option<Vec<i32>>, GgufError> {
        self.read(key, "an array of 32-bit integers", |value| match value {
            Value::Array(items) => items.integers(),
            _ => None,
        })
    }

    /// An array of truth values, if the key is there.
    pub fn bools_opt(&self, key: &str) -> Result<Option<&[bool]>, GgufError> {
        self.read(key, "an array of true and false", |value| match value {
            Value::Array(Array::Bool(items)) => Some(items.as_slice()),
            _ => None,
        })
    }

    fn read<'a, T>(
        &'a self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, GgufError> {
        let Some(value) = self.metadata.get(key) else { return Ok(None) };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => {
                Err(GgufError::WrongType { key: key.to_owned(), expected, found: value.describe() })
            }
        }
    }
}

fn required<T>(key: &str, value: Option<T>) -> Result<T, GgufError> {
    value.ok_or_else(|| GgufError::MissingKey { key: key.to_owned() })
}
