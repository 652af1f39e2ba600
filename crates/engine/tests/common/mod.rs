//! A tiny model with random weights, as a GGUF file.

use engine::{Device, Engine, EngineError, EngineOptions, Loader};
use formats::DType;
use formats::gguf::write::Writer;
use formats::quant::quantize;

pub(crate) const VOCAB: u32 = 101;

/// Numbers that repeat for a seed.
pub(crate) fn noise(seed: u32, count: usize, scale: f32) -> Vec<f32> {
    let word = |i: usize| kernels::cpu::random(seed, 5, i as u32) as f32 / u32::MAX as f32;
    (0..count).map(|i| (word(i) - 0.5) * 2.0 * scale).collect()
}

/// A llama of two layers whose matrices have type `dtype`.
pub(crate) fn tiny(dtype: DType) -> Vec<u8> {
    let mut writer = Writer::new();
    writer
        .metadata("general.architecture", "llama".to_owned())
        .metadata("llama.embedding_length", 256u32)
        .metadata("llama.feed_forward_length", 512u32)
        .metadata("llama.block_count", 2u32)
        .metadata("llama.context_length", 128u32)
        .metadata("llama.attention.head_count", 4u32)
        .metadata("llama.attention.head_count_kv", 2u32)
        .metadata("llama.attention.layer_norm_rms_epsilon", 1e-5f32);
    let mut seed = 0;
    let mut add = |name: &str, shape: &[u64], dtype: DType| {
        seed += 1;
        let count = shape.iter().product::<u64>() as usize;
        let scale = if shape.len() == 1 { 2.0 } else { 0.12 };
        let bytes = quantize(dtype, &noise(seed, count, scale));
        writer.tensor(name.to_owned(), shape.to_vec(), dtype, bytes);
    };
    add("token_embd.weight", &[256, VOCAB.into()], dtype);
    for i in 0..2 {
        let name = |part: &str| format!("blk.{i}.{part}.weight");
        add(&name("attn_norm"), &[256], DType::F32);
        add(&name("attn_q"), &[256, 256], dtype);
        add(&name("attn_k"), &[256, 128], dtype);
        add(&name("attn_v"), &[256, 128], dtype);
        add(&name("attn_output"), &[256, 256], dtype);
        add(&name("ffn_norm"), &[256], DType::F32);
        add(&name("ffn_gate"), &[256, 512], dtype);
        add(&name("ffn_up"), &[256, 512], dtype);
        add(&name("ffn_down"), &[512, 256], dtype);
    }
    add("output_norm.weight", &[256], DType::F32);
    writer.finish()
}

pub(crate) const OPTIONS: EngineOptions = EngineOptions { context: 64, sequences: 4, max_rows: 48 };

/// Both devices.
pub(crate) fn devices() -> [Device; 2] {
    let gpu = pollster::block_on(Device::gpu()).expect("a Vulkan driver: cargo xtask setup");
    [Device::cpu(), gpu]
}

/// Feeds a file in pieces of `piece` bytes.
pub(crate) fn load(device: &Device, file: &[u8], piece: usize) -> Result<Engine, EngineError> {
    let mut loader = Loader::new(device.clone(), OPTIONS, file.len() as u64);
    for bytes in file.chunks(piece) {
        loader.push(bytes)?;
    }
    pollster::block_on(loader.finish())
}
