//! Low-rank adapters on the GPU: A and B of every changed matrix, all adapters in one buffer each.

use crate::device::Gpu;
use crate::error::GpuError;
use crate::layout::MAX_BINDING_BYTES;
use kernels::adapter::Packed;

/// Adapters of one matrix.
#[derive(Debug)]
pub(crate) struct MatrixAdapters {
    pub(crate) rank: u32,
    pub(crate) inputs: u32,
    /// Where the outputs of each tensor end.
    pub(crate) ends: Vec<u32>,
    /// (adapters, tensors * rank, in)
    pub(crate) a: wgpu::Buffer,
    /// (adapters, outs, rank)
    pub(crate) b: wgpu::Buffer,
}

impl MatrixAdapters {
    /// Uploads A and B.
    pub(crate) fn new(gpu: &Gpu, packed: &Packed) -> Result<Self, GpuError> {
        Ok(Self {
            rank: packed.rank,
            inputs: packed.inputs,
            ends: packed.ends.clone(),
            a: upload(gpu, "lora a", &packed.a)?,
            b: upload(gpu, "lora b", &packed.b)?,
        })
    }

    /// Outputs of the matrix.
    pub(crate) fn outs(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Inner values of a row.
    pub(crate) fn inner(&self) -> u32 {
        self.ends.len() as u32 * self.rank
    }

    /// Where the outputs of tensor `part` end, for those that another follows.
    pub(crate) fn end(&self, part: usize) -> u32 {
        if part + 1 < self.ends.len() { self.ends[part] } else { u32::MAX }
    }

    /// Frees the memory.
    pub(crate) fn destroy(&self) {
        self.a.destroy();
        self.b.destroy();
    }
}

fn upload(gpu: &Gpu, label: &str, numbers: &[f32]) -> Result<wgpu::Buffer, GpuError> {
    let bytes = size_of_val(numbers) as u64;
    if bytes > MAX_BINDING_BYTES {
        let reason = "the adapters exceed the largest buffer a shader may bind".to_owned();
        return Err(GpuError::OutOfMemory { bytes, reason });
    }
    let buffer = gpu.storage(label, bytes);
    gpu.write(&buffer, 0, bytemuck::cast_slice(numbers));
    Ok(buffer)
}
