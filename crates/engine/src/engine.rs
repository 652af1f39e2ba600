use crate::backend::Backend;
use crate::decode::{Decode, DecodeRow};
use crate::device::{Device, Kind};
use crate::error::EngineError;
use crate::settings::{Counters, StepReport};
use kernels::adapter::Adapter;
use kernels::params::Row;
use kernels::trace::{Trace, TraceRequest};
use models::Model;

/// Sizes of an engine's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineOptions {
    /// Positions per sequence; at most what the model was trained for.
    pub context: u32,
    /// Sequences with a cache of their own.
    pub sequences: u32,
    /// Most tokens of one [`Engine::prefill`].
    pub max_rows: u32,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { context: 2048, sequences: 1, max_rows: 256 }
    }
}

/// A loaded model with its key/value caches.
#[derive(Debug)]
pub struct Engine {
    device: Device,
    pub(crate) model: Model,
    pub(crate) backend: Backend,
    pub(crate) options: EngineOptions,
    /// Tokens in the cache of each sequence.
    pub(crate) sequences: Vec<Vec<u32>>,
    /// The adapters' reward heads: (d_model).
    heads: Vec<Option<Vec<f32>>>,
    /// Counts the calls that a decode under way would not survive.
    pub(crate) epoch: u64,
}

impl Engine {
    pub(crate) fn new(
        device: Device,
        model: Model,
        backend: Backend,
        options: EngineOptions,
    ) -> Self {
        let sequences = vec![Vec::new(); options.sequences as usize];
        Self { device, model, backend, options, sequences, heads: Vec::new(), epoch: 0 }
    }

    /// Value of `general.architecture`.
    pub fn architecture(&self) -> &str {
        self.model.architecture
    }

    /// Tokens in the vocabulary.
    pub fn vocab(&self) -> u32 {
        self.model.plan.vocab()
    }

    /// Blocks.
    pub fn layers(&self) -> u32 {
        self.model.plan.blocks.len() as u32
    }

    /// Query heads per layer.
    pub fn heads(&self) -> u32 {
        self.model.plan.heads.heads
    }

    /// Width of the residual stream.
    pub fn d_model(&self) -> u32 {
        self.model.plan.d_model()
    }

    /// Positions per sequence.
    pub fn context(&self) -> u32 {
        self.options.context
    }

    /// Positions the model was trained for.
    pub fn trained_context(&self) -> u32 {
        self.model.context
    }

    /// Sequences with a cache of their own.
    pub fn sequences(&self) -> u32 {
        self.options.sequences
    }

    /// Most tokens of one [`Engine::prefill`].
    pub fn max_rows(&self) -> u32 {
        self.options.max_rows
    }

    /// Bytes of weights the backend holds.
    pub fn weight_bytes(&self) -> u64 {
        self.backend.weight_bytes()
    }

    /// Does it run on a GPU?
    pub fn is_gpu(&self) -> bool {
        self.device.is_gpu()
    }

    /// The adapter's name.
    pub fn adapter_name(&self) -> &str {
        self.device.adapter_name()
    }

    /// What the backend has done since the device was made.
    pub fn counters(&self) -> Counters {
        self.backend.counters()
    }

    /// Tokens in the cache of a sequence (0 for one that does not exist).
    pub fn length(&self, sequence: u32) -> u32 {
        self.sequences.get(sequence as usize).map_or(0, |tokens| tokens.len() as u32)
    }

    /// Takes the adapters that rows can choose, in place of those there were. Rows name them by their place,
    /// counted from 1; 0 is the base model.
    ///
    /// # Errors
    /// Adapters that do not fit the model, or a failing GPU.
    pub fn set_adapters(&mut self, adapters: &[Adapter]) -> Result<(), EngineError> {
        let packed = kernels::adapter::pack(&self.model.plan, adapters)?;
        self.epoch += 1;
        self.heads = adapters.iter().map(|adapter| adapter.head.clone()).collect();
        match &mut self.backend {
            Backend::Cpu(machine) => machine.set_adapters(packed),
            Backend::Gpu(machine) => machine.set_adapters(&packed)?,
        }
        Ok(())
    }

    /// Adapters that rows can choose.
    pub fn adapters(&self) -> u32 {
        self.heads.len() as u32
    }

