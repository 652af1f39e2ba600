//! Many answers as rows of batches: what each writes, what is computed twice, and what it does to the weights.

mod common;

use std::collections::BTreeMap;

use common::{VOCAB, devices, load, noise, tiny};
use engine::adapter::{Adapter, LowRank};
use engine::generate::{Advance, Batch, Caches, Ending, Line};
use engine::{Device, Engine, EngineOptions, Loader, SamplerSettings};
use formats::DType;
use pollster::block_on;

const CONTEXT: u32 = 48;
const NO_STOP: u32 = u32::MAX;
const PROMPTS: [&[u32]; 3] = [&[5, 6, 7, 8, 9, 10, 11], &[100], &[9, 9, 2, 1]];

/// An engine with two adapters.
fn engine(device: &Device, sequences: u32) -> (Engine, Caches) {
    let file = tiny(DType::Q8_0);
    let options = EngineOptions { context: CONTEXT, sequences, max_rows: 4 };
    let mut loader = Loader::new(device.clone(), options, file.len() as u64);
    loader.push(&file).expect("a sound file");
    let mut engine = block_on(loader.finish()).expect("a sound model");
    let adapter = |seed| {
        let numbers = |seed| noise(seed, 4 * 256, 0.3);
        let change = LowRank { rank: 4, a: numbers(seed), b: numbers(seed + 1) };
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

/// Runs to the end; says in how many rows each step was.
fn run(batch: &mut Batch, engine: &mut Engine, caches: &mut Caches, stop: u32) -> Vec<usize> {
    let mut rows = Vec::new();
    while batch.is_live() {
        let advance = block_on(batch.advance(engine, caches, |_, id| id == stop));
        if let Advance::Wrote(written) = advance.expect("it runs") {
            rows.push(written.len());
        }
    }
    rows
}

fn written(batch: &Batch, line: usize) -> Vec<u32> {
    batch.line(line).expect("it was added").written().to_vec()
}

fn ending(batch: &Batch, line: usize) -> Option<Ending> {
    batch.line(line).expect("it was added").ending()
}

#[test]
fn lines_together_write_what_each_writes_alone() {
    for device in devices() {
        let (mut engine, mut caches) = engine(&device, 5);
        let mut together = Batch::default();
        for (adapter, prompt) in (0..).zip(PROMPTS) {
            together.add(line(adapter, prompt, 6 + 3 * adapter));
        }
        let rows = run(&mut together, &mut engine, &mut caches, NO_STOP);
        let freed = [vec![3; 6], vec![2; 3], vec![1; 3]].concat();
        assert_eq!(rows, freed, "a line that ends frees its row");
        for (adapter, prompt) in (0..).zip(PROMPTS) {
            assert_eq!(ending(&together, adapter as usize), Some(Ending::MaxTokens));
            caches.forget();
            let mut alone = Batch::default();
            alone.add(line(adapter, prompt, 6 + 3 * adapter));
            run(&mut alone, &mut engine, &mut caches, NO_STOP);
            assert_eq!(written(&alone, 0), written(&together, adapter as usize));
        }
    }
}

#[test]
fn adapters_write_differently_and_do_not_share_caches() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 5);
    let mut batch = Batch::default();
    (0..3).for_each(|adapter| _ = batch.add(line(adapter, PROMPTS[0], 12)));
    block_on(batch.run(&mut engine, &mut caches, |_, _| false)).expect("it runs");
    let all = [0, 1, 2].map(|line| written(&batch, line));
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2], "{all:?}");
    assert_eq!((batch.saving().tokens, batch.saving().reused), (3 * PROMPTS[0].len(), 0));
}

#[test]
fn what_was_computed_is_not_computed_again() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 5);
    let mut batch = Batch::default();
    batch.add(line(1, PROMPTS[0], 8));
    run(&mut batch, &mut engine, &mut caches, NO_STOP);
    let answer = written(&batch, 0);
    // A branch: the prompt, the first three tokens, and one that was not chosen.
    let other = (answer[3] + 1) % VOCAB;
    let branch = [PROMPTS[0], &answer[..3], &[other]].concat();
    let mut begin = |caches: &mut Caches| {
        let mut batch = Batch::default();
        batch.add(line(1, &branch, 5));
        run(&mut batch, &mut engine, caches, NO_STOP);
        (batch.line(0).expect("it was added").reused(), written(&batch, 0))
    };
    let (reused, first) = begin(&mut caches);
    assert_eq!(reused, branch.len() - 1);
    caches.forget();
    let (reused, fresh) = begin(&mut caches);
    assert_eq!((reused, fresh), (0, first));
}

#[test]
fn more_lines_than_sequences_take_turns_and_share_their_beginning() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 3);
    let sampler = |seed| SamplerSettings { temperature: 1.0, seed, ..SamplerSettings::greedy() };
    // All begin with the same six tokens; the seventh is their own.
    let prompt = |seed: u64| [&PROMPTS[0][..6], &[20 + seed as u32]].concat();
    let count = 7;
    let mut batch = Batch::default();
    for seed in 0..count {
        batch.add(Line::new(2, sampler(seed), prompt(seed), 3 + seed as u32 % 3));
    }
    let rows = run(&mut batch, &mut engine, &mut caches, NO_STOP);
    assert_eq!(rows.iter().max(), Some(&2), "the last sequence is not for answers");
    let saving = batch.saving();
    assert_eq!(saving.tokens, 7 * count as usize);
    assert_eq!(saving.reused, 6 * (count as usize - 1), "the first line alone computes them");
    for seed in 0..count {
        let answer = written(&batch, seed as usize);
        assert_eq!(answer.len() as u64, 3 + seed % 3);
        caches.forget();
        let mut alone = Batch::default();
        alone.add(Line::new(2, sampler(seed), prompt(seed), answer.len() as u32));
        run(&mut alone, &mut engine, &mut caches, NO_STOP);
        assert_eq!(written(&alone, 0), answer, "seed {seed}");
    }
}

