//! Dot products of a quantized matrix row with a few vectors, without writing the weights out.
//!
//! A block is `weight[i] = d * q[i] + m`, so its part of the sum is `d * sum(q x) + m * sum(x)`: the inner
//! loops multiply small integers, and `sum(x)` is shared by all rows. The inputs become 16-bit integers
//! with a scale per 32, which costs about as much precision as adding in another order does, and lets one
//! instruction multiply and add eight pairs. Sums of a block are exact, and a vector's result does not
//! depend on which others are multiplied beside it.

mod lanes;
mod large;
mod small;

use formats::DType;
use large::{row_of_6k, row_of_k};
use small::{Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, row_of_32};

/// An input vector as integers: `x[i]` is about `scale[i / 32] * q[i]`.
#[derive(Debug)]
pub(super) struct Input {
    q: Vec<i16>,
    /// Of every 32 inputs.
    scales: Vec<f32>,
    /// Sum of every 32 inputs.
    sums: Vec<f32>,
}

impl Input {
    /// `x` holds a multiple of 32 inputs.
    pub(super) fn new(x: &[f32]) -> Self {
        let groups = x.len() / 32;
        let mut input = Self {
            q: vec![0; groups * 32],
            scales: Vec::with_capacity(groups),
            sums: Vec::with_capacity(groups),
        };
        let (to, _) = input.q.as_chunks_mut::<32>();
        for (group, q) in x.as_chunks::<32>().0.iter().zip(to) {
            let largest = group.iter().fold(0.0f32, |m, x| if x.abs() > m { x.abs() } else { m });
            let inverse = if largest > 0.0 { 32767.0 / largest } else { 0.0 };
            for (q, x) in q.iter_mut().zip(group) {
                // Adding 1.5 * 2^23 rounds to an integer, to even at a tie, and leaves it in the low bits:
                // two vector instructions where `round` is a call.
                *q = (x * inverse + ROUNDER).to_bits() as i16;
            }
            input.scales.push(largest / 32767.0);
            input.sums.push(group.iter().sum());
        }
        input
    }
}

const ROUNDER: f32 = 12_582_912.0;

/// Can [`dots`] take rows of this type?
pub(super) fn takes(dtype: DType) -> bool {
    !matches!(dtype, DType::F32 | DType::F16 | DType::BF16)
}

/// `row · x` for each of `N` inputs; `row` holds the blocks of as many weights as each has numbers.
pub(super) fn dots<const N: usize>(dtype: DType, row: &[u8], inputs: [&Input; N]) -> [f32; N] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "SIMD: the features were detected on the line above")]
        return unsafe { dots_avx2(dtype, row, inputs) };
    }
    dots_lanes(dtype, row, inputs)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn dots_avx2<const N: usize>(dtype: DType, row: &[u8], inputs: [&Input; N]) -> [f32; N] {
    dots_lanes(dtype, row, inputs)
}

#[inline(always)]
fn dots_lanes<const N: usize>(dtype: DType, row: &[u8], inputs: [&Input; N]) -> [f32; N] {
    match dtype {
        DType::Q8_0 => row_of_32::<34, Q8_0, N>(row, inputs),
        DType::Q4_0 => row_of_32::<18, Q4_0, N>(row, inputs),
        DType::Q4_1 => row_of_32::<20, Q4_1, N>(row, inputs),
        DType::Q5_0 => row_of_32::<22, Q5_0, N>(row, inputs),
        DType::Q5_1 => row_of_32::<24, Q5_1, N>(row, inputs),
        DType::Q4K => row_of_k::<144, false, N>(row, inputs),
        DType::Q5K => row_of_k::<176, true, N>(row, inputs),
        DType::Q6K => row_of_6k(row, inputs),
        DType::F32 | DType::F16 | DType::BF16 => [0.0; N],
    }
}

#[cfg(test)]
mod tests {
    use super::{Input, dots, takes};
    use formats::{DType, quant};
    use proptest::prelude::*;

    #[test]
    fn inputs_are_rounded_to_the_nearest_step() {
        let x: Vec<f32> = (0..32).map(|i| (i as f32 - 15.5) / 3.0).collect();
        let input = Input::new(&x);
        for (x, q) in x.iter().zip(&input.q) {
            assert!((x / input.scales[0] - f32::from(*q)).abs() <= 0.5 + 1e-3, "{x} as {q}");
        }
        assert_eq!(Input::new(&[0.0; 32]).q, [0; 32]);
        assert_eq!(Input::new(&[-1.0; 32]).q, [-32767; 32]);
    }

    proptest! {
        #[test]
        fn agrees_with_dequantized_weights(
            weights in prop::collection::vec(-1f32..1.0, 512),
            x in prop::collection::vec(-1f32..1.0, 512),
        ) {
            for dtype in DType::ALL.into_iter().filter(|dtype| takes(*dtype)) {
                let bytes = quant::quantize(dtype, &weights);
                let mut read = vec![0.0; 512];
                quant::dequantize(dtype, &bytes, &mut read).expect("whole blocks");
                let exact: f64 = read.iter().zip(&x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
                let [found] = dots(dtype, &bytes, [&Input::new(&x)]);
                // Half a step of the largest input for every weight, and the order of the additions.
                let step = x.iter().fold(0.0f32, |m, x| m.max(x.abs())) / 32767.0;
                let bound = read.iter().map(|w| w.abs()).sum::<f32>() * step * 0.5 + 1e-4;
                prop_assert!((f64::from(found) - exact).abs() < f64::from(bound), "{:?}: {} {}", dtype, found, exact);
                let other = Input::new(&weights);
                let beside = dots(dtype, &bytes, [&other, &Input::new(&x), &other, &other]);
                prop_assert_eq!(beside[1].to_bits(), found.to_bits());
                prop_assert_eq!(beside[0], beside[3]);
            }
        }
    }
}
