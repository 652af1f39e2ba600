/// Why the GPU could not do something.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    /// There is no adapter, or it offers less than WebGPU's default limits.
    #[error("no usable GPU: {reason}")]
    NoAdapter {
        /// What the browser or driver said.
        reason: String,
    },
    /// The device is gone: driver reset, sleep, or destroyed on purpose.
    #[error("the GPU device was lost: {reason}")]
    DeviceLost {
        /// What the browser or driver said.
        reason: String,
    },
    /// Memory ran out while buffers were made.
    #[error("the GPU has no room for {bytes} bytes: {reason}")]
    OutOfMemory {
        /// Bytes asked for by the model in all.
        bytes: u64,
        /// What the browser or driver said.
        reason: String,
    },
    /// A mistake in our use of the API, or a driver's.
    #[error("the GPU refused a command: {reason}")]
    Refused {
        /// What the browser or driver said.
        reason: String,
    },
    /// A matrix whose sizes no kernel takes.
    #[error("the matrix of '{tensor}' cannot be laid out for the GPU: {reason}")]
    Layout {
        /// First tensor of the matrix.
        tensor: String,
        /// Which size does not fit.
        reason: String,
    },
    /// A tensor the plan does not read, or bytes beyond its end.
    #[error("the tensor '{name}' does not fit the plan: {reason}")]
    Tensor {
        /// Tensor name.
        name: String,
        /// What does not fit.
        reason: String,
    },
}
