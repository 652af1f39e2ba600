//! Sampling on the GPU against its twin, from the same logits.

use formats::DType;
use formats::gguf::TensorInfo;
use formats::quant::quantize;
use gpu::{Gpu, Machine, MachineOptions};
use kernels::cpu;
use kernels::params::{EMPTY, Report, Row, Sampler};
use kernels::plan::{Heads, Plan, PlanBuilder};

/// A model that is nothing but an embedding and an output matrix.
fn bigram(gpu: &Gpu, vocab: u32, seed: u32) -> Machine {
    let width = 32;
    let mut p = PlanBuilder::default();
    let x = p.buffer(width);
    let table = p.matrix(width, &[("table".into(), vocab)]);
    p.embed(table, 1.0, x);
    let norm = p.norm("norm", width, 1e-6);
    let out = p.matrix(width, &[("out".into(), vocab)]);
    let plan: Plan = p.finish(x, norm, out, Heads { heads: 1, kv_heads: 1, width: 32 });
    let noise = |salt: u32, count: u32, scale: f32| -> Vec<f32> {
        let word = |i| cpu::random(seed, salt, i) as f32 / u32::MAX as f32;
        (0..count).map(|i| (word(i) - 0.5) * scale).collect()
    };
    let tensors: Vec<(TensorInfo, Vec<u8>)> = [
        ("table", vec![width, vocab], noise(1, width * vocab, 2.0)),
        ("norm", vec![width], noise(2, width, 4.0)),
        ("out", vec![width, vocab], noise(3, width * vocab, 3.0)),
    ]
    .into_iter()
    .map(|(name, shape, weights)| {
        let bytes = quantize(DType::F32, &weights);
        let shape = shape.into_iter().map(u64::from).collect();
        let info = TensorInfo {
            name: name.into(),
            shape,
            dtype: DType::F32,
            offset: 0,
            bytes: bytes.len() as u64,
        };
        (info, bytes)
    })
    .collect();
    let infos: Vec<TensorInfo> = tensors.iter().map(|(info, _)| info.clone()).collect();
    let options = MachineOptions { context: 64, sequences: 4, max_rows: 4, logit_rows: 4 };
    let mut machine = Machine::new(gpu, plan, &infos, options).expect("fits");
    tensors.iter().for_each(|(info, bytes)| machine.write(info, bytes).expect("fits"));
    pollster::block_on(machine.ready()).expect("ready");
    machine
}

const PLAIN: Sampler = Sampler {
    temperature: 1.0,
    top_p: 1.0,
    min_p: 0.0,
    repeat_penalty: 1.0,
    top_k: 0,
    seed_lo: 3,
    seed_hi: 9,
    reserved: 0,
};

/// Settings that use every filter alone and together.
fn samplers() -> Vec<Sampler> {
    vec![
        Sampler { temperature: 0.0, ..PLAIN },
        Sampler { temperature: 0.0, repeat_penalty: 1.8, ..PLAIN },
        PLAIN,
        Sampler { temperature: 0.3, ..PLAIN },
        Sampler { top_k: 1, ..PLAIN },
        Sampler { top_k: 5, ..PLAIN },
        Sampler { top_p: 0.5, ..PLAIN },
        Sampler { top_p: 0.93, temperature: 1.7, ..PLAIN },
        Sampler { min_p: 0.2, ..PLAIN },
        Sampler { repeat_penalty: 1.3, top_k: 20, ..PLAIN },
        Sampler {
            top_k: 12,
            top_p: 0.8,
            min_p: 0.05,
            repeat_penalty: 1.2,
            temperature: 0.9,
            ..PLAIN
        },
    ]
}

/// Differences between a report and its twin's.
fn differences(ours: &Report, twin: &Report) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |what: &str, same: bool| {
        if !same {
            found.push(format!("{what}: {ours:?}\n against {twin:?}"));
        }
    };
    check("token", ours.token == twin.token);
    check("position", ours.position == twin.position);
    check("kept", ours.kept == twin.kept);
    check("log probability", (ours.logprob - twin.logprob).abs() < 1e-4);
    check("entropy", (ours.entropy - twin.entropy).abs() < 1e-4);
    for (a, b) in ours.alternatives.iter().zip(&twin.alternatives) {
        check("alternative", a.id == b.id);
        if b.id != EMPTY {
            check("logit", a.logit == b.logit);
            check("probability", (a.probability - b.probability).abs() < 1e-5);
            check("filtered", (a.filtered - b.filtered).abs() < 1e-4);
        }
    }
    found
}

#[test]
fn draws_agree_with_the_twin() {
    let gpu = pollster::block_on(Gpu::request()).expect("a Vulkan driver: cargo xtask setup");
    for vocab in [3, 7, 33, 100, 1_000, 20_011] {
        let mut machine = bigram(&gpu, vocab, vocab);
        for sampler in samplers() {
            let mut seen = vec![vec![0u32; vocab.div_ceil(32) as usize]; 3];
            let mut rows: Vec<Row> = (0..3)
                .map(|i| Row { token: i % vocab, position: 4 * i, sequence: 3 - i, adapter: 0 })
                .collect();
            for (row, seen) in rows.iter().zip(&mut seen) {
                seen[row.token as usize / 32] |= 1 << (row.token % 32);
            }
            let row_samplers: Vec<Sampler> =
                (0..3).map(|i| Sampler { seed_lo: sampler.seed_lo + i, ..sampler }).collect();
            machine.begin(&rows, &row_samplers, &seen).expect("begins");
            for _ in 0..3 {
                let ticket = machine.step(3);
                let reports = pollster::block_on(machine.reports(ticket)).expect("reads");
                let logits = pollster::block_on(machine.logits(0, 3)).expect("reads");
                for (i, logits) in logits.chunks_exact(vocab as usize).enumerate() {
                    let occurred = |id: u32| seen[i][id as usize / 32] >> (id % 32) & 1 == 1;
                    let twin = cpu::sample(logits, occurred, &row_samplers[i], rows[i].position);
                    assert_eq!(
                        differences(&reports[i], &twin),
                        Vec::<String>::new(),
                        "vocabulary {vocab}, row {i}, {sampler:?}"
                    );
                    rows[i].token = reports[i].token;
                    rows[i].position = reports[i].position;
                    seen[i][rows[i].token as usize / 32] |= 1 << (rows[i].token % 32);
                }
            }
        }
    }
}

#[test]
fn a_wrong_report_is_noticed() {
    let logits: Vec<f32> = (0..50).map(|i| cpu::random(1, 2, i) as f32 / 1e9).collect();
    let right = cpu::sample(&logits, |_| false, &PLAIN, 3);
    let mut wrong = right;
    wrong.kept += 1;
    wrong.alternatives[3].filtered += 0.01;
    assert_eq!(differences(&right, &right).len(), 0);
    assert_eq!(differences(&wrong, &right).len(), 2);
}
