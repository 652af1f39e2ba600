use crate::adapters::MatrixAdapters;
use crate::change::Changes;
use crate::device::{Gpu, refused};
use crate::error::GpuError;
use crate::layout::MAX_BINDING_BYTES;
use crate::lower::{BatchClass, Lowering};
use crate::matrix::GpuMatrix;
use crate::pipelines::Pipelines;
use crate::program::Program;
use crate::readback::Mapping;
use crate::resources::{Resources, resources};
use formats::gguf::TensorInfo;
use formats::quant;
use kernels::adapter::Packed;
use kernels::params::{Frame, MATVEC_ROWS, Report, Row, Sampler};
use kernels::plan::{BufferId, Plan, Slot};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

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
/// Most workgroups along one axis, which the rows of a batch are.
const MOST_ROWS: u32 = 65_535;

/// Runs a plan on a GPU.
///
/// A decode step is frozen: after the first one for a batch size, a step creates an encoder, a pass and a
/// command buffer and nothing else; tokens and positions live on the GPU.
#[derive(Debug)]
pub struct Machine {
    pub(crate) gpu: Gpu,
    pub(crate) plan: Plan,
    pub(crate) options: MachineOptions,
    pub(crate) resources: Resources,
    pub(crate) pipelines: Pipelines,
    pub(crate) programs: HashMap<BatchClass, Programs>,
    /// What is changed inside; `None` where nothing is.
    pub(crate) changes: Option<Changes>,
    frame: Frame,
    ring: Vec<wgpu::Buffer>,
    next_in_ring: usize,
    /// What went wrong while the buffers were made; asked for in [`Machine::ready`].
    faults: Option<Faults>,
}

#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) embed: Program,
    pub(crate) blocks: Vec<Program>,
    /// Final norm alone.
    normed: Program,
    head: Program,
    sample: Program,
}

/// A submitted decode step whose reports have not been read. Dropping it forgets them.
#[derive(Debug)]
pub struct Ticket {
    mapping: Mapping,
}

impl Machine {
    /// Makes all buffers. Memory shortages show in [`Machine::ready`].
    ///
    /// # Errors
    /// Matrices no kernel takes, and buffers larger than a shader may bind.
    pub fn new(
        gpu: &Gpu,
        plan: Plan,
        tensors: &[TensorInfo],
        options: MachineOptions,
    ) -> Result<Self, GpuError> {
        let logit_rows = options.logit_rows.max(MATVEC_ROWS);
        let max_rows = options.max_rows.min(MOST_ROWS).max(logit_rows);
        let options = MachineOptions { max_rows, logit_rows, ..options };
        let (made, faults) = scoped(gpu, || {
            let resources = resources(gpu, &plan, tensors, options)?;
            let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
            let report_bytes = u64::from(options.logit_rows) * size_of::<Report>() as u64;
            let ring = (0..RING).map(|_| gpu.buffer("reports", report_bytes, usage)).collect();
            Ok::<_, GpuError>((resources, ring))
        });
        let (resources, ring) = made?;
        Ok(Self {
            gpu: gpu.clone(),
            plan,
            options,
            resources,
            pipelines: Pipelines::default(),
            programs: HashMap::new(),
            changes: None,
            frame: Frame::default(),
            ring,
            next_in_ring: 0,
            faults: Some(faults),
        })
    }

