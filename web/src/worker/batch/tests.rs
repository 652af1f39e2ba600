use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use engine::adapter::{Adapter, LowRank};
use engine::{Device, EngineOptions, Loader};
use formats::DType;
use formats::gguf::write::Writer;
use formats::quant::quantize;

use super::*;

const VOCAB: u64 = 101;
const WIDTH: u64 = 64;
const CONTEXT: u32 = 48;

/// On the CPU nothing waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the CPU waits for nothing"),
    }
}

/// Numbers that repeat for a seed (a linear congruential generator).
fn noise(seed: u64, count: u64, scale: f32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * 2.0 * scale
    };
    (0..count).map(|_| next()).collect()
}

/// A llama of two layers with random weights.
fn model() -> Vec<u8> {
    let mut writer = Writer::new();
    writer
        .metadata("general.architecture", "llama".to_owned())
        .metadata("llama.embedding_length", WIDTH as u32)
        .metadata("llama.feed_forward_length", 128u32)
        .metadata("llama.block_count", 2u32)
        .metadata("llama.context_length", 128u32)
        .metadata("llama.attention.head_count", 4u32)
        .metadata("llama.attention.head_count_kv", 2u32)
        .metadata("llama.attention.layer_norm_rms_epsilon", 1e-5f32);
    let mut seed = 0;
    let mut add = |name: String, shape: &[u64]| {
        seed += 1;
        let (dtype, scale) = if shape.len() == 1 { (DType::F32, 2.0) } else { (DType::Q8_0, 0.25) };
        let bytes = quantize(dtype, &noise(seed, shape.iter().product(), scale));
        writer.tensor(name, shape.to_vec(), dtype, bytes);
    };
    add("token_embd.weight".to_owned(), &[WIDTH, VOCAB]);
    for layer in 0..2 {
        let shapes: [(&str, &[u64]); 9] = [
            ("attn_norm", &[WIDTH]),
            ("attn_q", &[WIDTH, WIDTH]),
            ("attn_k", &[WIDTH, 32]),
            ("attn_v", &[WIDTH, 32]),
            ("attn_output", &[WIDTH, WIDTH]),
            ("ffn_norm", &[WIDTH]),
            ("ffn_gate", &[WIDTH, 128]),
            ("ffn_up", &[WIDTH, 128]),
            ("ffn_down", &[128, WIDTH]),
        ];
        for (name, shape) in shapes {
            add(format!("blk.{layer}.{name}.weight"), shape);
        }
    }
    add("output_norm.weight".to_owned(), &[WIDTH]);
    writer.finish()
}

/// An engine with two adapters.
fn engine(sequences: u32) -> (Engine, Caches) {
    let file = model();
    let options = EngineOptions { context: CONTEXT, sequences, max_rows: 4 };
    let mut loader = Loader::new(Device::cpu(), options, file.len() as u64);
    loader.push(&file).expect("a sound file");
    let mut engine = now(loader.finish()).expect("a sound model");
    let adapter = |seed| {
        let change =
            LowRank { rank: 4, a: noise(seed, 4 * WIDTH, 0.3), b: noise(seed + 1, 4 * WIDTH, 0.3) };
        Adapter {
            tensors: BTreeMap::from([("blk.0.attn_q.weight".to_owned(), change)]),
            head: None,
        }
    };
    engine.set_adapters(&[adapter(70), adapter(80)]).expect("they fit");
    (engine, Caches::new(sequences))
}

fn line(adapter: u32, tokens: &[u32], max_tokens: u32) -> Line {
    Line::new(adapter, SamplerSettings::greedy(), tokens.to_vec(), max_tokens)
}

