//! Dot products of a quantized matrix row with one vector, without writing the weights out.
//!
//! A block is `weight[i] = d * q[i] + m`, so its part of the sum is `d * sum(q x) + m * sum(x)`: the inner
//! loops multiply small integers, and `sum(x)` is shared by all rows. The inputs become 16-bit integers
//! with a scale per 32, which costs about as much precision as adding in another order does, and lets one
//! instruction multiply and add eight pairs. Sums of a block are exact.

use formats::DType;

/// Lanes of a block's integer sums.
const LANES: usize = 4;
type Sums = [i32; LANES];
/// Eight weights or inputs.
type Eight = [i16; 8];

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
        let mut input =
            Self { q: Vec::with_capacity(x.len()), scales: Vec::new(), sums: Vec::new() };
        for group in x.chunks_exact(32) {
            let largest = group.iter().fold(0.0f32, |m, x| m.max(x.abs()));
            let inverse = if largest > 0.0 { 32767.0 / largest } else { 0.0 };
            input.q.extend(group.iter().map(|x| (x * inverse).round() as i16));
            input.scales.push(largest / 32767.0);
            input.sums.push(group.iter().sum());
        }
        input
    }
}

/// Can [`dot`] take rows of this type?
pub(super) fn takes(dtype: DType) -> bool {
    !matches!(dtype, DType::F32 | DType::F16 | DType::BF16)
}

/// `row · x`; `row` holds the blocks of as many weights as there are inputs.
pub(super) fn dot(dtype: DType, row: &[u8], input: &Input) -> f32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "SIMD: the features were detected on the line above")]
        return unsafe { dot_avx2(dtype, row, input) };
    }
    dot_lanes(dtype, row, input)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn dot_avx2(dtype: DType, row: &[u8], input: &Input) -> f32 {
    dot_lanes(dtype, row, input)
}

// Everything below is inlined into its caller, so that it is compiled for the caller's features; closures
// would not be.
#[inline(always)]
fn dot_lanes(dtype: DType, row: &[u8], input: &Input) -> f32 {
    match dtype {
        DType::Q8_0 => row_of_32::<34, Q8_0>(row, input),
        DType::Q4_0 => row_of_32::<18, Q4_0>(row, input),
        DType::Q4_1 => row_of_32::<20, Q4_1>(row, input),
        DType::Q5_0 => row_of_32::<22, Q5_0>(row, input),
        DType::Q5_1 => row_of_32::<24, Q5_1>(row, input),
        DType::Q4K => row_of_k::<144, false>(row, input),
        DType::Q5K => row_of_k::<176, true>(row, input),
        DType::Q6K => row_of_6k(row, input),
        DType::F32 | DType::F16 | DType::BF16 => 0.0,
    }
}

/// A type with blocks of 32 weights and `BYTES` bytes.
trait Block<const BYTES: usize> {
    /// (d, m, sum(q x) in lanes)
    fn products(block: &[u8; BYTES], x: &[i16; 32]) -> (f32, f32, Sums);
}

#[inline(always)]
fn row_of_32<const BYTES: usize, B: Block<BYTES>>(row: &[u8], input: &Input) -> f32 {
    let (blocks, _) = row.as_chunks::<BYTES>();
    let (xs, _) = input.q.as_chunks::<32>();
    let mut total = [0.0; LANES];
    let mut minimum = 0.0;
    let n = blocks.len().min(xs.len()).min(input.sums.len()).min(input.scales.len());
    let mut i = 0;
    while i < n {
        let (d, m, sums) = B::products(&blocks[i], &xs[i]);
        add_scaled(&mut total, d * input.scales[i], &sums);
        minimum += m * input.sums[i];
        i += 1;
    }
    add_up(&total) + minimum
}

struct Q8_0;
impl Block<34> for Q8_0 {
    #[inline(always)]
    fn products(block: &[u8; 34], x: &[i16; 32]) -> (f32, f32, Sums) {
        let mut sums = [0; LANES];
        let (q, _) = block[2..].as_chunks::<8>();
        let (x, _) = x.as_chunks::<8>();
        let mut i = 0;
        while i < 4 {
            let mut w = [0; 8];
            let mut lane = 0;
            while lane < 8 {
                w[lane] = i16::from(q[i][lane] as i8);
                lane += 1;
            }
            multiply_add(&mut sums, &w, &x[i]);
            i += 1;
        }
        (half(block, 0), 0.0, sums)
    }
}

