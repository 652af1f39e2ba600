use crate::error::EngineError;
use gpu::Gpu;

/// What a model runs on.
#[derive(Clone, Debug)]
pub struct Device(pub(crate) Kind);

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Cpu,
    Gpu(Gpu),
}

impl Device {
    /// The CPU twins.
    pub fn cpu() -> Self {
        Self(Kind::Cpu)
    }

    /// A GPU with WebGPU's default limits.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NoGpu`] if there is none.
    pub async fn gpu() -> Result<Self, EngineError> {
        Ok(Self(Kind::Gpu(Gpu::request().await?)))
    }

    /// Is it a GPU?
    pub fn is_gpu(&self) -> bool {
        matches!(self.0, Kind::Gpu(_))
    }

    /// Is it a GPU that is really a CPU in disguise?
    pub fn is_software(&self) -> bool {
        matches!(&self.0, Kind::Gpu(gpu) if gpu.is_software())
    }

    /// The adapter's name; "CPU" for the twins.
    pub fn adapter_name(&self) -> &str {
        match &self.0 {
            Kind::Cpu => "CPU",
            Kind::Gpu(gpu) => gpu.name(),
        }
    }
}
