//! Adapters by PEFT (fixtures of crate `formats`) on the headers of models with their sizes.

use std::collections::BTreeMap;

use formats::DType;
use formats::gguf::write::Writer;
use formats::gguf::{Header, parse_header};
use formats::peft::{Change, Config, PeftAdapter};
use kernels::adapter::LowRank;
use models::{ModelError, adapter};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    /// Change of the layer's output for x[i] = cos(i), in the order of a GGUF file's rows.
    gguf: Vec<f32>,
}

macro_rules! fixture {
    ($name:literal) => {
        PeftAdapter::read(
            include_str!(concat!(
                "../../formats/tests/fixtures/peft/",
                $name,
                "/adapter_config.json"
            )),
            include_bytes!(concat!(
                "../../formats/tests/fixtures/peft/",
                $name,
                "/adapter_model.safetensors"
            )),
        )
        .expect("an adapter by PEFT")
    };
}

const D_MODEL: u64 = 16;
const D_FF: u64 = 12;
const HEAD: u64 = 8;

/// The header of a model with 2 query heads, `kv_heads` key/value heads of width 8, and these sizes.
fn header(architecture: &str, blocks: u32, kv_heads: u32) -> Header {
    let mut writer = Writer::new();
    writer.metadata("general.architecture", architecture);
    let mut size = |key: &str, value: u32| {
        writer.metadata(format!("{architecture}.{key}"), value);
    };
    size("embedding_length", D_MODEL as u32);
    size("attention.head_count", 2);
    size("attention.head_count_kv", kv_heads);
    let shapes = [
        ("attn_q", [D_MODEL, 2 * HEAD]),
        ("attn_k", [D_MODEL, HEAD]),
        ("attn_v", [D_MODEL, HEAD]),
        ("attn_output", [2 * HEAD, D_MODEL]),
        ("ffn_gate", [D_MODEL, D_FF]),
        ("ffn_up", [D_MODEL, D_FF]),
        ("ffn_down", [D_FF, D_MODEL]),
    ];
    for block in 0..blocks {
        for (part, shape) in shapes {
            let bytes = vec![0u8; (shape[0] * shape[1] * 4) as usize];
            writer.tensor(format!("blk.{block}.{part}.weight"), shape, DType::F32, bytes);
        }
    }
    let file = writer.finish();
    parse_header(&file, file.len() as u64).expect("a good file").expect("a whole header")
}

/// What the layer's output changes by, for x[i] = cos(i).
fn change(change: &LowRank) -> Vec<f32> {
    let rank = change.rank as usize;
    let inputs = change.a.len() / rank;
    let x: Vec<f32> = (0..inputs).map(|i| (i as f32).cos()).collect();
    let dot = |row: &[f32], x: &[f32]| row.iter().zip(x).map(|(a, b)| a * b).sum::<f32>();
    let inner: Vec<f32> = change.a.chunks_exact(inputs).map(|row| dot(row, &x)).collect();
    change.b.chunks_exact(rank).map(|row| dot(row, &inner)).collect()
}

/// The GGUF name of a module of the fixtures.
fn name_of(module: &str) -> String {
    let parts: Vec<&str> = module.split('.').collect();
    let part = match parts[4] {
        "q_proj" => "attn_q",
        "k_proj" => "attn_k",
        "v_proj" => "attn_v",
        "o_proj" => "attn_output",
        "gate_proj" => "ffn_gate",
        "up_proj" => "ffn_up",
        "down_proj" => "ffn_down",
        other => panic!("{other}"),
    };
    format!("blk.{}.{part}.weight", parts[2])
}

/// One module with these sizes.
fn small(module: &str, inputs: u32, outputs: u32) -> PeftAdapter {
    let config = r#"{"peft_type": "LORA", "r": 1, "lora_alpha": 2}"#;
    let (a, b) = (vec![1.0; inputs as usize], (0..outputs).map(|row| row as f32).collect());
    let change = Change { rank: 1, inputs, outputs, a, b, scale: 2.0 };
    PeftAdapter {
        config: Config::parse(config).expect("a good configuration"),
        modules: BTreeMap::from([(module.to_owned(), change)]),
        head: None,
    }
}

#[test]
fn changes_equal_those_of_peft_in_the_order_of_the_file() {
    let all: BTreeMap<String, Expected> =
        serde_json::from_str(include_str!("../../formats/tests/fixtures/peft/expected.json"))
            .expect("fixtures");
    for (name, peft, header) in [
        ("lora", fixture!("lora"), header("llama", 2, 1)),
        ("pattern", fixture!("pattern"), header("llama", 2, 1)),
        ("reward", fixture!("reward"), header("gemma3", 1, 1)),
    ] {
        let adapter = adapter(&header, &peft).expect("an adapter of this model");
        assert_eq!(adapter.tensors.len(), all[name].modules.len(), "{name}");
        assert_eq!(adapter.head, peft.head, "{name}");
        assert_eq!(adapter.head.is_some(), name == "reward");
        for (module, expected) in &all[name].modules {
            let y = change(&adapter.tensors[&name_of(module)]);
            assert_eq!(y.len(), expected.gguf.len(), "{name} {module}");
            for (a, b) in y.iter().zip(&expected.gguf) {
                assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{name} {module}: {a}, not {b}");
            }
        }
    }
}

