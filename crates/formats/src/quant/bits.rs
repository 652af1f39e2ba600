//! What the block formats share.

use half::f16;

use super::Unpacked16;

/// The half-precision number at this byte of a block.
pub(super) fn f16_at(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

/// Stores a number in half precision, rounded to nearest even.
pub(super) fn put_f16(block: &mut [u8], at: usize, value: f32) {
    block[at..at + 2].copy_from_slice(&f16::from_f32(value).to_le_bytes());
}

/// A number as it reads after [`put_f16`].
pub(super) fn round_f16(value: f32) -> f32 {
    f16::from_f32(value).to_f32()
}

/// 16 bytes → 32 numbers: the low halves, then the high halves.
pub(super) fn nibbles(bytes: &[u8]) -> [u8; 32] {
    let mut q = [0; 32];
    let (low, high) = q.split_at_mut(16);
    for ((low, high), byte) in low.iter_mut().zip(high).zip(bytes) {
        *low = byte & 15;
        *high = byte >> 4;
    }
    q
}

/// The inverse of [`nibbles`]: bits above the fourth are dropped.
pub(super) fn put_nibbles(bytes: &mut [u8], q: &[u8; 32]) {
    let (low, high) = q.split_at(16);
    for ((byte, low), high) in bytes.iter_mut().zip(low).zip(high) {
        *byte = low & 15 | high << 4;
    }
}

/// 128 bytes → 256 numbers: of each 32 bytes the low halves, then the high halves.
pub(super) fn nibbles_64(bytes: &[u8]) -> [u8; 256] {
    let mut q = [0; 256];
    for (q, bytes) in q.as_chunks_mut::<64>().0.iter_mut().zip(bytes.as_chunks::<32>().0) {
        let (low, high) = q.split_at_mut(32);
        for ((low, high), byte) in low.iter_mut().zip(high).zip(bytes) {
            *low = byte & 15;
            *high = byte >> 4;
        }
    }
    q
}

/// The inverse of [`nibbles_64`]: bits above the fourth are dropped.
pub(super) fn put_nibbles_64(bytes: &mut [u8], q: &[u8; 256]) {
    for (bytes, q) in bytes.as_chunks_mut::<32>().0.iter_mut().zip(q.as_chunks::<64>().0) {
        let (low, high) = q.split_at(32);
        for ((byte, low), high) in bytes.iter_mut().zip(low).zip(high) {
            *byte = low & 15 | high << 4;
        }
    }
}

/// Appends groups of 16; `affine(group)` gives scale and minimum.
pub(super) fn push_groups(
    groups: &mut Vec<Unpacked16>,
    q: &[u8],
    centre: i16,
    affine: impl Fn(usize) -> (f32, f32),
) {
    for (index, q) in q.as_chunks::<16>().0.iter().enumerate() {
        let (scale, min) = affine(index);
        groups.push(Unpacked16 { q: q.map(|q| i16::from(q) - centre), scale, min });
    }
}

/// The weight furthest from zero, with its sign; the first of several.
pub(super) fn extreme(weights: &[f32]) -> f32 {
    weights
        .iter()
        .fold(0.0, |most: f32, &weight| if weight.abs() > most.abs() { weight } else { most })
}

/// The least and the greatest weight.
pub(super) fn range(weights: &[f32]) -> (f32, f32) {
    let least = weights.iter().copied().fold(f32::INFINITY, f32::min);
    let greatest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (least, greatest)
}

/// `1 / scale`, or 0 for a block of equal weights.
pub(super) fn inverse(scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { 1.0 / scale }
}
