use super::attention::{AttentionInput, attention};
use super::matrix::{MatrixData, Part};
use super::{Cache, Change, embed, matmul, matmul_fused, rms_norm, rope, rope_table, sample};
use crate::adapter::Packed;
use crate::params::{Report, Row, Sampler};
use crate::plan::{BufferId, Epilogue, MatrixId, Norm, Op, Plan, Slot, VectorId};
use crate::trace::{Interventions, Trace, TraceRequest};
use formats::gguf::TensorInfo;
use formats::quant;
use std::borrow::Cow;

/// Sizes of a machine's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineOptions {
    /// Positions per sequence.
    pub context: usize,
    /// Sequences with a cache of their own.
    pub sequences: usize,
    /// Use [`super::matmul_fused`] where it can be used; `false` for an oracle.
    pub fast: bool,
}

/// Weights that do not fit the plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// The plan has no use for it.
    #[error("the plan does not read a tensor '{name}'")]
    Unknown {
        /// Tensor name.
        name: String,
    },
    /// Bytes beyond the tensor's end.
    #[error("the tensor '{name}' has {expected} bytes, but {found} arrived")]
    TooLong {
        /// Tensor name.
        name: String,
        /// Bytes it should have.
        expected: u64,
        /// Bytes written.
        found: u64,
    },
    /// Memory ran out, or its size overflows.
    #[error("there is no room for {bytes} bytes of weights or caches")]
    NoRoom {
        /// Bytes asked for.
        bytes: u64,
    },
    /// Its bytes cannot be read.
    #[error("the tensor '{name}' cannot be read: {cause}")]
    Unreadable {
        /// Tensor name.
        name: String,
        /// Why.
        cause: quant::QuantError,
    },
}

/// Runs a plan on the CPU: weights as in the file, activations, and one key/value cache per layer.
#[derive(Debug)]
pub struct Machine {
    pub(super) plan: Plan,
    pub(super) options: MachineOptions,
    pub(super) interventions: Interventions,
    matrices: Vec<MatrixData>,
    vectors: Vec<Vec<f32>>,
    /// Activations of the last batch, each (rows, width).
    pub(super) buffers: Vec<Vec<f32>>,
    caches: Vec<Cache>,
    /// By matrix; empty without adapters.
    adapters: Vec<Option<Packed>>,
    /// (base, table) of rotary embedding.
    tables: Vec<(f32, Vec<[f32; 2]>)>,
    kernel_calls: u64,
}

impl Machine {
    /// A machine for `plan` whose weights have yet to be written.
    ///
    /// # Errors
    /// There is no room for its weights and caches.
    pub fn new(
        plan: Plan,
        tensors: &[TensorInfo],
        options: MachineOptions,
    ) -> Result<Self, WeightsError> {
        let info = |name: &String| tensors.iter().find(|tensor| tensor.name == *name);
        let width = plan.heads.kv_width() as usize;
        let bytes = tensors.iter().map(|tensor| tensor.bytes).sum();
        let no_room = WeightsError::NoRoom { bytes };
        let mut matrices = Vec::new();
        for matrix in &plan.matrices {
            let mut data = MatrixData { inputs: matrix.inputs as usize, parts: Vec::new() };
            for (name, outputs) in matrix.tensors.iter().zip(&matrix.outputs) {
                let Some(tensor) = info(name) else { continue };
                let bytes = reserve(tensor.bytes as usize).ok_or_else(|| no_room.clone())?;
                data.parts.push(Part { dtype: tensor.dtype, outputs: *outputs as usize, bytes });
            }
            matrices.push(data);
        }
        let table = |base| rope_table(options.context, plan.heads.width as usize, base);
        Ok(Self {
            matrices,
            vectors: vec![Vec::new(); plan.vectors.len()],
            buffers: vec![Vec::new(); plan.buffers.len()],
            caches: vec![Cache::new(options.sequences, width); plan.blocks.len()],
            adapters: Vec::new(),
            interventions: Interventions::default(),
            tables: plan.rope_bases().into_iter().map(|base| (base, table(base))).collect(),
            plan,
            options,
            kernel_calls: 0,
        })
    }

