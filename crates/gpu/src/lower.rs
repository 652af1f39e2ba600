//! From logical ops to dispatches. Small batches (decode) use fused matrix-vector kernels; larger ones
//! (prefill) norm, tiled product and gate one after the other.

use crate::adapters::MatrixAdapters;
use crate::device::Gpu;
use crate::error::GpuError;
use crate::matrix::GpuMatrix;
use crate::pipelines::{Pipeline, Pipelines};
use crate::program::{Dispatch, Grid, Program, two_axes};
use crate::resources::Resources;
use kernels::params::{
    AttentionParams, CHUNKS, EmbedParams, GatedParams, LoraParams, LoraView, MATMUL_TILE,
    MATVEC_OUTS, MATVEC_ROWS, MatrixParams, RmsNormParams, RopeParams, SampleParams, epilogue,
};
use kernels::plan::{BufferId, Epilogue, Gate, MatrixId, Norm, Op, Plan, RopePairs};

/// Which kernels a batch goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BatchClass {
    /// One row.
    One,
    /// Up to [`MATVEC_ROWS`] rows.
    Few,
    /// Any number.
    Many,
}

impl BatchClass {
    pub(crate) fn of(rows: usize) -> Self {
        match rows {
            0 | 1 => Self::One,
            rows if rows <= MATVEC_ROWS as usize => Self::Few,
            _ => Self::Many,
        }
    }
}

/// Uniforms lie in one buffer, at WebGPU's largest `minUniformBufferOffsetAlignment`.
const UNIFORM_ALIGNMENT: usize = 256;

/// Lowers ops, collecting their uniforms.
pub(crate) struct Lowering<'a> {
    gpu: &'a Gpu,
    pipelines: &'a mut Pipelines,
    pub(crate) plan: &'a Plan,
    pub(crate) resources: &'a Resources,
    class: BatchClass,
    uniforms: Vec<u8>,
    calls: Vec<Call<'a>>,
}