    /// Runs tokens that follow what the sequence holds, and keeps their keys and values.
    ///
    /// # Errors
    /// Too many tokens for the batch or the context, unknown ids or adapters, or a failing GPU.
    pub async fn prefill(
        &mut self,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
    ) -> Result<(), EngineError> {
        let rows = self.rows(sequence, adapter, tokens)?;
        self.epoch += 1;
        self.run(&rows, &TraceRequest::default()).await?;
        self.sequences[sequence as usize].extend_from_slice(tokens);
        Ok(())
    }

    /// Like [`Engine::prefill`], and hands `visit` the logits (vocab) after each token with its position;
    /// records what `request` asks for.
    ///
    /// # Errors
    /// As [`Engine::prefill`].
    pub async fn score(
        &mut self,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
        request: &TraceRequest,
        mut visit: impl FnMut(u32, &[f32]),
    ) -> Result<Trace, EngineError> {
        let rows = self.rows(sequence, adapter, tokens)?;
        self.epoch += 1;
        if rows.is_empty() {
            return Ok(Trace::default());
        }
        let trace = self.run(&rows, request).await?;
        let vocab = self.model.plan.vocab() as usize;
        let step = Backend::logit_rows(self.options);
        for from in (0..rows.len() as u32).step_by(step as usize) {
            let count = step.min(rows.len() as u32 - from);
            let logits = match &mut self.backend {
                Backend::Cpu(machine) => machine.logits(from as usize, count as usize),
                Backend::Gpu(machine) => machine.logits(from, count).await?,
            };
            for (row, logits) in rows[from as usize..].iter().zip(logits.chunks_exact(vocab)) {
                visit(row.position, logits);
            }
        }
        self.sequences[sequence as usize].extend_from_slice(tokens);
        Ok(trace)
    }

    /// The reward that a reward model's adapter gives a finished text: its head on the final norm's output
    /// at the last token (Ouyang et al. 2022). The sequence is empty before and after.
    ///
    /// # Errors
    /// An adapter without a head, no token, and as [`Engine::prefill`].
    pub async fn reward(
        &mut self,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
    ) -> Result<f32, EngineError> {
        let place = (adapter as usize).checked_sub(1);
        let Some(head) = place.and_then(|place| self.heads.get(place)).cloned().flatten() else {
            return Err(EngineError::NoRewardHead { adapter });
        };
        self.truncate(sequence, 0)?;
        let most = self.options.max_rows.max(1) as usize;
        for chunk in tokens.chunks(most) {
            self.prefill(sequence, adapter, chunk).await?;
        }
        // The last batch holds the last token in its last row.
        let normed = match tokens.len().checked_sub(1) {
            None => Vec::new(),
            Some(last) => match &mut self.backend {
                Backend::Cpu(machine) => machine.normed(last % most, 1),
                Backend::Gpu(machine) => machine.normed((last % most) as u32, 1).await?,
            },
        };
        self.truncate(sequence, 0)?;
        let reward: f32 = normed.iter().zip(&head).map(|(x, w)| x * w).sum();
        if normed.is_empty() || !reward.is_finite() {
            return Err(EngineError::NotANumber { position: tokens.len() as u32 });
        }
        Ok(reward)
    }

    /// Forgets everything from position `length` on.
    ///
    /// # Errors
    /// A sequence that does not exist.
    pub fn truncate(&mut self, sequence: u32, length: u32) -> Result<(), EngineError> {
        self.check_sequence(sequence)?;
        self.epoch += 1;
        self.sequences[sequence as usize].truncate(length as usize);
        Ok(())
    }

    /// Makes sequence `to` begin with the first `length` tokens of `from`.
    ///
    /// # Errors
    /// A sequence that does not exist, or fewer tokens than `length`.
    pub fn fork(&mut self, from: u32, to: u32, length: u32) -> Result<(), EngineError> {
        self.check_sequence(from)?;
        self.check_sequence(to)?;
        if length > self.length(from) {
            let allowed = format!("at most {}", self.length(from));
            return Err(EngineError::OutOfRange {
                what: "the length to fork",
                value: length.into(),
                allowed,
            });
        }
        self.epoch += 1;
        match &mut self.backend {
            Backend::Cpu(machine) => machine.fork(from as usize, to as usize, length as usize)?,
            Backend::Gpu(machine) => machine.fork(from, to, length),
        }
        self.sequences[to as usize] = self.sequences[from as usize][..length as usize].to_vec();
        Ok(())
    }