    /// Appends the next bytes of a tensor: whole rows of a matrix, or a whole vector.
    ///
    /// # Errors
    /// A tensor the plan does not read, more bytes than it has, or bytes that cannot be read.
    pub fn write(&mut self, tensor: &TensorInfo, bytes: &[u8]) -> Result<(), WeightsError> {
        match self.plan.slot(&tensor.name) {
            None => Err(WeightsError::Unknown { name: tensor.name.clone() }),
            Some(Slot::Matrix { id, part }) => {
                let part = &mut self.matrices[id.0].parts[part];
                let found = (part.bytes.len() + bytes.len()) as u64;
                if found > tensor.bytes {
                    let name = tensor.name.clone();
                    return Err(WeightsError::TooLong { name, expected: tensor.bytes, found });
                }
                part.bytes.extend_from_slice(bytes);
                Ok(())
            }
            Some(Slot::Vector { id, part }) => {
                let width = self.plan.vectors[id.0].width as usize;
                let vector = &mut self.vectors[id.0];
                vector.resize(vector.len().max((part + 1) * width), 0.0);
                quant::dequantize(
                    tensor.dtype,
                    bytes,
                    &mut vector[part * width..(part + 1) * width],
                )
                .map_err(|cause| WeightsError::Unreadable { name: tensor.name.clone(), cause })
            }
        }
    }

    /// Bytes of weights held.
    pub fn weight_bytes(&self) -> u64 {
        let matrices = self.matrices.iter().map(|matrix| matrix.bytes());
        let vectors = self.vectors.iter().map(|vector| size_of_val(&vector[..]));
        matrices.chain(vectors).sum::<usize>() as u64
    }

    /// The weights as they are held, adapters among them: matrices tensor by tensor as in the file, the others as
    /// numbers.
    pub fn weight_parts(&self) -> impl Iterator<Item = &[u8]> {
        let matrices = self.matrices.iter().flat_map(|matrix| &matrix.parts);
        let adapters = self.adapters.iter().flatten().flat_map(|packed| [&packed.a, &packed.b]);
        let numbers = self.vectors.iter().chain(adapters);
        matrices
            .map(|part| &part.bytes[..])
            .chain(numbers.map(|numbers| bytemuck::cast_slice::<f32, u8>(numbers)))
    }

    /// An activation (rows, width) of the last batch.
    pub fn activation(&self, id: BufferId) -> &[f32] {
        &self.buffers[id.0]
    }

    /// A weight vector.
    pub fn vector(&self, id: VectorId) -> &[f32] {
        &self.vectors[id.0]
    }

    pub(super) fn count(&mut self, calls: u64) {
        self.kernel_calls += calls;
    }

    /// Kernels called since the machine was made.
    pub fn kernel_calls(&self) -> u64 {
        self.kernel_calls
    }

    /// Takes the adapters that rows can choose, by matrix of the plan; see [`crate::adapter::pack`].
    pub fn set_adapters(&mut self, packed: Vec<Option<Packed>>) {
        self.adapters = packed;
    }

    /// Changes what the following batches compute.
    pub fn set_interventions(&mut self, interventions: Interventions) {
        self.interventions = interventions;
    }

    /// Makes room in the caches for the positions of a batch.
    ///
    /// # Errors
    /// Memory ran out.
    pub fn reserve(&mut self, rows: &[Row]) -> Result<(), WeightsError> {
        let context = self.options.context;
        let mut caches = self.caches.iter_mut();
        let no_room = |bytes| WeightsError::NoRoom { bytes };
        caches.try_for_each(|cache| cache.reserve(rows, context)).map_err(no_room)
    }

    /// Runs all blocks over a batch; the residual stream stays for [`Machine::logits`]. The caches have
    /// [room](Machine::reserve) for it.
    pub fn forward(&mut self, rows: &[Row], request: &TraceRequest) -> Trace {
        let mut trace = Trace::default();
        let embed = self.plan.embed;
        self.run(&embed, rows, None);
        for layer in 0..self.plan.blocks.len() {
            self.block(layer, rows, request, &mut trace);
        }
        self.patch(self.plan.blocks.len(), rows);
        if request.residual {
            trace.last = self.activation(self.plan.residual).to_vec();
            trace.residual.push(self.normed(0, rows.len()));
        }
        trace
    }

    /// Logits (count, vocab) of rows `from..from + count` of the last batch.
    pub fn logits(&mut self, from: usize, count: usize) -> Vec<f32> {
        let normed = self.normed(from, count);
        let mut logits = vec![0.0; count * self.plan.vocab() as usize];
        self.kernel_calls += 1;
        // Adapters change linear layers of the blocks only.
        self.linear(
            self.plan.unembed,
            &normed,
            &vec![Row::default(); count],
            Epilogue::Store,
            &mut logits,
        );
        logits
    }

    /// Draws the next token; see [`sample`].
    pub fn sample(
        &mut self,
        logits: &[f32],
        seen: impl Fn(u32) -> bool,
        sampler: &Sampler,
        position: u32,
    ) -> Report {
        self.kernel_calls += 1;
        sample(logits, seen, sampler, position)
    }

