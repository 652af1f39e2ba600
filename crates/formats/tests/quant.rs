//! Block layouts against the Python package `gguf` (fixtures/make_quant.py), and properties that hold for any block.

use formats::DType;
use formats::quant::{QuantError, Unpacked16, dequantize, quantize, unpack_groups};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixtures {
    dequantize: Vec<Case>,
    quantize: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    r#type: String,
    bytes: String,
    weights: String,
}

impl Case {
    fn dtype(&self) -> DType {
        DType::ALL.into_iter().find(|dtype| dtype.name() == self.r#type).expect("a known type")
    }

    fn bytes(&self) -> Vec<u8> {
        hexadecimal(&self.bytes)
    }

    fn weights(&self) -> Vec<f32> {
        hexadecimal(&self.weights)
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect()
    }
}

fn fixtures() -> Fixtures {
    serde_json::from_str(include_str!("fixtures/quant.json")).expect("fixtures")
}

fn hexadecimal(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().as_chunks::<2>().0.iter();
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("digits"))
        .collect()
}

fn read(dtype: DType, bytes: &[u8]) -> Vec<f32> {
    let mut out = vec![0.0; bytes.len() / dtype.block_bytes() * dtype.block_len()];
    dequantize(dtype, bytes, &mut out).expect("whole blocks");
    out
}

fn bits(weights: &[f32]) -> Vec<u32> {
    weights.iter().map(|weight| weight.to_bits()).collect()
}

#[test]
fn dequantized_values_equal_the_reference_bit_for_bit() {
    let cases = fixtures().dequantize;
    assert_eq!(cases.len(), DType::ALL.len());
    for case in cases {
        let (dtype, mut bytes) = (case.dtype(), case.bytes());
        assert_eq!(bits(&read(dtype, &bytes)), bits(&case.weights()), "{dtype}");

        // The comparison can fail: one bit of the last number makes it.
        let at = if dtype == DType::Q6K { bytes.len() - 1 - 18 } else { bytes.len() - 1 };
        bytes[at] ^= 0x10;
        assert_ne!(bits(&read(dtype, &bytes)), bits(&case.weights()), "{dtype}");
    }
}

#[test]
fn quantized_bytes_equal_the_reference() {
    for case in fixtures().quantize {
        let dtype = case.dtype();
        assert_eq!(quantize(dtype, &case.weights()), case.bytes(), "{dtype}");
    }
}

#[test]
fn quantization_errors_are_as_small_as_the_type_allows() {
    let limits = [
        (DType::F32, 0.0),
        (DType::F16, 5e-4),
        (DType::BF16, 4e-3),
        (DType::Q8_0, 0.006),
        (DType::Q4_0, 0.1),
        (DType::Q4_1, 0.1),
        (DType::Q5_0, 0.05),
        (DType::Q5_1, 0.05),
        (DType::Q4K, 0.1),
        (DType::Q5K, 0.05),
        (DType::Q6K, 0.03),
    ];
    // A low-discrepancy sequence over -1..1, times a magnitude that differs between blocks.
    let weights: Vec<f32> = (0..4096u32)
        .map(|i| (i as f32 * 0.618_034).fract() * 2.0 - 1.0)
        .enumerate()
        .map(|(i, weight)| weight * (1.0 + (i / 256) as f32))
        .collect();
    for (dtype, limit) in limits {
        let restored = read(dtype, &quantize(dtype, &weights));
        let error: f32 = restored.iter().zip(&weights).map(|(a, b)| (a - b).powi(2)).sum();
        let size: f32 = weights.iter().map(|weight| weight.powi(2)).sum();
        let relative = (error / size).sqrt();
        assert!(relative <= limit, "{dtype}: relative error {relative}, limit {limit}");
    }
}

#[test]
fn negative_and_constant_groups_survive_quantization() {
    for dtype in DType::ALL {
        for value in [0.0, 0.5, -0.5] {
            let restored = read(dtype, &quantize(dtype, &[value; 256]));
            assert!(
                restored.iter().all(|weight| (weight - value).abs() <= 0.01),
                "{dtype} {value}: {restored:?}"
            );
        }
    }
}

