//! Q4_K: f16 scale, f16 scale of the minima, 12 bytes of 6-bit scales and minima, 128 bytes of nibbles.
//! Q5_K: the same with 32 bytes of high bits before the nibbles.
//!
//! Eight groups of 32 weights: `weight = (d * scale[group]) * q - (dmin * min[group])`.

use super::Unpacked16;
use super::bits::{f16_at, nibbles_64, push_groups, put_f16, put_nibbles_64, range, round_f16};

/// Bytes before the numbers: `d`, `dmin`, scales and minima.
const HEAD: usize = 16;

pub(super) fn dequantize_4(block: &[u8; 144], out: &mut [f32; 256]) {
    dequantize(&block[..HEAD], &nibbles_64(&block[HEAD..]), out);
}

pub(super) fn dequantize_5(block: &[u8; 176], out: &mut [f32; 256]) {
    dequantize(&block[..HEAD], &numbers_5(&block[HEAD..]), out);
}

pub(super) fn unpack_4(block: &[u8; 144], groups: &mut Vec<Unpacked16>) {
    unpack(&block[..HEAD], &nibbles_64(&block[HEAD..]), groups);
}

pub(super) fn unpack_5(block: &[u8; 176], groups: &mut Vec<Unpacked16>) {
    unpack(&block[..HEAD], &numbers_5(&block[HEAD..]), groups);
}

pub(super) fn quantize_4(weights: &[f32; 256]) -> [u8; 144] {
    let mut block = [0; 144];
    let q = fit(weights, 15.0, &mut block[..HEAD]);
    put_nibbles_64(&mut block[HEAD..], &q);
    block
}

pub(super) fn quantize_5(weights: &[f32; 256]) -> [u8; 176] {
    let mut block = [0; 176];
    let q = fit(weights, 31.0, &mut block[..HEAD]);
    let (high, low) = block[HEAD..].split_at_mut(32);
    for (group, q) in q.as_chunks::<32>().0.iter().enumerate() {
        for (high, q) in high.iter_mut().zip(q) {
            *high |= q >> 4 << group;
        }
    }
    put_nibbles_64(low, &q);
    block
}

fn dequantize(head: &[u8], q: &[u8; 256], out: &mut [f32; 256]) {
    let groups = out.as_chunks_mut::<32>().0.iter_mut().zip(q.as_chunks::<32>().0);
    for ((out, q), (scale, min)) in groups.zip(affine(head)) {
        for (weight, &q) in out.iter_mut().zip(q) {
            *weight = scale * f32::from(q) - min;
        }
    }
}

fn unpack(head: &[u8], q: &[u8; 256], groups: &mut Vec<Unpacked16>) {
    let affine = affine(head);
    push_groups(groups, q, 0, |group| {
        let (scale, min) = affine[group / 2];
        (scale, -min)
    });
}

/// 32 bytes of high bits (bit `g` of byte `i` belongs to weight `i` of group `g`) and 128 of nibbles → numbers of 5 bits.
fn numbers_5(bytes: &[u8]) -> [u8; 256] {
    let (high, low) = bytes.split_at(32);
    let mut q = nibbles_64(low);
    for (group, q) in q.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        for (q, high) in q.iter_mut().zip(high) {
            *q |= (high >> group & 1) << 4;
        }
    }
    q
}

/// Scale and minimum (to be subtracted) of each group.
fn affine(head: &[u8]) -> [(f32, f32); 8] {
    let (d, dmin, packed) = (f16_at(head, 0), f16_at(head, 2), &head[4..HEAD]);
    std::array::from_fn(|group| {
        let (scale, min) = six_bits(packed, group);
        (d * f32::from(scale), dmin * f32::from(min))
    })
}

/// Scale and minimum of a group (`get_scale_min_k4`): the first four groups have the low six bits of bytes of their own,
/// the last four share bytes 8..12 for their low nibbles and the top bits of bytes 0..8 for the rest.
fn six_bits(packed: &[u8], group: usize) -> (u8, u8) {
    if group < 4 {
        return (packed[group] & 63, packed[group + 4] & 63);
    }
    let low = packed[group + 4];
    (low & 15 | packed[group - 4] >> 6 << 4, low >> 4 | packed[group] >> 6 << 4)
}

fn put_six_bits(packed: &mut [u8], group: usize, scale: u8, min: u8) {
    if group < 4 {
        packed[group] |= scale;
        packed[group + 4] |= min;
        return;
    }
    packed[group + 4] = scale & 15 | min << 4;
    packed[group - 4] |= scale >> 4 << 6;
    packed[group] |= min >> 4 << 6;
}

/// Chooses scales and minima from each group's range, writes them to `head` and returns the numbers, 0 to `levels`.
fn fit(weights: &[f32; 256], levels: f32, head: &mut [u8]) -> [u8; 256] {
    let groups = weights.as_chunks::<32>().0;
    let mut scales = [0.0; 8];
    let mut mins = [0.0; 8];
    for ((group, scale), min) in groups.iter().zip(&mut scales).zip(&mut mins) {
        let (least, greatest) = range(group);
        // A stored minimum can only be subtracted.
        let least = least.min(0.0);
        *scale = (greatest - least) / levels;
        *min = -least;
    }
    let d = range(&scales).1 / 63.0;
    let dmin = range(&mins).1 / 63.0;
    put_f16(head, 0, d);
    put_f16(head, 2, dmin);
    let (d, dmin) = (round_f16(d), round_f16(dmin));
    let ratio = |value: f32, unit: f32| {
        if unit > 0.0 { (value / unit).round().clamp(0.0, 63.0) as u8 } else { 0 }
    };
    for group in 0..8 {
        put_six_bits(&mut head[4..HEAD], group, ratio(scales[group], d), ratio(mins[group], dmin));
    }

    let mut q = [0; 256];
    for ((q, group), (scale, min)) in
        q.as_chunks_mut::<32>().0.iter_mut().zip(groups).zip(affine(head))
    {
        if scale > 0.0 {
            *q = group.map(|weight| ((weight + min) / scale).round().clamp(0.0, levels) as u8);
        }
    }
    q
}
