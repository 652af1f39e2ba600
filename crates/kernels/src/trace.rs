//! What can be recorded, and changed, while a plan runs. Where nothing is asked for, nothing is computed.

/// What to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceRequest {
    /// The residual stream before every block and after the last one.
    pub residual: bool,
    /// What attention and feed-forward of every block add to the residual stream.
    pub contributions: bool,
    /// Layers whose attention weights are wanted.
    pub attention_layers: Vec<usize>,
    /// Layers whose queries, keys and values are wanted.
    pub qkv_layers: Vec<usize>,
    /// Layers whose feed-forward is wanted.
    pub feed_forward_layers: Vec<usize>,
}

impl TraceRequest {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What was recorded for the rows of one batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// `[layer]` → (rows, d_model), residual stream before block `layer`; the last entry is the stream
    /// after the last block, normalized by the final norm.
    pub residual: Vec<Vec<f32>>,
    /// (rows, d_model), residual stream after the last block, before the final norm; with `residual`.
    pub last: Vec<f32>,
    /// `[layer]` → what attention added and what the feed-forward added, each (rows, d_model).
    pub contributions: Vec<[Vec<f32>; 2]>,
    /// (layer, weights), weights of shape (rows, heads, context); 0 where a key is masked.
    pub attention: Vec<(usize, Vec<f32>)>,
    /// (layer, qkv), of shape (rows, heads + 2 * kv_heads, width): queries and keys as they meet, normalized
    /// and rotated; values.
    pub qkv: Vec<(usize, Vec<f32>)>,
    /// (layer, feed-forward)
    pub feed_forward: Vec<(usize, FeedForward)>,
}

/// The inside of a gated feed-forward: `product = gate_function(gate) * up`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedForward {
    /// (rows, 2 * d_ff): gate before its function, then up.
    pub gate_up: Vec<f32>,
    /// (rows, d_ff)
    pub product: Vec<f32>,
}

/// One of the two sub-layers of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubLayer {
    /// Attention with its output matrix.
    Attention,
    /// The gated feed-forward.
    FeedForward,
}

/// What to change while a plan runs, for every row. A scale of 0 switches off, 1 changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interventions {
    /// (layer, head, scale of its output)
    pub heads: Vec<(usize, usize, f32)>,
    /// (layer, sub-layer, scale of what it adds to the residual stream)
    pub sub_layers: Vec<(usize, SubLayer, f32)>,
    /// (layer, neuron, scale of its product)
    pub neurons: Vec<(usize, usize, f32)>,
    /// Residual streams from another run.
    pub patches: Vec<Patch>,
}

/// Replaces the residual stream before a block at one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// The block; the number of blocks for the stream after the last one.
    pub layer: usize,
    /// The position, in every sequence of the batch.
    pub position: u32,
    /// (d_model)
    pub residual: Vec<f32>,
}

impl Interventions {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Scale of what a sub-layer adds.
    pub fn sub_layer(&self, layer: usize, sub_layer: SubLayer) -> f32 {
        let own = self.sub_layers.iter().filter(|(l, s, _)| (*l, *s) == (layer, sub_layer));
        own.map(|(.., scale)| scale).product()
    }

    /// Scale of each component of attention's output (heads * width), if any of them is scaled.
    pub fn head_scales(&self, layer: usize, heads: usize, width: usize) -> Option<Vec<f32>> {
        scales(&self.heads, layer, heads, width)
    }

    /// Scale of each product of the feed-forward (d_ff), if any of them is scaled.
    pub fn neuron_scales(&self, layer: usize, d_ff: usize) -> Option<Vec<f32>> {
        scales(&self.neurons, layer, d_ff, 1)
    }
}

/// Scales of `places` groups of `width` components each; places that do not exist are left out.
fn scales(
    all: &[(usize, usize, f32)],
    layer: usize,
    places: usize,
    width: usize,
) -> Option<Vec<f32>> {
    let own = all.iter().filter(|(l, _, scale)| *l == layer && *scale != 1.0);
    let mut out = None;
    for (_, place, scale) in own.filter(|(_, place, _)| *place < places) {
        let out = out.get_or_insert_with(|| vec![1.0; places * width]);
        out[place * width..(place + 1) * width].iter_mut().for_each(|value| *value *= scale);
    }
    out
}
