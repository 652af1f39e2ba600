//! Repacks rows of a tensor, as they lie in the file, into the sections of a [`Layout`].

use crate::layout::Layout;
use formats::{DType, quant};

/// Rows in sections, each row-major with the strides of the layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Packed {
    pub(crate) quants: Vec<u32>,
    pub(crate) high: Vec<u32>,
    pub(crate) scales: Vec<u32>,
    pub(crate) supers: Vec<u32>,
}

/// Packs rows of `inputs` weights. `bytes` holds whole rows of type `dtype`, whose row length was checked.
pub(crate) fn pack(layout: Layout, dtype: DType, inputs: usize, bytes: &[u8]) -> Packed {
    let mut out = Packed::default();
    let row_bytes = inputs / dtype.block_len() * dtype.block_bytes();
    for row in bytes.chunks_exact(row_bytes) {
        match (layout, dtype) {
            (Layout::F16, _) | (Layout::Bf16, _) => words(row, &mut out.quants),
            (Layout::F32, DType::F32) => words(row, &mut out.quants),
            (Layout::F32, _) => {
                let mut floats = vec![0.0; inputs];
                let read = quant::dequantize(dtype, row, &mut floats);
                debug_assert!(read.is_ok(), "row lengths were checked");
                out.quants.extend(floats.iter().map(|x| x.to_bits()));
            }
            (Layout::Wide, _) => wide(dtype, row, &mut out),
            (Layout::Q8, _) => q8(row, &mut out),
            _ => {
                row.chunks_exact(dtype.block_bytes())
                    .for_each(|block| bits(dtype, block, &mut out));
            }
        }
    }
    out
}

fn words(bytes: &[u8], out: &mut Vec<u32>) {
    out.extend(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])));
}

fn u16_at(block: &[u8], at: usize) -> u32 {
    u32::from(u16::from_le_bytes([block[at], block[at + 1]]))
}

/// Q8_0: scale, 32 bytes. Two scales share a word; a row begins a new one.
fn q8(row: &[u8], out: &mut Packed) {
    for pair in row.chunks(68) {
        let mut scales = 0;
        for (i, block) in pair.chunks_exact(34).enumerate() {
            words(&block[2..], &mut out.quants);
            scales |= u16_at(block, 0) << (16 * i);
        }
        out.scales.push(scales);
    }
}

/// Any quantized type, through integers with a scale and minimum per 16 weights.
fn wide(dtype: DType, row: &[u8], out: &mut Packed) {
    let mut groups = Vec::new();
    for block in row.chunks_exact(dtype.block_bytes()) {
        let read = quant::unpack_groups(dtype, block, &mut groups);
        debug_assert!(read.is_ok(), "block lengths were checked");
    }
    for group in &groups {
        for q in group.q.chunks_exact(4) {
            let byte = |i: usize| u32::from(q[i] as i8 as u8);
            out.quants.push(byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24);
        }
        out.scales.extend([group.scale.to_bits(), group.min.to_bits()]);
    }
}

/// One block of a type with nibbles: codes of every weight, then scales in the layout's own form.
fn bits(dtype: DType, block: &[u8], out: &mut Packed) {
    let mut codes = [0u8; 256];
    let codes = &mut codes[..dtype.block_len()];
    match dtype {
        DType::Q4_0 | DType::Q4_1 | DType::Q5_0 | DType::Q5_1 => {
            let with_minimum = matches!(dtype, DType::Q4_1 | DType::Q5_1);
            let head = if with_minimum { 4 } else { 2 };
            let five = matches!(dtype, DType::Q5_0 | DType::Q5_1);
            let fifth = if five { u16_at(block, head) | u16_at(block, head + 2) << 16 } else { 0 };
            let nibbles = &block[head + if five { 4 } else { 0 }..];
            for i in 0..16 {
                codes[i] = nibbles[i] & 15 | (((fifth >> i) & 1) as u8) << 4;
                codes[i + 16] = nibbles[i] >> 4 | (((fifth >> (i + 16)) & 1) as u8) << 4;
            }
            let minimum = match dtype {
                DType::Q4_0 => f16_times(u16_at(block, 0), -8.0),
                DType::Q5_0 => f16_times(u16_at(block, 0), -16.0),
                _ => u16_at(block, 2),
            };
            out.scales.push(u16_at(block, 0) | minimum << 16);
        }
        DType::Q4K | DType::Q5K => {
            let nibbles = &block[block.len() - 128..];
            for (i, code) in codes.iter_mut().enumerate() {
                let (chunk, half, l) = (i / 64, i / 32 % 2, i % 32);
                *code = nibbles[chunk * 32 + l] >> (4 * half) & 15;
                if dtype == DType::Q5K {
                    *code |= (block[16 + l] >> (2 * chunk + half) & 1) << 4;
                }
            }
            out.supers.push(u16_at(block, 0) | u16_at(block, 2) << 16);
            for pair in 0..4 {
                let bytes = |j: usize| scale_and_minimum(&block[4..16], j);
                let (a, b) = (bytes(2 * pair), bytes(2 * pair + 1));
                out.scales.push(u32::from_le_bytes([a.0, a.1, b.0, b.1]));
            }
        }
        DType::Q6K => {
            for (i, code) in codes.iter_mut().enumerate() {
                let (half, quarter, l) = (i / 128, i / 32 % 4, i % 32);
                let low = block[half * 64 + (quarter % 2) * 32 + l] >> (4 * (quarter / 2)) & 15;
                let high = block[128 + half * 32 + l] >> (2 * quarter) & 3;
                *code = low | high << 4;
            }
            words(&block[192..208], &mut out.scales);
            let d = half::f16::from_bits(u16_at(block, 208) as u16).to_f32();
            out.supers.push(d.to_bits());
        }
        _ => debug_assert!(false, "{dtype:?} has no nibbles"),
    }
    for eight in codes.chunks_exact(8) {
        let byte = |i: usize| u32::from(eight[i] & 15 | (eight[i + 4] & 15) << 4) << (8 * i);
        out.quants.push((0..4).map(byte).sum());
    }
    if matches!(dtype, DType::Q5_0 | DType::Q5_1 | DType::Q5K) {
        out.high.extend(codes.chunks_exact(32).map(|block| high_bits(block, 1)));
    }
    if dtype == DType::Q6K {
        out.high.extend(codes.chunks_exact(16).map(|sixteen| high_bits(sixteen, 2)));
    }
}

/// Bits 4 and up of every code, `width` bits each, first code lowest.
fn high_bits(codes: &[u8], width: usize) -> u32 {
    codes.iter().enumerate().map(|(i, code)| u32::from(code >> 4) << (i * width)).sum()
}

/// Six-bit scale and minimum number `j` of a K-quant block (ggml's `get_scale_min_k4`).
fn scale_and_minimum(packed: &[u8], j: usize) -> (u8, u8) {
    if j < 4 {
        return (packed[j] & 63, packed[j + 4] & 63);
    }
    let scale = packed[j + 4] & 15 | (packed[j - 4] >> 6) << 4;
    let minimum = packed[j + 4] >> 4 | (packed[j] >> 6) << 4;
    (scale, minimum)
}

/// A half-precision number times a small power of two, in half precision.
fn f16_times(bits: u32, factor: f32) -> u32 {
    u32::from(half::f16::from_f32(half::f16::from_bits(bits as u16).to_f32() * factor).to_bits())
}
