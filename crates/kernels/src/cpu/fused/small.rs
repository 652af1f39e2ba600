//! Types with blocks of 32 weights.

use super::Input;
use super::lanes::{
    Eight, LANES, SIXTEENS, add_scaled, add_up, half, multiply_add, or, widen, widen_signed,
};

/// A type with blocks of 32 weights and `BYTES` bytes.
pub(super) trait Block<const BYTES: usize> {
    /// (d, m, q): `weight[i] = d * q[i] + m`
    fn codes(block: &[u8; BYTES]) -> (f32, f32, [Eight; 4]);
}

/// `row · x` for each of `N` inputs.
#[inline(always)]
pub(super) fn row_of_32<const BYTES: usize, B: Block<BYTES>, const N: usize>(
    row: &[u8],
    inputs: [&Input; N],
) -> [f32; N] {
    let (blocks, _) = row.as_chunks::<BYTES>();
    let mut totals = [[0.0; LANES]; N];
    let mut minima = [0.0; N];
    let mut xs = [&[][..]; N];
    let mut n = blocks.len();
    let mut k = 0;
    while k < N {
        xs[k] = inputs[k].q.as_chunks::<8>().0;
        n = n.min(xs[k].len() / 4).min(inputs[k].sums.len()).min(inputs[k].scales.len());
        k += 1;
    }
    let mut i = 0;
    while i < n {
        let (d, m, q) = B::codes(&blocks[i]);
        let mut k = 0;
        while k < N {
            let mut sums = [0; LANES];
            let x = &xs[k][4 * i..4 * i + 4];
            multiply_add(&mut sums, &q[0], &x[0]);
            multiply_add(&mut sums, &q[1], &x[1]);
            multiply_add(&mut sums, &q[2], &x[2]);
            multiply_add(&mut sums, &q[3], &x[3]);
            add_scaled(&mut totals[k], d * inputs[k].scales[i], &sums);
            minima[k] += m * inputs[k].sums[i];
            k += 1;
        }
        i += 1;
    }
    let mut out = [0.0; N];
    let mut k = 0;
    while k < N {
        out[k] = add_up(&totals[k]) + minima[k];
        k += 1;
    }
    out
}

pub(super) struct Q8_0;
impl Block<34> for Q8_0 {
    #[inline(always)]
    fn codes(block: &[u8; 34]) -> (f32, f32, [Eight; 4]) {
        let (q, _) = block[2..].as_chunks::<8>();
        let q =
            [widen_signed(&q[0]), widen_signed(&q[1]), widen_signed(&q[2]), widen_signed(&q[3])];
        (half(block, 0), 0.0, q)
    }
}

pub(super) struct Q4_0;
impl Block<18> for Q4_0 {
    #[inline(always)]
    fn codes(block: &[u8; 18]) -> (f32, f32, [Eight; 4]) {
        let d = half(block, 0);
        (d, -8.0 * d, nibbles::<false>(block, [0; 4]))
    }
}

pub(super) struct Q4_1;
impl Block<20> for Q4_1 {
    #[inline(always)]
    fn codes(block: &[u8; 20]) -> (f32, f32, [Eight; 4]) {
        (half(block, 0), half(block, 2), nibbles::<false>(block, [0; 4]))
    }
}

pub(super) struct Q5_0;
impl Block<22> for Q5_0 {
    #[inline(always)]
    fn codes(block: &[u8; 22]) -> (f32, f32, [Eight; 4]) {
        let d = half(block, 0);
        (d, -16.0 * d, nibbles::<true>(block, [block[2], block[3], block[4], block[5]]))
    }
}

pub(super) struct Q5_1;
impl Block<24> for Q5_1 {
    #[inline(always)]
    fn codes(block: &[u8; 24]) -> (f32, f32, [Eight; 4]) {
        let fifth = [block[4], block[5], block[6], block[7]];
        (half(block, 0), half(block, 2), nibbles::<true>(block, fifth))
    }
}

/// The last sixteen bytes: low nibbles are weights 0 to 15, high nibbles 16 to 31. With `FIVE`, bit i of
/// `fifth` is bit 4 of weight i.
#[inline(always)]
fn nibbles<const FIVE: bool>(block: &[u8], fifth: [u8; 4]) -> [Eight; 4] {
    let Some(q) = block.last_chunk::<16>() else { return [[0; 8]; 4] };
    let (mut low, mut high) = ([0u8; 16], [0u8; 16]);
    let mut lane = 0;
    while lane < 16 {
        low[lane] = q[lane] & 15;
        high[lane] = q[lane] >> 4;
        lane += 1;
    }
    let ((low, _), (high, _)) = (low.as_chunks::<8>(), high.as_chunks::<8>());
    let mut codes = [widen(&low[0]), widen(&low[1]), widen(&high[0]), widen(&high[1])];
    if FIVE {
        or(&mut codes[0], &SIXTEENS[fifth[0] as usize]);
        or(&mut codes[1], &SIXTEENS[fifth[1] as usize]);
        or(&mut codes[2], &SIXTEENS[fifth[2] as usize]);
        or(&mut codes[3], &SIXTEENS[fifth[3] as usize]);
    }
    codes
}
