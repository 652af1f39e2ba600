use crate::device::{Gpu, refused};
use crate::error::GpuError;
use crate::lower::{BatchClass, Lowering};
use crate::matrix::GpuMatrix;
use crate::pipelines::Pipelines;
use crate::program::Program;
use crate::readback::Mapping;
use formats::gguf::TensorInfo;
use formats::quant;
use kernels::cpu::rope_table;
use kernels::params::{CHUNKS, Frame, MATVEC_ROWS, Partial, Report, Row, Sampler};
use kernels::plan::{Epilogue, Op, Plan, Slot};
use kernels::trace::{Trace, TraceRequest};
use std::collections::HashMap;

/// Sizes of a machine's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineOptions {
    /// Positions per sequence.
    pub context: u32,
    /// Sequences with a cache of their own.
    pub sequences: u32,
    /// Most rows of one batch.
    pub max_rows: u32,
    /// Most rows whose logits are computed at once.
    pub logit_rows: u32,
}

/// Steps whose results may be on their way at once.
const RING: usize = 4;

/// Runs a plan on a GPU.
///
/// A decode step is frozen: after the first one for a batch size, a step creates an encoder, a pass and a
/// command buffer and nothing else; tokens and positions live on the GPU.
#[derive(Debug)]
pub struct Machine {
    gpu: Gpu,
    plan: Plan,
    options: MachineOptions,
    resources: Resources,
    pipelines: Pipelines,
    programs: HashMap<BatchClass, Programs>,
    frame: Frame,
    ring: Vec<wgpu::Buffer>,
    next_in_ring: usize,
    scopes: Option<[wgpu::ErrorScopeGuard; 2]>,
}

/// Every buffer but uniforms and readback.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) context: u32,
    pub(crate) matrices: Vec<GpuMatrix>,
    pub(crate) vectors: Vec<wgpu::Buffer>,
    pub(crate) activations: Vec<wgpu::Buffer>,
    pub(crate) caches: Vec<[wgpu::Buffer; 2]>,
    pub(crate) tables: Vec<(f32, wgpu::Buffer)>,
    pub(crate) frame: wgpu::Buffer,
    pub(crate) rows: wgpu::Buffer,
    pub(crate) normed: wgpu::Buffer,
    pub(crate) gate_up: wgpu::Buffer,
    pub(crate) logits: wgpu::Buffer,
    pub(crate) scaled: wgpu::Buffer,
    pub(crate) partials: wgpu::Buffer,
    pub(crate) samplers: wgpu::Buffer,
    pub(crate) seen: wgpu::Buffer,
    pub(crate) reports: wgpu::Buffer,
    /// Bound where a kernel reads nothing.
    pub(crate) nothing: wgpu::Buffer,
    /// Bound where a kernel writes nothing.
    pub(crate) scratch: wgpu::Buffer,
}

#[derive(Debug)]
struct Programs {
    /// Embedding, then each block.
    body: Vec<Program>,
    head: Program,
    sample: Program,
}

/// A submitted decode step whose reports have not been read.
#[derive(Debug)]
pub struct Ticket {
    mapping: Mapping,
}

impl Ticket {
    /// Forgets the step's reports.
    pub fn cancel(self) {
        self.mapping.cancel();
    }
}

impl Machine {
    /// Makes all buffers. Memory shortages show in [`Machine::ready`].
    ///
    /// # Errors
    /// Matrices no kernel takes.
    pub fn new(
        gpu: &Gpu,
        plan: Plan,
        tensors: &[TensorInfo],
        options: MachineOptions,
    ) -> Result<Self, GpuError> {
        let options = MachineOptions {
            max_rows: options.max_rows.max(MATVEC_ROWS),
            logit_rows: options.logit_rows.max(MATVEC_ROWS),
            ..options
        };
        let scopes = [wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::OutOfMemory]
            .map(|filter| gpu.device.push_error_scope(filter));
        let resources = resources(gpu, &plan, tensors, options)?;
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let report_bytes = u64::from(options.logit_rows) * size_of::<Report>() as u64;
        let ring = (0..RING).map(|_| gpu.buffer("reports", report_bytes, usage)).collect();
        Ok(Self {
            gpu: gpu.clone(),
            plan,
            options,
            resources,
            pipelines: Pipelines::default(),
            programs: HashMap::new(),
            frame: Frame::default(),
            ring,
            next_in_ring: 0,
            scopes: Some(scopes),
        })
    }

