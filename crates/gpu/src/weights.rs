//! The weights on the GPU, read back to be looked at.

use crate::error::GpuError;
use crate::machine::{Machine, Owned};
use crate::readback::Mapping;

impl Machine {
    /// Bytes of each buffer of weights: matrices, vectors, adapters.
    pub fn weight_parts(&self) -> Vec<u64> {
        self.weight_buffers().map(wgpu::Buffer::size).collect()
    }

    /// A piece of a buffer of weights, at most `most` bytes from `at` on, both multiples of four; empty beyond its end.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn read_weights(&self, part: usize, at: u64, most: u64) -> Result<Vec<u8>, GpuError> {
        self.gpu.check_alive()?;
        let Some(buffer) = self.weight_buffers().nth(part) else { return Ok(Vec::new()) };
        let bytes = buffer.size().saturating_sub(at).min(most);
        if bytes == 0 {
            return Ok(Vec::new());
        }
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let staging = Owned(self.gpu.buffer("weights read back", bytes, usage));
        let mut encoder = self.gpu.encoder();
        encoder.copy_buffer_to_buffer(buffer, at, &staging.0, 0, bytes);
        let submission = self.gpu.submit(encoder);
        Mapping::start(&self.gpu, &staging.0, bytes, submission)
            .read(&self.gpu, <[u8]>::to_vec)
            .await
    }

    fn weight_buffers(&self) -> impl Iterator<Item = &wgpu::Buffer> {
        let resources = &self.resources;
        let matrices = resources.matrices.iter().flat_map(|matrix| &matrix.shards);
        let adapters = resources.adapters.iter().flatten().flat_map(|own| [&own.a, &own.b]);
        matrices.map(|shard| &shard.buffer).chain(&resources.vectors).chain(adapters)
    }
}
