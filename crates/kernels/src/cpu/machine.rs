use super::attention::{AttentionInput, attention};
use super::matrix::{MatrixData, Part};
use super::{embed, matmul, matvec, rms_norm, rope, rope_table, sample};
use crate::params::{Report, Row, Sampler};
use crate::plan::{BufferId, Epilogue, MatrixId, Op, Plan, Slot};
use crate::trace::{Trace, TraceRequest};
use formats::gguf::TensorInfo;
use formats::quant;

/// Sizes of a machine's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineOptions {
    /// Positions per sequence.
    pub context: usize,
    /// Sequences with a cache of their own.
    pub sequences: usize,
    /// Use [`super::matvec`] where it can be used; `false` for an oracle.
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
    #[error("there is no room for the {bytes} bytes of weights and caches")]
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
    plan: Plan,
    options: MachineOptions,
    matrices: Vec<MatrixData>,
    vectors: Vec<Vec<f32>>,
    /// Activations of the last batch, each (rows, width).
    buffers: Vec<Vec<f32>>,
    /// Per layer: keys and values, each (sequences, context, kv_heads, width).
    caches: Vec<[Vec<f32>; 2]>,
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
        let cache = options.sequences.saturating_mul(options.context).saturating_mul(width);
        let weights: u64 = tensors.iter().map(|tensor| tensor.bytes).sum();
        let caches = (cache as u64).saturating_mul(8).saturating_mul(plan.blocks.len() as u64);
        let no_room = WeightsError::NoRoom { bytes: weights.saturating_add(caches) };
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
        let mut caches = Vec::new();
        for _ in &plan.blocks {
            let zeros = || zeroed(cache).ok_or_else(|| no_room.clone());
            caches.push([zeros()?, zeros()?]);
        }
        let table = |base| rope_table(options.context, plan.heads.width as usize, base);
        Ok(Self {
            matrices,
            vectors: vec![Vec::new(); plan.vectors.len()],
            buffers: vec![Vec::new(); plan.buffers.len()],
            caches,
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

    /// An activation (rows, width) of the last batch.
    pub fn activation(&self, id: BufferId) -> &[f32] {
        &self.buffers[id.0]
    }

    /// Kernels called since the machine was made.
    pub fn kernel_calls(&self) -> u64 {
        self.kernel_calls
    }

    /// Runs all blocks over a batch; the residual stream stays for [`Machine::logits`].
    pub fn forward(&mut self, rows: &[Row], request: &TraceRequest) -> Trace {
        let mut trace = Trace::default();
        let embed = self.plan.embed;
        self.run(&embed, rows, None);
        for layer in 0..self.plan.blocks.len() {
            if request.residual {
                trace.residual.push(self.buffers[self.plan.residual.0].clone());
            }
            let mut weights = request.attention_layers.contains(&layer).then(|| {
                vec![0.0; rows.len() * self.plan.heads.heads as usize * self.options.context]
            });
            for i in 0..self.plan.blocks[layer].len() {
                let op = self.plan.blocks[layer][i];
                self.run(&op, rows, weights.as_deref_mut());
            }
            trace.attention.extend(weights.map(|weights| (layer, weights)));
        }
        if request.residual {
            trace.residual.push(self.normed(0, rows.len()));
        }
        trace
    }

    /// Logits (count, vocab) of rows `from..from + count` of the last batch.
    pub fn logits(&mut self, from: usize, count: usize) -> Vec<f32> {
        let normed = self.normed(from, count);
        let mut logits = vec![0.0; count * self.plan.vocab() as usize];
        self.kernel_calls += 1;
        self.linear(self.plan.unembed, &normed, count, Epilogue::Store, &mut logits);
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
    pub fn fork(&mut self, from: usize, to: usize, length: usize) {
        let width = self.plan.heads.kv_width() as usize;
        let start = |sequence: usize| sequence * self.options.context * width;
        for cache in self.caches.iter_mut().flatten() {
            cache.copy_within(start(from)..start(from) + length * width, start(to));
        }
    }

    /// Final norm of rows of the residual stream: (count, d_model).
    fn normed(&mut self, from: usize, count: usize) -> Vec<f32> {
        let width = self.plan.d_model() as usize;
        let x = &self.buffers[self.plan.residual.0][from * width..(from + count) * width];
        let mut out = vec![0.0; x.len()];
        let norm = self.plan.final_norm;
        self.kernel_calls += 1;
        rms_norm(x, &self.vectors[norm.weight.0], norm.eps, false, &mut out);
        out
    }

    /// `out = epilogue(matrix x)`
    fn linear(&self, id: MatrixId, x: &[f32], rows: usize, epilogue: Epilogue, out: &mut [f32]) {
        let matrix = &self.matrices[id.0];
        let done =
            (self.options.fast && rows == 1).then(|| matvec(matrix, x, epilogue, out)).flatten();
        if done.is_none() {
            matmul(matrix, x, rows, epilogue, out);
        }
    }

    fn run(&mut self, op: &Op, rows: &[Row], trace: Option<&mut [f32]>) {
        self.kernel_calls += 1;
        let context = self.options.context;
        match *op {
            Op::Embed { table, scale, out } => {
                let mut target = self.take(out.0, rows.len());
                embed(&self.matrices[table.0], rows, scale, &mut target);
                self.buffers[out.0] = target;
            }
            Op::Linear { matrix, norm, x, epilogue, out } => {
                let mut target = self.take(out.0, rows.len());
                // The residual stream is input and output of no single product: x is still in place.
                match norm {
                    None => {
                        self.linear(matrix, &self.buffers[x.0], rows.len(), epilogue, &mut target);
                    }
                    Some(norm) => {
                        let mut normed = vec![0.0; self.buffers[x.0].len()];
                        let weight = &self.vectors[norm.weight.0];
                        rms_norm(&self.buffers[x.0], weight, norm.eps, false, &mut normed);
                        self.linear(matrix, &normed, rows.len(), epilogue, &mut target);
                    }
                }
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
                let [k, v] = &mut self.caches[layer];
                rope(heads, pairs, context, rows, table, norm, &mut target, k, v);
                self.buffers[qkv.0] = target;
            }
            Op::Attention { layer, qkv, heads, scale, window, out } => {
                let mut target = self.take(out.0, rows.len());
                let [k_cache, v_cache] = &self.caches[layer];
                let qkv = &self.buffers[qkv.0];
                let input =
                    AttentionInput { heads, context, scale, window, rows, qkv, k_cache, v_cache };
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

fn zeroed(length: usize) -> Option<Vec<f32>> {
    let mut vector = reserve(length)?;
    vector.resize(length, 0.0);
    Some(vector)
}