    /// Repacks and uploads the next bytes of a tensor: whole rows of a matrix, or a whole vector.
    ///
    /// # Errors
    /// A tensor the plan does not read, or bytes that do not fit it.
    pub fn write(&mut self, tensor: &TensorInfo, bytes: &[u8]) -> Result<(), GpuError> {
        let refuse = |reason| GpuError::Tensor { name: tensor.name.clone(), reason };
        match self.plan.slot(&tensor.name) {
            None => Err(refuse("the plan does not read it".to_owned())),
            Some(Slot::Matrix { id, part }) => {
                self.resources.matrices[id.0].write(&self.gpu, part, tensor, bytes)
            }
            Some(Slot::Vector { id, part }) => {
                let width = self.plan.vectors[id.0].width as usize;
                let mut floats = vec![0.0f32; width];
                quant::dequantize(tensor.dtype, bytes, &mut floats)
                    .map_err(|e| refuse(e.to_string()))?;
                let at = (part * width * 4) as u64;
                self.gpu.write(&self.resources.vectors[id.0], at, bytemuck::cast_slice(&floats));
                Ok(())
            }
        }
    }

    /// Compiles the pipelines of a decode step and waits until everything made so far exists.
    ///
    /// # Errors
    /// Memory ran out, or the driver refused something.
    pub async fn ready(&mut self) -> Result<(), GpuError> {
        self.programs(BatchClass::One)?;
        if let Some([validation, memory]) = self.scopes.take() {
            let (memory, validation) = (memory.pop(), validation.pop());
            let bytes = self.weight_bytes();
            if let Some(error) = memory.await {
                return Err(refused(error, bytes));
            }
            if let Some(error) = validation.await {
                return Err(refused(error, bytes));
            }
        }
        self.gpu.check()
    }

    /// The device.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Bytes of weights on the GPU.
    pub fn weight_bytes(&self) -> u64 {
        let matrices = self.resources.matrices.iter().map(GpuMatrix::bytes);
        matrices.chain(self.resources.vectors.iter().map(wgpu::Buffer::size)).sum()
    }