struct Q4_0;
impl Block<18> for Q4_0 {
    #[inline(always)]
    fn products(block: &[u8; 18], x: &[i16; 32]) -> (f32, f32, Sums) {
        let d = half(block, 0);
        (d, -8.0 * d, nibbles::<false>(block, [0; 4], x))
    }
}

struct Q4_1;
impl Block<20> for Q4_1 {
    #[inline(always)]
    fn products(block: &[u8; 20], x: &[i16; 32]) -> (f32, f32, Sums) {
        (half(block, 0), half(block, 2), nibbles::<false>(block, [0; 4], x))
    }
}

struct Q5_0;
impl Block<22> for Q5_0 {
    #[inline(always)]
    fn products(block: &[u8; 22], x: &[i16; 32]) -> (f32, f32, Sums) {
        let d = half(block, 0);
        (d, -16.0 * d, nibbles::<true>(block, [block[2], block[3], block[4], block[5]], x))
    }
}

struct Q5_1;
impl Block<24> for Q5_1 {
    #[inline(always)]
    fn products(block: &[u8; 24], x: &[i16; 32]) -> (f32, f32, Sums) {
        let fifth = [block[4], block[5], block[6], block[7]];
        (half(block, 0), half(block, 2), nibbles::<true>(block, fifth, x))
    }
}

/// The last sixteen bytes: low nibbles are weights 0 to 15, high nibbles 16 to 31. With `FIVE`, bit i of
/// `fifth` is bit 4 of weight i.
#[inline(always)]
fn nibbles<const FIVE: bool>(block: &[u8], fifth: [u8; 4], x: &[i16; 32]) -> Sums {
    let mut sums = [0; LANES];
    let Some(q) = block.last_chunk::<16>() else { return sums };
    let (x, _) = x.as_chunks::<8>();
    let (mut low, mut high) = ([0u8; 16], [0u8; 16]);
    let mut lane = 0;
    while lane < 16 {
        low[lane] = q[lane] & 15;
        high[lane] = q[lane] >> 4;
        lane += 1;
    }
    let ((low, _), (high, _)) = (low.as_chunks::<8>(), high.as_chunks::<8>());
    let mut i = 0;
    while i < 2 {
        let (mut low, mut high) = (widen(&low[i]), widen(&high[i]));
        if FIVE {
            or(&mut low, &SIXTEENS[fifth[i] as usize]);
            or(&mut high, &SIXTEENS[fifth[2 + i] as usize]);
        }
        multiply_add(&mut sums, &low, &x[i]);
        multiply_add(&mut sums, &high, &x[2 + i]);
        i += 1;
    }
    sums
}

#[inline(always)]
fn widen(bytes: &[u8; 8]) -> Eight {
    let mut out = [0; 8];
    let mut lane = 0;
    while lane < 8 {
        out[lane] = i16::from(bytes[lane]);
        lane += 1;
    }
    out
}

#[inline(always)]
fn or(a: &mut Eight, b: &Eight) {
    let mut lane = 0;
    while lane < 8 {
        a[lane] |= b[lane];
        lane += 1;
    }
}

/// `sums[i] += w[2i] * x[2i] + w[2i + 1] * x[2i + 1]`: one instruction and an addition.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
    use std::arch::wasm32::{i16x8, i32x4, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane};
    let vector = |v: &Eight| i16x8(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
    let before = i32x4(sums[0], sums[1], sums[2], sums[3]);
    let after = i32x4_add(before, i32x4_dot_i16x8(vector(w), vector(x)));
    *sums = [
        i32x4_extract_lane::<0>(after),
        i32x4_extract_lane::<1>(after),
        i32x4_extract_lane::<2>(after),
        i32x4_extract_lane::<3>(after),
    ];
}

/// `sums[i] += w[2i] * x[2i] + w[2i + 1] * x[2i + 1]`: one instruction and an addition.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
    use std::arch::x86_64::{__m128i, _mm_add_epi32, _mm_madd_epi16};
    let (w, x): (__m128i, __m128i) = (bytemuck::cast(*w), bytemuck::cast(*x));
    // SSE2 is part of x86-64.
    #[expect(unsafe_code, reason = "SIMD: intrinsics of the baseline instruction set")]
    let after = unsafe { _mm_add_epi32(bytemuck::cast(*sums), _mm_madd_epi16(w, x)) };
    *sums = bytemuck::cast(after);
}

