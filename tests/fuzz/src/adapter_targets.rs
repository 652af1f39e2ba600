//! Readers of adapters.

use std::sync::OnceLock;

use formats::DType;
use formats::gguf::write::Writer as GgufWriter;
use formats::gguf::{Header, parse_header};
use formats::peft::{Config, PeftAdapter};
use formats::safetensors::Safetensors;
use formats::safetensors::write::Writer;

/// Width of the model that adapters are read for.
const WIDTH: u64 = 8;
const LINEAR: [&str; 7] =
    ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

/// A safetensors file: as many numbers as the shapes say, and the same again after it is written and read.
pub fn safetensors(data: &[u8]) {
    let Ok(file) = Safetensors::parse(data) else { return };
    let mut writer = Writer::new();
    for (key, value) in &file.metadata {
        writer.metadata(key.as_str(), value.as_str());
    }
    for (name, tensor) in &file.tensors {
        let numbers = tensor.to_f32();
        assert_eq!(numbers.len() as u64, tensor.shape().iter().product::<u64>(), "{name}");
        writer.tensor(name.as_str(), tensor.dtype(), tensor.shape(), &numbers);
    }
    let written = writer.finish();
    let again = Safetensors::parse(&written).expect("a file that was accepted");
    assert_eq!(again.metadata, file.metadata);
    assert_eq!(again.tensors.len(), file.tensors.len());
    for (name, tensor) in &file.tensors {
        let other = &again.tensors[name];
        assert_eq!((other.dtype(), other.shape()), (tensor.dtype(), tensor.shape()), "{name}");
        let same = |(a, b): (&f32, &f32)| a == b || (a.is_nan() && b.is_nan());
        assert!(tensor.to_f32().iter().zip(&other.to_f32()).all(same), "{name}");
    }
}

/// An adapter: two bytes with the length of its configuration, the configuration, the tensors. What is accepted has
/// whole matrices of finite numbers, and fits a model or is refused for it.
pub fn peft(data: &[u8]) {
    let Some((length, rest)) = data.split_first_chunk::<2>() else { return };
    let (config, weights) = rest.split_at(rest.len().min(u16::from_le_bytes(*length).into()));
    let Ok(config) = str::from_utf8(config) else { return };
    if let Ok(config) = Config::parse(config) {
        assert!(config.rank > 0 && config.rank("q_proj") > 0, "{config:?}");
        assert!(config.scale("model.layers.0.self_attn.q_proj").is_finite(), "{config:?}");
    }
    let Ok(adapter) = PeftAdapter::read(config, weights) else { return };
    for (name, change) in &adapter.modules {
        let (rank, inputs, outputs) =
            (change.rank as usize, change.inputs as usize, change.outputs as usize);
        assert_eq!(change.a.len(), rank * inputs, "{name}");
        assert_eq!(change.b.len(), outputs * rank, "{name}");
        assert!(change.a.iter().chain(&change.b).all(|number| number.is_finite()), "{name}");
    }
    let Ok(made) = models::adapter(model(), &adapter) else { return };
    assert_eq!(made.tensors.len(), adapter.modules.len());
    assert_eq!(made.head, adapter.head);
    for (name, change) in &made.tensors {
        let tensor = model().tensor(name).expect("a tensor of the model");
        let rank = u64::from(change.rank);
        assert_eq!(change.a.len() as u64, rank * tensor.shape[0], "{name}");
        assert_eq!(change.b.len() as u64, rank * tensor.shape[1], "{name}");
        assert!(change.b.iter().all(|number| number.is_finite()), "{name}");
    }
}

/// A Llama of one block, two heads of width 4 and one key/value head.
fn model() -> &'static Header {
    static HEADER: OnceLock<Header> = OnceLock::new();
    HEADER.get_or_init(|| {
        let mut writer = GgufWriter::new();
        writer.metadata("general.architecture", "llama");
        writer.metadata("llama.embedding_length", WIDTH as u32);
        writer.metadata("llama.attention.head_count", 2u32);
        writer.metadata("llama.attention.head_count_kv", 1u32);
        for part in LINEAR {
            let narrow = matches!(part, "attn_k" | "attn_v");
            let shape = [WIDTH, if narrow { WIDTH / 2 } else { WIDTH }];
            let bytes = vec![0u8; (4 * shape[0] * shape[1]) as usize];
            writer.tensor(format!("blk.0.{part}.weight"), shape, DType::F32, bytes);
        }
        let file = writer.finish();
        let header = parse_header(&file, file.len() as u64).expect("a good file");
        header.expect("a whole header")
    })
}
