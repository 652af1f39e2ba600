//! Running a plan while recording what happens inside: op by op, with a readback where something is wanted.

use crate::change::Place;
use crate::error::GpuError;
use crate::layout::MAX_BINDING_BYTES;
use crate::lower::{BatchClass, Lowering};
use crate::machine::{Machine, Owned};
use kernels::params::Row;
use kernels::plan::{BufferId, Epilogue, Op};
use kernels::trace::{FeedForward, SubLayer, Trace, TraceRequest};

impl Machine {
    /// Like [`Machine::forward`], layer by layer, reading back what `request` asks for.
    ///
    /// # Errors
    /// See [`Machine::ready`]; attention weights (rows, heads, context) that exceed the largest binding.
    pub async fn forward_traced(
        &mut self,
        rows: &[Row],
        request: &TraceRequest,
    ) -> Result<Trace, GpuError> {
        let mut class = self.batch(rows)?;
        if !request.feed_forward_layers.is_empty() {
            // Only there are gate and up stored before they are multiplied.
            class = BatchClass::Many;
            self.prepare(class)?;
        }
        let count = rows.len() as u32;
        let mut trace = Trace::default();
        let weights = self.weights_buffer(count, request)?;
        self.submit([&self.programs[&class].embed], count, None);
        for layer in 0..self.plan.blocks.len() {
            self.submit_patches(class, layer, count);
            if request.residual {
                trace.residual.push(self.rows_of(self.plan.residual, count).await?);
            }
            let looked_into = request.contributions
                || [&request.attention_layers, &request.qkv_layers, &request.feed_forward_layers]
                    .iter()
                    .any(|layers| layers.contains(&layer));
            if looked_into {
                self.block_traced(class, layer, count, request, weights.as_ref(), &mut trace)
                    .await?;
            } else {
                self.submit([self.block(class, layer)], count, None);
            }
        }
        self.submit_patches(class, self.plan.blocks.len(), count);
        if request.residual {
            trace.last = self.rows_of(self.plan.residual, count).await?;
            trace.residual.push(self.normed(0, count).await?);
        }
        Ok(trace)
    }

    async fn block_traced(
        &mut self,
        class: BatchClass,
        layer: usize,
        count: u32,
        request: &TraceRequest,
        weights: Option<&Owned>,
        trace: &mut Trace,
    ) -> Result<(), GpuError> {
        let residual = self.plan.residual;
        let mut added = Vec::new();
        let mut sub_layer = SubLayer::Attention;
        for op in self.plan.blocks[layer].clone() {
            let adds = request.contributions && op.out() == residual;
            let before = if adds { self.rows_of(residual, count).await? } else { Vec::new() };
            let weights = weights.filter(|_| {
                matches!(op, Op::Attention { .. }) && request.attention_layers.contains(&layer)
            });
            let mut lowering =
                Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
            let place = Place { changes: self.changes.as_ref(), layer, sub_layer };
            lowering.op_at(&op, place, weights.map(|Owned(buffer)| buffer))?;
            sub_layer = place.after(&op, &self.plan).sub_layer;
            let program = lowering.finish();
            self.submit([&program], count, None);
            if let Some(Owned(buffer)) = weights {
                trace.attention.push((layer, self.read_floats(buffer, buffer.size()).await?));
            }
            if matches!(op, Op::Rope { .. }) && request.qkv_layers.contains(&layer) {
                trace.qkv.push((layer, self.rows_of(op.out(), count).await?));
            }
            if let Op::Linear { matrix, epilogue: Epilogue::Gated(_), out, .. } = op
                && request.feed_forward_layers.contains(&layer)
            {
                let bytes = u64::from(count) * u64::from(self.plan.matrices[matrix.0].outs()) * 4;
                let gate_up = self.read_floats(&self.resources.gate_up, bytes).await?;
                let product = self.rows_of(out, count).await?;
                trace.feed_forward.push((layer, FeedForward { gate_up, product }));
            }
            if adds {
                let after = self.rows_of(residual, count).await?;
                added.push(
                    after.iter().zip(&before).map(|(after, before)| after - before).collect(),
                );
            }
        }
        if let Ok(both) = <[Vec<f32>; 2]>::try_from(added) {
            trace.contributions.push(both);
        }
        Ok(())
    }

    /// An activation of the first `count` rows.
    async fn rows_of(&self, id: BufferId, count: u32) -> Result<Vec<f32>, GpuError> {
        let bytes = u64::from(count) * u64::from(self.plan.buffers[id.0]) * 4;
        self.read_floats(&self.resources.activations[id.0], bytes).await
    }

    /// Where attention weights (rows, heads, context) go, if any are wanted.
    fn weights_buffer(
        &self,
        count: u32,
        request: &TraceRequest,
    ) -> Result<Option<Owned>, GpuError> {
        if request.attention_layers.is_empty() {
            return Ok(None);
        }
        let row = u64::from(self.plan.heads.heads) * u64::from(self.options.context);
        let bytes = u64::from(count) * row * 4;
        if bytes > MAX_BINDING_BYTES {
            let reason = "the attention weights exceed the largest binding".to_owned();
            return Err(GpuError::OutOfMemory { bytes, reason });
        }
        Ok(Some(Owned(self.gpu.storage("attention weights", bytes))))
    }
}
