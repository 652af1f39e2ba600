//! Safetensors files: what is written is read again, and each way of being broken has its own error.

use formats::safetensors::write::Writer;
use formats::safetensors::{Dtype, MAX_HEADER, Safetensors, SafetensorsError};
use proptest::prelude::*;

/// A file with this header and this many bytes behind it.
fn file(header: &str, data: usize) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &vec![0; data]].concat()
}

#[track_caller]
fn error(header: &str, data: usize) -> SafetensorsError {
    Safetensors::parse(&file(header, data)).expect_err("a broken file")
}

/// A header with one tensor.
fn one(dtype: &str, shape: &str, offsets: &str) -> String {
    format!(r#"{{"t":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
}

#[test]
fn what_is_written_is_read_again() {
    let mut writer = Writer::new();
    writer.metadata("format", "pt");
    writer.tensor("b", Dtype::F32, &[2, 3], &[0.0, -1.5, 2.0, 3.25, 1e-30, f32::MAX]);
    writer.tensor("a", Dtype::F16, &[3], &[0.5, -2.0, 65504.0]);
    writer.tensor("c", Dtype::Bf16, &[1, 1, 1], &[1.0]);
    writer.tensor("none", Dtype::F32, &[0, 7], &[]);
    writer.tensor("single", Dtype::F32, &[], &[9.0]);
    let bytes = writer.finish();
    let read = Safetensors::parse(&bytes).expect("a good file");
    assert_eq!(read.metadata["format"], "pt");
    assert_eq!(read.tensors.len(), 5);
    let tensor = &read.tensors["b"];
    assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, &[2, 3][..]));
    assert_eq!(tensor.to_f32(), [0.0, -1.5, 2.0, 3.25, 1e-30, f32::MAX]);
    assert_eq!(read.tensors["a"].to_f32(), [0.5, -2.0, 65504.0]);
    assert_eq!(read.tensors["c"].to_f32(), [1.0]);
    assert_eq!(read.tensors["none"].to_f32(), Vec::<f32>::new());
    assert_eq!(
        (read.tensors["single"].shape(), read.tensors["single"].to_f32()),
        (&[][..], vec![9.0])
    );
    let header = u64::from_le_bytes(*bytes.first_chunk().expect("a length"));
    assert!(header.is_multiple_of(8), "numbers begin at a multiple of eight");
}

#[test]
fn an_empty_file_has_no_tensors() {
    assert_eq!(Safetensors::parse(&file("{}", 0)), Ok(Safetensors::default()));
    let read = file("{}      ", 0);
    assert!(Safetensors::parse(&read).expect("spaces behind the header").tensors.is_empty());
}

#[test]
fn files_that_end_in_their_header() {
    for bytes in [0, 1, 7] {
        let error = Safetensors::parse(&vec![0; bytes]).expect_err("no length");
        assert_eq!(error, SafetensorsError::TooShort { bytes: bytes as u64 });
    }
    let whole = file(&one("F32", "[1]", "[0,4]"), 4);
    assert!(Safetensors::parse(&whole).is_ok());
    for length in 8..whole.len() {
        assert!(Safetensors::parse(&whole[..length]).is_err(), "{length} bytes");
    }
    let header = 100u64;
    let error = Safetensors::parse(&header.to_le_bytes()).expect_err("no header");
    assert_eq!(error, SafetensorsError::HeaderOutsideFile { header, bytes: 8 });
    for header in [MAX_HEADER + 1, u64::MAX] {
        let error = Safetensors::parse(&header.to_le_bytes()).expect_err("a long header");
        assert_eq!(error, SafetensorsError::HeaderTooLong { header });
    }
}

#[test]
fn headers_that_are_something_else() {
    for header in [
        "",
        "[]",
        "{",
        "{\"t\":1}",
        "{\"t\":{}}",
        &one("F32", "1", "[0,4]"),
        &one("F32", "[-1]", "[0,4]"),
        &one("F32", "[1.5]", "[0,4]"),
        &one("F32", "[1]", "[0]"),
        "{\"__metadata__\":{\"a\":1}}",
        &"[".repeat(100_000),
    ] {
        let error = error(header, 4);
        let shown = header.chars().take(40).collect::<String>();
        assert!(matches!(error, SafetensorsError::Header { .. }), "{shown}: {error}");
    }
}

#[test]
fn types_that_adapters_do_not_use() {
    for dtype in ["F64", "I64", "BOOL", "F8_E4M3", "f32", ""] {
        let tensor = "t".to_owned();
        let expected = SafetensorsError::UnsupportedType { tensor, dtype: dtype.to_owned() };
        assert_eq!(error(&one(dtype, "[1]", "[0,8]"), 8), expected);
    }
}

#[test]
fn impossible_shapes_and_places() {
    let tensor = || "t".to_owned();
    let shape = vec![1 << 40, 1 << 40];
    let json = one("F32", "[1099511627776,1099511627776]", "[0,4]");
    assert_eq!(error(&json, 4), SafetensorsError::ShapeOverflow { tensor: tensor(), shape });
    for (begin, end) in [(0, 3), (0, 5), (4, 0), (1, 4)] {
        let json = one("F32", "[1]", &format!("[{begin},{end}]"));
        let expected = SafetensorsError::SizeMismatch { tensor: tensor(), begin, end, needed: 4 };
        assert_eq!(error(&json, 8), expected);
    }
    let end = u64::MAX;
    let json = one("F32", "[1]", &format!("[{},{end}]", end - 4));
    let expected = SafetensorsError::OutsideFile { tensor: tensor(), end, data_bytes: 8 };
    assert_eq!(error(&json, 8), expected);
    assert_eq!(error(&one("F32", "[1]", "[0,4]"), 8), SafetensorsError::Gap { from: 4, to: 8 });
    assert_eq!(error(&one("F32", "[1]", "[4,8]"), 8), SafetensorsError::Gap { from: 0, to: 4 });
    assert_eq!(error("{}", 1), SafetensorsError::Gap { from: 0, to: 1 });
}

#[test]
fn tensors_in_one_place_or_of_one_name() {
    let entry = |name: &str, begin: u64| {
        let end = begin + 4;
        format!(r#""{name}":{{"dtype":"F32","shape":[1],"data_offsets":[{begin},{end}]}}"#)
    };
    let two = |a: String, b: String| format!("{{{a},{b}}}");
    let (first, second) = ("a".to_owned(), "b".to_owned());
    let expected = SafetensorsError::Overlap { first, second, begin: 2, end: 4 };
    assert_eq!(error(&two(entry("b", 2), entry("a", 0)), 6), expected);
    let twice = error(&two(entry("a", 0), entry("a", 4)), 8);
    assert_eq!(twice, SafetensorsError::Duplicate { tensor: "a".to_owned() });
    assert!(twice.to_string().contains("\"a\" occurs twice"), "{twice}");
}

proptest! {
    #[test]
    fn every_number_survives(numbers in proptest::collection::vec(any::<f32>(), 0..50)) {
        let mut writer = Writer::new();
        writer.tensor("t", Dtype::F32, &[numbers.len() as u64], &numbers);
        let bytes = writer.finish();
        let read = Safetensors::parse(&bytes).expect("a good file").tensors["t"].to_f32();
        let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&read), bits(&numbers));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Safetensors::parse(&bytes);
        let header = String::from_utf8_lossy(&bytes);
        let _ = Safetensors::parse(&file(&header, 8));
    }
}
