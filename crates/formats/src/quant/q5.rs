//! Q5_0: f16 scale, 32 high bits, 16 bytes of nibbles. Q5_1: the same with an f16 minimum after the scale.

use super::Unpacked16;
use super::bits::{extreme, f16_at, inverse, nibbles, push_groups, put_f16, put_nibbles, range};

pub(super) fn dequantize_0(block: &[u8; 22], out: &mut [f32; 32]) {
    let scale = f16_at(block, 0);
    for (weight, &q) in out.iter_mut().zip(&numbers(&block[2..])) {
        *weight = f32::from(i16::from(q) - 16) * scale;
    }
}

pub(super) fn dequantize_1(block: &[u8; 24], out: &mut [f32; 32]) {
    let (scale, min) = (f16_at(block, 0), f16_at(block, 2));
    for (weight, &q) in out.iter_mut().zip(&numbers(&block[4..])) {
        *weight = f32::from(q) * scale + min;
    }
}

pub(super) fn unpack_0(block: &[u8; 22], groups: &mut Vec<Unpacked16>) {
    let scale = f16_at(block, 0);
    push_groups(groups, &numbers(&block[2..]), 16, |_| (scale, 0.0));
}

pub(super) fn unpack_1(block: &[u8; 24], groups: &mut Vec<Unpacked16>) {
    let (scale, min) = (f16_at(block, 0), f16_at(block, 2));
    push_groups(groups, &numbers(&block[4..]), 0, |_| (scale, min));
}

pub(super) fn quantize_0(weights: &[f32; 32]) -> [u8; 22] {
    // The extreme weight lands on -16 exactly: the side of the range that has one step more.
    let scale = extreme(weights) / -16.0;
    let inverse = inverse(scale);
    let mut block = [0; 22];
    put_f16(&mut block, 0, scale);
    put_numbers(&mut block[2..], &weights.map(|weight| ((weight * inverse + 16.5) as u8).min(31)));
    block
}

pub(super) fn quantize_1(weights: &[f32; 32]) -> [u8; 24] {
    let (least, greatest) = range(weights);
    let scale = (greatest - least) / 31.0;
    let inverse = inverse(scale);
    let mut block = [0; 24];
    put_f16(&mut block, 0, scale);
    put_f16(&mut block, 2, least);
    put_numbers(
        &mut block[4..],
        &weights.map(|weight| (((weight - least) * inverse + 0.5) as u8).min(31)),
    );
    block
}

/// 4 bytes of high bits and 16 of nibbles → 32 numbers of 5 bits.
fn numbers(bytes: &[u8]) -> [u8; 32] {
    let mut q = nibbles(&bytes[4..]);
    let high = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    for (index, q) in q.iter_mut().enumerate() {
        *q |= ((high >> index & 1) << 4) as u8;
    }
    q
}

fn put_numbers(bytes: &mut [u8], q: &[u8; 32]) {
    let high = q.iter().rev().fold(0, |high: u32, &q| high << 1 | u32::from(q >> 4));
    bytes[..4].copy_from_slice(&high.to_le_bytes());
    put_nibbles(&mut bytes[4..], q);
}