/// Runs to the end; says why each line ended, and in how many rows each step was.
fn run(
    batch: &mut Batch,
    engine: &mut Engine,
    caches: &mut Caches,
    stop: u32,
) -> (BTreeMap<usize, FinishReason>, Vec<usize>) {
    let (mut reasons, mut rows) = (BTreeMap::new(), Vec::new());
    while batch.is_live() {
        let advance = now(batch.advance(engine, caches, |id| id == stop)).expect("it runs");
        if let Advance::Wrote(written) = advance {
            rows.push(written.len());
            reasons.extend(written.iter().filter_map(|it| Some((it.line, it.reason?))));
        }
    }
    (reasons, rows)
}

fn written(batch: &Batch, line: usize) -> Vec<u32> {
    let line = batch.line(line).expect("it was added");
    line.tokens[line.given..].to_vec()
}

const NO_STOP: u32 = u32::MAX;
const PROMPTS: [&[u32]; 3] = [&[5, 6, 7, 8, 9, 10, 11], &[100], &[9, 9, 2, 1]];

#[test]
fn columns_together_write_what_each_writes_alone() {
    let (mut engine, mut caches) = engine(5);
    let mut together = Batch::default();
    for (adapter, prompt) in (0..).zip(PROMPTS) {
        together.add(line(adapter, prompt, 6 + 3 * adapter));
    }
    let (reasons, rows) = run(&mut together, &mut engine, &mut caches, NO_STOP);
    let all: BTreeMap<usize, FinishReason> =
        (0..3).map(|line| (line, FinishReason::MaxTokens)).collect();
    assert_eq!(reasons, all);
    assert_eq!(rows, [vec![3; 6], vec![2; 3], vec![1; 3]].concat(), "an ended line frees its row");
    for (adapter, prompt) in (0..).zip(PROMPTS) {
        caches.forget();
        let mut alone = Batch::default();
        alone.add(line(adapter, prompt, 6 + 3 * adapter));
        run(&mut alone, &mut engine, &mut caches, NO_STOP);
        assert_eq!(written(&alone, 0), written(&together, adapter as usize));
    }
}

#[test]
fn adapters_write_differently_and_do_not_share_caches() {
    let (mut engine, mut caches) = engine(5);
    let mut batch = Batch::default();
    (0..3).for_each(|adapter| _ = batch.add(line(adapter, PROMPTS[0], 12)));
    run(&mut batch, &mut engine, &mut caches, NO_STOP);
    let all = [0, 1, 2].map(|line| written(&batch, line));
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2], "{all:?}");
}

#[test]
fn what_was_computed_is_not_computed_again() {
    let (mut engine, mut caches) = engine(5);
    let mut batch = Batch::default();
    batch.add(line(1, PROMPTS[0], 8));
    run(&mut batch, &mut engine, &mut caches, NO_STOP);
    let answer = written(&batch, 0);
    // A branch: the prompt, the first three tokens, and one that was not chosen.
    let other = (answer[3] + 1) % VOCAB as u32;
    let branch = [PROMPTS[0], &answer[..3], &[other]].concat();
    let mut first = Batch::default();
    first.add(line(1, &branch, 5));
    let begun = now(first.advance(&mut engine, &mut caches, |_| false)).expect("it runs");
    assert_eq!(begun, Advance::Filled { line: 0, done: branch.len() - 1 });
    run(&mut first, &mut engine, &mut caches, NO_STOP);
    caches.forget();
    let mut fresh = Batch::default();
    fresh.add(line(1, &branch, 5));
    let begun = now(fresh.advance(&mut engine, &mut caches, |_| false)).expect("it runs");
    assert_eq!(begun, Advance::Filled { line: 0, done: 0 });
    run(&mut fresh, &mut engine, &mut caches, NO_STOP);
    assert_eq!(written(&first, 0), written(&fresh, 0));
}

