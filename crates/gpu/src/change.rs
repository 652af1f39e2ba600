//! Parts of a model scaled, switched off or patched: block programs of their own, with `change.wgsl` between the ops.
//! Where nothing is changed there are none, and nothing is paid for them.

use crate::device::Gpu;
use crate::error::GpuError;
use crate::lower::{BatchClass, Lowering};
use crate::machine::Machine;
use crate::program::{Grid, Program};
use kernels::params::{ChangeParams, change};
use kernels::plan::{Op, Plan};
use kernels::trace::{Interventions, SubLayer};
use std::collections::HashMap;

/// What is changed, on the GPU.
#[derive(Debug)]
pub(crate) struct Changes {
    /// Of every block, and of what comes after the last one.
    layers: Vec<LayerChanges>,
    /// The residual stream before a sub-layer adds to it: (rows, d_model).
    kept: wgpu::Buffer,
    /// The blocks with their changes, and what comes after the last one.
    pub(crate) programs: HashMap<BatchClass, Vec<Program>>,
}

#[derive(Debug, Default)]
struct LayerChanges {
    /// (position, residual)
    patches: Vec<(u32, wgpu::Buffer)>,
    heads: Option<wgpu::Buffer>,
    neurons: Option<wgpu::Buffer>,
    /// Attention, feed-forward.
    sub_layers: [Option<wgpu::Buffer>; 2],
}

impl LayerChanges {
    fn buffers(&self) -> impl Iterator<Item = &wgpu::Buffer> {
        let patches = self.patches.iter().map(|(_, buffer)| buffer);
        let sub_layers = self.sub_layers.iter().flatten();
        patches.chain(&self.heads).chain(&self.neurons).chain(sub_layers)
    }
}

impl Changes {
    fn new(gpu: &Gpu, plan: &Plan, max_rows: u32, interventions: &Interventions) -> Self {
        let upload = |values: &[f32]| {
            let buffer = gpu.storage("change", size_of_val(values) as u64);
            gpu.write(&buffer, 0, bytemuck::cast_slice(values));
            buffer
        };
        let width = plan.d_model() as usize;
        let layer = |layer: usize| {
            let mut changes = LayerChanges::default();
            let patches = interventions.patches.iter();
            for patch in patches.filter(|p| p.layer == layer && p.residual.len() == width) {
                changes.patches.push((patch.position, upload(&patch.residual)));
            }
            if layer >= plan.blocks.len() {
                return changes;
            }
            let (heads, head_width) = (plan.heads.heads as usize, plan.heads.width as usize);
            changes.heads =
                interventions.head_scales(layer, heads, head_width).as_deref().map(upload);
            let neurons = plan.neurons(layer) as usize;
            changes.neurons = interventions.neuron_scales(layer, neurons).as_deref().map(upload);
            changes.sub_layers = [SubLayer::Attention, SubLayer::FeedForward].map(|sub_layer| {
                let scale = interventions.sub_layer(layer, sub_layer);
                (scale != 1.0).then(|| upload(&vec![scale; width]))
            });
            changes
        };
        Self {
            layers: (0..=plan.blocks.len()).map(layer).collect(),
            kept: gpu.storage("kept", u64::from(max_rows) * u64::from(plan.d_model()) * 4),
            programs: HashMap::new(),
        }
    }

    fn destroy(&self) {
        self.layers.iter().flat_map(LayerChanges::buffers).for_each(wgpu::Buffer::destroy);
        self.kept.destroy();
    }
}

/// Where an op stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) changes: Option<&'a Changes>,
    pub(crate) layer: usize,
    pub(crate) sub_layer: SubLayer,
}

impl<'a> Place<'a> {
    /// The beginning of a block.
    pub(crate) fn new(changes: Option<&'a Changes>, layer: usize) -> Self {
        Self { changes, layer, sub_layer: SubLayer::Attention }
    }

    /// What comes after an op: the first that adds to the residual stream ends attention.
    pub(crate) fn after(self, op: &Op, plan: &Plan) -> Self {
        if op.out() == plan.residual {
            Self { sub_layer: SubLayer::FeedForward, ..self }
        } else {
            self
        }
    }
}

