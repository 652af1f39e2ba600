//! Adapters that PEFT wrote (fixtures/make_peft.py), and everything that is refused.

use std::collections::BTreeMap;

use formats::peft::{Change, Config, PeftAdapter, PeftError};
use formats::safetensors::Dtype;
use formats::safetensors::write::Writer;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    modules: BTreeMap<String, Module>,
    head: Option<Vec<f32>>,
}

#[derive(Deserialize)]
struct Module {
    scale: f32,
    y: Vec<f32>,
}

macro_rules! fixture {
    ($name:literal) => {
        (
            include_str!(concat!("fixtures/peft/", $name, "/adapter_config.json")),
            include_bytes!(concat!("fixtures/peft/", $name, "/adapter_model.safetensors")),
        )
    };
}

const LORA: (&str, &[u8]) = fixture!("lora");
const PATTERN: (&str, &[u8]) = fixture!("pattern");
const REWARD: (&str, &[u8]) = fixture!("reward");

const CONFIG: &str = r#"{"peft_type": "LORA", "r": 2, "lora_alpha": 4}"#;

/// What the layer's output changes by, for the input x[i] = cos(i).
fn change(change: &Change) -> Vec<f32> {
    let x: Vec<f32> = (0..change.inputs).map(|i| (i as f32).cos()).collect();
    let dot = |row: &[f32], x: &[f32]| row.iter().zip(x).map(|(a, b)| a * b).sum::<f32>();
    let inner: Vec<f32> =
        change.a.chunks_exact(change.inputs as usize).map(|row| dot(row, &x)).collect();
    let rows = change.b.chunks_exact(change.rank as usize);
    rows.map(|row| change.scale * dot(row, &inner)).collect()
}

/// A file with these tensors, all numbers 0.5.
fn file(tensors: &[(&str, &[u64])]) -> Vec<u8> {
    let mut writer = Writer::new();
    for (name, shape) in tensors {
        let count = shape.iter().product::<u64>() as usize;
        writer.tensor(format!("base_model.model.{name}"), Dtype::F32, shape, &vec![0.5; count]);
    }
    writer.finish()
}

#[track_caller]
fn error(tensors: &[(&str, &[u64])]) -> PeftError {
    PeftAdapter::read(CONFIG, &file(tensors)).expect_err("a bad adapter")
}

#[test]
fn changes_equal_those_of_peft() {
    let all: BTreeMap<String, Expected> =
        serde_json::from_str(include_str!("fixtures/peft/expected.json")).expect("fixtures");
    for (name, (config, weights)) in [("lora", LORA), ("pattern", PATTERN), ("reward", REWARD)] {
        let expected = &all[name];
        let adapter = PeftAdapter::read(config, weights).expect("an adapter by PEFT");
        assert_eq!(adapter.modules.len(), expected.modules.len(), "{name}");
        assert_eq!(adapter.head, expected.head, "{name}");
        for (module, expected) in &expected.modules {
            let found = &adapter.modules[module];
            assert!((found.scale - expected.scale).abs() < 1e-6, "{name} {module}");
            let y = change(found);
            assert_eq!(y.len(), expected.y.len(), "{name} {module}");
            for (a, b) in y.iter().zip(&expected.y) {
                assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{name} {module}: {a}, not {b}");
            }
        }
    }
}

#[test]
fn each_kind_of_number_was_read() {
    let adapter = |(config, weights)| PeftAdapter::read(config, weights).expect("an adapter");
    assert_eq!(adapter(LORA).modules.len(), 14, "seven layers in each of two blocks");
    let pattern = adapter(PATTERN);
    assert_eq!(pattern.modules["model.layers.0.self_attn.q_proj"].rank, 2);
    assert_eq!(pattern.modules["model.layers.1.mlp.down_proj"].rank, 4);
    assert_eq!(adapter(REWARD).head.map(|head| head.len()), Some(16));
}

