use super::cache::Cache;
use super::rms_norm::inverse_rms;
use crate::params::Row;
use crate::plan::{Heads, RopePairs};

/// (cos, sin) of every position and pair: (context, width / 2). The angle of pair i at position p is
/// `p * base^(-2i / width)` (Su et al. 2021). Made once on the host, so that every backend turns by the
/// same angles; WGSL's own sine promises too little.
pub fn rope_table(context: usize, width: usize, base: f32) -> Vec<[f32; 2]> {
    let mut table = Vec::with_capacity(context * width / 2);
    for position in 0..context {
        for pair in 0..width / 2 {
            let frequency = f64::from(base).powf(-2.0 * pair as f64 / width as f64);
            // The reference computes the frequency and the angle in single precision.
            let angle = f64::from(position as f32 * frequency as f32);
            table.push([angle.cos() as f32, angle.sin() as f32]);
        }
    }
    table
}

/// Twin of `rope.wgsl`.
///
/// Shapes: `qkv` (rows, heads + 2 * kv_heads, width), `table` (context, width / 2), `norm` = ((2, width)
/// weights, eps). The cache has room for the rows' positions.
pub fn rope(
    heads: Heads,
    pairs: RopePairs,
    rows: &[Row],
    table: &[[f32; 2]],
    norm: Option<(&[f32], f32)>,
    qkv: &mut [f32],
    cache: &mut Cache,
) {
    let width = heads.width as usize;
    let (n_heads, kv_heads) = (heads.heads as usize, heads.kv_heads as usize);
    for (row, qkv) in rows.iter().zip(qkv.chunks_exact_mut(heads.qkv_width() as usize)) {
        let position = row.position as usize;
        let turns = &table[position * width / 2..(position + 1) * width / 2];
        let (keys, cached_values) = cache.position_mut(row);
        for (head, values) in qkv.chunks_exact_mut(width).enumerate() {
            if head >= n_heads + kv_heads {
                let at = (head - n_heads - kv_heads) * width;
                cached_values[at..at + width].copy_from_slice(values);
                continue;
            }
            let is_key = head >= n_heads;
            if let Some((weights, eps)) = norm {
                let inverse_rms = inverse_rms(values, eps);
                let weights = &weights[usize::from(is_key) * width..][..width];
                values.iter_mut().zip(weights).for_each(|(v, w)| *v = *v * inverse_rms * w);
            }
            for (pair, [cos, sin]) in turns.iter().enumerate() {
                let (first, second) = match pairs {
                    RopePairs::Interleaved => (2 * pair, 2 * pair + 1),
                    RopePairs::Halves => (pair, pair + width / 2),
                };
                let (a, b) = (values[first], values[second]);
                values[first] = a * cos - b * sin;
                values[second] = a * sin + b * cos;
            }
            if is_key {
                let at = (head - n_heads) * width;
                keys[at..at + width].copy_from_slice(values);
            }
        }
    }
}