#[test]
fn more_lines_than_sequences_take_turns_and_share_their_prompt() {
    let (mut engine, mut caches) = engine(3);
    let mut batch = Batch::default();
    let sampler = |seed| SamplerSettings { temperature: 1.0, seed, ..SamplerSettings::greedy() };
    let tokens = PROMPTS[0].to_vec();
    let count = 7;
    for seed in 0..count {
        batch.add(Line::new(2, sampler(seed), tokens.clone(), 3 + seed as u32 % 3));
    }
    let mut filled = 0;
    let mut most = 0;
    while batch.is_live() {
        match now(batch.advance(&mut engine, &mut caches, |_| false)).expect("it runs") {
            Advance::Filled { done, .. } if done < tokens.len() - 1 => filled += 1,
            Advance::Wrote(written) => most = most.max(written.len()),
            _ => {}
        }
    }
    assert_eq!(most, 2, "the last sequence is not for answers");
    // Nothing, then a piece of four tokens: the first line alone computes the prompt.
    assert_eq!(filled, 2);
    let answers: Vec<_> = (0..count as usize).map(|line| written(&batch, line)).collect();
    assert!(answers.iter().zip(0..).all(|(answer, seed)| answer.len() == 3 + seed % 3));
    for (seed, answer) in (0..count).zip(&answers) {
        caches.forget();
        let mut alone = Batch::default();
        alone.add(Line::new(2, sampler(seed), tokens.clone(), answer.len() as u32));
        run(&mut alone, &mut engine, &mut caches, NO_STOP);
        assert_eq!(written(&alone, 0), *answer, "seed {seed}");
    }
}

#[test]
fn lines_end_for_their_own_reasons() {
    let (mut engine, mut caches) = engine(5);
    let mut free = Batch::default();
    free.add(line(0, PROMPTS[0], 400));
    let (reasons, _) = run(&mut free, &mut engine, &mut caches, NO_STOP);
    assert_eq!(reasons[&0], FinishReason::ContextFull);
    let text = written(&free, 0);
    assert_eq!(text.len() + PROMPTS[0].len(), CONTEXT as usize);
    let stop = text[4];
    let first = text.iter().position(|id| *id == stop).expect("it was written") + 1;
    let mut batch = Batch::default();
    batch.add(line(0, PROMPTS[0], 400));
    batch.add(line(0, PROMPTS[0], 2));
    batch.add(line(0, PROMPTS[0], 0));
    batch.add(line(0, &[], 9));
    let (reasons, _) = run(&mut batch, &mut engine, &mut caches, stop);
    assert_eq!(written(&batch, 0), text[..first]);
    assert_eq!(reasons[&0], FinishReason::EndOfText);
    assert_eq!(written(&batch, 1).len(), 2.min(first));
    assert!(!reasons.contains_key(&2) && !reasons.contains_key(&3), "they never ran");
}

#[test]
fn after_an_end_or_another_engine_the_text_is_the_same() {
    let (mut engine, mut caches) = engine(5);
    let mut whole = Batch::default();
    whole.add(line(1, PROMPTS[0], 10));
    run(&mut whole, &mut engine, &mut caches, NO_STOP);
    let mut broken = Batch::default();
    broken.add(line(1, PROMPTS[0], 10));
    while broken.new_tokens() < 4 {
        now(broken.advance(&mut engine, &mut caches, |_| false)).expect("it runs");
    }
    caches.forget();
    broken.begin_again();
    assert!(broken.is_live());
    run(&mut broken, &mut engine, &mut caches, NO_STOP);
    assert_eq!(written(&broken, 0), written(&whole, 0));

    let mut ended = Batch::default();
    ended.add(line(1, PROMPTS[0], 10));
    while ended.new_tokens() < 4 {
        now(ended.advance(&mut engine, &mut caches, |_| false)).expect("it runs");
    }
    ended.end(&mut engine, &mut caches);
    assert!(!ended.is_live());
    assert_eq!(written(&ended, 0), written(&whole, 0)[..4]);
    let idle = now(ended.advance(&mut engine, &mut caches, |_| false));
    assert_eq!(idle, Ok(Advance::Idle));
}