    /// Begins to decode: each row feeds its token to its sequence.
    ///
    /// # Errors
    /// No row, too many rows, two rows of one sequence, unknown ids, or a failing GPU.
    pub fn start(&mut self, rows: &[DecodeRow]) -> Result<Decode, EngineError> {
        let most = Backend::logit_rows(self.options) as usize;
        if rows.is_empty() || rows.len() > most {
            let allowed = format!("between 1 and {most}");
            let value = rows.len() as u64;
            return Err(EngineError::OutOfRange { what: "the number of rows", value, allowed });
        }
        for (i, row) in rows.iter().enumerate() {
            self.rows(row.sequence, row.adapter, &[row.token])?;
            if rows[..i].iter().any(|other| other.sequence == row.sequence) {
                let allowed = "another one for each row".to_owned();
                let value = row.sequence.into();
                return Err(EngineError::OutOfRange { what: "the sequence", value, allowed });
            }
        }
        self.epoch += 1;
        let vocab = self.model.plan.vocab();
        Decode::begin(&mut self.backend, &self.sequences, rows, vocab, self.epoch)
    }

    /// The next token of every row. On the GPU further steps are already under way when it returns.
    ///
    /// # Errors
    /// The context is full, the GPU fails, the model's numbers break down, or another call came between
    /// two steps.
    pub async fn step(&mut self, decode: &mut Decode) -> Result<Vec<StepReport>, EngineError> {
        if decode.epoch() != self.epoch {
            return Err(EngineError::Stale);
        }
        let vocab = self.model.plan.vocab();
        decode.step(&mut self.backend, &mut self.sequences, self.options.context, vocab).await
    }

    /// Ends decoding. The cache then holds every token that was fed; the last reported one was not.
    pub fn finish(&mut self, decode: Decode) {
        drop(decode);
    }

    /// Destroys the GPU device, as a driver reset would. On the CPU nothing happens.
    pub fn lose_device(&self) {
        if let Kind::Gpu(gpu) = &self.device.0 {
            gpu.destroy();
        }
    }

    /// Frees all memory now; dropping the last clone of the device does the same.
    pub fn destroy(self) {
        self.lose_device();
    }

    /// Runs all blocks over a batch.
    pub(crate) async fn run(
        &mut self,
        rows: &[Row],
        request: &TraceRequest,
    ) -> Result<Trace, EngineError> {
        if rows.is_empty() {
            return Ok(Trace::default());
        }
        match &mut self.backend {
            Backend::Cpu(machine) => {
                machine.reserve(rows)?;
                Ok(machine.forward(rows, request))
            }
            Backend::Gpu(machine) if request.is_empty() => {
                machine.forward(rows)?;
                Ok(Trace::default())
            }
            Backend::Gpu(machine) => Ok(machine.forward_traced(rows, request).await?),
        }
    }

    fn check_sequence(&self, sequence: u32) -> Result<(), EngineError> {
        if (sequence as usize) < self.sequences.len() {
            return Ok(());
        }
        let allowed = format!("below {}", self.sequences.len());
        Err(EngineError::OutOfRange { what: "the sequence", value: sequence.into(), allowed })
    }

    /// Rows of a batch for tokens that follow a sequence.
    pub(crate) fn rows(
        &self,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
    ) -> Result<Vec<Row>, EngineError> {
        self.check_sequence(sequence)?;
        if adapter > self.adapters() {
            let allowed = format!("at most {}", self.adapters());
            return Err(EngineError::OutOfRange {
                what: "the adapter",
                value: adapter.into(),
                allowed,
            });
        }
        let length = self.length(sequence);
        let count = tokens.len() as u64;
        if count > self.options.max_rows.into() {
            let allowed = format!("at most {}", self.options.max_rows);
            return Err(EngineError::OutOfRange {
                what: "the number of tokens at once",
                value: count,
                allowed,
            });
        }
        if u64::from(length) + count > self.options.context.into() {
            let context = self.options.context;
            return Err(EngineError::ContextFull { length, tokens: count as u32, context });
        }
        if let Some(id) = tokens.iter().find(|id| **id >= self.vocab()) {
            let allowed = format!("below {}", self.vocab());
            return Err(EngineError::OutOfRange {
                what: "the token id",
                value: (*id).into(),
                allowed,
            });
        }
        Ok((length..)
            .zip(tokens)
            .map(|(position, &token)| Row { token, position, sequence, adapter })
            .collect())
    }
}
