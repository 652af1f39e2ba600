//! Adapters chosen per row, rewards, and what a sampler makes of logits; CPU and GPU alike.

mod common;

use common::{OPTIONS, VOCAB, devices, load, noise, tiny};
use engine::adapter::{Adapter, LowRank};
use engine::{DecodeRow, Engine, EngineError, SamplerSettings, TraceRequest, distribution};
use formats::DType;
use pollster::block_on;

const PROMPT: &[u32] = &[5, 6, 7, 8, 9];

/// Changes some of the second layer, and with `head` gives rewards.
fn adapter(seed: u32, head: bool) -> Adapter {
    let mut adapter = Adapter::default();
    for (i, (name, outputs)) in
        [("attn_q", 256), ("ffn_up", 512), ("attn_v", 128)].iter().enumerate()
    {
        let seed = seed + 2 * i as u32;
        let (a, b) = (noise(seed, 4 * 256, 0.3), noise(seed + 1, 4 * outputs, 0.3));
        adapter.tensors.insert(format!("blk.1.{name}.weight"), LowRank { rank: 4, a, b });
    }
    adapter.head = head.then(|| noise(seed + 9, 256, 1.0));
    adapter
}

fn engine_with_adapters(device: &engine::Device) -> Engine {
    let mut engine = load(device, &tiny(DType::Q8_0), 100_000).expect("loads");
    engine.set_adapters(&[adapter(300, false), adapter(400, true)]).expect("fits");
    engine
}

fn begin(engine: &mut Engine, sequence: u32, adapter: u32) -> DecodeRow {
    let (token, before) = PROMPT.split_last().expect("a token");
    engine.truncate(sequence, 0).expect("exists");
    block_on(engine.prefill(sequence, adapter, before)).expect("fits");
    DecodeRow { sequence, adapter, token: *token, sampler: SamplerSettings::greedy() }
}

fn run(engine: &mut Engine, rows: &[DecodeRow]) -> Vec<Vec<u32>> {
    let mut decode = engine.start(rows).expect("starts");
    let mut tokens = vec![Vec::new(); rows.len()];
    for _ in 0..10 {
        let reports = block_on(engine.step(&mut decode)).expect("steps");
        tokens.iter_mut().zip(reports).for_each(|(tokens, report)| tokens.push(report.token));
    }
    engine.finish(decode);
    tokens
}

#[test]
fn columns_of_a_batch_are_what_each_stage_says_alone() {
    let mut by_device = Vec::new();
    for device in devices() {
        let mut engine = engine_with_adapters(&device);
        let alone: Vec<Vec<u32>> = (0..3)
            .map(|stage| {
                let row = begin(&mut engine, 0, stage);
                run(&mut engine, &[row]).remove(0)
            })
            .collect();
        assert!(alone[0] != alone[1] && alone[1] != alone[2], "the stages differ: {alone:?}");
        let rows: Vec<DecodeRow> =
            (0..3).map(|stage| begin(&mut engine, stage + 1, stage)).collect();
        assert_eq!(run(&mut engine, &rows), alone);
        engine.set_adapters(&[]).expect("takes them away");
        let row = begin(&mut engine, 0, 0);
        assert_eq!(run(&mut engine, &[row])[0], alone[0]);
        by_device.push(alone);
    }
    assert_eq!(by_device[0], by_device[1], "the same text on both backends");
}

#[test]
fn a_reward_is_the_head_on_the_last_token() {
    let head = adapter(400, true).head.expect("a head");
    // One batch, exactly one batch, and more.
    for length in [1, OPTIONS.max_rows, OPTIONS.max_rows + 7] {
        let tokens: Vec<u32> = (0..length).map(|i| (i * i + 3) % VOCAB).collect();
        let mut rewards = Vec::new();
        for device in devices() {
            let mut engine = engine_with_adapters(&device);
            block_on(engine.prefill(1, 0, PROMPT)).expect("something was there");
            let reward = block_on(engine.reward(1, 2, &tokens)).expect("a reward");
            assert_eq!(engine.length(1), 0);
            let request = TraceRequest { residual: true, ..TraceRequest::default() };
            let (most, mut last) = (OPTIONS.max_rows as usize, Vec::new());
            for piece in tokens.chunks(most) {
                let trace = block_on(engine.score(1, 2, piece, &request, |_, _| {})).expect("fits");
                let normed = trace.residual.last().expect("recorded");
                last = normed[normed.len() - 256..].to_vec();
            }
            let expected: f32 = last.iter().zip(&head).map(|(x, w)| x * w).sum();
            assert!((reward - expected).abs() < 1e-3, "{length} tokens: {reward} {expected}");
            rewards.push(reward);
        }
        assert!((rewards[0] - rewards[1]).abs() < 1e-2, "{length} tokens: {rewards:?}");
    }
}

#[test]
fn adapters_that_are_not_there_are_refused() {
    let device = engine::Device::cpu();
    let mut engine = engine_with_adapters(&device);
    let error = block_on(engine.prefill(0, 3, PROMPT)).expect_err("there are two");
    assert!(matches!(error, EngineError::OutOfRange { value: 3, .. }), "{error}");
    for adapter in [0, 1, 3] {
        let error = block_on(engine.reward(0, adapter, PROMPT)).expect_err("no head");
        assert_eq!(error, EngineError::NoRewardHead { adapter });
    }
    assert!(block_on(engine.reward(0, 2, &[])).is_err(), "nothing to reward");
    let mut strange = adapter(1, false);
    let change = strange.tensors.pop_first().expect("a change").1;
    strange.tensors.insert("token_embd.weight".into(), change);
    let error = engine.set_adapters(&[strange]).expect_err("the embedding is no linear layer");
    assert!(matches!(error, EngineError::Adapter(_)), "{error}");
    assert_eq!(engine.adapters(), 2, "the old ones stay");
}

#[test]
fn a_distribution_is_what_the_next_step_reports() {
    let settings = SamplerSettings {
        temperature: 0.8,
        top_k: 20,
        repeat_penalty: 1.3,
        seed: 7,
        ..SamplerSettings::default()
    };
    let mut engine = engine_with_adapters(&engine::Device::cpu());
    let row = DecodeRow { sampler: settings, ..begin(&mut engine, 0, 1) };
    let mut decode = engine.start(&[row]).expect("starts");
    let report = block_on(engine.step(&mut decode)).expect("steps").remove(0);
    engine.finish(decode);
    engine.truncate(0, PROMPT.len() as u32 - 1).expect("exists");
    let mut found = Vec::new();
    let nothing = TraceRequest::default();
    let last = &PROMPT[PROMPT.len() - 1..];
    block_on(engine.score(0, 1, last, &nothing, |_, logits| found = logits.to_vec()))
        .expect("fits");
    let position = PROMPT.len() as u32 - 1;
    assert_eq!(distribution(&found, PROMPT, &settings, position), Some(report.clone()));
    let other = SamplerSettings { temperature: 1.5, ..settings };
    assert_ne!(distribution(&found, PROMPT, &other, position), Some(report));
    assert_eq!(distribution(&[], PROMPT, &settings, position), None);
}
