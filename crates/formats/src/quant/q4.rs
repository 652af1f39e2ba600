//! Q4_0: f16 scale, 16 bytes of nibbles. Q4_1: f16 scale, f16 minimum, 16 bytes of nibbles.

use super::Unpacked16;
use super::bits::{extreme, f16_at, inverse, nibbles, push_groups, put_f16, put_nibbles, range};

pub(super) fn dequantize_0(block: &[u8; 18], out: &mut [f32; 32]) {
    let scale = f16_at(block, 0);
    for (weight, &q) in out.iter_mut().zip(&nibbles(&block[2..])) {
        *weight = f32::from(i16::from(q) - 8) * scale;
    }
}

pub(super) fn dequantize_1(block: &[u8; 20], out: &mut [f32; 32]) {
    let (scale, min) = (f16_at(block, 0), f16_at(block, 2));
    for (weight, &q) in out.iter_mut().zip(&nibbles(&block[4..])) {
        *weight = f32::from(q) * scale + min;
    }
}

pub(super) fn unpack_0(block: &[u8; 18], groups: &mut Vec<Unpacked16>) {
    let scale = f16_at(block, 0);
    push_groups(groups, &nibbles(&block[2..]), 8, |_| (scale, 0.0));
}

pub(super) fn unpack_1(block: &[u8; 20], groups: &mut Vec<Unpacked16>) {
    let (scale, min) = (f16_at(block, 0), f16_at(block, 2));
    push_groups(groups, &nibbles(&block[4..]), 0, |_| (scale, min));
}

pub(super) fn quantize_0(weights: &[f32; 32]) -> [u8; 18] {
    // The extreme weight lands on -8 exactly: the side of the range that has one step more.
    let scale = extreme(weights) / -8.0;
    let inverse = inverse(scale);
    let mut block = [0; 18];
    put_f16(&mut block, 0, scale);
    put_nibbles(&mut block[2..], &weights.map(|weight| ((weight * inverse + 8.5) as u8).min(15)));
    block
}

pub(super) fn quantize_1(weights: &[f32; 32]) -> [u8; 20] {
    let (least, greatest) = range(weights);
    let scale = (greatest - least) / 15.0;
    let inverse = inverse(scale);
    let mut block = [0; 20];
    put_f16(&mut block, 0, scale);
    put_f16(&mut block, 2, least);
    put_nibbles(
        &mut block[4..],
        &weights.map(|weight| (((weight - least) * inverse + 0.5) as u8).min(15)),
    );
    block
}