#[test]
fn options_that_change_numbers_are_refused_by_name() {
    let with = |field: &str, value: &str| {
        let json = CONFIG.replace('}', &format!(r#", "{field}": {value}}}"#));
        Config::parse(&json)
    };
    for (field, value) in [
        ("use_dora", "true"),
        ("lora_bias", "true"),
        ("fan_in_fan_out", "true"),
        ("use_qalora", "true"),
        ("use_bdlora", "{\"nblocks\":2}"),
        ("layer_replication", "[[0,2]]"),
        ("alora_invocation_tokens", "[1]"),
        ("arrow_config", "{\"top_k\":3}"),
        ("kasa_config", "{\"beta\":1}"),
        ("monteclora_config", "{\"num_samples\":8}"),
        ("target_parameters", "[\"weight\"]"),
        ("trainable_token_indices", "[1,2]"),
        ("bias", "\"all\""),
        ("bias", "\"lora_only\""),
        ("init_lora_weights", "\"pissa_niter_4\""),
        ("init_lora_weights", "\"olora\""),
        ("init_lora_weights", "\"loftq\""),
        ("modules_to_save", "[\"embed_tokens\"]"),
        ("modules_to_save", "[\"score\",\"lm_head\"]"),
        ("modules_to_save", "\"score\""),
    ] {
        let error = with(field, value).expect_err(field);
        assert!(matches!(&error, PeftError::Unsupported { field: found, .. } if *found == field));
        let message = error.to_string();
        assert!(message.contains(&format!("{field} = {value}")), "{message}");
    }
    for (field, value) in [
        ("use_dora", "false"),
        ("use_dora", "null"),
        ("layer_replication", "null"),
        ("layer_replication", "[]"),
        ("bias", "\"none\""),
        ("init_lora_weights", "true"),
        ("init_lora_weights", "\"gaussian\""),
        ("modules_to_save", "null"),
        ("modules_to_save", "[\"score\",\"classifier\",\"score\"]"),
        ("use_rslora", "null"),
        ("rank_pattern", "null"),
        ("a_field_of_a_later_version", "[1,{\"a\":null}]"),
        ("lora_dropout", "0.1"),
    ] {
        with(field, value).unwrap_or_else(|error| panic!("{field} {value}: {error}"));
    }
}

#[test]
fn other_kinds_and_broken_configurations() {
    for (json, found) in [
        (r#"{"peft_type": "IA3"}"#, "IA3"),
        (r#"{"peft_type": "lora", "r": 2, "lora_alpha": 4}"#, "lora"),
        ("{}", ""),
    ] {
        let found = found.to_owned();
        assert_eq!(Config::parse(json), Err(PeftError::Kind { found }));
    }
    let start = r#"{"peft_type": "LORA""#;
    for rest in [
        "}",
        r#", "r": 2}"#,
        r#", "r": -1, "lora_alpha": 4}"#,
        r#", "r": 2.5, "lora_alpha": 4}"#,
        r#", "r": "2", "lora_alpha": 4}"#,
        r#", "r": 2, "lora_alpha": 4, "rank_pattern": [1]}"#,
        r#", "r": 2, "lora_alpha": 4, "rank_pattern": {"q": "2"}}"#,
        r#", "r": 2, "r": 3, "lora_alpha": 4}"#,
        ",",
    ] {
        let error = Config::parse(&format!("{start}{rest}")).expect_err(rest);
        assert!(matches!(error, PeftError::Config { .. }), "{rest}: {error}");
    }
    for rest in [
        r#", "r": 0, "lora_alpha": 4}"#,
        r#", "r": 2, "lora_alpha": 1e200}"#,
        r#", "r": 2, "lora_alpha": 4, "rank_pattern": {"q_proj": 0}}"#,
        r#", "r": 2, "lora_alpha": 4, "alpha_pattern": {"q_proj": 1e200}}"#,
    ] {
        let error = Config::parse(&format!("{start}{rest}")).expect_err(rest);
        assert!(matches!(error, PeftError::Impossible { .. }), "{rest}: {error}");
    }
}

#[test]
fn patterns_are_names_and_the_first_that_fits_counts() {
    let with = |patterns: &str| {
        let json = CONFIG.replace('}', &format!(r#", "rank_pattern": {patterns}}}"#));
        Config::parse(&json)
    };
    let config = with(r#"{"q_proj": 8, "layers.1.q_proj": 16, "^score": 3}"#).expect("names");
    assert_eq!(config.rank("model.layers.1.q_proj"), 8);
    assert_eq!(config.rank("model.layers.1.xq_proj"), 2);
    assert_eq!((config.rank("score"), config.rank("model.score")), (3, 2));
    let config = with(r#"{"layers.1.q_proj": 16, "q_proj": 8}"#).expect("names");
    assert_eq!(config.rank("model.layers.1.q_proj"), 16);
    assert_eq!(config.rank("model.layers.0.q_proj"), 8);
    assert!((config.scale("model.layers.0.q_proj") - 0.5).abs() < 1e-9);
    for pattern in [r#"{".*q_proj": 8}"#, r#"{"(q|k)_proj": 8}"#, r#"{"": 8}"#, r#"{"a$": 1}"#] {
        let error = with(pattern).expect_err(pattern);
        assert!(matches!(error, PeftError::Pattern { field: "rank_pattern", .. }), "{error}");
    }
}

#[test]
fn tensors_that_would_be_left_out_are_named() {
    let error = error(&[
        ("a.lora_A.weight", &[2, 3]),
        ("a.lora_B.weight", &[4, 2]),
        ("model.embed_tokens.weight", &[5, 3]),
        ("a.lora_B.bias", &[4]),
        ("b.lora_magnitude_vector.weight", &[4]),
        ("a.lora_A.default.weight", &[2, 3]),
    ]);
    let PeftError::UnknownTensors { names } = &error else { panic!("{error}") };
    assert_eq!(names.len(), 4);
    let message = error.to_string();
    assert!(message.contains("a.lora_B.bias") && message.contains("and 1 more"), "{message}");
}

#[test]
fn halves_shapes_and_ranks_must_fit() {
    let a: (&str, &[u64]) = ("a.lora_A.weight", &[2, 3]);
    let module = || "a".to_owned();
    let missing = |half| PeftError::MissingHalf { module: module(), half };
    assert_eq!(error(&[a]), missing("lora_B"));
    assert_eq!(error(&[("a.lora_B.weight", &[4, 2])]), missing("lora_A"));
    let rank = |a, b| PeftError::Rank { module: module(), a, b, expected: 2 };
    assert_eq!(error(&[a, ("a.lora_B.weight", &[4, 3])]), rank(2, 3));
    let wide: [(&str, &[u64]); 2] = [("a.lora_A.weight", &[3, 3]), ("a.lora_B.weight", &[4, 3])];
    assert_eq!(error(&wide), rank(3, 3));
    let shapes: [&[u64]; 4] = [&[8], &[4, 2, 1], &[0, 2], &[]];
    for shape in shapes {
        let error = error(&[a, ("a.lora_B.weight", shape)]);
        assert!(matches!(error, PeftError::NotMatrix { .. }), "{shape:?}: {error}");
    }
    assert_eq!(error(&[]), PeftError::Empty);
    let good = PeftAdapter::read(CONFIG, &file(&[a, ("a.lora_B.weight", &[4, 2])]));
    let change = &good.expect("a good adapter").modules["a"];
    assert_eq!((change.rank, change.inputs, change.outputs), (2, 3, 4));
}

#[test]
fn heads_have_one_output_and_one_name() {
    for name in ["score.weight", "score.modules_to_save.weight"] {
        let adapter = PeftAdapter::read(CONFIG, &file(&[(name, &[1, 3])])).expect("a head");
        assert_eq!(adapter.head, Some(vec![0.5; 3]));
    }
    let two = error(&[("score.weight", &[2, 3])]);
    assert!(matches!(two, PeftError::Head { outputs: 2, .. }), "{two}");
    let flat = error(&[("score.weight", &[3])]);
    assert!(matches!(flat, PeftError::NotMatrix { .. }), "{flat}");
    let twice = error(&[("score.weight", &[1, 3]), ("score.modules_to_save.weight", &[1, 3])]);
    assert!(matches!(twice, PeftError::UnknownTensors { .. }), "{twice}");
}

#[test]
fn numbers_that_are_none() {
    for value in [f32::NAN, f32::INFINITY] {
        let mut writer = Writer::new();
        writer.tensor("base_model.model.score.weight", Dtype::Bf16, &[1, 2], &[1.0, value]);
        let error = PeftAdapter::read(CONFIG, &writer.finish()).expect_err("no number");
        assert!(matches!(error, PeftError::NotFinite { .. }), "{error}");
    }
    let broken = PeftAdapter::read(CONFIG, b"PK").expect_err("no safetensors");
    assert!(matches!(broken, PeftError::File(_)), "{broken}");
}
