use crate::counters::{Counters, Counting};
use crate::error::GpuError;
use std::sync::{Arc, Mutex, PoisonError};

/// The limits every device is asked for: WebGPU's defaults, which all kernels and layouts respect.
pub fn required_limits() -> wgpu::Limits {
    wgpu::Limits::default()
}

/// Destroys the device when dropped.
#[derive(Debug)]
struct Owner(wgpu::Device);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// A device, its queue, and counters of all that was done with them. Clones share the device.
#[derive(Clone, Debug)]
pub struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) counting: Arc<Counting>,
    info: Arc<wgpu::AdapterInfo>,
    /// Frees all memory of the device with the last clone; dropping a buffer frees nothing on the web.
    _owner: Arc<Owner>,
    /// First fault that no error scope caught, or the reason of a loss.
    fault: Arc<Mutex<Option<GpuError>>>,
}

impl Gpu {
    /// Asks for an adapter and a device with [`required_limits`].
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] if there is none, or none with these limits.
    pub async fn request() -> Result<Self, GpuError> {
        let no_adapter = |reason: String| GpuError::NoAdapter { reason };
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::PRIMARY,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|error| no_adapter(error.to_string()))?;
        let info = adapter.get_info();
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("glassbox"),
                required_limits: required_limits(),
                ..Default::default()
            })
            .await
            .map_err(|error| no_adapter(error.to_string()))?;

        let fault = Arc::new(Mutex::new(None));
        let lost = Arc::clone(&fault);
        device.set_device_lost_callback(move |_, reason| {
            *lock(&lost) = Some(GpuError::DeviceLost { reason });
        });
        let uncaptured = Arc::clone(&fault);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            lock(&uncaptured).get_or_insert_with(|| refused(error, 0));
        }));
        let _owner = Arc::new(Owner(device.clone()));
        Ok(Self { device, queue, counting: Arc::default(), info: Arc::new(info), _owner, fault })
    }

    /// Adapter name, as the browser or driver tells it.
    pub fn name(&self) -> &str {
        if self.info.name.is_empty() { "WebGPU" } else { &self.info.name }
    }

    /// Is the adapter a CPU in disguise?
    pub fn is_software(&self) -> bool {
        self.info.device_type == wgpu::DeviceType::Cpu
    }

    /// What was done so far.
    pub fn counters(&self) -> Counters {
        self.counting.read()
    }

    /// Destroys the device, as a driver reset would.
    pub fn destroy(&self) {
        let reason = "destroyed by the page".to_owned();
        *lock(&self.fault) = Some(GpuError::DeviceLost { reason });
        self.device.destroy();
    }

    /// The first fault since the last check, if any. A lost device stays lost.
    pub fn check(&self) -> Result<(), GpuError> {
        self.check_alive()?;
        lock(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Is the device still there?
    pub(crate) fn check_alive(&self) -> Result<(), GpuError> {
        match &*lock(&self.fault) {
            Some(lost @ GpuError::DeviceLost { .. }) => Err(lost.clone()),
            _ => Ok(()),
        }
    }

    /// A buffer of `bytes` (at least 16, rounded up to 4).
    pub(crate) fn buffer(
        &self,
        label: &str,
        bytes: u64,
        usage: wgpu::BufferUsages,
    ) -> wgpu::Buffer {
        self.counting.objects_created.add(1);
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes.max(16).next_multiple_of(4),
            usage,
            mapped_at_creation: false,
        })
    }

    /// A storage buffer that can be written, copied and read back.
    pub(crate) fn storage(&self, label: &str, bytes: u64) -> wgpu::Buffer {
        use wgpu::BufferUsages as Usage;
        self.buffer(label, bytes, Usage::STORAGE | Usage::COPY_DST | Usage::COPY_SRC)
    }

    /// Writes to a buffer before the next submit.
    pub(crate) fn write(&self, buffer: &wgpu::Buffer, offset: u64, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.counting.bytes_uploaded.add(bytes.len() as u64);
            self.queue.write_buffer(buffer, offset, bytes);
        }
    }

    /// Submits one command buffer.
    pub(crate) fn submit(&self, encoder: wgpu::CommandEncoder) -> wgpu::SubmissionIndex {
        self.counting.submits.add(1);
        self.queue.submit([encoder.finish()])
    }

    pub(crate) fn encoder(&self) -> wgpu::CommandEncoder {
        self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None })
    }
}

/// An error of wgpu as one of ours; `bytes`: what was asked for.
pub(crate) fn refused(error: wgpu::Error, bytes: u64) -> GpuError {
    let reason = error.to_string();
    match error {
        wgpu::Error::OutOfMemory { .. } => GpuError::OutOfMemory { bytes, reason },
        wgpu::Error::Validation { .. } | wgpu::Error::Internal { .. } => {
            GpuError::Refused { reason }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