#[test]
fn a_partial_last_block_is_filled_with_zeros() {
    for dtype in DType::ALL {
        let weights = vec![0.5; dtype.block_len() + 1];
        let bytes = quantize(dtype, &weights);
        assert_eq!(bytes.len(), 2 * dtype.block_bytes(), "{dtype}");
        let restored = read(dtype, &bytes);
        assert!(
            restored[dtype.block_len() + 1..].iter().all(|&weight| weight.abs() < 1e-3),
            "{dtype}"
        );
    }
}

#[test]
fn lengths_must_match() {
    for dtype in DType::ALL {
        let bytes = vec![0; dtype.block_bytes()];
        for weights in [0, dtype.block_len() - 1, dtype.block_len() + 1, 2 * dtype.block_len()] {
            let error =
                dequantize(dtype, &bytes, &mut vec![0.0; weights]).expect_err("lengths differ");
            assert_eq!(error, QuantError::Length { dtype, bytes: bytes.len(), weights });
        }
        let short = &bytes[1..];
        assert!(dequantize(dtype, short, &mut vec![0.0; dtype.block_len()]).is_err(), "{dtype}");
        let error = unpack_groups(dtype, short, &mut Vec::new()).expect_err("no whole block");
        assert_eq!(error, QuantError::PartialBlock { dtype, bytes: short.len() });
        if !dtype.is_quantised() {
            let error = unpack_groups(dtype, &bytes, &mut Vec::new()).expect_err("not quantised");
            assert_eq!(error, QuantError::NotQuantised { dtype });
        }
    }
}

/// The same number, where 0 and -0 are one number and NaN equals NaN.
fn same(a: f32, b: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

fn expand(groups: &[Unpacked16]) -> Vec<f32> {
    groups
        .iter()
        .flat_map(|group| group.q.map(|q| group.scale * f32::from(q) + group.min))
        .collect()
}

fn quantised() -> impl Strategy<Value = (DType, Vec<u8>)> {
    let types: Vec<_> = DType::ALL.into_iter().filter(|dtype| dtype.is_quantised()).collect();
    (proptest::sample::select(types), 1..4usize).prop_flat_map(|(dtype, blocks)| {
        (Just(dtype), proptest::collection::vec(any::<u8>(), blocks * dtype.block_bytes()))
    })
}

proptest! {
    #[test]
    fn unpacked_groups_are_the_dequantized_values((dtype, bytes) in quantised()) {
        let weights = read(dtype, &bytes);
        let mut groups = Vec::new();
        unpack_groups(dtype, &bytes, &mut groups).expect("whole blocks");
        let expanded = expand(&groups);
        prop_assert_eq!(expanded.len(), weights.len());
        for (index, (&a, &b)) in expanded.iter().zip(&weights).enumerate() {
            prop_assert!(same(a, b), "{} weight {}: {} unpacked, {} dequantized", dtype, index, a, b);
        }
    }

    #[test]
    fn unpacked_groups_are_appended((dtype, bytes) in quantised()) {
        let mut groups = Vec::new();
        unpack_groups(dtype, &bytes, &mut groups).expect("whole blocks");
        let once = groups.len();
        unpack_groups(dtype, &bytes, &mut groups).expect("whole blocks");
        prop_assert_eq!(groups.len(), 2 * once);
        prop_assert_eq!(once * 16, bytes.len() / dtype.block_bytes() * dtype.block_len());
    }

    #[test]
    fn any_weights_can_be_quantized(weights in proptest::collection::vec(any::<f32>(), 0..600)) {
        for dtype in DType::ALL {
            let bytes = quantize(dtype, &weights);
            prop_assert_eq!(bytes.len(), weights.len().div_ceil(dtype.block_len()) * dtype.block_bytes());
            read(dtype, &bytes);
        }
    }
}
