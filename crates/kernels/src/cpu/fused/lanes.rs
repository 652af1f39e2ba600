//! Eight small integers at a time.
//!
//! Everything here is inlined into its caller, so that it is compiled for the caller's features; closures would
//! not be.

/// Lanes of a block's integer sums.
pub(super) const LANES: usize = 4;
pub(super) type Sums = [i32; LANES];
/// Eight weights or inputs.
pub(super) type Eight = [i16; 8];

#[inline(always)]
pub(super) fn widen(bytes: &[u8; 8]) -> Eight {
    let mut out = [0; 8];
    let mut lane = 0;
    while lane < 8 {
        out[lane] = i16::from(bytes[lane]);
        lane += 1;
    }
    out
}

#[inline(always)]
pub(super) fn widen_signed(bytes: &[u8; 8]) -> Eight {
    let mut out = [0; 8];
    let mut lane = 0;
    while lane < 8 {
        out[lane] = i16::from(bytes[lane] as i8);
        lane += 1;
    }
    out
}

/// Two vectors of eight from sixteen bytes.
#[inline(always)]
pub(super) fn sixteen(bytes: &[u8; 16]) -> [Eight; 2] {
    let (halves, _) = bytes.as_chunks::<8>();
    [widen(&halves[0]), widen(&halves[1])]
}

#[inline(always)]
pub(super) fn or(a: &mut Eight, b: &Eight) {
    let mut lane = 0;
    while lane < 8 {
        a[lane] |= b[lane];
        lane += 1;
    }
}

#[inline(always)]
pub(super) fn minus_32(mut codes: Eight) -> Eight {
    let mut lane = 0;
    while lane < 8 {
        codes[lane] -= 32;
        lane += 1;
    }
    codes
}

/// `sums[i] += w[2i] * x[2i] + w[2i + 1] * x[2i + 1]`: one instruction and an addition.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(super) fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
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
pub(super) fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
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
pub(super) fn multiply_add(sums: &mut Sums, w: &Eight, x: &Eight) {
    let mut lane = 0;
    while lane < LANES {
        sums[lane] += i32::from(w[2 * lane]) * i32::from(x[2 * lane])
            + i32::from(w[2 * lane + 1]) * i32::from(x[2 * lane + 1]);
        lane += 1;
    }
}

#[inline(always)]
pub(super) fn add_scaled(total: &mut [f32; LANES], scale: f32, sums: &Sums) {
    let mut lane = 0;
    while lane < LANES {
        total[lane] += scale * sums[lane] as f32;
        lane += 1;
    }
}

#[inline(always)]
pub(super) fn add_up(sums: &[f32; LANES]) -> f32 {
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// A finite half-precision number at a byte offset, exactly: its bits as those of a single-precision number
/// with an exponent that is 112 too small.
#[inline(always)]
pub(super) fn half(block: &[u8], at: usize) -> f32 {
    let bits = u32::from(u16::from_le_bytes([block[at], block[at + 1]]));
    let magnitude = f32::from_bits((bits & 0x7fff) << 13) * TWO_TO_112;
    f32::from_bits(magnitude.to_bits() | (bits & 0x8000) << 16)
}

const TWO_TO_112: f32 = f32::from_bits((127 + 112) << 23);

/// 16 where a bit of the index is set: fifth bits of eight weights, lowest bit first.
pub(super) static SIXTEENS: [Eight; 256] = {
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

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn finite_halves_are_exact() {
        for bits in (0..=u16::MAX).filter(|bits| bits >> 10 & 31 != 31) {
            let expected = half::f16::from_bits(bits).to_f32();
            assert_eq!(half(&bits.to_le_bytes(), 0).to_bits(), expected.to_bits(), "{bits:04x}");
        }
    }
}