    /// Copies the first `length` positions of one sequence's caches to another's.
    ///
    /// # Errors
    /// Memory ran out.
    pub fn fork(&mut self, from: usize, to: usize, length: usize) -> Result<(), WeightsError> {
        let mut caches = self.caches.iter_mut();
        let no_room = |bytes| WeightsError::NoRoom { bytes };
        caches.try_for_each(|cache| cache.fork(from, to, length)).map_err(no_room)
    }

    /// Final norm of rows `from..from + count` of the last batch: (count, d_model).
    pub fn normed(&mut self, from: usize, count: usize) -> Vec<f32> {
        let width = self.plan.d_model() as usize;
        let x = &self.buffers[self.plan.residual.0][from * width..(from + count) * width];
        let mut out = vec![0.0; x.len()];
        let norm = self.plan.final_norm;
        self.kernel_calls += 1;
        rms_norm(x, &self.vectors[norm.weight.0], norm.eps, false, &mut out);
        out
    }

    /// An activation, normalized if asked for.
    pub(super) fn input(&self, norm: Option<Norm>, x: BufferId) -> Cow<'_, [f32]> {
        let x = &self.buffers[x.0];
        let Some(norm) = norm else { return Cow::Borrowed(x) };
        let mut normed = vec![0.0; x.len()];
        rms_norm(x, &self.vectors[norm.weight.0], norm.eps, false, &mut normed);
        Cow::Owned(normed)
    }

    /// `out = epilogue(matrix x + change)`; gives back the number of kernels that ran.
    pub(super) fn linear(
        &self,
        id: MatrixId,
        x: &[f32],
        rows: &[Row],
        epilogue: Epilogue,
        out: &mut [f32],
    ) -> u64 {
        let matrix = &self.matrices[id.0];
        let packed = self.adapters.get(id.0).and_then(Option::as_ref);
        let change = packed.and_then(|packed| Change::new(packed, rows, x));
        let fast = self.options.fast;
        let done = fast.then(|| matmul_fused(matrix, x, change.as_ref(), epilogue, out)).flatten();
        if done.is_none() {
            matmul(matrix, x, rows.len(), change.as_ref(), epilogue, out);
        }
        1 + u64::from(change.is_some())
    }

    pub(super) fn run(&mut self, op: &Op, rows: &[Row], trace: Option<&mut [f32]>) {
        self.kernel_calls += 1;
        let context = self.options.context;
        match *op {
            Op::Embed { table, scale, out } => {
                let mut target = self.take(out.0, rows.len());
                embed(&self.matrices[table.0], rows, scale, &mut target);
                self.buffers[out.0] = target;
            }
            Op::Linear { matrix, norm, x, epilogue, out } => {
                // The residual stream is input and output of no single product: x stays in place.
                let mut target = self.take(out.0, rows.len());
                let input = self.input(norm, x);
                let calls = self.linear(matrix, &input, rows, epilogue, &mut target);
                self.kernel_calls += calls - 1;
                self.buffers[out.0] = target;
            }
            Op::AddNorm { norm, x, out } => {
                let mut target = self.take(out.0, rows.len());
                rms_norm(
                    &self.buffers[x.0],
                    &self.vectors[norm.weight.0],
                    norm.eps,
                    true,
                    &mut target,
                );
                self.buffers[out.0] = target;
            }
            Op::Rope { layer, qkv, heads, pairs, base, norm } => {
                let mut target = self.take(qkv.0, rows.len());
                let table =
                    self.tables.iter().find(|(b, _)| *b == base).map_or(&[][..], |(_, t)| t);
                let norm = norm.map(|norm| (&self.vectors[norm.weight.0][..], norm.eps));
                let cache = &mut self.caches[layer];
                rope(heads, pairs, rows, table, norm, &mut target, cache);
                self.buffers[qkv.0] = target;
            }
            Op::Attention { layer, qkv, heads, scale, window, out } => {
                let mut target = self.take(out.0, rows.len());
                let cache = &self.caches[layer];
                let qkv = &self.buffers[qkv.0];
                let input = AttentionInput { heads, context, scale, window, rows, qkv, cache };
                attention(input, &mut target, trace);
                self.buffers[out.0] = target;
            }
        }
    }

    /// Takes an activation out, sized for the batch.
    fn take(&mut self, buffer: usize, rows: usize) -> Vec<f32> {
        let mut target = std::mem::take(&mut self.buffers[buffer]);
        target.resize(rows * self.plan.buffers[buffer] as usize, 0.0);
        target
    }
}

/// An empty vector with room for `length` elements, if there is any.
fn reserve<T>(length: usize) -> Option<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(length).ok()?;
    Some(vector)
}
