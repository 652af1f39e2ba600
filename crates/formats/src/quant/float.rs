//! F32, F16 and BF16: a "block" is one weight.

use half::{bf16, f16};

pub(super) fn dequantize_f32(block: &[u8; 4], out: &mut [f32; 1]) {
    *out = [f32::from_le_bytes(*block)];
}

pub(super) fn dequantize_f16(block: &[u8; 2], out: &mut [f32; 1]) {
    *out = [f16::from_le_bytes(*block).to_f32()];
}

pub(super) fn dequantize_bf16(block: &[u8; 2], out: &mut [f32; 1]) {
    *out = [f32::from_bits(u32::from(u16::from_le_bytes(*block)) << 16)];
}

pub(super) fn quantize_f32(weights: &[f32; 1]) -> [u8; 4] {
    weights[0].to_le_bytes()
}

pub(super) fn quantize_f16(weights: &[f32; 1]) -> [u8; 2] {
    f16::from_f32(weights[0]).to_le_bytes()
}

pub(super) fn quantize_bf16(weights: &[f32; 1]) -> [u8; 2] {
    bf16::from_f32(weights[0]).to_le_bytes()
}
