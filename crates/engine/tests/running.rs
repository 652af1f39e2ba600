//! Running: batches, forks, sampling, loss of the device; CPU and GPU alike.

mod common;

use common::{devices, load, tiny};
use engine::{DecodeRow, Engine, EngineError, ErrorKind, SamplerSettings, TraceRequest};
use formats::DType;
use pollster::block_on;

const PROMPTS: [&[u32]; 3] = [&[5, 6, 7, 8], &[100, 3], &[9, 9, 9, 9, 9, 2, 1]];

fn sampler(seed: u64) -> SamplerSettings {
    SamplerSettings { temperature: 0.9, top_k: 30, top_p: 0.95, seed, ..SamplerSettings::greedy() }
}

/// Prefills all but the last token and gives the row that feeds it.
fn begin(
    engine: &mut Engine,
    sequence: u32,
    prompt: &[u32],
    sampler: SamplerSettings,
) -> DecodeRow {
    let (last, before) = prompt.split_last().expect("a token");
    engine.truncate(sequence, 0).expect("exists");
    block_on(engine.prefill(sequence, 0, before)).expect("fits");
    DecodeRow { sequence, adapter: 0, token: *last, sampler }
}

/// Tokens of every row after `steps` steps.
fn run(engine: &mut Engine, rows: &[DecodeRow], steps: usize) -> Vec<Vec<u32>> {
    let mut decode = engine.start(rows).expect("starts");
    let mut tokens = vec![Vec::new(); rows.len()];
    for _ in 0..steps {
        let reports = block_on(engine.step(&mut decode)).expect("steps");
        tokens.iter_mut().zip(reports).for_each(|(tokens, report)| tokens.push(report.token));
    }
    engine.finish(decode);
    tokens
}

#[test]
fn rows_of_a_batch_give_what_they_give_alone() {
    let file = tiny(DType::Q4_1);
    let mut by_device = Vec::new();
    for device in devices() {
        let mut engine = load(&device, &file, 100_000).expect("loads");
        let mut alone = Vec::new();
        for (i, prompt) in (0u32..).zip(PROMPTS) {
            let row = begin(&mut engine, 0, prompt, sampler(i.into()));
            alone.push(run(&mut engine, &[row], 12).remove(0));
        }
        let rows: Vec<DecodeRow> = (0u32..)
            .zip(PROMPTS)
            .map(|(i, prompt)| begin(&mut engine, i + 1, prompt, sampler(i.into())))
            .collect();
        assert_eq!(run(&mut engine, &rows, 12), alone);
        by_device.push(alone);
    }
    assert_eq!(by_device[0], by_device[1], "the same draw on both backends");
}

#[test]
fn a_fork_goes_on_like_its_origin() {
    for device in devices() {
        let mut engine = load(&device, &tiny(DType::Q6K), 100_000).expect("loads");
        let row = begin(&mut engine, 0, &[4, 8, 15, 16, 23, 42], sampler(1));
        engine.fork(0, 2, 5).expect("forks");
        assert_eq!(engine.length(2), 5);
        let origin = run(&mut engine, &[row], 8);
        let fork = run(&mut engine, &[DecodeRow { sequence: 2, ..row }], 8);
        assert_eq!(origin, fork);
        assert_eq!(engine.length(0), 5 + 8);
        let other = begin(&mut engine, 2, &[4, 8, 15, 16, 24, 42], sampler(1));
        let changed = run(&mut engine, &[other], 8);
        assert_ne!(origin, changed, "another text gives another continuation");
        assert!(engine.fork(0, 9, 1).is_err());
        assert!(engine.fork(0, 1, 99).is_err());
    }
}

#[test]
fn truncating_forgets() {
    for device in devices() {
        let mut engine = load(&device, &tiny(DType::F16), 100_000).expect("loads");
        let row = begin(&mut engine, 0, PROMPTS[0], SamplerSettings::greedy());
        let first = run(&mut engine, &[row], 6);
        engine.truncate(0, 3).expect("exists");
        assert_eq!(run(&mut engine, &[row], 6), first);
    }
}

#[test]
fn chunks_of_any_size_agree() {
    for device in devices() {
        let mut engine = load(&device, &tiny(DType::Q5K), 100_000).expect("loads");
        let text: Vec<u32> = (0..40).map(|i| i * 7 % 101).collect();
        let mut last = |chunk: usize| {
            engine.truncate(0, 0).expect("exists");
            let mut logits = Vec::new();
            let nothing = TraceRequest::default();
            for piece in text.chunks(chunk) {
                let score = engine.score(0, 0, piece, &nothing, |_, l| logits = l.to_vec());
                block_on(score).expect("scores");
            }
            logits
        };
        let whole = last(40);
        let largest = whole.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        for chunk in [1, 3, 7, 16] {
            let off =
                last(chunk).iter().zip(&whole).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < 2e-4 * largest, "by {chunk}: off by {off}");
        }
    }
}