/// `sums[i] += w[2i] * x[2i] + w[2i + 1] * x[2i + 1]`
#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
#[inline(always)]
fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
    let mut lane = 0;
    while lane < LANES {
        sums[lane] += i32::from(w[2 * lane]) * i32::from(x[2 * lane])
            + i32::from(w[2 * lane + 1]) * i32::from(x[2 * lane + 1]);
        lane += 1;
    }
}

/// 16 where a bit of the index is set: fifth bits of eight weights, lowest bit first.
static SIXTEENS: [Eight; 256] = {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut lane = 0;
        while lane < 8 {
            if byte >> lane & 1 == 1 {
                table[byte][lane] = 16;
            }
            lane += 1;
        }
        byte += 1;
    }
    table
};

/// Q4_K and Q5_K: blocks of 256 as eight groups of 32 with six-bit scales and minima. Two groups share 32
/// bytes: low nibbles belong to the first, high nibbles to the second.
#[inline(always)]
fn row_of_k<const BYTES: usize, const FIVE: bool>(row: &[u8], input: &Input) -> f32 {
    let (blocks, _) = row.as_chunks::<BYTES>();
    let (xs, _) = input.q.as_chunks::<256>();
    let mut total = [0.0; LANES];
    let mut minimum = 0.0;
    for (i, (block, x)) in blocks.iter().zip(xs).enumerate() {
        let (d, d_minimum) = (half(block, 0), half(block, 2));
        let (q, _) = block[BYTES - 128..].as_chunks::<16>();
        let (fifth, _) = block[16..48].as_chunks::<16>();
        let (x, _) = x.as_chunks::<16>();
        let mut pair = 0;
        while pair < 4 {
            let (mut low_sums, mut high_sums) = ([0; LANES], [0; LANES]);
            let mut part = 0;
            while part < 2 {
                let bytes = &q[2 * pair + part];
                let (mut low, mut high) = ([0u8; 16], [0u8; 16]);
                let mut lane = 0;
                while lane < 16 {
                    low[lane] = bytes[lane] & 15;
                    high[lane] = bytes[lane] >> 4;
                    if FIVE {
                        low[lane] |= (fifth[part][lane] >> (2 * pair) & 1) << 4;
                        high[lane] |= (fifth[part][lane] >> (2 * pair + 1) & 1) << 4;
                    }
                    lane += 1;
                }
                sixteen(&mut low_sums, &low, &x[4 * pair + part]);
                sixteen(&mut high_sums, &high, &x[4 * pair + 2 + part]);
                part += 1;
            }
            let mut half = 0;
            while half < 2 {
                let group = 2 * pair + half;
                let (scale, group_minimum) = six_bits(block, group);
                let sums = if half == 0 { &low_sums } else { &high_sums };
                let scales = input.scales[8 * i + group] * f32::from(scale);
                add_scaled(&mut total, d * scales, sums);
                minimum += d_minimum * f32::from(group_minimum) * input.sums[8 * i + group];
                half += 1;
            }
            pair += 1;
        }
    }
    add_up(&total) - minimum
}

/// `sums += codes * x`
#[inline(always)]
fn sixteen(sums: &mut Sums, codes: &[u8; 16], x: &[i16; 16]) {
    let ((codes, _), (x, _)) = (codes.as_chunks::<8>(), x.as_chunks::<8>());
    multiply_add(sums, &widen(&codes[0]), &x[0]);
    multiply_add(sums, &widen(&codes[1]), &x[1]);
}

/// Scale and minimum of a group (ggml's `get_scale_min_k4`); they begin at byte 4 of the block.
#[inline(always)]
fn six_bits(block: &[u8], group: usize) -> (u8, u8) {
    if group < 4 {
        return (block[4 + group] & 63, block[8 + group] & 63);
    }
    let low = block[8 + group];
    (low & 15 | (block[group] >> 6) << 4, low >> 4 | (block[4 + group] >> 6) << 4)
}