    /// Runs all blocks over a batch of at most `max_rows`; the residual stream stays on the GPU.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub fn forward(&mut self, rows: &[Row]) -> Result<(), GpuError> {
        let class = BatchClass::of(rows.len());
        self.gpu.write(&self.resources.rows, 0, bytemuck::cast_slice(rows));
        self.set_frame(Frame { rows: rows.len() as u32, ..self.frame });
        self.programs(class)?;
        self.record(
            &[],
            |programs, gpu, pass| {
                programs
                    .body
                    .iter()
                    .for_each(|program| program.record(gpu, pass, rows.len() as u32));
            },
            class,
        );
        self.gpu.check()
    }

    /// Like [`Machine::forward`], layer by layer, reading back what `request` asks for.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn forward_traced(
        &mut self,
        rows: &[Row],
        request: &TraceRequest,
    ) -> Result<Trace, GpuError> {
        let class = BatchClass::of(rows.len());
        self.gpu.write(&self.resources.rows, 0, bytemuck::cast_slice(rows));
        self.set_frame(Frame { rows: rows.len() as u32, ..self.frame });
        self.programs(class)?;
        let count = rows.len() as u32;
        let mut trace = Trace::default();
        let residual_bytes = u64::from(count * self.plan.d_model()) * 4;
        let heads = u64::from(self.plan.heads.heads) * u64::from(self.options.context);
        let weights_bytes = u64::from(count) * heads * 4;
        let weights = match request.attention_layers.is_empty() {
            true => None,
            false => Some(self.gpu.storage("attention weights", weights_bytes)),
        };
        self.record(&[], |programs, gpu, pass| programs.body[0].record(gpu, pass, count), class);
        for layer in 0..self.plan.blocks.len() {
            if request.residual {
                let residual = self.resources.activations[self.plan.residual.0].clone();
                trace.residual.push(self.read_floats(&residual, residual_bytes).await?);
            }
            match weights.as_ref().filter(|_| request.attention_layers.contains(&layer)) {
                None => {
                    self.record(
                        &[],
                        |programs, gpu, pass| programs.body[layer + 1].record(gpu, pass, count),
                        class,
                    );
                }
                Some(weights) => {
                    let mut lowering = Lowering::new(
                        &self.gpu,
                        &mut self.pipelines,
                        &self.plan,
                        &self.resources,
                        class,
                    );
                    for op in &self.plan.blocks[layer] {
                        lowering.op(op, matches!(op, Op::Attention { .. }).then_some(weights))?;
                    }
                    let program = lowering.finish();
                    self.run(&program, count);
                    trace.attention.push((layer, self.read_floats(weights, weights_bytes).await?));
                }
            }
        }
        if request.residual {
            let mut lowering =
                Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
            lowering.final_norm();
            let program = lowering.finish();
            self.run(&program, count);
            let normed = self.resources.normed.clone();
            trace.residual.push(self.read_floats(&normed, residual_bytes).await?);
        }
        if let Some(weights) = weights {
            weights.destroy();
        }
        Ok(trace)
    }

    /// Logits (count, vocab) of rows `from..from + count` of the last batch; `count` at most `logit_rows`.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn logits(&mut self, from: u32, count: u32) -> Result<Vec<f32>, GpuError> {
        self.set_frame(Frame { logits_from: from, logits_rows: count, ..self.frame });
        let class = BatchClass::of(count as usize);
        self.programs(class)?;
        self.record(&[], |programs, gpu, pass| programs.head.record(gpu, pass, count), class);
        let logits = self.resources.logits.clone();
        self.read_floats(&logits, u64::from(count) * u64::from(self.plan.vocab()) * 4).await
    }

    /// Sets the rows that [`Machine::step`] decodes. `seen`: for each row, the bit set of tokens that its
    /// sequence holds, (vocab / 32) words.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub fn begin(
        &mut self,
        rows: &[Row],
        samplers: &[Sampler],
        seen: &[Vec<u32>],
    ) -> Result<(), GpuError> {
        let r = &self.resources;
        self.gpu.write(&r.rows, 0, bytemuck::cast_slice(rows));
        self.gpu.write(&r.samplers, 0, bytemuck::cast_slice(samplers));
        let stride = u64::from(self.plan.vocab().div_ceil(32)) * 4;
        for (row, seen) in rows.iter().zip(seen) {
            self.gpu.write(&r.seen, u64::from(row.sequence) * stride, bytemuck::cast_slice(seen));
        }
        let count = rows.len() as u32;
        self.set_frame(Frame { rows: count, logits_from: 0, logits_rows: count, reserved: 0 });
        self.programs(BatchClass::of(rows.len()))?;
        self.gpu.check()
    }

    /// Submits one decode step of the first `count` rows: one submit, nothing created.
    pub fn step(&mut self, count: u32) -> Ticket {
        let bytes = u64::from(count) * size_of::<Report>() as u64;
        let staging = self.ring[self.next_in_ring].clone();
        self.next_in_ring = (self.next_in_ring + 1) % RING;
        let copy = (self.resources.reports.clone(), staging.clone(), bytes);
        self.record(
            &[copy],
            |programs, gpu, pass| {
                programs.body.iter().for_each(|program| program.record(gpu, pass, count));
                programs.head.record(gpu, pass, count);
                programs.sample.record(gpu, pass, count);
            },
            BatchClass::of(count as usize),
        );
        Ticket { mapping: Mapping::start(&self.gpu, &staging, bytes) }
    }

    /// Waits for a step's reports, one per row.
    ///
    /// # Errors
    /// The device was lost, or the driver refused something.
    pub async fn reports(&self, ticket: Ticket) -> Result<Vec<Report>, GpuError> {
        ticket.mapping.read(&self.gpu, bytemuck::pod_collect_to_vec).await
    }

    /// Copies the first `length` positions of one sequence's caches to another's.
    pub fn fork(&mut self, from: u32, to: u32, length: u32) {
        if from == to || length == 0 {
            return;
        }
        let row = u64::from(self.plan.heads.kv_width()) * 4;
        let start = |sequence: u32| u64::from(sequence) * u64::from(self.options.context) * row;
        let mut encoder = self.gpu.encoder();
        for cache in self.resources.caches.iter().flatten() {
            let scratch = &self.resources.normed;
            // WebGPU refuses copies within one buffer: through a scratch, piece by piece.
            let piece = scratch.size() / row * row;
            let (mut at, end) = (0, u64::from(length) * row);
            while at < end {
                let bytes = piece.min(end - at);
                encoder.copy_buffer_to_buffer(cache, start(from) + at, scratch, 0, bytes);
                encoder.copy_buffer_to_buffer(scratch, 0, cache, start(to) + at, bytes);
                at += bytes;
            }
        }
        self.gpu.submit(encoder);
    }

    /// Frees all GPU memory now.
    pub fn destroy(self) {
        let r = &self.resources;
        let shards = r.matrices.iter().flat_map(|matrix| &matrix.shards).map(|shard| &shard.buffer);
        let singles = [
            &r.frame,
            &r.rows,
            &r.normed,
            &r.gate_up,
            &r.logits,
            &r.scaled,
            &r.partials,
            &r.samplers,
            &r.seen,
            &r.reports,
            &r.nothing,
            &r.scratch,
        ];
        shards
            .chain(&r.vectors)
            .chain(&r.activations)
            .chain(r.caches.iter().flatten())
            .chain(r.tables.iter().map(|(_, table)| table))
            .chain(singles)
            .chain(&self.ring)
            .for_each(wgpu::Buffer::destroy);
    }

    fn set_frame(&mut self, frame: Frame) {
        if frame != self.frame {
            self.gpu.write(&self.resources.frame, 0, bytemuck::bytes_of(&frame));
            self.frame = frame;
        }
    }

    /// Makes the programs of a batch class, once.
    fn programs(&mut self, class: BatchClass) -> Result<(), GpuError> {
        if self.programs.contains_key(&class) {
            return Ok(());
        }
        let mut lower = |fill: &mut dyn FnMut(&mut Lowering<'_>) -> Result<(), GpuError>| {
            let mut lowering =
                Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
            fill(&mut lowering)?;
            Ok::<_, GpuError>(lowering.finish())
        };
        let mut body = vec![lower(&mut |l| l.op(&self.plan.embed, None))?];
        for block in &self.plan.blocks {
            body.push(lower(&mut |l| block.iter().try_for_each(|op| l.op(op, None)))?);
        }
        let head = lower(&mut |l| l.head())?;
        let sample = lower(&mut |l| {
            l.sample();
            Ok(())
        })?;
        self.programs.insert(class, Programs { body, head, sample });
        Ok(())
    }

    /// One submit: a pass, then copies `(from, to, bytes)`.
    fn record(
        &self,
        copies: &[(wgpu::Buffer, wgpu::Buffer, u64)],
        fill: impl FnOnce(&Programs, &Gpu, &mut wgpu::ComputePass<'_>),
        class: BatchClass,
    ) {
        let mut encoder = self.gpu.encoder();
        if let Some(programs) = self.programs.get(&class) {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            fill(programs, &self.gpu, &mut pass);
        }
        for (from, to, bytes) in copies {
            encoder.copy_buffer_to_buffer(from, 0, to, 0, *bytes);
        }
        self.gpu.submit(encoder);
    }

    /// One submit of a program made for once.
    fn run(&self, program: &Program, rows: u32) {
        let mut encoder = self.gpu.encoder();
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            program.record(&self.gpu, &mut pass, rows);
        }
        self.gpu.submit(encoder);
    }

    async fn read_floats(&self, buffer: &wgpu::Buffer, bytes: u64) -> Result<Vec<f32>, GpuError> {
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let staging = self.gpu.buffer("readback", bytes, usage);
        let mut encoder = self.gpu.encoder();
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, bytes);
        self.gpu.submit(encoder);
        let mapping = Mapping::start(&self.gpu, &staging, bytes);
        let floats = mapping.read(&self.gpu, bytemuck::pod_collect_to_vec).await;
        staging.destroy();
        floats
    }
}

