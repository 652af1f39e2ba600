//! Metadata values.

/// One metadata value.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is named after the type it holds")]
pub enum Value {
    U8(u8),
    I8(i8),
    U16(u16),
    I16(i16),
    U32(u32),
    I32(i32),
    U64(u64),
    I64(i64),
    F32(f32),
    F64(f64),
    Bool(bool),
    String(String),
    Array(Array),
}

/// An array of one type. Arrays of arrays are not supported.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is named after the type it holds")]
pub enum Array {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Bool(Vec<bool>),
    String(Vec<String>),
}

/// Numbers of the value types in a file (`enum gguf_type` in gguf.h).
pub(super) mod number {
    pub(in crate::gguf) const U8: u32 = 0;
    pub(in crate::gguf) const I8: u32 = 1;
    pub(in crate::gguf) const U16: u32 = 2;
    pub(in crate::gguf) const I16: u32 = 3;
    pub(in crate::gguf) const U32: u32 = 4;
    pub(in crate::gguf) const I32: u32 = 5;
    pub(in crate::gguf) const F32: u32 = 6;
    pub(in crate::gguf) const BOOL: u32 = 7;
    pub(in crate::gguf) const STRING: u32 = 8;
    pub(in crate::gguf) const ARRAY: u32 = 9;
    pub(in crate::gguf) const U64: u32 = 10;
    pub(in crate::gguf) const I64: u32 = 11;
    pub(in crate::gguf) const F64: u32 = 12;
}

/// Bytes of one value of this type; `None` for strings, arrays and unknown numbers.
pub(super) fn scalar_bytes(value_type: u32) -> Option<u64> {
    match value_type {
        number::U8 | number::I8 | number::BOOL => Some(1),
        number::U16 | number::I16 => Some(2),
        number::U32 | number::I32 | number::F32 => Some(4),
        number::U64 | number::I64 | number::F64 => Some(8),
        _ => None,
    }
}

impl Value {
    /// The value if it is a whole number of any width.
    pub fn integer(&self) -> Option<i128> {
        match *self {
            Value::U8(value) => Some(value.into()),
            Value::I8(value) => Some(value.into()),
            Value::U16(value) => Some(value.into()),
            Value::I16(value) => Some(value.into()),
            Value::U32(value) => Some(value.into()),
            Value::I32(value) => Some(value.into()),
            Value::U64(value) => Some(value.into()),
            Value::I64(value) => Some(value.into()),
            _ => None,
        }
    }

    /// The value if it is a floating-point number; an `F64` is rounded.
    pub fn float(&self) -> Option<f32> {
        match *self {
            Value::F32(value) => Some(value),
            Value::F64(value) => Some(value as f32),
            _ => None,
        }
    }

    /// Type and, where it is short, value: for error messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Value::F32(value) => format!("the number {value}"),
            Value::F64(value) => format!("the number {value}"),
            Value::Bool(value) => value.to_string(),
            Value::String(_) => "a string".to_owned(),
            Value::Array(array) => format!("an array of {} {}", array.len(), array.type_name()),
            _ => match self.integer() {
                Some(value) => format!("the integer {value}"),
                None => "a value".to_owned(),
            },
        }
    }
}

impl Array {
    /// Number of items.
    pub fn len(&self) -> usize {
        match self {
            Array::U8(items) => items.len(),
            Array::I8(items) => items.len(),
            Array::U16(items) => items.len(),
            Array::I16(items) => items.len(),
            Array::U32(items) => items.len(),
            Array::I32(items) => items.len(),
            Array::U64(items) => items.len(),
            Array::I64(items) => items.len(),
            Array::F32(items) => items.len(),
            Array::F64(items) => items.len(),
            Array::Bool(items) => items.len(),
            Array::String(items) => items.len(),
        }
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items if they are whole numbers that all fit `T`.
    pub fn integers<T: TryFrom<i128>>(&self) -> Option<Vec<T>> {
        fn convert<S: Copy + Into<i128>, T: TryFrom<i128>>(items: &[S]) -> Option<Vec<T>> {
            items.iter().map(|&item| T::try_from(item.into()).ok()).collect()
        }
        match self {
            Array::U8(items) => convert(items),
            Array::I8(items) => convert(items),
            Array::U16(items) => convert(items),
            Array::I16(items) => convert(items),
            Array::U32(items) => convert(items),
            Array::I32(items) => convert(items),
            Array::U64(items) => convert(items),
            Array::I64(items) => convert(items),
            _ => None,
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Array::U8(_) => "u8",
            Array::I8(_) => "i8",
            Array::U16(_) => "u16",
            Array::I16(_) => "i16",
            Array::U32(_) => "u32",
            Array::I32(_) => "i32",
            Array::U64(_) => "u64",
            Array::I64(_) => "i64",
            Array::F32(_) => "f32",
            Array::F64(_) => "f64",
            Array::Bool(_) => "bool",
            Array::String(_) => "strings",
        }
    }
}

/// Conversions for [`super::write::Writer::metadata`].
macro_rules! value_from {
    ($($from:ty => |$item:ident| $value:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($item: $from) -> Value {
                $value
            }
        })*
    };
}

value_from! {
    u32 => |item| Value::U32(item);
    u64 => |item| Value::U64(item);
    i32 => |item| Value::I32(item);
    f32 => |item| Value::F32(item);
    bool => |item| Value::Bool(item);
    &str => |item| Value::String(item.to_owned());
    String => |item| Value::String(item);
    Array => |item| Value::Array(item);
    Vec<u32> => |item| Value::Array(Array::U32(item));
    Vec<i32> => |item| Value::Array(Array::I32(item));
    Vec<f32> => |item| Value::Array(Array::F32(item));
    Vec<bool> => |item| Value::Array(Array::Bool(item));
    Vec<String> => |item| Value::Array(Array::String(item));
}