/// Q6_K: blocks of 256 with a signed scale per 16, and codes that are 32 too large. Half a block has its low
/// nibbles in 64 bytes and its high bits in 32: byte l of the latter serves weights l, l + 32, l + 64, l + 96.
#[inline(always)]
fn row_of_6k(row: &[u8], input: &Input) -> f32 {
    let (blocks, _) = row.as_chunks::<210>();
    let (xs, _) = input.q.as_chunks::<256>();
    let mut total = [0.0; LANES];
    for (i, (block, x)) in blocks.iter().zip(xs).enumerate() {
        let d = half(block, 208);
        let (lows, _) = block[..128].as_chunks::<16>();
        let (highs, _) = block[128..192].as_chunks::<16>();
        let (x, _) = x.as_chunks::<16>();
        let mut at = 0;
        while at < 4 {
            let (part, l) = (at / 2, at % 2);
            let (first, second) = (&lows[4 * part + l], &lows[4 * part + 2 + l]);
            let high = &highs[2 * part + l];
            let mut codes = [[0u8; 16]; 4];
            let mut lane = 0;
            while lane < 16 {
                codes[0][lane] = first[lane] & 15 | (high[lane] & 3) << 4;
                codes[1][lane] = second[lane] & 15 | (high[lane] & 12) << 2;
                codes[2][lane] = first[lane] >> 4 | high[lane] & 48;
                codes[3][lane] = second[lane] >> 4 | (high[lane] & 192) >> 2;
                lane += 1;
            }
            let mut quarter = 0;
            while quarter < 4 {
                let group = 8 * part + 2 * quarter + l;
                let mut sums = [0; LANES];
                let ((codes, _), (x, _)) =
                    (codes[quarter].as_chunks::<8>(), x[group].as_chunks::<8>());
                multiply_add(&mut sums, &minus_32(widen(&codes[0])), &x[0]);
                multiply_add(&mut sums, &minus_32(widen(&codes[1])), &x[1]);
                let scale = d * f32::from(block[192 + group] as i8);
                add_scaled(&mut total, scale * input.scales[8 * i + group / 2], &sums);
                quarter += 1;
            }
            at += 1;
        }
    }
    add_up(&total)
}

#[inline(always)]
fn minus_32(mut codes: Eight) -> Eight {
    let mut lane = 0;
    while lane < 8 {
        codes[lane] -= 32;
        lane += 1;
    }
    codes
}

#[inline(always)]
fn add_scaled(total: &mut [f32; LANES], scale: f32, sums: &Sums) {
    let mut lane = 0;
    while lane < LANES {
        total[lane] += scale * sums[lane] as f32;
        lane += 1;
    }
}

#[inline(always)]
fn add_up(sums: &[f32; LANES]) -> f32 {
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// A finite half-precision number at a byte offset, exactly: its bits as those of a single-precision number
/// with an exponent that is 112 too small.
#[inline(always)]
fn half(block: &[u8], at: usize) -> f32 {
    let bits = u32::from(u16::from_le_bytes([block[at], block[at + 1]]));
    let magnitude = f32::from_bits((bits & 0x7fff) << 13) * TWO_TO_112;
    f32::from_bits(magnitude.to_bits() | (bits & 0x8000) << 16)
}

const TWO_TO_112: f32 = f32::from_bits((127 + 112) << 23);

#[cfg(test)]
mod tests {
    use super::{Input, dot, half, takes};
    use formats::{DType, quant};
    use proptest::prelude::*;

    #[test]
    fn finite_halves_are_exact() {
        for bits in (0..=u16::MAX).filter(|bits| bits >> 10 & 31 != 31) {
            let expected = half::f16::from_bits(bits).to_f32();
            assert_eq!(half(&bits.to_le_bytes(), 0).to_bits(), expected.to_bits(), "{bits:04x}");
        }
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
                let found = dot(dtype, &bytes, &Input::new(&x));
                // Half a step of the largest input for every weight, and the order of the additions.
                let step = x.iter().fold(0.0f32, |m, x| m.max(x.abs())) / 32767.0;
                let bound = read.iter().map(|w| w.abs()).sum::<f32>() * step * 0.5 + 1e-4;
                prop_assert!((f64::from(found) - exact).abs() < f64::from(bound), "{:?}: {} {}", dtype, found, exact);
            }
        }
    }
}
