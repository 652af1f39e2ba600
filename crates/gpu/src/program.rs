use crate::device::Gpu;

/// Dispatches in order, with everything they bind made in advance.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) dispatches: Vec<Dispatch>,
}

/// One kernel call.
#[derive(Debug)]
pub(crate) struct Dispatch {
    pub(crate) pipeline: wgpu::ComputePipeline,
    pub(crate) bind_group: wgpu::BindGroup,
    pub(crate) grid: Grid,
}

/// Workgroups along (x, y, z).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grid {
    /// As they are.
    Fixed([u32; 3]),
    /// `x` by rows of the batch.
    Rows { x: u32 },
    /// Rows of the batch along x.
    RowsFirst,
    /// Output tiles (`x` by `z`) by tiles of 32 rows along y.
    Tiles { x: u32, z: u32 },
}

impl Grid {
    fn workgroups(self, rows: u32) -> [u32; 3] {
        match self {
            Self::Fixed(grid) => grid,
            Self::Rows { x } => [x, rows, 1],
            Self::RowsFirst => [rows, 1, 1],
            Self::Tiles { x, z } => [x, rows.div_ceil(kernels::params::MATMUL_TILE), z],
        }
    }
}

/// Workgroups for `count` units along two axes, neither above WebGPU's 65,535.
pub(crate) fn two_axes(count: u32) -> (u32, u32) {
    const MOST: u32 = 65_535;
    let other = count.div_ceil(MOST).max(1);
    (count.div_ceil(other), other)
}

impl Program {
    /// Records all dispatches for a batch of `rows`.
    pub(crate) fn record(&self, gpu: &Gpu, pass: &mut wgpu::ComputePass<'_>, rows: u32) {
        for dispatch in &self.dispatches {
            pass.set_pipeline(&dispatch.pipeline);
            pass.set_bind_group(0, &dispatch.bind_group, &[]);
            let [x, y, z] = dispatch.grid.workgroups(rows);
            pass.dispatch_workgroups(x, y, z);
        }
        gpu.counting.dispatches.add(self.dispatches.len() as u64);
    }
}
