use crate::device::Gpu;
use crate::error::GpuError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A buffer that is being mapped for reading.
#[derive(Debug)]
pub(crate) struct Mapping {
    buffer: wgpu::Buffer,
    bytes: u64,
    submission: wgpu::SubmissionIndex,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    result: Option<Result<(), String>>,
    waker: Option<Waker>,
}

impl Mapping {
    /// Starts mapping the first `bytes` of `buffer`, which `submission` fills.
    pub(crate) fn start(
        gpu: &Gpu,
        buffer: &wgpu::Buffer,
        bytes: u64,
        submission: wgpu::SubmissionIndex,
    ) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let done = Arc::clone(&state);
        gpu.counting.bytes_read_back.add(bytes);
        buffer.map_async(wgpu::MapMode::Read, 0..bytes, move |result| {
            let mut state = lock(&done);
            state.result = Some(result.map_err(|error| error.to_string()));
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        });
        Self { buffer: buffer.clone(), bytes, submission, state }
    }

    /// Waits for the mapping and reads it. Dropping a mapping, read or not, unmaps the buffer.
    pub(crate) async fn read<T>(
        self,
        gpu: &Gpu,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, GpuError> {
        gpu.check_alive()?;
        // In a browser this does nothing, and the mapping resolves by itself.
        let submission_index = Some(self.submission.clone());
        let polled = gpu.device.poll(wgpu::PollType::Wait { submission_index, timeout: None });
        let mapped = match polled {
            Ok(_) => Wait(&self.state).await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = mapped {
            gpu.check()?;
            return Err(GpuError::DeviceLost { reason });
        }
        let value = match self.buffer.get_mapped_range(0..self.bytes) {
            Ok(view) => read(&view),
            // A device that is destroyed unmaps its buffers.
            Err(error) => {
                gpu.check()?;
                return Err(GpuError::DeviceLost { reason: error.to_string() });
            }
        };
        gpu.check()?;
        Ok(value)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        let failed = matches!(lock(&self.state).result, Some(Err(_)));
        // Natively, unmapping what was never mapped is an error.
        if !failed || cfg!(target_arch = "wasm32") {
            self.buffer.unmap();
        }
    }
}

struct Wait<'a>(&'a Mutex<State>);

impl Future for Wait<'_> {
    type Output = Result<(), String>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = lock(self.0);
        match &state.result {
            Some(result) => Poll::Ready(result.clone()),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