#[test]
fn only_rows_that_are_rotated_in_llama_files_are_permuted() {
    let q = "model.layers.0.self_attn.q_proj";
    let doubled = |rows: [u32; 16]| rows.map(|row| 2.0 * row as f32).to_vec();
    let in_order = doubled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    let pairs = doubled([0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15]);
    let b = |architecture: &str, module: &str| {
        let outputs = if module.contains("k_proj") { 8 } else { 16 };
        let made = adapter(&header(architecture, 1, 1), &small(module, 16, outputs));
        made.expect("an adapter").tensors[&name_of(module)].b.clone()
    };
    assert_eq!(b("llama", q), pairs);
    assert_eq!(b("llama", "model.layers.0.self_attn.k_proj"), pairs[..8]);
    assert_eq!(b("llama", "model.layers.0.self_attn.o_proj"), in_order);
    assert_eq!(b("gemma3", q), in_order);
}

/// Rotating halves and then permuting is the same as permuting and then rotating neighbours, which is why the
/// permuted rows belong to the plan's rotary pairs.
#[test]
fn permuted_rows_rotate_like_the_halves_they_were() {
    let rotate = |a: f32, b: f32, angle: f32| {
        let (sin, cos) = angle.sin_cos();
        [a * cos - b * sin, a * sin + b * cos]
    };
    let permuted =
        adapter(&header("llama", 1, 1), &small("model.layers.0.self_attn.k_proj", 16, 8));
    let permuted = permuted.expect("an adapter").tensors["blk.0.attn_k.weight"].b.clone();
    for pair in 0..4 {
        let angle = 3.0 * 0.1f32.powi(pair as i32);
        let halves = rotate(2.0 * pair as f32, 2.0 * (pair + 4) as f32, angle);
        let neighbours = rotate(permuted[2 * pair], permuted[2 * pair + 1], angle);
        assert_eq!(halves, neighbours, "pair {pair}");
    }
}

#[test]
fn modules_that_the_model_does_not_have_are_named() {
    let llama = header("llama", 2, 1);
    for module in [
        "model.layers.2.mlp.up_proj",
        "model.layers.0.mlp.experts.up_proj",
        "model.embed_tokens",
        "lm_head",
        "transformer.h.0.attn.c_attn",
    ] {
        let error = adapter(&llama, &small(module, 16, 16)).expect_err(module);
        let modules = vec![module.to_owned()];
        let architecture = "llama".to_owned();
        assert_eq!(error, ModelError::AdapterModules { modules, architecture });
        assert!(error.to_string().contains(module), "{error}");
    }
    let mut twice = small("model.layers.0.mlp.up_proj", 16, 12);
    let same = twice.modules["model.layers.0.mlp.up_proj"].clone();
    twice.modules.insert("model.language_model.layers.0.mlp.up_proj".to_owned(), same);
    let error = adapter(&llama, &twice).expect_err("one module under two names");
    assert!(matches!(error, ModelError::AdapterModules { .. }), "{error}");
}

#[test]
fn adapters_of_other_sizes_are_refused() {
    let llama = header("llama", 1, 1);
    let module = "model.layers.0.mlp.up_proj";
    for (inputs, outputs) in [(12, 16), (16, 13), (32, 24)] {
        let error = adapter(&llama, &small(module, inputs, outputs)).expect_err("another size");
        let found = vec![inputs.into(), outputs.into()];
        let (module, expected) = (module.to_owned(), vec![D_MODEL, D_FF]);
        assert_eq!(error, ModelError::AdapterShape { module, expected, found });
    }
    let mut reward = small(module, 16, 12);
    reward.head = Some(vec![0.0; 15]);
    let error = adapter(&llama, &reward).expect_err("another width");
    assert_eq!(error, ModelError::AdapterHead { expected: 16, found: 15 });
    let k = small("model.layers.0.self_attn.k_proj", 16, 8);
    for kv_heads in [0, 3, 8, u32::MAX] {
        let error = adapter(&header("llama", 1, kv_heads), &k).expect_err("impossible heads");
        assert!(matches!(error, ModelError::Heads { .. }), "{kv_heads}: {error}");
    }
}

#[test]
fn other_architectures_and_numbers_beyond_floats() {
    let error = adapter(&header("mamba", 1, 1), &small("model.layers.0.mlp.up_proj", 16, 12));
    let name = "mamba".to_owned();
    assert_eq!(error, Err(ModelError::UnknownArchitecture { name }));
    let mut large = small("model.layers.0.mlp.up_proj", 16, 12);
    for change in large.modules.values_mut() {
        change.scale = f32::MAX;
    }
    let error = adapter(&header("llama", 1, 1), &large).expect_err("an infinite number");
    assert!(matches!(error, ModelError::Number { .. }), "{error}");
}
