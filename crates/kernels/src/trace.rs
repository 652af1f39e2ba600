//! What can be recorded while a plan runs. Where nothing is asked for, nothing is computed.

/// What to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceRequest {
    /// The residual stream before every block and after the last one.
    pub residual: bool,
    /// Layers whose attention weights are wanted.
    pub attention_layers: Vec<usize>,
}

impl TraceRequest {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        !self.residual && self.attention_layers.is_empty()
    }
}

/// What was recorded for the rows of one batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// `[layer]` → (rows, d_model), residual stream before block `layer`; the last entry is the stream
    /// after the last block, normalized by the final norm.
    pub residual: Vec<Vec<f32>>,
    /// (layer, weights), weights of shape (rows, heads, context); 0 where a key is masked.
    pub attention: Vec<(usize, Vec<f32>)>,
}