    /// Repacks and uploads the next bytes of a tensor: whole rows of a matrix, or a whole vector.
    ///
    /// # Errors
    /// A tensor the plan does not read, bytes that do not fit it, or a lost device.
    pub fn write(&mut self, tensor: &TensorInfo, bytes: &[u8]) -> Result<(), GpuError> {
        self.gpu.check_alive()?;
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
                    .map_err(|error| refuse(error.to_string()))?;
                let at = (part * width * 4) as u64;
                self.gpu.write(&self.resources.vectors[id.0], at, bytemuck::cast_slice(&floats));
                Ok(())
            }
        }
    }

    /// Compiles the pipelines of prefill and of decoding one row, and waits until everything made so far
    /// exists.
    ///
    /// # Errors
    /// Memory ran out, or the driver refused something.
    pub async fn ready(&mut self) -> Result<(), GpuError> {
        let gpu = self.gpu.clone();
        let (made, compiled) = scoped(&gpu, || {
            self.prepare(BatchClass::One)?;
            self.prepare(BatchClass::Many)
        });
        made?;
        let bytes = self.weight_bytes();
        for Faults(errors) in self.faults.take().into_iter().chain([compiled]) {
            for error in errors {
                if let Some(error) = error.await {
                    return Err(refused(error, bytes));
                }
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

    /// Takes the adapters that rows can choose, by matrix of the plan, in place of those there were; see
    /// [`kernels::adapter::pack`]. An empty list takes them away.
    ///
    /// # Errors
    /// Adapters larger than a shader may bind, or a lost device.
    pub fn set_adapters(&mut self, packed: &[Option<Packed>]) -> Result<(), GpuError> {
        self.gpu.check_alive()?;
        let upload = |packed: &Option<Packed>| {
            packed.as_ref().map(|packed| MatrixAdapters::new(&self.gpu, packed)).transpose()
        };
        let adapters: Vec<_> = packed.iter().map(upload).collect::<Result<_, _>>()?;
        let inner = adapters.iter().flatten().map(MatrixAdapters::inner).max().unwrap_or(1);
        let bytes = u64::from(self.options.max_rows) * u64::from(inner) * 4;
        if bytes > MAX_BINDING_BYTES {
            adapters.iter().flatten().for_each(MatrixAdapters::destroy);
            let reason = "the adapters' inner values exceed the largest binding".to_owned();
            return Err(GpuError::OutOfMemory { bytes, reason });
        }
        self.resources.lora_h.destroy();
        self.resources.lora_h = self.gpu.storage("lora h", bytes.max(16));
        self.resources.adapters.iter().flatten().for_each(MatrixAdapters::destroy);
        self.resources.adapters = adapters;
        self.programs.clear();
        self.changes.iter_mut().for_each(|changes| changes.programs.clear());
        // Several rows with adapters are what a comparison decodes.
        [BatchClass::One, BatchClass::Few, BatchClass::Many]
            .into_iter()
            .try_for_each(|class| self.prepare(class))
    }

    /// Runs all blocks over a batch of at most `max_rows`; the residual stream stays on the GPU.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub fn forward(&mut self, rows: &[Row]) -> Result<(), GpuError> {
        let class = self.batch(rows)?;
        self.submit(self.body(class), rows.len() as u32, None);
        self.gpu.check()
    }

    /// Final norm of rows `from..from + count` of the last batch: (count, d_model).
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn normed(&mut self, from: u32, count: u32) -> Result<Vec<f32>, GpuError> {
        self.set_frame(Frame { logits_from: from, logits_rows: count, ..self.frame });
        let class = BatchClass::of(count as usize);
        self.prepare(class)?;
        self.submit([&self.programs[&class].normed], count, None);
        let bytes = u64::from(count) * u64::from(self.plan.d_model()) * 4;
        self.read_floats(&self.resources.normed, bytes).await
    }

    /// Logits (count, vocab) of rows `from..from + count` of the last batch; `count` at most `logit_rows`.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn logits(&mut self, from: u32, count: u32) -> Result<Vec<f32>, GpuError> {
        self.set_frame(Frame { logits_from: from, logits_rows: count, ..self.frame });
        let class = BatchClass::of(count as usize);
        self.prepare(class)?;
        self.submit([&self.programs[&class].head], count, None);
        let logits = self.resources.logits.clone();
        self.read_floats(&logits, u64::from(count) * u64::from(self.plan.vocab()) * 4).await
    }

    /// An activation (rows, width) of the last batch.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn activation(&self, id: BufferId) -> Result<Vec<f32>, GpuError> {
        let bytes = u64::from(self.frame.rows) * u64::from(self.plan.buffers[id.0]) * 4;
        self.read_floats(&self.resources.activations[id.0], bytes).await
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
        self.batch(rows)?;
        self.gpu.write(&self.resources.samplers, 0, bytemuck::cast_slice(samplers));
        let stride = u64::from(self.plan.vocab().div_ceil(32)) * 4;
        for (row, seen) in rows.iter().zip(seen) {
            let at = u64::from(row.sequence) * stride;
            self.gpu.write(&self.resources.seen, at, bytemuck::cast_slice(seen));
        }
        let count = rows.len() as u32;
        self.set_frame(Frame { rows: count, logits_from: 0, logits_rows: count, reserved: 0 });
        self.gpu.check()
    }

    /// Submits one decode step of the first `count` rows, as [`Machine::begin`] set them: one submit,
    /// nothing created.
    pub fn step(&mut self, count: u32) -> Ticket {
        let bytes = u64::from(count) * size_of::<Report>() as u64;
        let staging = self.ring[self.next_in_ring].clone();
        self.next_in_ring = (self.next_in_ring + 1) % RING;
        let class = BatchClass::of(count as usize);
        let programs = &self.programs[&class];
        let all = self.body(class).chain([&programs.head, &programs.sample]);
        let copy = (&self.resources.reports, &staging, bytes);
        let submission = self.submit(all, count, Some(copy));
        Ticket { mapping: Mapping::start(&self.gpu, &staging, bytes, submission) }
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
            // WebGPU refuses copies within one buffer: through a scratch, piece by piece.
            let scratch = &self.resources.normed;
            let (mut at, end) = (0, u64::from(length) * row);
            while at < end {
                let bytes = scratch.size().min(end - at);
                encoder.copy_buffer_to_buffer(cache, start(from) + at, scratch, 0, bytes);
                encoder.copy_buffer_to_buffer(scratch, 0, cache, start(to) + at, bytes);
                at += bytes;
            }
        }
        self.gpu.submit(encoder);
    }

    /// Uploads a batch and makes its programs.
    pub(crate) fn batch(&mut self, rows: &[Row]) -> Result<BatchClass, GpuError> {
        self.gpu.check_alive()?;
        let class = BatchClass::of(rows.len());
        self.prepare(class)?;
        self.gpu.write(&self.resources.rows, 0, bytemuck::cast_slice(rows));
        self.set_frame(Frame { rows: rows.len() as u32, ..self.frame });
        Ok(class)
    }

    /// The embedding and all blocks, as they are or changed.
    fn body(&self, class: BatchClass) -> impl Iterator<Item = &Program> {
        let Programs { embed, blocks, .. } = &self.programs[&class];
        let changed = self.changes.as_ref().and_then(|changes| changes.programs.get(&class));
        std::iter::once(embed).chain(changed.unwrap_or(blocks))
    }

    /// One block, as it is or changed.
    pub(crate) fn block(&self, class: BatchClass, layer: usize) -> &Program {
        let changed =
            self.changes.as_ref().and_then(|changes| changes.programs.get(&class)?.get(layer));
        changed.unwrap_or(&self.programs[&class].blocks[layer])
    }

    fn set_frame(&mut self, frame: Frame) {
        if frame != self.frame {
            self.gpu.write(&self.resources.frame, 0, bytemuck::bytes_of(&frame));
            self.frame = frame;
        }
    }

    /// Makes the programs of a batch class, once.
    pub(crate) fn prepare(&mut self, class: BatchClass) -> Result<(), GpuError> {
        self.prepare_changes(class)?;
        if self.programs.contains_key(&class) {
            return Ok(());
        }
        let mut lower = |fill: &dyn Fn(&mut Lowering<'_>) -> Result<(), GpuError>| {
            let mut lowering =
                Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
            fill(&mut lowering)?;
            Ok::<_, GpuError>(lowering.finish())
        };
        let embed = lower(&|l| l.op(&self.plan.embed, None))?;
        let blocks = self.plan.blocks.iter();
        let blocks = blocks
            .map(|block| lower(&|l| block.iter().try_for_each(|op| l.op(op, None))))
            .collect::<Result<_, _>>()?;
        let head = lower(&|l| l.head())?;
        let normed = lower(&|l| {
            l.final_norm();
            Ok(())
        })?;
        let sample = lower(&|l| {
            l.sample();
            Ok(())
        })?;
        self.programs.insert(class, Programs { embed, blocks, normed, head, sample });
        Ok(())
    }

    /// One submit: the programs in one pass, then a copy `(from, to, bytes)`.
    pub(crate) fn submit<'a>(
        &self,
        programs: impl IntoIterator<Item = &'a Program>,
        rows: u32,
        copy: Option<(&wgpu::Buffer, &wgpu::Buffer, u64)>,
    ) -> wgpu::SubmissionIndex {
        let mut encoder = self.gpu.encoder();
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            programs.into_iter().for_each(|program| program.record(&self.gpu, &mut pass, rows));
        }
        if let Some((from, to, bytes)) = copy {
            encoder.copy_buffer_to_buffer(from, 0, to, 0, bytes);
        }
        self.gpu.submit(encoder)
    }

    pub(crate) async fn read_floats(
        &self,
        buffer: &wgpu::Buffer,
        bytes: u64,
    ) -> Result<Vec<f32>, GpuError> {
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let staging = Owned(self.gpu.buffer("readback", bytes, usage));
        let submission = self.submit([], 0, Some((buffer, &staging.0, bytes)));
        let mapping = Mapping::start(&self.gpu, &staging.0, bytes, submission);
        mapping.read(&self.gpu, bytemuck::pod_collect_to_vec).await
    }
}

/// A buffer whose memory is freed when it is dropped.
pub(crate) struct Owned(pub(crate) wgpu::Buffer);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// Errors of the memory and the validation scope, on their way.
struct Faults([Pin<Box<dyn Future<Output = Option<wgpu::Error>>>>; 2]);

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faults")
    }
}

/// Runs `make` inside error scopes, which are closed when it returns; what they caught comes later.
fn scoped<T>(gpu: &Gpu, make: impl FnOnce() -> T) -> (T, Faults) {
    let validation = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
    let memory = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    let made = make();
    let memory = Box::pin(memory.pop());
    let validation = Box::pin(validation.pop());
    (made, Faults([memory, validation]))
}
