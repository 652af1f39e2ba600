//! Records and changes what happens inside a block, between the ops of the plan.

use super::{Machine, rms_norm};
use crate::params::Row;
use crate::plan::{Epilogue, MatrixId, Norm, Op};
use crate::trace::{FeedForward, SubLayer, Trace, TraceRequest};

impl Machine {
    /// What a lookup gives for some tokens: (tokens, d_model). Takes the place of the last batch.
    pub fn look_up(&mut self, lookup: &Op, tokens: &[u32]) -> Vec<f32> {
        let rows: Vec<Row> = tokens.iter().map(|&token| Row { token, ..Row::default() }).collect();
        self.run(lookup, &rows, None);
        self.activation(lookup.out()).to_vec()
    }

    /// `matrix * norm(x)` with what the adapter changes: (rows, outs), of `x` (rows, inputs).
    pub fn product(
        &mut self,
        matrix: MatrixId,
        norm: Option<Norm>,
        x: &[f32],
        adapter: u32,
    ) -> Vec<f32> {
        let (inputs, outs) =
            (self.plan.matrices[matrix.0].inputs as usize, self.plan.matrices[matrix.0].outs());
        let rows = vec![Row { adapter, ..Row::default() }; x.len() / inputs];
        let mut normed = vec![0.0; x.len()];
        if let Some(norm) = norm {
            rms_norm(x, self.vector(norm.weight), norm.eps, false, &mut normed);
        } else {
            normed.copy_from_slice(x);
        }
        let mut out = vec![0.0; rows.len() * outs as usize];
        let calls = self.linear(matrix, &normed, &rows, Epilogue::Store, &mut out);
        self.count(calls);
        out
    }

    /// Runs one block, op by op.
    pub(super) fn block(
        &mut self,
        layer: usize,
        rows: &[Row],
        request: &TraceRequest,
        trace: &mut Trace,
    ) {
        self.patch(layer, rows);
        if request.residual {
            trace.residual.push(self.activation(self.plan.residual).to_vec());
        }
        let mut weights = request
            .attention_layers
            .contains(&layer)
            .then(|| vec![0.0; rows.len() * self.plan.heads.heads as usize * self.options.context]);
        let mut sub_layer = SubLayer::Attention;
        for i in 0..self.plan.blocks[layer].len() {
            let op = self.plan.blocks[layer][i];
            let gate_up = (request.feed_forward_layers.contains(&layer) && op.is_gated())
                .then(|| self.gate_up(&op, rows));
            let adds = op.out() == self.plan.residual;
            let scale = self.interventions.sub_layer(layer, sub_layer);
            let before = (adds && (request.contributions || scale != 1.0))
                .then(|| self.activation(self.plan.residual).to_vec());
            self.run(&op, rows, weights.as_deref_mut());
            self.scale_inside(layer, &op);
            if matches!(op, Op::Rope { .. }) && request.qkv_layers.contains(&layer) {
                trace.qkv.push((layer, self.activation(op.out()).to_vec()));
            }
            if let Some(gate_up) = gate_up {
                let product = self.activation(op.out()).to_vec();
                trace.feed_forward.push((layer, FeedForward { gate_up, product }));
            }
            if let Some(before) = before {
                let added = self.scale_added(&before, scale);
                if request.contributions {
                    match sub_layer {
                        SubLayer::Attention => trace.contributions.push([added, Vec::new()]),
                        SubLayer::FeedForward => {
                            if let Some([_, feed_forward]) = trace.contributions.last_mut() {
                                *feed_forward = added;
                            }
                        }
                    }
                }
            }
            if adds {
                sub_layer = SubLayer::FeedForward;
            }
        }
        trace.attention.extend(weights.map(|weights| (layer, weights)));
    }

    /// Replaces the residual stream before a block, or after the last one.
    pub(super) fn patch(&mut self, layer: usize, rows: &[Row]) {
        let width = self.plan.d_model() as usize;
        let stream = &mut self.buffers[self.plan.residual.0];
        for patch in self.interventions.patches.iter().filter(|patch| patch.layer == layer) {
            for (row, stream) in rows.iter().zip(stream.chunks_exact_mut(width)) {
                if row.position == patch.position && patch.residual.len() == width {
                    stream.copy_from_slice(&patch.residual);
                }
            }
        }
    }

    /// Gate and up of every row before the gate's function: (rows, 2 * d_ff).
    fn gate_up(&mut self, op: &Op, rows: &[Row]) -> Vec<f32> {
        let Op::Linear { matrix, norm, x, .. } = *op else { return Vec::new() };
        let outs = self.plan.matrices[matrix.0].outs() as usize;
        let mut out = vec![0.0; rows.len() * outs];
        let input = self.input(norm, x);
        self.linear(matrix, &input, rows, Epilogue::Store, &mut out);
        out
    }

    /// Scales heads after attention and neurons after the gate.
    fn scale_inside(&mut self, layer: usize, op: &Op) {
        let (scales, width) = match op {
            Op::Attention { heads, .. } => (&self.interventions.heads, heads.width as usize),
            op if op.is_gated() => (&self.interventions.neurons, 1),
            _ => return,
        };
        let out = op.out().0;
        let row_width = self.plan.buffers[out] as usize;
        for (_, place, scale) in scales.iter().filter(|(l, ..)| *l == layer) {
            let range = place * width..(place + 1) * width;
            for row in self.buffers[out].chunks_exact_mut(row_width) {
                row.get_mut(range.clone()).into_iter().flatten().for_each(|value| *value *= scale);
            }
        }
    }

    /// Scales what was added to the residual stream since `before`; gives back what then was added.
    fn scale_added(&mut self, before: &[f32], scale: f32) -> Vec<f32> {
        let stream = &mut self.buffers[self.plan.residual.0];
        let added: Vec<f32> =
            stream.iter().zip(before).map(|(after, before)| (after - before) * scale).collect();
        if scale != 1.0 {
            for ((value, before), added) in stream.iter_mut().zip(before).zip(&added) {
                *value = before + added;
            }
        }
        added
    }
}
