//! Each way in which a GGUF file can be wrong has its own error, and the error is final: it appears as soon as the bytes
//! that prove it are here.

use formats::DType;
use formats::gguf::write::Writer;
use formats::gguf::{Array, GgufError, Header, Value, parse_header};

/// A file written number by number, so that every number can be wrong.
#[derive(Clone, Default)]
struct Raw(Vec<u8>);

impl Raw {
    fn head(version: u32, tensors: u64, keys: u64) -> Raw {
        Raw(b"GGUF".to_vec()).u32(version).u64(tensors).u64(keys)
    }

    fn u32(mut self, value: u32) -> Raw {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Raw {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn text(mut self, text: &[u8]) -> Raw {
        self = self.u64(text.len() as u64);
        self.0.extend(text);
        self
    }

    fn tensor(mut self, name: &str, shape: &[u64], type_number: u32, offset: u64) -> Raw {
        self = self.text(name.as_bytes()).u32(shape.len() as u32);
        for &length in shape {
            self = self.u64(length);
        }
        self.u32(type_number).u64(offset)
    }

    /// Pads to the alignment and appends this many bytes of weights.
    fn data(mut self, bytes: usize) -> Raw {
        self.0.resize(self.0.len().next_multiple_of(32) + bytes, 0);
        self
    }

    fn parse(&self) -> Result<Option<Header>, GgufError> {
        parse_header(&self.0, self.0.len() as u64)
    }

    #[track_caller]
    fn error(&self) -> GgufError {
        self.parse().expect_err("a malformed file")
    }
}

/// One tensor of 32 F32 weights (128 bytes) with these differences from a good one.
fn one_tensor(shape: &[u64], type_number: u32, offset: u64) -> GgufError {
    Raw::head(3, 1, 0).tensor("t", shape, type_number, offset).data(128).error()
}

#[test]
fn the_raw_file_is_good_before_it_is_broken() {
    for version in [2, 3] {
        let raw =
            Raw::head(version, 1, 1).text(b"key").u32(4).u32(7).tensor("t", &[32], 0, 0).data(128);
        let header = raw.parse().expect("a good file").expect("the whole header");
        assert_eq!(header.version, version);
        assert_eq!(header.metadata["key"], Value::U32(7));
        assert_eq!(header.tensors[0].offset, header.data_offset);
        assert_eq!(header.tensors[0].bytes, 128);
    }
}

#[test]
fn another_magic() {
    assert_eq!(Raw(b"GGML....".to_vec()).error(), GgufError::BadMagic { found: b"GGML".to_vec() });
    // The first wrong byte is enough.
    assert_eq!(parse_header(b"<", 1000), Err(GgufError::BadMagic { found: b"<".to_vec() }));
    assert_eq!(parse_header(b"GG", 1000), Ok(None));
}

#[test]
fn another_version_or_byte_order() {
    for version in [0, 1, 4, 99] {
        assert_eq!(Raw::head(version, 0, 0).error(), GgufError::UnsupportedVersion { version });
    }
    let version = 3u32.swap_bytes();
    assert_eq!(Raw::head(version, 0, 0).error(), GgufError::BigEndian { version });
}

#[test]
fn a_file_that_ends_in_its_header() {
    assert!(matches!(
        Raw(b"GGUF\x03\0".to_vec()).error(),
        GgufError::Truncated { what: "the version", .. }
    ));
    assert!(matches!(
        Raw(Vec::new()).error(),
        GgufError::Truncated { offset: 0, file_bytes: 0, .. }
    ));
    let whole = Raw::head(3, 1, 1).text(b"key").u32(10).u64(7).tensor("t", &[32], 0, 0);
    for length in 0..whole.0.len() {
        let error = Raw(whole.0[..length].to_vec()).error();
        assert!(
            matches!(error, GgufError::Truncated { .. } | GgufError::CountTooLarge { .. }),
            "{length}: {error}"
        );
    }
}

#[test]
fn counts_that_the_file_has_no_room_for() {
    for count in [1000, 1 << 60, u64::MAX] {
        for raw in [
            Raw::head(3, count, 0).data(0),
            Raw::head(3, 0, count).data(0),
            Raw::head(3, 0, 1).u64(count).data(8),
            Raw::head(3, 0, 1).text(b"key").u32(8).u64(count),
            Raw::head(3, 0, 1).text(b"key").u32(9).u32(8).u64(count),
            Raw::head(3, 0, 1).text(b"key").u32(9).u32(10).u64(count),
            Raw::head(3, 1, 0).u64(count).data(32),
        ] {
            let error = raw.error();
            assert!(
                matches!(error, GgufError::CountTooLarge { count: found, .. } if found == count),
                "{error}"
            );
        }
    }
}

#[test]
fn text_that_is_not_utf8() {
    let key = Raw::head(3, 0, 1).text(b"k\xff").u32(4).u32(7);
    assert!(matches!(key.error(), GgufError::NotUtf8 { what: "a metadata key", .. }));
    let value = Raw::head(3, 0, 1).text(b"key").u32(8).text(b"\xc3");
    assert!(matches!(value.error(), GgufError::NotUtf8 { what: "a string", .. }));
    let item = Raw::head(3, 0, 1).text(b"key").u32(9).u32(8).u64(1).text(b"\x80");
    assert!(matches!(item.error(), GgufError::NotUtf8 { what: "a string of an array", .. }));
    let mut name = Raw::head(3, 1, 0).tensor("tensor", &[32], 0, 0).data(128);
    let at = name.0.windows(6).position(|window| window == b"tensor").expect("the name");
    name.0[at] = 0xff;
    assert!(matches!(name.error(), GgufError::NotUtf8 { what: "a tensor name", .. }));
}

#[test]
fn names_that_occur_twice() {
    let keys = Raw::head(3, 0, 2).text(b"key").u32(4).u32(7).text(b"key").u32(7);
    let keys = Raw([keys.0, vec![1]].concat());
    assert_eq!(keys.error(), GgufError::DuplicateKey { key: "key".into() });
    let tensors = Raw::head(3, 2, 0).tensor("t", &[8], 0, 0).tensor("t", &[8], 0, 32).data(64);
    assert_eq!(tensors.error(), GgufError::DuplicateTensor { tensor: "t".into() });
}

#[test]
fn values_of_unknown_types_and_nested_arrays() {
    let key = String::from("key");
    let scalar = Raw::head(3, 0, 1).text(b"key").u32(13).u64(0);
    assert_eq!(scalar.error(), GgufError::UnknownValueType { key: key.clone(), value_type: 13 });
    let array = Raw::head(3, 0, 1).text(b"key").u32(9).u32(77).u64(0);
    assert_eq!(array.error(), GgufError::UnknownValueType { key: key.clone(), value_type: 77 });
    let nested = Raw::head(3, 0, 1).text(b"key").u32(9).u32(9).u64(1).u32(4).u64(0);
    assert_eq!(nested.error(), GgufError::NestedArray { key });
}

#[test]
fn impossible_shapes() {
    let tensor = || String::from("t");
    assert_eq!(one_tensor(&[], 0, 0), GgufError::DimensionCount { tensor: tensor(), count: 0 });
    assert_eq!(
        one_tensor(&[2, 2, 2, 2, 2], 0, 0),
        GgufError::DimensionCount { tensor: tensor(), count: 5 }
    );
    assert_eq!(one_tensor(&[0], 0, 0), GgufError::ZeroDimension { tensor: tensor(), axis: 0 });
    assert_eq!(one_tensor(&[32, 0], 2, 0), GgufError::ZeroDimension { tensor: tensor(), axis: 1 });
    let shape = vec![1 << 32, 1 << 32];
    assert_eq!(one_tensor(&shape, 0, 0), GgufError::ShapeOverflow { tensor: tensor(), shape });
    let shape = vec![1 << 62];
    assert_eq!(one_tensor(&shape, 0, 0), GgufError::ShapeOverflow { tensor: tensor(), shape });
    let dtype = DType::Q4_0;
    assert_eq!(
        one_tensor(&[16, 2], 2, 0),
        GgufError::RowLength { tensor: tensor(), row: 16, dtype }
    );
    let dtype = DType::Q6K;
    assert_eq!(one_tensor(&[32], 14, 0), GgufError::RowLength { tensor: tensor(), row: 32, dtype });
}

#[test]
fn unsupported_types_are_named() {
    for (number, name) in
        [(17, "IQ2_XS"), (10, "Q2_K"), (4, "Q4_2"), (39, "MXFP4"), (1000, "unknown")]
    {
        let error = one_tensor(&[256], number, 0);
        assert_eq!(error, GgufError::UnsupportedType { tensor: "t".into(), number, name });
        assert!(error.to_string().contains("\"t\"") && error.to_string().contains(name), "{error}");
    }
}

#[test]
fn tensors_in_impossible_places() {
    assert!(matches!(
        one_tensor(&[32], 0, 4),
        GgufError::Unaligned { offset: 4, alignment: 32, .. }
    ));
    assert!(matches!(one_tensor(&[33], 0, 0), GgufError::OutsideFile { bytes: 132, .. }));
    assert!(matches!(
        one_tensor(&[32], 0, 32),
        GgufError::OutsideFile { offset: 32, bytes: 128, .. }
    ));
    assert!(matches!(one_tensor(&[32], 0, u64::MAX - 31), GgufError::OutsideFile { .. }));
    let overlap =
        Raw::head(3, 2, 0).tensor("late", &[8], 0, 32).tensor("early", &[9], 0, 0).data(64);
    let GgufError::Overlap { first, second, end, begin } = overlap.error() else {
        panic!("{}", overlap.error())
    };
    assert_eq!((first.as_str(), second.as_str(), end - begin), ("early", "late", 4));
    let same = Raw::head(3, 2, 0).tensor("a", &[8], 0, 0).tensor("b", &[8], 0, 0).data(64);
    assert!(matches!(same.error(), GgufError::Overlap { .. }));
}

#[test]
fn alignments() {
    let with = |value: Value| {
        let mut writer = Writer::new();
        writer.metadata("general.alignment", value);
        writer.tensor("t", [8u64], DType::F32, [0u8; 32]).tensor(
            "u",
            [8u64],
            DType::F32,
            [0u8; 32],
        );
        let bytes = writer.finish();
        parse_header(&bytes, bytes.len() as u64)
    };
    for alignment in [1, 8, 64, 4096] {
        let header = with(Value::U32(alignment)).expect("a good file").expect("the whole header");
        assert_eq!(header.alignment, u64::from(alignment));
        assert!(header.data_offset.is_multiple_of(header.alignment));
    }
    for value in [Value::U32(0), Value::U32(48), Value::I32(-32)] {
        let alignment = value.integer().expect("an integer");
        assert_eq!(with(value), Err(GgufError::BadAlignment { alignment }));
    }
    assert!(matches!(with(Value::U64(1 << 63)), Err(GgufError::OutsideFile { .. })));
    assert!(matches!(with(Value::F32(32.0)), Err(GgufError::WrongType { .. })));
}

#[test]
fn values_are_read_only_as_what_they_are() {
    let mut writer = Writer::new();
    writer
        .metadata("small", Value::I8(-1))
        .metadata("large", Value::U64(1 << 40))
        .metadata("seven", Value::U16(7));
    writer.metadata("text", "hello").metadata("half", 0.5f32).metadata("yes", true);
    writer.metadata("ids", vec![1i32, -2, 3]).metadata("words", vec![String::from("a")]);
    writer
        .metadata("bytes", Array::U8(vec![1, 2]))
        .metadata("scores", vec![0.5f32])
        .metadata("flags", vec![true]);
    let bytes = writer.finish();
    let header =
        parse_header(&bytes, bytes.len() as u64).expect("a good file").expect("the whole header");

    assert_eq!(header.u32("seven"), Ok(7));
    assert_eq!(header.u32_opt("none"), Ok(None));
    assert_eq!(header.u32_or("none", 5), Ok(5));
    assert_eq!(header.f32("half"), Ok(0.5));
    assert_eq!(header.f32_or("none", 2.0), Ok(2.0));
    assert_eq!(header.bool("yes"), Ok(true));
    assert_eq!(header.bool_or("none", true), Ok(true));
    assert_eq!(header.str("text"), Ok("hello"));
    assert_eq!(header.str_opt("none"), Ok(None));
    assert_eq!(header.strings("words"), Ok(&[String::from("a")][..]));
    assert_eq!(header.i32s_opt("ids"), Ok(Some(vec![1, -2, 3])));
    assert_eq!(header.u32s_opt("bytes"), Ok(Some(vec![1, 2])));
    assert_eq!(header.f32s_opt("scores"), Ok(Some(&[0.5][..])));
    assert_eq!(header.bools_opt("flags"), Ok(Some(&[true][..])));

    assert_eq!(header.u32("none"), Err(GgufError::MissingKey { key: "none".into() }));
    assert!(matches!(header.u32("small"), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.u32("large"), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.u32_or("text", 1), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.f32("seven"), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.str("seven"), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.strings("ids"), Err(GgufError::WrongType { .. })));
    assert!(matches!(header.u32s_opt("ids"), Err(GgufError::WrongType { .. })));
    let message = header.u32("large").expect_err("too large").to_string();
    assert!(message.contains("large") && message.contains("1099511627776"), "{message}");
}
