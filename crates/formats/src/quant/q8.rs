//! Q8_0: f16 scale, 32 signed bytes.

use super::Unpacked16;
use super::bits::{extreme, f16_at, inverse, put_f16};

pub(super) fn dequantize_0(block: &[u8; 34], out: &mut [f32; 32]) {
    let scale = f16_at(block, 0);
    for (weight, &q) in out.iter_mut().zip(&block[2..]) {
        *weight = f32::from(q as i8) * scale;
    }
}

pub(super) fn unpack_0(block: &[u8; 34], groups: &mut Vec<Unpacked16>) {
    let scale = f16_at(block, 0);
    for q in block[2..].as_chunks::<16>().0 {
        groups.push(Unpacked16 { q: q.map(|q| i16::from(q as i8)), scale, min: 0.0 });
    }
}

pub(super) fn quantize_0(weights: &[f32; 32]) -> [u8; 34] {
    let scale = extreme(weights).abs() / 127.0;
    let inverse = inverse(scale);
    let mut block = [0; 34];
    put_f16(&mut block, 0, scale);
    for (q, weight) in block[2..].iter_mut().zip(weights) {
        *q = (weight * inverse).round() as i8 as u8;
    }
    block
}
