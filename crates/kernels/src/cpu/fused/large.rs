//! K types: blocks of 256 weights.

use super::Input;
use super::lanes::{LANES, add_scaled, add_up, half, minus_32, multiply_add, sixteen};

/// Inputs of one block, by sixteens as two eights, and its place in the row.
#[inline(always)]
fn eights<const N: usize>(inputs: [&Input; N], block: usize) -> Option<[&[[i16; 8]]; N]> {
    let mut xs = [&[][..]; N];
    let mut k = 0;
    while k < N {
        let all = inputs[k].q.as_chunks::<8>().0;
        xs[k] = all.get(32 * block..32 * block + 32)?;
        k += 1;
    }
    Some(xs)
}

/// Q4_K and Q5_K: blocks of 256 as eight groups of 32 with six-bit scales and minima. Two groups share 32
/// bytes: low nibbles belong to the first, high nibbles to the second.
#[inline(always)]
pub(super) fn row_of_k<const BYTES: usize, const FIVE: bool, const N: usize>(
    row: &[u8],
    inputs: [&Input; N],
) -> [f32; N] {
    let (blocks, _) = row.as_chunks::<BYTES>();
    let mut totals = [[0.0; LANES]; N];
    let mut minima = [0.0; N];
    for (i, block) in blocks.iter().enumerate() {
        let Some(xs) = eights(inputs, i) else { break };
        let (d, d_minimum) = (half(block, 0), half(block, 2));
        let (q, _) = block[BYTES - 128..].as_chunks::<16>();
        let (fifth, _) = block[16..48].as_chunks::<16>();
        let mut pair = 0;
        while pair < 4 {
            let (mut low_sums, mut high_sums) = ([[0; LANES]; N], [[0; LANES]; N]);
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
                let (low, high) = (sixteen(&low), sixteen(&high));
                let at = 8 * pair + 2 * part;
                let mut k = 0;
                while k < N {
                    multiply_add(&mut low_sums[k], &low[0], &xs[k][at]);
                    multiply_add(&mut low_sums[k], &low[1], &xs[k][at + 1]);
                    multiply_add(&mut high_sums[k], &high[0], &xs[k][at + 4]);
                    multiply_add(&mut high_sums[k], &high[1], &xs[k][at + 5]);
                    k += 1;
                }
                part += 1;
            }
            let mut half = 0;
            while half < 2 {
                let group = 2 * pair + half;
                let (scale, minimum) = six_bits(block, group);
                let scale = d * f32::from(scale);
                let minimum = d_minimum * f32::from(minimum);
                let mut k = 0;
                while k < N {
                    let sums = if half == 0 { &low_sums[k] } else { &high_sums[k] };
                    add_scaled(&mut totals[k], scale * inputs[k].scales[8 * i + group], sums);
                    minima[k] += minimum * inputs[k].sums[8 * i + group];
                    k += 1;
                }
                half += 1;
            }
            pair += 1;
        }
    }
    let mut out = [0.0; N];
    let mut k = 0;
    while k < N {
        out[k] = add_up(&totals[k]) - minima[k];
        k += 1;
    }
    out
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
pub(super) fn row_of_6k<const N: usize>(row: &[u8], inputs: [&Input; N]) -> [f32; N] {
    let (blocks, _) = row.as_chunks::<210>();
    let mut totals = [[0.0; LANES]; N];
    for (i, block) in blocks.iter().enumerate() {
        let Some(xs) = eights(inputs, i) else { break };
        let d = half(block, 208);
        let (lows, _) = block[..128].as_chunks::<16>();
        let (highs, _) = block[128..192].as_chunks::<16>();
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
                let [low, high] = sixteen(&codes[quarter]);
                let (low, high) = (minus_32(low), minus_32(high));
                let scale = d * f32::from(block[192 + group] as i8);
                let mut k = 0;
                while k < N {
                    let mut sums = [0; LANES];
                    multiply_add(&mut sums, &low, &xs[k][2 * group]);
                    multiply_add(&mut sums, &high, &xs[k][2 * group + 1]);
                    let scale = scale * inputs[k].scales[8 * i + group / 2];
                    add_scaled(&mut totals[k], scale, &sums);
                    k += 1;
                }
                quarter += 1;
            }
            at += 1;
        }
    }
    let mut out = [0.0; N];
    let mut k = 0;
    while k < N {
        out[k] = add_up(&totals[k]);
        k += 1;
    }
    out
}