fn resources(
    gpu: &Gpu,
    plan: &Plan,
    tensors: &[TensorInfo],
    options: MachineOptions,
) -> Result<Resources, GpuError> {
    let MachineOptions { context, sequences, max_rows, logit_rows } = options;
    let info = |name: &String| tensors.iter().find(|tensor| tensor.name == *name);
    let mut matrices = Vec::new();
    for matrix in &plan.matrices {
        let infos: Vec<&TensorInfo> = matrix.tensors.iter().filter_map(info).collect();
        matrices.push(GpuMatrix::new(gpu, matrix, &infos)?);
    }
    // (count, width) of floats
    let floats = |label: &str, count: u32, width: u32| {
        gpu.storage(label, u64::from(count) * u64::from(width) * 4)
    };
    let gated_outs = plan.blocks.iter().flatten().filter_map(|op| match op {
        Op::Linear { matrix, epilogue: Epilogue::Gated(_), .. } => {
            Some(plan.matrices[matrix.0].outs())
        }
        _ => None,
    });
    let kv_width = plan.heads.kv_width();
    let cache = || floats("cache", sequences * context, kv_width);
    let tables = plan.rope_bases().into_iter().map(|base| {
        let table = rope_table(context as usize, plan.heads.width as usize, base);
        let buffer = gpu.storage("rope table", size_of_val(&table[..]) as u64);
        gpu.write(&buffer, 0, bytemuck::cast_slice(&table));
        (base, buffer)
    });
    let vocab = plan.vocab();
    let bytes =
        |label: &str, count: u32, size: usize| gpu.storage(label, u64::from(count) * size as u64);
    let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
    Ok(Resources {
        context,
        vectors: plan
            .vectors
            .iter()
            .map(|v| floats("vector", v.tensors.len() as u32, v.width))
            .collect(),
        activations: plan
            .buffers
            .iter()
            .map(|width| floats("activation", max_rows, *width))
            .collect(),
        caches: plan.blocks.iter().map(|_| [cache(), cache()]).collect(),
        tables: tables.collect(),
        frame: gpu.buffer("frame", size_of::<Frame>() as u64, uniform),
        rows: bytes("rows", max_rows, size_of::<Row>()),
        normed: floats("normed", max_rows, plan.d_model()),
        gate_up: floats("gate and up", max_rows, gated_outs.max().unwrap_or(1)),
        logits: floats("logits", logit_rows, vocab),
        scaled: floats("scaled logits", logit_rows, vocab),
        partials: bytes("partials", logit_rows * CHUNKS, size_of::<Partial>()),
        samplers: bytes("samplers", logit_rows, size_of::<Sampler>()),
        seen: floats("seen", sequences, vocab.div_ceil(32)),
        reports: bytes("reports", logit_rows, size_of::<Report>()),
        nothing: gpu.storage("nothing", 16),
        scratch: gpu.storage("scratch", 16),
        matrices,
    })
}
