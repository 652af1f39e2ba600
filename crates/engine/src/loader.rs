use crate::backend::Backend;
use crate::device::Device;
use crate::engine::{Engine, EngineOptions};
use crate::error::EngineError;
use formats::gguf::{Header, parse_header};
use models::Model;

/// Whole rows are handed on once this many bytes are waiting.
const FLUSH_BYTES: usize = 1 << 20;

/// Takes a GGUF file in pieces and fills an engine with it.
#[derive(Debug)]
pub struct Loader {
    device: Device,
    options: EngineOptions,
    file_bytes: u64,
    /// Bytes taken so far.
    position: u64,
    state: State,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one per load")]
enum State {
    Header {
        bytes: Vec<u8>,
        /// Parse again when so many bytes are there.
        next_try: usize,
    },
    Tensors(Tensors),
    /// An error was returned; nothing more can be done.
    Failed,
}

#[derive(Debug)]
struct Tensors {
    header: Header,
    model: Model,
    backend: Backend,
    /// Index of the tensor whose bytes come next.
    tensor: usize,
    /// Bytes of it that were handed on.
    done: u64,
    /// Bytes of it that wait for the rest of a row.
    pending: Vec<u8>,
}

impl Loader {
    /// A loader for a file of `file_bytes`.
    pub fn new(device: Device, options: EngineOptions, file_bytes: u64) -> Self {
        let state = State::Header { bytes: Vec::new(), next_try: 64 << 10 };
        Self { device, options, file_bytes, position: 0, state }
    }

    /// The header, once it has arrived.
    pub fn header(&self) -> Option<&Header> {
        match &self.state {
            State::Tensors(tensors) => Some(&tensors.header),
            State::Header { .. } | State::Failed => None,
        }
    }

    /// Takes the next bytes of the file, in order; pieces of any size.
    ///
    /// # Errors
    /// A broken or unsupported file, as soon as it shows. After an error the loader takes nothing more.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        let result = self.try_push(bytes);
        if result.is_err() {
            self.state = State::Failed;
        }
        result
    }

    /// The engine, once every byte has arrived.
    ///
    /// # Errors
    /// The file is shorter than it should be, or the GPU ran out of memory.
    pub async fn finish(mut self) -> Result<Engine, EngineError> {
        self.try_header(true)?;
        let truncated =
            EngineError::Truncated { arrived: self.position, expected: self.file_bytes };
        let State::Tensors(mut tensors) = self.state else { return Err(truncated) };
        if tensors.tensor < tensors.header.tensors.len() || self.position < self.file_bytes {
            return Err(truncated);
        }
        tensors.backend.ready().await?;
        Ok(Engine::new(self.device, tensors.model, tensors.backend, self.options))
    }

    fn try_push(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        if self.position + bytes.len() as u64 > self.file_bytes {
            return Err(EngineError::TooLong { expected: self.file_bytes });
        }
        match &mut self.state {
            State::Header { bytes: header, .. } => {
                header.extend_from_slice(bytes);
                self.position += bytes.len() as u64;
                self.try_header(false)
            }
            State::Tensors(tensors) => {
                let result = tensors.take(self.position, bytes);
                self.position += bytes.len() as u64;
                result
            }
            State::Failed => {
                Err(EngineError::Truncated { arrived: self.position, expected: self.file_bytes })
            }
        }
    }

    /// Parses the header if enough has arrived, and hands the tensor bytes behind it on.
    fn try_header(&mut self, at_end: bool) -> Result<(), EngineError> {
        let State::Header { bytes, next_try } = &mut self.state else { return Ok(()) };
        if bytes.len() < *next_try && !at_end && (bytes.len() as u64) < self.file_bytes {
            return Ok(());
        }
        let Some(header) = parse_header(bytes, self.file_bytes)? else {
            // A quarter more before the next try: all tries together stay linear in the header.
            *next_try = bytes.len() + bytes.len() / 4;
            return Ok(());
        };
        let bytes = std::mem::take(bytes);
        let model = models::read(&header)?;
        // Positions beyond those the model was trained for would be noise.
        self.options.context = self.options.context.min(model.context);
        let backend =
            Backend::new(&self.device, model.plan.clone(), &header.tensors, self.options)?;
        let mut tensors =
            Tensors { header, model, backend, tensor: 0, done: 0, pending: Vec::new() };
        let start = tensors.header.data_offset.min(bytes.len() as u64);
        let taken = tensors.take(start, &bytes[start as usize..]);
        self.state = State::Tensors(tensors);
        taken
    }
}

impl Tensors {
    /// Hands on `bytes`, which begin at `position` of the file.
    fn take(&mut self, mut position: u64, mut bytes: &[u8]) -> Result<(), EngineError> {
        while let Some(tensor) = self.header.tensors.get(self.tensor) {
            // Padding before the tensor.
            let wanted = tensor.offset + self.done + self.pending.len() as u64;
            let skip = wanted.saturating_sub(position).min(bytes.len() as u64);
            position += skip;
            bytes = &bytes[skip as usize..];
            let left = tensor.offset + tensor.bytes - position.min(tensor.offset + tensor.bytes);
            let here = left.min(bytes.len() as u64) as usize;
            let row_bytes = match tensor.shape[..] {
                [_, rows] => (tensor.bytes / rows.max(1)) as usize,
                _ => tensor.bytes as usize,
            };
            let complete = here as u64 == left && position >= tensor.offset;
            self.pending.extend_from_slice(&bytes[..here]);
            position += here as u64;
            bytes = &bytes[here..];
            if self.pending.len() >= FLUSH_BYTES || complete {
                let whole = self.pending.len() / row_bytes.max(1) * row_bytes.max(1);
                if whole > 0 {
                    self.backend.write(tensor, &self.pending[..whole])?;
                    self.pending.drain(..whole);
                    self.done += whole as u64;
                }
            }
            if !complete {
                return Ok(());
            }
            self.tensor += 1;
            self.done = 0;
            self.pending.clear();
        }
        Ok(())
    }
}
