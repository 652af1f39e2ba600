use crate::device::Gpu;
use crate::error::GpuError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// A buffer that is being mapped for reading.
#[derive(Debug)]
pub(crate) struct Mapping {
    buffer: wgpu::Buffer,
    bytes: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    result: Option<Result<(), String>>,
    waker: Option<Waker>,
}

impl Mapping {
    /// Starts mapping the first `bytes` of `buffer`.
    pub(crate) fn start(gpu: &Gpu, buffer: &wgpu::Buffer, bytes: u64) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let done = Arc::clone(&state);
        gpu.counting.bytes_read_back.add(bytes);
        buffer.map_async(wgpu::MapMode::Read, 0..bytes, move |result| {
            let mut state = done.lock().unwrap_or_else(PoisonError::into_inner);
            state.result = Some(result.map_err(|error| error.to_string()));
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        });
        Self { buffer: buffer.clone(), bytes, state }
    }

    /// Gives the mapping up.
    pub(crate) fn cancel(self) {
        self.buffer.unmap();
    }

    /// Waits for the mapping, reads it, and unmaps.
    pub(crate) async fn read<T>(
        self,
        gpu: &Gpu,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, GpuError> {
        // In a browser this does nothing, and the mapping resolves by itself.
        let polled = gpu.device.poll(wgpu::PollType::wait_indefinitely());
        let mapped = match polled {
            Ok(_) => Wait(&self.state).await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = mapped {
            gpu.check()?;
            return Err(GpuError::DeviceLost { reason });
        }
        let view = self.buffer.get_mapped_range(0..self.bytes);
        let view = view.map_err(|error| GpuError::Refused { reason: error.to_string() })?;
        let value = read(&view);
        drop(view);
        self.buffer.unmap();
        gpu.check()?;
        Ok(value)
    }
}

struct Wait<'a>(&'a Mutex<State>);

impl Future for Wait<'_> {
    type Output = Result<(), String>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
