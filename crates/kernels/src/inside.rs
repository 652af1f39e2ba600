//! What a plan says to those who look inside.

use crate::plan::{Epilogue, MatrixId, Norm, Op, Plan, VectorId};

/// The way from a neuron's product to the residual stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Down {
    /// Its column of this matrix …
    pub matrix: MatrixId,
    /// … times these weights, where what the feed-forward adds is normalized.
    pub norm: Option<VectorId>,
}

impl Plan {
    /// Looks rows of the output matrix up, as [`Plan::embed`] does those of the embedding.
    pub fn output_rows(&self) -> Op {
        Op::Embed { table: self.unembed, scale: 1.0, out: self.residual }
    }

    /// The norm that a layer's attention reads the residual stream through.
    pub fn attention_norm(&self, layer: usize) -> Option<Norm> {
        self.blocks.get(layer)?.iter().find_map(|op| match op {
            Op::Linear { norm, x, .. } if *x == self.residual && !op.is_gated() => *norm,
            _ => None,
        })
    }

    /// The norm that a layer's feed-forward reads the residual stream through.
    pub fn feed_forward_norm(&self, layer: usize) -> Option<Norm> {
        match self.gated(layer)? {
            Op::Linear { norm, .. } => *norm,
            _ => None,
        }
    }

    /// Feed-forward neurons of a layer.
    pub fn neurons(&self, layer: usize) -> u32 {
        self.gated(layer).map_or(0, |op| self.buffers[op.out().0])
    }

    /// The gated product of a layer.
    pub fn gated(&self, layer: usize) -> Option<&Op> {
        self.blocks.get(layer)?.iter().find(|op| op.is_gated())
    }

    /// What a layer's feed-forward does with the products of its neurons.
    pub fn down(&self, layer: usize) -> Option<Down> {
        let products = self.gated(layer)?.out();
        let ops = self.blocks.get(layer)?;
        let (matrix, sum) = ops.iter().find_map(|op| match op {
            Op::Linear { matrix, x, out, .. } if *x == products => Some((*matrix, *out)),
            _ => None,
        })?;
        // Later than the product: attention's result may go through the same activation.
        let norm = ops.iter().rev().find_map(|op| match op {
            Op::AddNorm { norm, x, .. } if *x == sum => Some(norm.weight),
            _ => None,
        });
        Some(Down { matrix, norm: norm.filter(|_| sum != self.residual) })
    }
}

impl Op {
    /// Is it a gated product?
    pub fn is_gated(&self) -> bool {
        matches!(self, Self::Linear { epilogue: Epilogue::Gated(_), .. })
    }
}
