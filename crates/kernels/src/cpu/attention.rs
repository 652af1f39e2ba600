use super::cache::Cache;
use super::dot::dot;
use super::parallel::map_ranges;
use crate::params::Row;
use crate::plan::Heads;

/// What attention reads.
#[derive(Clone, Copy, Debug)]
pub struct AttentionInput<'a> {
    /// Sizes of the heads.
    pub heads: Heads,
    /// Length of a row of attention weights.
    pub context: usize,
    /// Multiplies q · k.
    pub scale: f32,
    /// Keys a query sees, itself included; `None`: all before it.
    pub window: Option<u32>,
    /// The batch.
    pub rows: &'a [Row],
    /// (rows, heads + 2 * kv_heads, width), queries already rotated.
    pub qkv: &'a [f32],
    /// The layer's keys and values.
    pub cache: &'a Cache,
}

/// Twin of `attention.wgsl`: `out` (rows, heads, width); with `weights` (rows, heads, context) the
/// attention weights too, 0 where a key is masked.
pub fn attention(input: AttentionInput<'_>, out: &mut [f32], mut weights: Option<&mut [f32]>) {
    let heads = input.heads.heads as usize;
    let results = map_ranges(input.rows.len() * heads, 1, |i| {
        one_head(input, i.start / heads, i.start % heads)
    });
    let width = input.heads.width as usize;
    for (i, (first_key, probabilities, values)) in results.into_iter().enumerate() {
        out[i * width..(i + 1) * width].copy_from_slice(&values);
        if let Some(weights) = weights.as_deref_mut() {
            let weights = &mut weights[i * input.context..(i + 1) * input.context];
            weights.fill(0.0);
            weights[first_key..first_key + probabilities.len()].copy_from_slice(&probabilities);
        }
    }
}

/// First visible key, attention weights from there on, and the head's output (width).
fn one_head(input: AttentionInput<'_>, row: usize, head: usize) -> (usize, Vec<f32>, Vec<f32>) {
    let Heads { heads, kv_heads, width } = input.heads;
    let (heads, kv_heads, width) = (heads as usize, kv_heads as usize, width as usize);
    let at = (row * (heads + 2 * kv_heads) + head) * width;
    let query = &input.qkv[at..at + width];
    let kv_head = head / (heads / kv_heads);
    let Row { position, sequence, .. } = input.rows[row];
    let keys = position as usize + 1;
    let first_key = input.window.map_or(0, |window| keys.saturating_sub(window as usize));
    let sequence = sequence as usize;
    let own = kv_head * width..(kv_head + 1) * width;
    // score
    let mut weights: Vec<f32> = (first_key..keys)
        .map(|key| dot(query, &input.cache.key(sequence, key)[own.clone()]) * input.scale)
        .collect();
    // softmax
    let highest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    weights.iter_mut().for_each(|w| *w = (*w - highest).exp());
    let total: f32 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= total);
    // weighted values
    let mut values = vec![0.0; width];
    for (key, weight) in (first_key..keys).zip(&weights) {
        let v = &input.cache.value(sequence, key)[own.clone()];
        values.iter_mut().zip(v).for_each(|(sum, v)| *sum += weight * v);
    }
    (first_key, weights, values)
}