#[test]
fn lines_end_for_their_own_reasons() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 5);
    let mut free = Batch::default();
    free.add(line(0, PROMPTS[0], 400));
    run(&mut free, &mut engine, &mut caches, NO_STOP);
    assert_eq!(ending(&free, 0), Some(Ending::ContextFull));
    let text = written(&free, 0);
    assert_eq!(text.len() + PROMPTS[0].len(), CONTEXT as usize);
    let stop = text[4];
    let first = text.iter().position(|id| *id == stop).expect("it was written") + 1;
    let mut batch = Batch::default();
    batch.add(line(0, PROMPTS[0], 400));
    batch.add(line(0, PROMPTS[0], 2));
    batch.add(line(0, PROMPTS[0], 0));
    batch.add(line(0, &[], 9));
    run(&mut batch, &mut engine, &mut caches, stop);
    assert_eq!(written(&batch, 0), text[..first]);
    assert_eq!(ending(&batch, 0), Some(Ending::Stop));
    assert_eq!(written(&batch, 1).len(), 2.min(first));
    assert_eq!((ending(&batch, 2), ending(&batch, 3)), (None, None), "they never ran");
}

#[test]
fn every_written_token_is_asked_about_once_and_in_order() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 5);
    let mut batch = Batch::default();
    (0..2).for_each(|place| _ = batch.add(line(0, PROMPTS[place], 6)));
    let mut asked = vec![Vec::new(); 2];
    let stops = |line: usize, id: u32| {
        asked[line].push(id);
        // The second line has enough after three, whatever they are.
        line == 1 && asked[1].len() == 3
    };
    block_on(batch.run(&mut engine, &mut caches, stops)).expect("it runs");
    assert_eq!(asked, [written(&batch, 0), written(&batch, 1)]);
    assert_eq!([asked[0].len(), asked[1].len()], [6, 3]);
    assert_eq!(ending(&batch, 1), Some(Ending::Stop));
}

#[test]
fn after_an_end_or_another_engine_the_text_is_the_same() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 5);
    let mut whole = Batch::default();
    whole.add(line(1, PROMPTS[0], 10));
    run(&mut whole, &mut engine, &mut caches, NO_STOP);
    let mut four = |caches: &mut Caches| {
        let mut batch = Batch::default();
        batch.add(line(1, PROMPTS[0], 10));
        while batch.new_tokens() < 4 {
            block_on(batch.advance(&mut engine, caches, |_, _| false)).expect("it runs");
        }
        batch
    };
    let mut broken = four(&mut caches);
    let mut ended = four(&mut caches);
    ended.end(&mut engine, &mut caches);
    assert!(!ended.is_live());
    assert_eq!(written(&ended, 0), written(&whole, 0)[..4]);
    let idle = block_on(ended.advance(&mut engine, &mut caches, |_, _| false));
    assert_eq!(idle, Ok(Advance::Idle));
    // What the other one had under way is lost with its engine.
    caches.forget();
    broken.begin_again();
    assert!(broken.is_live());
    run(&mut broken, &mut engine, &mut caches, NO_STOP);
    assert_eq!(written(&broken, 0), written(&whole, 0));
}

#[test]
fn a_prompt_beyond_the_context_ends_the_batch() {
    let (mut engine, mut caches) = engine(&Device::cpu(), 3);
    let mut batch = Batch::default();
    batch.add(line(0, &[1; CONTEXT as usize + 2], 4));
    let error = block_on(batch.run(&mut engine, &mut caches, |_, _| false));
    assert!(error.is_err() && !batch.is_live());
    let mut next = Batch::default();
    next.add(line(0, PROMPTS[0], 4));
    run(&mut next, &mut engine, &mut caches, NO_STOP);
    assert_eq!(written(&next, 0).len(), 4, "the engine goes on");
}

/// All bytes of the weights, in pieces of `piece`.
fn weights(engine: &Engine, piece: u64) -> Vec<u8> {
    let mut all = Vec::new();
    for (part, size) in engine.weight_parts().into_iter().enumerate() {
        let start = all.len();
        for at in (0..size).step_by(piece as usize) {
            let read = block_on(engine.read_weights(part, at, piece)).expect("it is there");
            all.extend(read);
        }
        assert_eq!((all.len() - start) as u64, size);
        let beyond = block_on(engine.read_weights(part, size, piece));
        assert_eq!(beyond, Ok(Vec::new()));
    }
    all
}

#[test]
fn weights_are_what_was_loaded_and_stay_so() {
    let file = tiny(DType::Q4_0);
    for device in devices() {
        let mut engine = load(&device, &file, 100_000).expect("loads");
        let mut caches = Caches::new(engine.sequences());
        let before = weights(&engine, 1 << 20);
        assert_eq!(before.len() as u64, engine.weight_bytes());
        let mut batch = Batch::default();
        batch.add(line(0, PROMPTS[0], 8));
        block_on(batch.run(&mut engine, &mut caches, |_, _| false)).expect("it runs");
        assert_eq!(weights(&engine, 4096), before, "in other pieces too");
        // One bit of the file's last tensor is one other weight.
        let mut other = file.clone();
        *other.last_mut().expect("a byte") ^= 1;
        let other = load(&device, &other, 100_000).expect("loads");
        assert_ne!(weights(&other, 1 << 20), before);
        assert_eq!(block_on(engine.read_weights(usize::MAX, 0, 4)), Ok(Vec::new()));
    }
}
