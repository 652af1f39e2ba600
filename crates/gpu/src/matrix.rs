use crate::device::Gpu;
use crate::error::GpuError;
use crate::layout::{Layout, Strides, shard_rows};
use crate::pack::pack;
use formats::gguf::TensorInfo;
use kernels::params::WeightView;
use kernels::plan::Matrix;

/// A weight matrix on the GPU, in one buffer or several.
#[derive(Debug)]
pub(crate) struct GpuMatrix {
    pub(crate) layout: Layout,
    pub(crate) inputs: u32,
    pub(crate) shards: Vec<Shard>,
    strides: Strides,
    /// Rows written so far of each tensor.
    written: Vec<u32>,
    parts: Vec<u32>,
}

/// Consecutive rows of a matrix in a buffer of their own.
#[derive(Debug)]
pub(crate) struct Shard {
    pub(crate) buffer: wgpu::Buffer,
    pub(crate) view: WeightView,
    pub(crate) rows: u32,
}

impl GpuMatrix {
    /// Makes the buffers. `tensors` are those of the matrix, in order.
    pub(crate) fn new(
        gpu: &Gpu,
        matrix: &Matrix,
        tensors: &[&TensorInfo],
    ) -> Result<Self, GpuError> {
        let dtypes: Vec<_> = tensors.iter().map(|tensor| tensor.dtype).collect();
        let layout = Layout::of(&dtypes);
        let name = matrix.tensors.first().map_or("", String::as_str);
        let strides = layout.strides(matrix.inputs);
        let mut first_row = 0;
        let mut shards = Vec::new();
        for rows in shard_rows(name, layout, matrix.inputs, matrix.outs())? {
            let bytes = u64::from(rows) * u64::from(strides.words()) * 4;
            shards.push(Shard {
                buffer: gpu.storage(name, bytes),
                view: strides.view(rows, first_row),
                rows,
            });
            first_row += rows;
        }
        Ok(Self {
            layout,
            inputs: matrix.inputs,
            shards,
            strides,
            written: vec![0; matrix.outputs.len()],
            parts: matrix.outputs.clone(),
        })
    }

    /// Bytes of all buffers.
    pub(crate) fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.buffer.size()).sum()
    }

    /// Repacks and uploads the next whole rows of the `part`-th tensor.
    pub(crate) fn write(
        &mut self,
        gpu: &Gpu,
        part: usize,
        tensor: &TensorInfo,
        bytes: &[u8],
    ) -> Result<(), GpuError> {
        let dtype = tensor.dtype;
        let row_bytes = self.inputs as usize / dtype.block_len() * dtype.block_bytes();
        let rows = (bytes.len() / row_bytes) as u32;
        let refuse = |reason| Err(GpuError::Tensor { name: tensor.name.clone(), reason });
        if !bytes.len().is_multiple_of(row_bytes) {
            return refuse(format!("{} bytes are not whole rows of {row_bytes}", bytes.len()));
        }
        if self.written[part] + rows > self.parts[part] {
            return refuse(format!("more than {} rows", self.parts[part]));
        }
        let first = self.parts[..part].iter().sum::<u32>() + self.written[part];
        self.written[part] += rows;
        for shard in &self.shards {
            // Rows of this shard among those that arrived.
            let start = first.max(shard.view.first_row);
            let end = (first + rows).min(shard.view.first_row + shard.rows);
            if start >= end {
                continue;
            }
            let span = (start - first) as usize * row_bytes..(end - first) as usize * row_bytes;
            let packed = pack(self.layout, dtype, self.inputs as usize, &bytes[span]);
            let row = start - shard.view.first_row;
            let sections = [
                (packed.quants, 0, self.strides.quants),
                (packed.high, shard.view.high_base, self.strides.high),
                (packed.scales, shard.view.scales_base, self.strides.scales),
                (packed.supers, shard.view.super_base, self.strides.supers),
            ];
            for (words, base, stride) in sections {
                let offset = (u64::from(base) + u64::from(row) * u64::from(stride)) * 4;
                gpu.write(&shard.buffer, offset, bytemuck::cast_slice(&words));
            }
        }
        Ok(())
    }
}