impl<'a> Lowering<'a> {
    /// The patches of the residual stream before a block, or after the last one.
    pub(crate) fn patches(&mut self, changes: &'a Changes, layer: usize) {
        let Some(own) = changes.layers.get(layer) else { return };
        let r = self.resources;
        let stream = (&r.activations[self.plan.residual.0], self.plan.d_model());
        for (position, residual) in &own.patches {
            self.change(change::PATCH, stream, residual, &r.scratch, *position);
        }
    }

    /// A whole block.
    pub(crate) fn block(
        &mut self,
        ops: &[Op],
        changes: Option<&'a Changes>,
        layer: usize,
    ) -> Result<(), GpuError> {
        let mut place = Place::new(changes, layer);
        for op in ops {
            self.op_at(op, place, None)?;
            place = place.after(op, self.plan);
        }
        Ok(())
    }

    /// An op of a block, with what is changed there.
    pub(crate) fn op_at(
        &mut self,
        op: &Op,
        place: Place<'a>,
        trace: Option<&'a wgpu::Buffer>,
    ) -> Result<(), GpuError> {
        let changes = place.changes.and_then(|all| Some((all, all.layers.get(place.layer)?)));
        let Some((all, own)) = changes else { return self.op(op, trace) };
        let r = self.resources;
        let out = (&r.activations[op.out().0], self.plan.buffers[op.out().0]);
        let added = own.sub_layers[usize::from(place.sub_layer == SubLayer::FeedForward)]
            .as_ref()
            .filter(|_| op.out() == self.plan.residual);
        if added.is_some() {
            self.change(change::KEEP, out, &r.nothing, &all.kept, 0);
        }
        self.op(op, trace)?;
        if let Some(scales) = added {
            self.change(change::BLEND, out, scales, &all.kept, 0);
        }
        let inside = match op {
            Op::Attention { .. } => own.heads.as_ref(),
            op if op.is_gated() => own.neurons.as_ref(),
            _ => None,
        };
        if let Some(scales) = inside {
            self.change(change::SCALE, out, scales, &r.scratch, 0);
        }
        Ok(())
    }

    fn change(
        &mut self,
        mode: u32,
        out: (&'a wgpu::Buffer, u32),
        values: &'a wgpu::Buffer,
        kept: &'a wgpu::Buffer,
        position: u32,
    ) {
        let params = ChangeParams { width: out.1, position, ..Default::default() };
        self.call(
            "change",
            &[("MODE", f64::from(mode))],
            bytemuck::bytes_of(&params),
            vec![&self.resources.rows, values, kept, out.0],
            Grid::Rows { x: out.1.div_ceil(64) },
        );
    }
}

impl Machine {
    /// Changes what the following batches and steps compute. A decode has to be begun again.
    ///
    /// # Errors
    /// A lost device.
    pub fn set_interventions(&mut self, interventions: &Interventions) -> Result<(), GpuError> {
        self.gpu.check_alive()?;
        if let Some(changes) = self.changes.take() {
            changes.destroy();
        }
        if !interventions.is_empty() {
            let max_rows = self.options.max_rows;
            self.changes = Some(Changes::new(&self.gpu, &self.plan, max_rows, interventions));
        }
        self.gpu.check()
    }

    /// Makes the changed blocks of a batch class, once.
    pub(crate) fn prepare_changes(&mut self, class: BatchClass) -> Result<(), GpuError> {
        let Some(changes) = self.changes.as_ref().filter(|all| !all.programs.contains_key(&class))
        else {
            return Ok(());
        };
        let mut programs = Vec::new();
        for layer in 0..=self.plan.blocks.len() {
            let mut lowering =
                Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
            lowering.patches(changes, layer);
            if let Some(ops) = self.plan.blocks.get(layer) {
                lowering.block(ops, Some(changes), layer)?;
            }
            programs.push(lowering.finish());
        }
        if let Some(changes) = &mut self.changes {
            changes.programs.insert(class, programs);
        }
        Ok(())
    }

    /// Submits the patches before a block, or after the last one.
    pub(crate) fn submit_patches(&mut self, class: BatchClass, layer: usize, rows: u32) {
        let Some(changes) = &self.changes else { return };
        let mut lowering =
            Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
        lowering.patches(changes, layer);
        let program = lowering.finish();
        if !program.dispatches.is_empty() {
            self.submit([&program], rows, None);
        }
    }
}
