//! Low-rank adapters chosen per row: the GPU against its twin, what they cost, and that decoding keeps them.

use formats::DType;
use formats::gguf::TensorInfo;
use formats::quant::quantize;
use gpu::{Gpu, GpuError, Machine, MachineOptions};
use kernels::adapter::{Adapter, LowRank, Packed, pack};
use kernels::cpu;
use kernels::params::{Row, Sampler};
use kernels::plan::{Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};
use kernels::trace::TraceRequest;
use pollster::block_on;

const D_MODEL: u32 = 64;
const D_FF: u32 = 96;
const VOCAB: u32 = 50;
const LAYERS: u64 = 2;
const CONTEXT: u32 = 64;
const SEQUENCES: u32 = 4;
const MAX_ROWS: u32 = 40;
const HEADS: Heads = Heads { heads: 4, kv_heads: 2, width: 32 };
/// GPU and twin add in another order.
const TOLERANCE: f32 = 2e-4;
/// Rank of each adapter and the tensors it changes: ranks that need filling up, and stacks changed in part.
const ADAPTERS: [(u32, &[&str]); 3] = [
    (6, &["q", "k", "v", "o", "gate", "up", "down"]),
    (3, &["v", "down"]),
    (12, &["q", "k", "o", "up"]),
];

fn greedy() -> Sampler {
    Sampler { top_p: 1.0, repeat_penalty: 1.0, ..Sampler::default() }
}

fn device() -> Gpu {
    block_on(Gpu::request()).expect("a Vulkan driver: cargo xtask setup")
}

/// Numbers that repeat for a seed; the tests need no better ones.
fn noise(seed: u32, count: u32, scale: f32) -> Vec<f32> {
    let word = |i| cpu::random(seed, 91, i) as f32 / u32::MAX as f32;
    (0..count).map(|i| (word(i) - 0.5) * 2.0 * scale).collect()
}

/// A plan of blocks as `llama` has them.
fn plan() -> Plan {
    let mut p = PlanBuilder::default();
    let x = p.buffer(D_MODEL);
    let qkv = p.buffer(HEADS.qkv_width());
    let attended = p.buffer(HEADS.q_width());
    let hidden = p.buffer(D_FF);
    let table = p.matrix(D_MODEL, &[("table".into(), VOCAB)]);
    p.embed(table, 1.0, x);
    for i in 0..LAYERS {
        let layer = p.block();
        let name = |part: &str| format!("{i}.{part}");
        let (q, kv) = (HEADS.q_width(), HEADS.kv_width());
        let norm = Some(p.norm(name("norm"), D_MODEL, 1e-5));
        let matrix = p.matrix(D_MODEL, &[(name("q"), q), (name("k"), kv), (name("v"), kv)]);
        p.op(Op::Linear { matrix, norm, x, epilogue: Epilogue::Store, out: qkv });
        let pairs = RopePairs::Interleaved;
        p.op(Op::Rope { layer, qkv, heads: HEADS, pairs, base: 100.0, norm: None });
        p.op(Op::Attention { layer, qkv, heads: HEADS, scale: 0.2, window: None, out: attended });
        let matrix = p.matrix(q, &[(name("o"), D_MODEL)]);
        p.op(Op::Linear { matrix, norm: None, x: attended, epilogue: Epilogue::Add, out: x });
        let norm = Some(p.norm(name("norm2"), D_MODEL, 1e-5));
        let matrix = p.matrix(D_MODEL, &[(name("gate"), D_FF), (name("up"), D_FF)]);
        let epilogue = Epilogue::Gated(Gate::Silu);
        p.op(Op::Linear { matrix, norm, x, epilogue, out: hidden });
        let matrix = p.matrix(D_FF, &[(name("down"), D_MODEL)]);
        p.op(Op::Linear { matrix, norm: None, x: hidden, epilogue: Epilogue::Add, out: x });
    }
    let norm = p.norm("norm", D_MODEL, 1e-5);
    p.finish(x, norm, table, HEADS)
}

