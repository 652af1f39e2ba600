use crate::adapters::MatrixAdapters;
use crate::device::Gpu;
use crate::error::GpuError;
use crate::layout::MAX_BINDING_BYTES;
use crate::machine::MachineOptions;
use crate::matrix::GpuMatrix;
use formats::gguf::TensorInfo;
use kernels::cpu::rope_table;
use kernels::params::{CHUNKS, Frame, Partial, Report, Row, Sampler};
use kernels::plan::{Epilogue, Op, Plan};

/// Every buffer but uniforms and readback.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) context: u32,
    pub(crate) matrices: Vec<GpuMatrix>,
    pub(crate) vectors: Vec<wgpu::Buffer>,
    pub(crate) activations: Vec<wgpu::Buffer>,
    pub(crate) caches: Vec<[wgpu::Buffer; 2]>,
    pub(crate) tables: Vec<(f32, wgpu::Buffer)>,
    pub(crate) frame: wgpu::Buffer,
    pub(crate) rows: wgpu::Buffer,
    pub(crate) normed: wgpu::Buffer,
    pub(crate) gate_up: wgpu::Buffer,
    pub(crate) logits: wgpu::Buffer,
    pub(crate) scaled: wgpu::Buffer,
    pub(crate) partials: wgpu::Buffer,
    pub(crate) samplers: wgpu::Buffer,
    pub(crate) seen: wgpu::Buffer,
    pub(crate) reports: wgpu::Buffer,
    /// By matrix; empty without adapters.
    pub(crate) adapters: Vec<Option<MatrixAdapters>>,
    /// Inner values of adapters: (rows, inner).
    pub(crate) lora_h: wgpu::Buffer,
    /// Bound where a kernel reads nothing.
    pub(crate) nothing: wgpu::Buffer,
    /// Bound where a kernel writes nothing.
    pub(crate) scratch: wgpu::Buffer,
}

/// Makes every buffer.
///
/// # Errors
/// Matrices no kernel takes, and buffers larger than a shader may bind.
pub(crate) fn resources(
    gpu: &Gpu,
    plan: &Plan,
    tensors: &[TensorInfo],
    options: MachineOptions,
) -> Result<Resources, GpuError> {
    let MachineOptions { context, sequences, max_rows, logit_rows } = options;
    check_sizes(plan, options)?;
    let info = |name: &String| tensors.iter().find(|tensor| tensor.name == *name);
    let mut matrices = Vec::new();
    for matrix in &plan.matrices {
        let infos: Vec<&TensorInfo> = matrix.tensors.iter().filter_map(info).collect();
        matrices.push(GpuMatrix::new(gpu, matrix, &infos)?);
    }
    // (count, width) of floats, known to fit
    let floats = |label: &str, count: u32, width: u32| {
        gpu.storage(label, u64::from(count) * u64::from(width) * 4)
    };
    let gated_outs = plan.blocks.iter().flatten().filter_map(|op| match op {
        Op::Linear { matrix, epilogue: Epilogue::Gated(_), .. } => {
            Some(plan.matrices[matrix.0].outs())
        }
        _ => None,
    });
    let kv_width = plan.heads.kv_width();
    let cache = || floats("cache", sequences * context, kv_width);
    let tables = plan.rope_bases().into_iter().map(|base| {
        let table = rope_table(context as usize, plan.heads.width as usize, base);
        let buffer = gpu.storage("rope table", size_of_val(&table[..]) as u64);
        gpu.write(&buffer, 0, bytemuck::cast_slice(&table));
        (base, buffer)
    });
    let vocab = plan.vocab();
    let bytes =
        |label: &str, count: u32, size: usize| gpu.storage(label, u64::from(count) * size as u64);
    let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
    Ok(Resources {
        context,
        vectors: plan
            .vectors
            .iter()
            .map(|v| floats("vector", v.tensors.len() as u32, v.width))
            .collect(),
        activations: plan
            .buffers
            .iter()
            .map(|width| floats("activation", max_rows, *width))
            .collect(),
        caches: plan.blocks.iter().map(|_| [cache(), cache()]).collect(),
        tables: tables.collect(),
        frame: gpu.buffer("frame", size_of::<Frame>() as u64, uniform),
        rows: bytes("rows", max_rows, size_of::<Row>()),
        normed: floats("normed", max_rows, plan.d_model()),
        gate_up: floats("gate and up", max_rows, gated_outs.max().unwrap_or(1)),
        logits: floats("logits", logit_rows, vocab),
        scaled: floats("scaled logits", logit_rows, vocab),
        partials: bytes("partials", logit_rows * CHUNKS, size_of::<Partial>()),
        samplers: bytes("samplers", logit_rows, size_of::<Sampler>()),
        seen: floats("seen", sequences, vocab.div_ceil(32)),
        reports: bytes("reports", logit_rows, size_of::<Report>()),
        adapters: Vec::new(),
        lora_h: gpu.storage("lora h", 16),
        nothing: gpu.storage("nothing", 16),
        scratch: gpu.storage("scratch", 16),
        matrices,
    })
}

/// Refuses buffers no shader may bind, before anything is made.
fn check_sizes(plan: &Plan, options: MachineOptions) -> Result<(), GpuError> {
    let MachineOptions { context, sequences, max_rows, logit_rows } = options;
    let fits = |what: &str, factors: [u32; 3]| {
        let bytes =
            factors.iter().try_fold(4u64, |bytes, factor| bytes.checked_mul((*factor).into()));
        match bytes {
            Some(bytes) if bytes <= MAX_BINDING_BYTES => Ok(()),
            bytes => Err(GpuError::OutOfMemory {
                bytes: bytes.unwrap_or(u64::MAX),
                reason: format!("{what} would exceed the largest buffer a shader may bind"),
            }),
        }
    };
    fits("the key/value cache of a layer", [sequences, context, plan.heads.kv_width()])?;
    fits("the table of rotary positions", [context, plan.heads.width, 1])?;
    fits("the logits", [logit_rows, plan.vocab(), 1])?;
    fits("the tokens seen", [sequences, plan.vocab().div_ceil(32), 1])?;
    for width in &plan.buffers {
        fits("an activation", [max_rows, *width, 1])?;
    }
    for matrix in &plan.matrices {
        // Gates go through a buffer of their own.
        if matrix.tensors.len() == 2 {
            fits("an activation", [max_rows, matrix.outs(), 1])?;
        }
    }
    Ok(())
}
