//! What is written is read back; and whatever the bytes, the reader neither panics nor changes its mind.

use std::collections::BTreeMap;

use formats::DType;
use formats::gguf::write::Writer;
use formats::gguf::{Array, GgufError, Header, Value, parse_header};
use formats::quant::quantize;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

type Tensors = BTreeMap<String, (DType, Vec<u64>)>;

fn parse(bytes: &[u8]) -> Result<Option<Header>, GgufError> {
    parse_header(bytes, bytes.len() as u64)
}

fn write(version: u32, metadata: &BTreeMap<String, Value>, tensors: &Tensors) -> Vec<u8> {
    let mut writer = Writer::with_version(version);
    for (key, value) in metadata {
        writer.metadata(key.as_str(), value.clone());
    }
    for (name, (dtype, shape)) in tensors {
        let weights = shape.iter().product::<u64>() as usize;
        writer.tensor(
            name.as_str(),
            shape.as_slice(),
            *dtype,
            quantize(*dtype, &vec![0.5; weights]),
        );
    }
    writer.finish()
}

/// Finite, because a header with a NaN in it does not equal itself.
fn finite() -> impl Strategy<Value = f32> {
    -1e30f32..1e30
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<u8>().prop_map(Value::U8),
        any::<i8>().prop_map(Value::I8),
        any::<u16>().prop_map(Value::U16),
        any::<i16>().prop_map(Value::I16),
        any::<u32>().prop_map(Value::U32),
        any::<i32>().prop_map(Value::I32),
        any::<u64>().prop_map(Value::U64),
        any::<i64>().prop_map(Value::I64),
        finite().prop_map(Value::F32),
        finite().prop_map(|value| Value::F64(value.into())),
    ];
    prop_oneof![
        scalar,
        any::<bool>().prop_map(Value::Bool),
        any::<String>().prop_map(Value::String),
        array().prop_map(Value::Array),
    ]
}

fn array() -> impl Strategy<Value = Array> {
    let integers = prop_oneof![
        vec(any::<u8>(), 0..9).prop_map(Array::U8),
        vec(any::<i8>(), 0..9).prop_map(Array::I8),
        vec(any::<u16>(), 0..9).prop_map(Array::U16),
        vec(any::<i16>(), 0..9).prop_map(Array::I16),
        vec(any::<u32>(), 0..9).prop_map(Array::U32),
        vec(any::<i32>(), 0..9).prop_map(Array::I32),
        vec(any::<u64>(), 0..9).prop_map(Array::U64),
        vec(any::<i64>(), 0..9).prop_map(Array::I64),
    ];
    prop_oneof![
        integers,
        vec(finite(), 0..9).prop_map(Array::F32),
        vec(finite().prop_map(f64::from), 0..9).prop_map(Array::F64),
        vec(any::<bool>(), 0..9).prop_map(Array::Bool),
        vec(any::<String>(), 0..9).prop_map(Array::String),
    ]
}

fn metadata() -> impl Strategy<Value = BTreeMap<String, Value>> {
    btree_map("[a-z.]{1,12}", value(), 0..6)
}

fn tensors() -> impl Strategy<Value = Tensors> {
    let tensor = (select(DType::ALL.to_vec()), 1..3u64, vec(1..3u64, 0..4)).prop_map(
        |(dtype, blocks, rest)| {
            let mut shape = vec![blocks * dtype.block_len() as u64];
            shape.extend(rest);
            (dtype, shape)
        },
    );
    btree_map("[a-z0-9._]{1,12}", tensor, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read_back(
        version in 2..=3u32,
        metadata in metadata(),
        tensors in tensors(),
        alignment in proptest::option::of(0..9u32),
    ) {
        let mut metadata = metadata;
        if let Some(exponent) = alignment {
            metadata.insert("general.alignment".into(), Value::U32(1 << exponent));
        }
        let bytes = write(version, &metadata, &tensors);
        let header = parse(&bytes).expect("a good file").expect("the whole header");

        prop_assert_eq!(header.version, version);
        prop_assert_eq!(header.alignment, alignment.map_or(32u64, |exponent| 1u64 << exponent));
        prop_assert_eq!(&header.metadata, &metadata);
        prop_assert_eq!(header.tensors.len(), tensors.len());
        for (name, (dtype, shape)) in &tensors {
            let tensor = header.tensor(name).expect("the tensor");
            prop_assert_eq!(tensor.dtype, *dtype);
            prop_assert_eq!(&tensor.shape, shape);
            let expected = quantize(*dtype, &vec![0.5; tensor.weights() as usize]);
            let (begin, end) = (tensor.offset as usize, (tensor.offset + tensor.bytes) as usize);
            prop_assert_eq!(&bytes[begin..end], &expected[..]);
        }
        prop_assert!(header.tensors.is_sorted_by_key(|tensor| tensor.offset));
    }

    #[test]
    fn a_beginning_asks_for_more_until_the_header_is_whole(metadata in metadata(), tensors in tensors()) {
        let bytes = write(3, &metadata, &tensors);
        let whole = parse(&bytes).expect("a good file").expect("the whole header");
        let mut complete = false;
        for length in 0..=bytes.len().min(whole.data_offset as usize) {
            match parse_header(&bytes[..length], bytes.len() as u64) {
                Ok(None) => prop_assert!(!complete, "more bytes made a whole header incomplete at {}", length),
                Ok(Some(header)) => {
                    prop_assert_eq!(&header, &whole);
                    complete = true;
                }
                Err(error) => return Err(TestCaseError::fail(format!("{error} at {length} of a good file"))),
            }
        }
        prop_assert!(complete);
    }

    #[test]
    fn a_truncated_file_has_no_header(metadata in metadata(), tensors in tensors()) {
        let bytes = write(3, &metadata, &tensors);
        let whole = parse(&bytes).expect("a good file").expect("the whole header");
        // With no tensor the file ends where its header does; otherwise the last tensor ends it.
        let needed = whole.tensors.last().map_or(bytes.len() as u64, |last| last.offset + last.bytes);
        let header = 0..needed.min(whole.data_offset);
        let weights = (header.end..needed).step_by(97).chain([needed - 1]);
        for length in header.chain(weights).map(|length| length as usize) {
            prop_assert!(parse(&bytes[..length]).is_err(), "a header from {} of {} bytes", length, needed);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400), more in 0..1000u64) {
        let _ = parse_header(&bytes, bytes.len() as u64 + more);
        let _ = parse_header(&bytes, more);
        let _ = parse_header(&bytes, u64::MAX);
        let magic = [&b"GGUF\x03\0\0\0"[..], bytes.as_slice()].concat();
        let _ = parse_header(&magic, magic.len() as u64);
        let _ = parse_header(&magic, u64::MAX);
    }

    #[test]
    fn mutated_headers_never_panic(
        metadata in metadata(),
        tensors in tensors(),
        changes in vec((any::<Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = write(3, &metadata, &tensors);
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let total = bytes.len() as u64;
        // Nothing is missing, so the answer is a header or an error.
        prop_assert!(!matches!(parse(&bytes), Ok(None)));
        let _ = parse_header(&bytes, u64::MAX);
        if let Ok(Some(header)) = parse(&bytes) {
            for tensor in &header.tensors {
                prop_assert!(tensor.offset + tensor.bytes <= total);
            }
        }
    }
}
