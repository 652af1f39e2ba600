use kernels::Plan;
use kernels::plan::{Epilogue, Gate, Op, RopePairs};

/// Sizes and settings of a model, as far as they can be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Blocks.
    pub layers: u32,
    /// Query heads per layer.
    pub heads: u32,
    /// Key/value heads; each serves `heads / kv_heads` query heads.
    pub kv_heads: u32,
    /// Components per head.
    pub head_width: u32,
    /// Width of the residual stream.
    pub d_model: u32,
    /// Feed-forward neurons per layer.
    pub d_ff: u32,
    /// Tokens in the vocabulary.
    pub vocab: u32,
    /// Is the gate's function GELU (tanh form)? Else SiLU.
    pub gelu: bool,
    /// Embedding rows are multiplied by it.
    pub embedding_scale: f32,
    /// Does rotation pair neighbours (2i, 2i + 1)? Else halves (i, i + head_width / 2).
    pub interleaved: bool,
    /// One for each layer.
    pub attention: Vec<AttentionShape>,
}

/// What differs from layer to layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AttentionShape {
    /// Base of rotary angles.
    pub rope_base: f32,
    /// Products of query and key are multiplied by it.
    pub scale: f32,
    /// A query sees so many keys, itself included; `None` for all.
    pub window: Option<u32>,
    /// Queries and keys are normalized before they turn.
    pub normed: bool,
}

impl Shape {
    pub(crate) fn of(plan: &Plan) -> Self {
        let ops = || plan.blocks.iter().flatten();
        let embedding_scale = match plan.embed {
            Op::Embed { scale, .. } => scale,
            _ => 1.0,
        };
        Self {
            layers: plan.blocks.len() as u32,
            heads: plan.heads.heads,
            kv_heads: plan.heads.kv_heads,
            head_width: plan.heads.width,
            d_model: plan.d_model(),
            d_ff: plan.neurons(0),
            vocab: plan.vocab(),
            gelu: ops().any(|op| {
                matches!(op, Op::Linear { epilogue: Epilogue::Gated(Gate::GeluTanh), .. })
            }),
            embedding_scale,
            interleaved: ops()
                .any(|op| matches!(op, Op::Rope { pairs: RopePairs::Interleaved, .. })),
            attention: plan.blocks.iter().map(|block| attention(block)).collect(),
        }
    }
}

fn attention(block: &[Op]) -> AttentionShape {
    let mut shape = AttentionShape::default();
    for op in block {
        match op {
            Op::Rope { base, norm, .. } => {
                shape.rope_base = *base;
                shape.normed = norm.is_some();
            }
            Op::Attention { scale, window, .. } => {
                shape.scale = *scale;
                shape.window = *window;
            }
            _ => {}
        }
    }
    shape
}