#[test]
fn limits_are_kept() {
    for device in devices() {
        let mut engine = load(&device, &tiny(DType::Q8_0), 100_000).expect("loads");
        let error = block_on(engine.prefill(0, 0, &[1; 49])).expect_err("more than max_rows");
        assert!(matches!(error, EngineError::OutOfRange { .. }), "{error}");
        block_on(engine.prefill(0, 0, &[1; 48])).expect("fits");
        let error = block_on(engine.prefill(0, 0, &[1; 17])).expect_err("beyond the context");
        assert_eq!(error.kind(), ErrorKind::ContextFull);
        let error = block_on(engine.prefill(0, 0, &[101])).expect_err("no such token");
        assert!(matches!(error, EngineError::OutOfRange { value: 101, .. }), "{error}");
        let row =
            DecodeRow { sequence: 0, adapter: 0, token: 1, sampler: SamplerSettings::greedy() };
        assert!(engine.start(&[row, row]).is_err(), "one row per sequence");
        assert!(engine.start(&[]).is_err());
        // 48 are there; the context has 64.
        let mut decode = engine.start(&[row]).expect("starts");
        for _ in 0..16 {
            block_on(engine.step(&mut decode)).expect("steps");
        }
        let error = block_on(engine.step(&mut decode)).expect_err("full");
        assert_eq!(error.kind(), ErrorKind::ContextFull);
        engine.finish(decode);
    }
}

#[test]
fn a_decode_ends_when_the_engine_is_used_otherwise() {
    for device in devices() {
        let mut engine = load(&device, &tiny(DType::Q8_0), 100_000).expect("loads");
        let row = begin(&mut engine, 0, PROMPTS[0], SamplerSettings::greedy());
        let mut decode = engine.start(&[row]).expect("starts");
        block_on(engine.step(&mut decode)).expect("steps");
        block_on(engine.prefill(1, 0, &[1, 2])).expect("fits");
        let error = block_on(engine.step(&mut decode)).expect_err("stale");
        assert_eq!(error, EngineError::Stale);
    }
}

#[test]
fn a_lost_device_is_told_and_a_new_one_goes_on() {
    let file = tiny(DType::Q4_0);
    let [_, gpu] = devices();
    let mut engine = load(&gpu, &file, 100_000).expect("loads");
    let row = begin(&mut engine, 0, PROMPTS[0], sampler(4));
    let undisturbed = run(&mut engine, &[row], 8).remove(0);

    let row = begin(&mut engine, 0, PROMPTS[0], sampler(4));
    let mut decode = engine.start(&[row]).expect("starts");
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(block_on(engine.step(&mut decode)).expect("steps")[0].token);
    }
    engine.lose_device();
    let error = block_on(engine.step(&mut decode)).expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::DeviceLost, "{error}");
    assert_eq!(
        block_on(engine.prefill(0, 0, &[1])).expect_err("lost").kind(),
        ErrorKind::DeviceLost
    );
    drop(decode);
    drop(engine);

    let [_, gpu] = devices();
    let mut engine = load(&gpu, &file, 100_000).expect("loads");
    let text: Vec<u32> = PROMPTS[0].iter().chain(&tokens).copied().collect();
    let row = begin(&mut engine, 0, &text, sampler(4));
    tokens.extend(run(&mut engine, &[row], 5).remove(0));
    assert_eq!(tokens, undisturbed);
}

#[test]
fn a_decode_step_is_frozen() {
    let [_, gpu] = devices();
    let mut engine = load(&gpu, &tiny(DType::Q4K), 100_000).expect("loads");
    let row = begin(&mut engine, 0, PROMPTS[0], SamplerSettings::greedy());
    let mut decode = engine.start(&[row]).expect("starts");
    block_on(engine.step(&mut decode)).expect("steps");
    let before = engine.counters();
    for _ in 0..10 {
        block_on(engine.step(&mut decode)).expect("steps");
    }
    let after = engine.counters();
    let layers = u64::from(engine.layers());
    assert_eq!(after.submits - before.submits, 10);
    assert_eq!(after.objects_created, before.objects_created);
    assert_eq!(after.bytes_uploaded, before.bytes_uploaded);
    assert!(after.dispatches - before.dispatches <= 10 * (8 * layers + 8));
    assert!(after.bytes_read_back - before.bytes_read_back <= 10 * 256);
    engine.finish(decode);
}