struct Call<'a> {
    pipeline: Pipeline,
    /// Storage buffers in binding order, from binding 2.
    buffers: Vec<&'a wgpu::Buffer>,
    uniform: (usize, usize),
    grid: Grid,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(
        gpu: &'a Gpu,
        pipelines: &'a mut Pipelines,
        plan: &'a Plan,
        resources: &'a Resources,
        class: BatchClass,
    ) -> Self {
        Self { gpu, pipelines, plan, resources, class, uniforms: Vec::new(), calls: Vec::new() }
    }

    /// Any op of a block, or the embedding. `trace`: where attention weights go.
    pub(crate) fn op(&mut self, op: &Op, trace: Option<&'a wgpu::Buffer>) -> Result<(), GpuError> {
        let r = self.resources;
        match *op {
            Op::Embed { table, scale, out } => {
                self.embed(&r.matrices[table.0], scale, &r.activations[out.0]);
            }
            Op::Linear { matrix, norm, x, epilogue, out } => {
                let x = (&r.activations[x.0], self.plan.buffers[x.0]);
                let out = (&r.activations[out.0], self.plan.buffers[out.0]);
                self.linear(matrix, norm, x, epilogue, out, false)?;
            }
            Op::AddNorm { norm, x, out } => {
                let x = (&r.activations[x.0], self.plan.buffers[x.0]);
                self.rms_norm(norm, x, &r.activations[out.0], epilogue::ADD, 0);
            }
            Op::Rope { layer, qkv, heads, pairs, base, norm } => {
                let table = r
                    .tables
                    .iter()
                    .find(|(b, _)| *b == base)
                    .map_or(&r.nothing, |(_, table)| table);
                let weight = norm.map_or(&r.nothing, |norm| &r.vectors[norm.weight.0]);
                let params = RopeParams {
                    heads: heads.heads,
                    kv_heads: heads.kv_heads,
                    head_width: heads.width,
                    context: r.context,
                    eps: norm.map_or(0.0, |norm| norm.eps),
                    ..Default::default()
                };
                let interleaved = f64::from(u8::from(pairs == RopePairs::Interleaved));
                let [k, v] = &r.caches[layer];
                self.call(
                    "rope",
                    &[("INTERLEAVED", interleaved), ("NORM", f64::from(u8::from(norm.is_some())))],
                    bytemuck::bytes_of(&params),
                    vec![&r.rows, table, weight, &r.activations[qkv.0], k, v],
                    Grid::Rows { x: heads.heads + 2 * heads.kv_heads },
                );
            }
            Op::Attention { layer, qkv, heads, scale, window, out } => {
                let params = AttentionParams {
                    heads: heads.heads,
                    kv_heads: heads.kv_heads,
                    head_width: heads.width,
                    context: r.context,
                    window: window.unwrap_or(u32::MAX),
                    scale,
                    ..Default::default()
                };
                let [k, v] = &r.caches[layer];
                let weights = trace.unwrap_or(&r.scratch);
                self.call(
                    "attention",
                    &[("TRACE", f64::from(u8::from(trace.is_some())))],
                    bytemuck::bytes_of(&params),
                    vec![&r.rows, &r.activations[qkv.0], k, v, &r.activations[out.0], weights],
                    Grid::Rows { x: heads.heads },
                );
            }
        }
        Ok(())
    }

    /// A product of an activation, into any buffer with rows of the given length.
    pub(crate) fn product(
        &mut self,
        matrix: MatrixId,
        norm: Option<Norm>,
        x: BufferId,
        out: (&'a wgpu::Buffer, u32),
    ) -> Result<(), GpuError> {
        let x = (&self.resources.activations[x.0], self.plan.buffers[x.0]);
        self.linear(matrix, norm, x, Epilogue::Store, out, false)
    }

    /// Final norm and output matrix, for the rows whose logits are wanted.
    pub(crate) fn head(&mut self) -> Result<(), GpuError> {
        let r = self.resources;
        let x = (&r.activations[self.plan.residual.0], self.plan.d_model());
        let out = (&r.logits, self.plan.vocab());
        self.linear(self.plan.unembed, Some(self.plan.final_norm), x, Epilogue::Store, out, true)
    }

    /// Final norm alone, of the rows that are wanted, into the scratch for normalized rows.
    pub(crate) fn final_norm(&mut self) {
        let r = self.resources;
        let x = (&r.activations[self.plan.residual.0], self.plan.d_model());
        self.rms_norm(self.plan.final_norm, x, &r.normed, epilogue::STORE, 1);
    }

    /// Penalty, filters and draw of every row.
    pub(crate) fn sample(&mut self) {
        let r = self.resources;
        let vocab = self.plan.vocab();
        let params = SampleParams { vocab, seen_stride: vocab.div_ceil(32), ..Default::default() };
        self.call(
            "logits_partials",
            &[],
            bytemuck::bytes_of(&params),
            vec![&r.rows, &r.samplers, &r.seen, &r.logits, &r.scaled, &r.partials],
            Grid::Rows { x: CHUNKS },
        );
        self.call(
            "sample",
            &[],
            bytemuck::bytes_of(&params),
            vec![&r.samplers, &r.logits, &r.scaled, &r.partials, &r.rows, &r.seen, &r.reports],
            Grid::RowsFirst,
        );
    }

    /// Makes the bind groups.
    pub(crate) fn finish(self) -> Program {
        let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let uniforms = self.gpu.buffer("uniforms", self.uniforms.len() as u64, usage);
        self.gpu.write(&uniforms, 0, &self.uniforms);
        let dispatches = self.calls.iter().map(|call| {
            let uniform = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &uniforms,
                offset: call.uniform.0 as u64,
                size: std::num::NonZeroU64::new(call.uniform.1 as u64),
            });
            let frame = self.resources.frame.as_entire_binding();
            let buffers = call.buffers.iter().map(|buffer| buffer.as_entire_binding());
            let entries: Vec<_> = (0u32..)
                .zip([uniform, frame].into_iter().chain(buffers))
                .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
                .collect();
            self.gpu.counting.objects_created.add(1);
            let bind_group = self.gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: None,
                layout: &call.pipeline.layout,
                entries: &entries,
            });
            Dispatch { pipeline: call.pipeline.pipeline.clone(), bind_group, grid: call.grid }
        });
        Program { dispatches: dispatches.collect() }
    }

    fn embed(&mut self, table: &'a GpuMatrix, scale: f32, out: &'a wgpu::Buffer) {
        for shard in &table.shards {
            let params = EmbedParams {
                view: shard.view,
                table_rows: shard.rows,
                groups: table.inputs / 8,
                scale,
                reserved: 0,
            };
            self.call(
                &format!("embed.{}", table.layout.suffix()),
                &[],
                bytemuck::bytes_of(&params),
                vec![&shard.buffer, &self.resources.rows, out],
                Grid::RowsFirst,
            );
        }
    }

    /// `x` and `out`: buffer and row length.
    fn linear(
        &mut self,
        matrix: MatrixId,
        norm: Option<Norm>,
        x: (&'a wgpu::Buffer, u32),
        kind: Epilogue,
        out: (&'a wgpu::Buffer, u32),
        head: bool,
    ) -> Result<(), GpuError> {
        let r = self.resources;
        let outs = self.plan.matrices[matrix.0].outs();
        let adapters = r.adapters.get(matrix.0).and_then(Option::as_ref);
        let matrix = &r.matrices[matrix.0];
        let gate_kind = match kind {
            Epilogue::Gated(Gate::Silu) => Some(epilogue::SILU),
            Epilogue::Gated(Gate::GeluTanh) => Some(epilogue::GELU),
            Epilogue::Store | Epilogue::Add => None,
        };
        let add = if kind == Epilogue::Add { epilogue::ADD } else { epilogue::STORE };
        if self.class != BatchClass::Many {
            self.lora_a(adapters, norm, x);
            let kind = gate_kind.unwrap_or(add);
            return self.matvec(matrix, adapters, norm, x, kind, out, u32::from(head));
        }
        let mut input = x;
        let mut rows = u32::from(head);
        if let Some(norm) = norm {
            self.rms_norm(norm, x, &r.normed, epilogue::STORE, rows);
            input = (&r.normed, x.1);
            rows *= 2;
        }
        self.lora_a(adapters, None, input);
        match gate_kind {
            None => self.matmul(matrix, adapters, input, add, out, rows),
            Some(gate_kind) => {
                let gate_up = (&r.gate_up, outs);
                self.matmul(matrix, adapters, input, epilogue::STORE, gate_up, rows);
                let params = GatedParams { width: out.1, kind: gate_kind, ..Default::default() };
                self.call(
                    "gated",
                    &[],
                    bytemuck::bytes_of(&params),
                    vec![&r.gate_up, out.0],
                    Grid::Rows { x: out.1.div_ceil(128) },
                );
            }
        }
        Ok(())
    }

    /// Inner values of the rows' adapters, for the product that follows.
    fn lora_a(
        &mut self,
        adapters: Option<&'a MatrixAdapters>,
        norm: Option<Norm>,
        x: (&'a wgpu::Buffer, u32),
    ) {
        let Some(adapters) = adapters else { return };
        let r = self.resources;
        let params = LoraParams {
            inner: adapters.inner(),
            inputs4: adapters.inputs / 4,
            x_stride: x.1 / 4,
            eps: norm.map_or(0.0, |norm| norm.eps),
        };
        let weight = norm.map_or(&r.nothing, |norm| &r.vectors[norm.weight.0]);
        self.call(
            "lora_a",
            &[("NORM", f64::from(u8::from(norm.is_some())))],
            bytemuck::bytes_of(&params),
            vec![&r.rows, x.0, weight, &adapters.a, &r.lora_h],
            Grid::Rows { x: params.inner.div_ceil(MATVEC_OUTS) },
        );
    }

    #[expect(clippy::too_many_arguments, reason = "what a product is made of")]
    fn matvec(
        &mut self,
        matrix: &'a GpuMatrix,
        adapters: Option<&'a MatrixAdapters>,
        norm: Option<Norm>,
        x: (&'a wgpu::Buffer, u32),
        kind: u32,
        out: (&'a wgpu::Buffer, u32),
        head: u32,
    ) -> Result<(), GpuError> {
        let r = self.resources;
        let gated = kind == epilogue::SILU || kind == epilogue::GELU;
        if gated && matrix.shards.len() > 1 {
            // Output o needs rows o and o + outs in one buffer.
            return Err(GpuError::Layout {
                tensor: "gate and up".into(),
                reason: "it exceeds the largest buffer a shader may bind".into(),
            });
        }
        let weight = norm.map_or(&r.nothing, |norm| &r.vectors[norm.weight.0]);
        for shard in &matrix.shards {
            let params = MatrixParams {
                view: shard.view,
                outs: if gated { shard.rows / 2 } else { shard.rows },
                groups: matrix.inputs / 8,
                out_offset: shard.view.first_row,
                out_stride: out.1,
                x_stride: x.1 / 4,
                head,
                eps: norm.map_or(0.0, |norm| norm.eps),
                lora: lora_view(adapters),
                reserved: 0,
            };
            let (across, along) = two_axes(params.outs.div_ceil(MATVEC_OUTS));
            let rows = if self.class == BatchClass::One { 1 } else { MATVEC_ROWS };
            self.call(
                &format!("matvec.{}", matrix.layout.suffix()),
                &[
                    ("ROWS", f64::from(rows)),
                    ("NORM", f64::from(u8::from(norm.is_some()))),
                    ("EPILOGUE", f64::from(kind)),
                    ("LORA", f64::from(u8::from(adapters.is_some()))),
                ],
                bytemuck::bytes_of(&params),
                vec![&shard.buffer, &r.rows, lora_b(adapters, r), &r.lora_h, x.0, weight, out.0],
                Grid::Fixed([across, along, 1]),
            );
        }
        Ok(())
    }

    fn matmul(
        &mut self,
        matrix: &'a GpuMatrix,
        adapters: Option<&'a MatrixAdapters>,
        x: (&'a wgpu::Buffer, u32),
        kind: u32,
        out: (&'a wgpu::Buffer, u32),
        head: u32,
    ) {
        let r = self.resources;
        for shard in &matrix.shards {
            let params = MatrixParams {
                view: shard.view,
                outs: shard.rows,
                groups: matrix.inputs / 8,
                out_offset: shard.view.first_row,
                out_stride: out.1,
                x_stride: x.1 / 4,
                head,
                lora: lora_view(adapters),
                ..Default::default()
            };
            let (x_tiles, z_tiles) = two_axes(shard.rows.div_ceil(MATMUL_TILE));
            self.call(
                &format!("matmul.{}", matrix.layout.suffix()),
                &[("EPILOGUE", f64::from(kind)), ("LORA", f64::from(u8::from(adapters.is_some())))],
                bytemuck::bytes_of(&params),
                vec![&shard.buffer, &r.rows, lora_b(adapters, r), &r.lora_h, x.0, out.0],
                Grid::Tiles { x: x_tiles, z: z_tiles },
            );
        }
    }

    fn rms_norm(
        &mut self,
        norm: Norm,
        x: (&'a wgpu::Buffer, u32),
        out: &'a wgpu::Buffer,
        kind: u32,
        head: u32,
    ) {
        let params = RmsNormParams { width4: x.1 / 4, head, eps: norm.eps, reserved: 0 };
        self.call(
            "rms_norm",
            &[("EPILOGUE", f64::from(kind))],
            bytemuck::bytes_of(&params),
            vec![x.0, &self.resources.vectors[norm.weight.0], out],
            Grid::RowsFirst,
        );
    }

    pub(crate) fn call(
        &mut self,
        kernel: &str,
        overrides: &[(&'static str, f64)],
        params: &[u8],
        buffers: Vec<&'a wgpu::Buffer>,
        grid: Grid,
    ) {
        let pipeline = self.pipelines.get(self.gpu, kernel, overrides);
        let start = self.uniforms.len();
        self.uniforms.extend_from_slice(params);
        self.uniforms.resize(self.uniforms.len().next_multiple_of(UNIFORM_ALIGNMENT), 0);
        self.calls.push(Call { pipeline, buffers, uniform: (start, params.len()), grid });
    }
}

/// Where a product finds what adapters change.
fn lora_view(adapters: Option<&MatrixAdapters>) -> LoraView {
    adapters.map_or_else(LoraView::default, |adapters| LoraView {
        outs: adapters.outs(),
        rank4: adapters.rank / 4,
        parts: adapters.ends.len() as u32,
        end_0: adapters.end(0),
        end_1: adapters.end(1),
        ..LoraView::default()
    })
}

fn lora_b<'a>(adapters: Option<&'a MatrixAdapters>, r: &'a Resources) -> &'a wgpu::Buffer {
    adapters.map_or(&r.nothing, |adapters| &adapters.b)
}