/// Both machines, loaded, without adapters.
fn machines(gpu: &Gpu) -> (Machine, cpu::Machine) {
    let plan = plan();
    let matrices = plan.matrices.iter().flat_map(|matrix| {
        let tensors = matrix.tensors.iter().zip(&matrix.outputs);
        tensors.map(move |(name, outputs)| (name, DType::Q8_0, vec![matrix.inputs, *outputs]))
    });
    let vectors = plan.vectors.iter().flat_map(|vector| {
        vector.tensors.iter().map(move |name| (name, DType::F32, vec![vector.width]))
    });
    let tensors: Vec<(TensorInfo, Vec<u8>)> = (0..)
        .zip(matrices.chain(vectors))
        .map(|(seed, (name, dtype, shape))| {
            let scale = if shape.len() == 1 { 2.0 } else { 0.3 };
            let bytes = quantize(dtype, &noise(seed, shape.iter().product(), scale));
            let shape = shape.into_iter().map(u64::from).collect();
            let length = bytes.len() as u64;
            (TensorInfo { name: name.clone(), shape, dtype, offset: 0, bytes: length }, bytes)
        })
        .collect();
    let infos: Vec<TensorInfo> = tensors.iter().map(|(info, _)| info.clone()).collect();
    let (context, sequences) = (CONTEXT as usize, SEQUENCES as usize);
    let options = cpu::MachineOptions { context, sequences, fast: false };
    let mut twin = cpu::Machine::new(plan.clone(), &infos, options).expect("room");
    let (context, sequences) = (CONTEXT, SEQUENCES);
    let options = MachineOptions { context, sequences, max_rows: MAX_ROWS, logit_rows: MAX_ROWS };
    let mut machine = Machine::new(gpu, plan, &infos, options).expect("fits");
    for (info, bytes) in &tensors {
        twin.write(info, bytes).expect("fits");
        machine.write(info, bytes).expect("fits");
    }
    block_on(machine.ready()).expect("ready");
    (machine, twin)
}

/// Adapters for the plan. Every tensor of each has numbers of its own, so that mistaking one shows.
fn packed(adapters: &[(u32, &[&str])]) -> Vec<Option<Packed>> {
    let plan = plan();
    let mut seed = 1_000;
    let mut made = Vec::new();
    for (rank, parts) in adapters {
        let changed = |name: &str| name.split_once('.').is_some_and(|(_, n)| parts.contains(&n));
        let mut adapter = Adapter::default();
        for matrix in &plan.matrices {
            let tensors = matrix.tensors.iter().zip(&matrix.outputs);
            for (name, outputs) in tensors.filter(|(name, _)| changed(name)) {
                let a = noise(seed, rank * matrix.inputs, 0.3);
                let b = noise(seed + 1, rank * outputs, 0.3);
                adapter.tensors.insert(name.clone(), LowRank { rank: *rank, a, b });
                seed += 2;
            }
        }
        made.push(adapter);
    }
    pack(&plan, &made).expect("fits")
}

/// Both machines with all adapters.
fn adapted(gpu: &Gpu) -> (Machine, cpu::Machine) {
    let (mut machine, mut twin) = machines(gpu);
    let packed = packed(&ADAPTERS);
    machine.set_adapters(&packed).expect("fits");
    twin.set_adapters(packed);
    (machine, twin)
}

/// The first positions of all sequences; neighbours in batch and in sequence have different adapters.
fn batch(size: u32, first_adapter: u32) -> Vec<Row> {
    let row = |i: u32| Row {
        token: cpu::random(first_adapter, i, 5) % VOCAB,
        position: i / SEQUENCES,
        sequence: i % SEQUENCES,
        adapter: (i + i / SEQUENCES + first_adapter) % (ADAPTERS.len() as u32 + 1),
    };
    (0..size).map(row).collect()
}

fn without_adapters(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { adapter: 0, ..*row }).collect()
}

/// The twin's logits (rows, vocab).
fn twin_logits(twin: &mut cpu::Machine, rows: &[Row]) -> Vec<f32> {
    twin.reserve(rows).expect("room");
    twin.forward(rows, &TraceRequest::default());
    twin.logits(0, rows.len())
}

/// Largest difference in each row, relative to the largest value of all.
fn off(ours: &[f32], theirs: &[f32], rows: usize) -> Vec<f32> {
    assert_eq!(ours.len(), theirs.len());
    let largest = theirs.iter().fold(1e-6f32, |m, x| m.max(x.abs()));
    let width = theirs.len() / rows;
    let rows = ours.chunks_exact(width).zip(theirs.chunks_exact(width));
    // `f32::max` would drop a NaN, which must not pass for agreement.
    let larger = |m: f32, off: f32| if off > m || off.is_nan() { off } else { m };
    rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b).abs() / largest).fold(0.0, larger))
        .collect()
}

fn agrees(worst: &[f32]) -> bool {
    worst.iter().all(|off| *off < TOLERANCE)
}

#[test]
fn every_row_follows_its_own_adapter() {
    let (mut machine, mut twin) = adapted(&device());
    for size in [1, 3, 4, 5, 40] {
        for first_adapter in 0..4 {
            let rows = batch(size, first_adapter);
            let count = rows.len();
            let plain = twin_logits(&mut twin, &without_adapters(&rows));
            let theirs = twin_logits(&mut twin, &rows);
            machine.forward(&rows).expect("runs");
            let ours = block_on(machine.logits(0, size)).expect("reads");
            let worst = off(&ours, &theirs, count);
            assert!(agrees(&worst), "{size} rows from adapter {first_adapter}: off by {worst:?}");
            for (row, off) in rows.iter().zip(off(&ours, &plain, count)) {
                assert!(row.adapter == 0 || off > 10.0 * TOLERANCE, "{row:?} is as without: {off}");
            }
        }
    }
}

