//! Q6_K: 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, f16 scale of the scales.
//!
//! Sixteen groups of 16 weights: `weight = (d * scale[group]) * (q - 32)`. In each half of 128 weights, byte `i` of the
//! 64 low bytes holds weights `i` and `i + 64`; byte `i` of the 32 high bytes holds weights `i`, `i + 32`, `i + 64` and
//! `i + 96`.

use super::Unpacked16;
use super::bits::{extreme, f16_at, push_groups, put_f16, round_f16};

const HIGH: usize = 128;
const SCALES: usize = HIGH + 64;
const D: usize = SCALES + 16;
/// What is stored for a weight of 0.
const CENTRE: i16 = 32;

pub(super) fn dequantize_6(block: &[u8; 210], out: &mut [f32; 256]) {
    let q = numbers(block);
    let groups = out.as_chunks_mut::<16>().0.iter_mut().zip(q.as_chunks::<16>().0);
    for ((out, q), scale) in groups.zip(scales(block)) {
        for (weight, &q) in out.iter_mut().zip(q) {
            *weight = scale * f32::from(i16::from(q) - CENTRE);
        }
    }
}

pub(super) fn unpack_6(block: &[u8; 210], groups: &mut Vec<Unpacked16>) {
    let scales = scales(block);
    push_groups(groups, &numbers(block), CENTRE, |group| (scales[group], 0.0));
}

pub(super) fn quantize_6(weights: &[f32; 256]) -> [u8; 210] {
    let groups = weights.as_chunks::<16>().0;
    let mut ideal = [0.0; 16];
    for (scale, group) in ideal.iter_mut().zip(groups) {
        // The extreme weight lands on -32 exactly.
        *scale = extreme(group) / -32.0;
    }
    let d = extreme(&ideal).abs() / 127.0;
    let mut block = [0; 210];
    put_f16(&mut block, D, d);
    let d = round_f16(d);
    if d > 0.0 {
        for (stored, scale) in block[SCALES..D].iter_mut().zip(ideal) {
            *stored = (scale / d).round() as i8 as u8;
        }
    }
    let scales = scales(&block);
    let mut q = [CENTRE as u8; 256];
    for ((q, group), scale) in q.as_chunks_mut::<16>().0.iter_mut().zip(groups).zip(scales) {
        if scale != 0.0 {
            *q = group.map(|weight| ((weight / scale).round().clamp(-32.0, 31.0) + 32.0) as u8);
        }
    }
    put_numbers(&mut block, &q);
    block
}

fn scales(block: &[u8; 210]) -> [f32; 16] {
    let d = f16_at(block, D);
    std::array::from_fn(|group| d * f32::from(block[SCALES + group] as i8))
}

/// The 256 numbers, 0 to 63.
fn numbers(block: &[u8; 210]) -> [u8; 256] {
    let mut q = [0; 256];
    for (half, q) in q.as_chunks_mut::<128>().0.iter_mut().enumerate() {
        let low = &block[half * 64..][..64];
        let high = &block[HIGH + half * 32..][..32];
        for (i, high) in high.iter().enumerate() {
            q[i] = low[i] & 15 | (high & 3) << 4;
            q[i + 32] = low[i + 32] & 15 | (high >> 2 & 3) << 4;
            q[i + 64] = low[i] >> 4 | (high >> 4 & 3) << 4;
            q[i + 96] = low[i + 32] >> 4 | (high >> 6) << 4;
        }
    }
    q
}

fn put_numbers(block: &mut [u8; 210], q: &[u8; 256]) {
    for (half, q) in q.as_chunks::<128>().0.iter().enumerate() {
        for i in 0..64 {
            block[half * 64 + i] = q[i] & 15 | q[i + 64] << 4;
        }
        for i in 0..32 {
            block[HIGH + half * 32 + i] =
                q[i] >> 4 | q[i + 32] >> 4 << 2 | q[i + 64] >> 4 << 4 | q[i + 96] >> 4 << 6;
        }
    }
}
