//! Quantization blocks, laid out as in ggml (ggml-common.h, ggml-quants.c); dequantized values equal ggml's bit for bit.
//!
//! Each family has a file with the same functions: `dequantize` turns one block into weights, `unpack` into whole numbers
//! with scales, `quantize` weights into one block.

mod bits;
mod float;
mod k_affine;
mod k_scaled;
mod q4;
mod q5;
mod q8;

use crate::DType;

/// Sixteen consecutive weights: `weight[i] = scale * q[i] + min`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unpacked16 {
    /// Signed where the type is centred on zero, else from 0 up.
    pub q: [i16; 16],
    /// One step, in units of the weights.
    pub scale: f32,
    /// The weight at `q = 0`; 0 for types without a minimum.
    pub min: f32,
}

/// A slice whose length does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantError {
    /// Bytes and weights do not belong together.
    #[error("{bytes} bytes of {dtype} do not hold exactly {weights} weights")]
    Length {
        /// The type.
        dtype: DType,
        /// Bytes given.
        bytes: usize,
        /// Weights asked for.
        weights: usize,
    },
    /// Bytes that are not whole blocks.
    #[error("{bytes} bytes are not whole {dtype} blocks of {} bytes", .dtype.block_bytes())]
    PartialBlock {
        /// The type.
        dtype: DType,
        /// Bytes given.
        bytes: usize,
    },
    /// A floating-point type where a quantised one is needed.
    #[error("{dtype} is not a quantised type")]
    NotQuantised {
        /// The type.
        dtype: DType,
    },
}

/// Turns whole blocks into weights. `out` must hold exactly the weights that `bytes` stand for.
pub fn dequantize(dtype: DType, bytes: &[u8], out: &mut [f32]) -> Result<(), QuantError> {
    let blocks = out.len() / dtype.block_len();
    let whole = out.len().is_multiple_of(dtype.block_len());
    if !whole || blocks.checked_mul(dtype.block_bytes()) != Some(bytes.len()) {
        return Err(QuantError::Length { dtype, bytes: bytes.len(), weights: out.len() });
    }
    match dtype {
        DType::F32 => each(bytes, out, float::dequantize_f32),
        DType::F16 => each(bytes, out, float::dequantize_f16),
        DType::BF16 => each(bytes, out, float::dequantize_bf16),
        DType::Q8_0 => each(bytes, out, q8::dequantize_0),
        DType::Q4_0 => each(bytes, out, q4::dequantize_0),
        DType::Q4_1 => each(bytes, out, q4::dequantize_1),
        DType::Q5_0 => each(bytes, out, q5::dequantize_0),
        DType::Q5_1 => each(bytes, out, q5::dequantize_1),
        DType::Q4K => each(bytes, out, k_affine::dequantize_4),
        DType::Q5K => each(bytes, out, k_affine::dequantize_5),
        DType::Q6K => each(bytes, out, k_scaled::dequantize_6),
    }
    Ok(())
}

/// Turns whole blocks of a quantised type into groups of 16 weights, appended to `groups` in the order of the weights.
pub fn unpack_groups(
    dtype: DType,
    blocks: &[u8],
    groups: &mut Vec<Unpacked16>,
) -> Result<(), QuantError> {
    if !blocks.len().is_multiple_of(dtype.block_bytes()) {
        return Err(QuantError::PartialBlock { dtype, bytes: blocks.len() });
    }
    match dtype {
        DType::F32 | DType::F16 | DType::BF16 => return Err(QuantError::NotQuantised { dtype }),
        DType::Q8_0 => each_block(blocks, |block| q8::unpack_0(block, groups)),
        DType::Q4_0 => each_block(blocks, |block| q4::unpack_0(block, groups)),
        DType::Q4_1 => each_block(blocks, |block| q4::unpack_1(block, groups)),
        DType::Q5_0 => each_block(blocks, |block| q5::unpack_0(block, groups)),
        DType::Q5_1 => each_block(blocks, |block| q5::unpack_1(block, groups)),
        DType::Q4K => each_block(blocks, |block| k_affine::unpack_4(block, groups)),
        DType::Q5K => each_block(blocks, |block| k_affine::unpack_5(block, groups)),
        DType::Q6K => each_block(blocks, |block| k_scaled::unpack_6(block, groups)),
    }
    Ok(())
}

/// Rounds weights to blocks, for tests and small models. Types with numbers round as ggml's reference does; K types use
/// plain minima and maxima, without ggml's search for better scales. A last partial block is filled up with zeros.
pub fn quantize(dtype: DType, weights: &[f32]) -> Vec<u8> {
    match dtype {
        DType::F32 => pack(weights, float::quantize_f32),
        DType::F16 => pack(weights, float::quantize_f16),
        DType::BF16 => pack(weights, float::quantize_bf16),
        DType::Q8_0 => pack(weights, q8::quantize_0),
        DType::Q4_0 => pack(weights, q4::quantize_0),
        DType::Q4_1 => pack(weights, q4::quantize_1),
        DType::Q5_0 => pack(weights, q5::quantize_0),
        DType::Q5_1 => pack(weights, q5::quantize_1),
        DType::Q4K => pack(weights, k_affine::quantize_4),
        DType::Q5K => pack(weights, k_affine::quantize_5),
        DType::Q6K => pack(weights, k_scaled::quantize_6),
    }
}

fn each<const BYTES: usize, const LEN: usize>(
    bytes: &[u8],
    out: &mut [f32],
    dequantize: impl Fn(&[u8; BYTES], &mut [f32; LEN]),
) {
    let blocks = bytes.as_chunks::<BYTES>().0;
    for (block, out) in blocks.iter().zip(out.as_chunks_mut::<LEN>().0) {
        dequantize(block, out);
    }
}

fn each_block<const BYTES: usize>(bytes: &[u8], unpack: impl FnMut(&[u8; BYTES])) {
    bytes.as_chunks::<BYTES>().0.iter().for_each(unpack);
}

fn pack<const LEN: usize, const BYTES: usize>(
    weights: &[f32],
    quantize: impl Fn(&[f32; LEN]) -> [u8; BYTES],
) -> Vec<u8> {
    let (whole, rest) = weights.as_chunks::<LEN>();
    let mut out = Vec::with_capacity(weights.len().div_ceil(LEN) * BYTES);
    for block in whole {
        out.extend_from_slice(&quantize(block));
    }
    if !rest.is_empty() {
        let mut last = [0.0; LEN];
        last[..rest.len()].copy_from_slice(rest);
        out.extend_from_slice(&quantize(&last));
    }
    out
}