#[test]
fn decoding_keeps_the_adapters() {
    let (mut machine, mut twin) = adapted(&device());
    // One row by the matrix-vector kernel for one, three and four by the one for a few.
    for count in [1u32, 3, 4] {
        let mut rows: Vec<Row> = (0..count)
            .map(|i| Row { token: 7, position: 0, sequence: i, adapter: (i + 1) % 4 })
            .collect();
        let seen = vec![vec![0; VOCAB.div_ceil(32) as usize]; rows.len()];
        machine.begin(&rows, &vec![greedy(); rows.len()], &seen).expect("begins");
        for step in 0..6 {
            let ticket = machine.step(count);
            let reports = block_on(machine.reports(ticket)).expect("reads");
            let ours = block_on(machine.logits(0, count)).expect("reads");
            let forgotten = twin_logits(&mut twin, &without_adapters(&rows));
            let theirs = twin_logits(&mut twin, &rows);
            let worst = off(&ours, &theirs, rows.len());
            assert!(agrees(&worst), "step {step} of {count} rows: off by {worst:?}");
            for (row, off) in rows.iter().zip(off(&ours, &forgotten, rows.len())) {
                assert!(row.adapter == 0 || off > 10.0 * TOLERANCE, "{row:?} forgot: {off}");
            }
            for (row, report) in rows.iter_mut().zip(&reports) {
                assert_eq!(report.position, row.position + 1);
                (row.token, row.position) = (report.token, report.position);
            }
        }
    }
}

/// Dispatches of a forward pass of each size.
fn dispatches(machine: &mut Machine) -> [u64; 3] {
    [1, 4, 40].map(|size| {
        let before = machine.gpu().counters().dispatches;
        machine.forward(&batch(size, 1)).expect("runs");
        machine.gpu().counters().dispatches - before
    })
}

#[test]
fn adapters_cost_one_dispatch_per_changed_matrix() {
    let (mut machine, _) = machines(&device());
    let without = dispatches(&mut machine);
    machine.set_adapters(&packed(&ADAPTERS)).expect("fits");
    assert_eq!(dispatches(&mut machine), without.map(|count| count + 4 * LAYERS));
    machine.set_adapters(&packed(&[(4, &["down"])])).expect("fits");
    assert_eq!(dispatches(&mut machine), without.map(|count| count + LAYERS));
    for none in [Vec::new(), packed(&[]), packed(&[(4, &[])])] {
        machine.set_adapters(&none).expect("fits");
        assert_eq!(dispatches(&mut machine), without);
    }
}

#[test]
fn a_step_with_adapters_is_frozen() {
    let gpu = device();
    let (mut machine, _) = adapted(&gpu);
    let seen = vec![vec![0; VOCAB.div_ceil(32) as usize]; 3];
    machine.begin(&batch(3, 1), &[greedy(); 3], &seen).expect("begins");
    let before = gpu.counters();
    for _ in 0..3 {
        let ticket = machine.step(3);
        block_on(machine.reports(ticket)).expect("reads");
    }
    let after = gpu.counters();
    assert_eq!(after.submits - before.submits, 3);
    assert_eq!(after.objects_created, before.objects_created);
    assert_eq!(after.bytes_uploaded, before.bytes_uploaded);
}

#[test]
fn normalized_rows_are_those_asked_for() {
    let (mut machine, mut twin) = adapted(&device());
    let rows = batch(5, 2);
    twin.reserve(&rows).expect("room");
    twin.forward(&rows, &TraceRequest::default());
    machine.forward(&rows).expect("runs");
    for (from, count) in [(0, 5), (4, 1), (2, 2)] {
        let ours = block_on(machine.normed(from, count)).expect("reads");
        let worst = off(&ours, &twin.normed(from as usize, count as usize), count as usize);
        assert!(agrees(&worst), "{count} from {from}: {worst:?}");
    }
    assert_ne!(twin.normed(4, 1), twin.normed(0, 1), "other rows have other values");
}

#[test]
fn adapters_that_do_not_fit_leave_the_old_ones() {
    let (mut machine, _) = adapted(&device());
    let rows = batch(5, 1);
    machine.forward(&rows).expect("runs");
    let before = block_on(machine.logits(0, 5)).expect("reads");
    let mut large = packed(&ADAPTERS);
    let changed = large.iter_mut().flatten().next().expect("a changed matrix");
    // One number more than the largest buffer a shader may bind has room for.
    changed.b = vec![0.0; (gpu::layout::MAX_BINDING_BYTES / 4) as usize + 1];
    let error = machine.set_adapters(&large).expect_err("too large");
    assert!(matches!(error, GpuError::OutOfMemory { .. }), "{error}");
    machine.forward(&rows).expect("runs");
    assert_eq!(block_on(machine.logits(0, 5)).expect("reads"), before);
}
