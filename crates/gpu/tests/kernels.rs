//! Every kernel against its CPU twin, over odd shapes and every weight type: the same random plan runs on
//! both machines, and every activation, cache effect and logit is compared.

use formats::DType;
use formats::gguf::TensorInfo;
use formats::quant::quantize;
use gpu::Gpu;
use kernels::adapter::{Adapter, LowRank, pack};
use kernels::cpu;
use kernels::params::Row;
use kernels::plan::{BufferId, Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};
use kernels::trace::TraceRequest;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Sizes and types of a random model.
#[derive(Clone, Debug)]
struct Shape {
    dtypes: [DType; 3],
    heads: Heads,
    pairs: RopePairs,
    head_norm: bool,
    gate: Gate,
    window: Option<u32>,
    d_ff: u32,
    vocab: u32,
    adapters: bool,
}

const D_MODEL: u32 = 256;
const CONTEXT: u32 = 80;

/// Numbers that repeat for a seed; the tests need no better ones.
fn noise(seed: u32, count: usize, scale: f32) -> Vec<f32> {
    let word = |i: usize| cpu::random(seed, 77, i as u32) as f32 / u32::MAX as f32;
    (0..count).map(|i| (word(i) - 0.5) * 2.0 * scale).collect()
}

/// A plan of one block with every op there is, and its tensors.
fn model(shape: &Shape) -> (Plan, Vec<(TensorInfo, Vec<u8>)>) {
    let Shape { dtypes, heads, .. } = *shape;
    let mut p = PlanBuilder::default();
    let x = p.buffer(D_MODEL);
    let qkv = p.buffer(heads.qkv_width());
    let attended = p.buffer(heads.q_width());
    let hidden = p.buffer(shape.d_ff);
    let delta = p.buffer(D_MODEL);
    let table = p.matrix(D_MODEL, &[("table".into(), shape.vocab)]);
    p.embed(table, 1.5, x);
    let layer = p.block();
    let norm = p.norm("norm", D_MODEL, 1e-5);
    let kv = heads.kv_width();
    let stack = [("q".into(), heads.q_width()), ("k".into(), kv), ("v".into(), kv)];
    let matrix = p.matrix(D_MODEL, &stack);
    p.op(Op::Linear { matrix, norm: Some(norm), x, epilogue: Epilogue::Store, out: qkv });
    let head_norm =
        shape.head_norm.then(|| p.head_norm("qn".into(), "kn".into(), heads.width, 1e-6));
    p.op(Op::Rope { layer, qkv, heads, pairs: shape.pairs, base: 100.0, norm: head_norm });
    let (scale, window) = (0.3, shape.window);
    p.op(Op::Attention { layer, qkv, heads, scale, window, out: attended });
    let matrix = p.matrix(heads.q_width(), &[("o".into(), D_MODEL)]);
    p.op(Op::Linear { matrix, norm: None, x: attended, epilogue: Epilogue::Add, out: x });
    let matrix = p.matrix(D_MODEL, &[("gate".into(), shape.d_ff), ("up".into(), shape.d_ff)]);
    let norm = p.norm("norm2", D_MODEL, 1e-5);
    let epilogue = Epilogue::Gated(shape.gate);
    p.op(Op::Linear { matrix, norm: Some(norm), x, epilogue, out: hidden });
    let matrix = p.matrix(shape.d_ff, &[("down".into(), D_MODEL)]);
    p.op(Op::Linear { matrix, norm: None, x: hidden, epilogue: Epilogue::Store, out: delta });
    let norm = p.norm("norm3", D_MODEL, 1e-5);
    p.op(Op::AddNorm { norm, x: delta, out: x });
    let norm = p.norm("norm4", D_MODEL, 1e-5);
    let plan = p.finish(x, norm, table, heads);

    let mut tensors = Vec::new();
    let mut add = |name: &str, dtype: DType, shape: Vec<u64>| {
        let count = shape.iter().product::<u64>() as usize;
        let scale = if shape.len() == 1 { 2.0 } else { 0.15 };
        let bytes = quantize(dtype, &noise(tensors.len() as u32, count, scale));
        let info =
            TensorInfo { name: name.into(), shape, dtype, offset: 0, bytes: bytes.len() as u64 };
        tensors.push((info, bytes));
    };
    for matrix in &plan.matrices {
        for (name, outputs) in matrix.tensors.iter().zip(&matrix.outputs) {
            // One type for most, another for v and the table, so that stacks are mixed too.
            let dtype = match name.as_str() {
                "v" => dtypes[1],
                "table" | "down" => dtypes[2],
                _ => dtypes[0],
            };
            add(name, dtype, vec![matrix.inputs.into(), (*outputs).into()]);
        }
    }
    for vector in &plan.vectors {
        vector.tensors.iter().for_each(|name| add(name, DType::F32, vec![vector.width.into()]));
    }
    (plan, tensors)
}

/// Both machines, loaded.
fn machines(gpu: &Gpu, shape: &Shape, damage: bool) -> (gpu::Machine, cpu::Machine) {
    let (plan, mut tensors) = model(shape);
    let infos: Vec<TensorInfo> = tensors.iter().map(|(info, _)| info.clone()).collect();
    let options = cpu::MachineOptions { context: CONTEXT as usize, sequences: 2, fast: false };
    let mut twin = cpu::Machine::new(plan.clone(), &infos, options).expect("room");
    for (info, bytes) in &tensors {
        twin.write(info, bytes).expect("fits");
    }
    if damage {
        let (info, bytes) = &mut tensors[4];
        *bytes = quantize(info.dtype, &noise(99, info.weights() as usize, 0.15));
    }
    let options =
        gpu::MachineOptions { context: CONTEXT, sequences: 2, max_rows: 70, logit_rows: 40 };
    let mut machine = gpu::Machine::new(gpu, plan.clone(), &infos, options).expect("fits");
    for (info, bytes) in &tensors {
        // In two pieces of whole rows.
        let rows = info.shape.get(1).copied().unwrap_or(1);
        let cut = bytes.len() / rows as usize * (rows as usize / 3);
        for piece in [&bytes[..cut], &bytes[cut..]] {
            if !piece.is_empty() {
                machine.write(info, piece).expect("fits");
            }
        }
    }
    pollster::block_on(machine.ready()).expect("ready");
    if shape.adapters {
        let packed = pack(&plan, &adapters(&plan)).expect("fits");
        machine.set_adapters(&packed).expect("fits");
        twin.set_adapters(packed);
    }
    (machine, twin)
}

/// Two adapters of different ranks, the second of which leaves some tensors alone.
fn adapters(plan: &Plan) -> [Adapter; 2] {
    let tables = plan.tables();
    let linear = plan.matrices.iter().enumerate().filter(|(id, _)| !tables.contains(id));
    let linear: Vec<_> = linear.map(|(_, matrix)| matrix).collect();
    [(3, 1), (8, 2)].map(|(rank, every)| {
        let mut adapter = Adapter::default();
        for matrix in &linear {
            for (name, outputs) in matrix.tensors.iter().zip(&matrix.outputs).step_by(every) {
                // Other numbers for every tensor, so that taking the wrong one shows.
                let seed = 40 + 2 * adapter.tensors.len() as u32;
                let count = |width: u32| (rank * width) as usize;
                let change = LowRank {
                    rank,
                    a: noise(seed, count(matrix.inputs), 0.2),
                    b: noise(seed + 1, count(*outputs), 0.2),
                };
                adapter.tensors.insert(name.clone(), change);
            }
        }
        adapter
    })
}

/// Largest difference, relative to the largest value.
fn off(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let largest = b.iter().fold(1e-6f32, |m, x| m.max(x.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest
}

/// Runs batches of the given sizes on both and returns the largest difference of anything.
fn compare(gpu: &Gpu, shape: &Shape, batches: &[usize], damage: bool) -> f32 {
    let (mut machine, mut twin) = machines(gpu, shape, damage);
    let mut lengths = [0u32; 2];
    let mut worst = 0.0f32;
    for (b, size) in batches.iter().enumerate() {
        let rows: Vec<Row> = (0..*size)
            .map(|i| {
                let sequence = (i % 2) as u32;
                let position = lengths[i % 2];
                lengths[i % 2] += 1;
                let token = cpu::random(b as u32, i as u32, 5) % shape.vocab;
                // None, the first or the second, in no order.
                Row { token, position, sequence, adapter: cpu::random(b as u32, i as u32, 6) % 3 }
            })
            .collect();
        twin.reserve(&rows).expect("room");
        let request = TraceRequest {
            residual: true,
            contributions: true,
            attention_layers: vec![0],
            qkv_layers: vec![0],
            feed_forward_layers: vec![0],
        };
        let twins = twin.forward(&rows, &request);
        // Traced and plain runs are different pipelines: take turns.
        if b % 2 == 0 {
            let trace = pollster::block_on(machine.forward_traced(&rows, &request)).expect("runs");
            for (a, b) in trace.residual.iter().zip(&twins.residual) {
                worst = worst.max(off(a, b));
            }
            worst = worst.max(off(&trace.attention[0].1, &twins.attention[0].1));
            worst = worst.max(off(&trace.qkv[0].1, &twins.qkv[0].1));
            let (ours, theirs) = (&trace.feed_forward[0].1, &twins.feed_forward[0].1);
            worst = worst.max(off(&ours.gate_up, &theirs.gate_up));
            worst = worst.max(off(&ours.product, &theirs.product));
            for (ours, theirs) in trace.contributions[0].iter().zip(&twins.contributions[0]) {
                worst = worst.max(off(ours, theirs));
            }
        } else {
            machine.forward(&rows).expect("runs");
        }
        for id in [0, 2, 3, 4].map(BufferId) {
            let ours = pollster::block_on(machine.activation(id)).expect("reads");
            worst = worst.max(off(&ours, twin.activation(id)));
        }
        for (from, count) in [(0, size.min(&40) / 2), (size / 2, (size - size / 2).min(40))] {
            if count > 0 {
                let ours = pollster::block_on(machine.logits(from as u32, count as u32));
                worst = worst.max(off(&ours.expect("reads"), &twin.logits(from, count)));
            }
        }
    }
    worst
}

fn shape() -> impl Strategy<Value = Shape> {
    let dtype = || prop::sample::select(&DType::ALL[..]);
    let heads =
        prop::sample::select(&[(4, 2, 64), (6, 3, 128), (8, 1, 32), (2, 2, 256), (8, 8, 32)][..]);
    // Attention output and hidden width are inputs of matrices: multiples of 256 suit every type.
    let heads = heads.prop_map(|(heads, kv_heads, width)| Heads { heads, kv_heads, width });
    let window = prop::option::of(1u32..40);
    let flags = any::<[bool; 4]>();
    let rest = (flags, window, 1u32..4, 5u32..300);
    ([dtype(), dtype(), dtype()], heads, rest).prop_map(
        |(dtypes, heads, ([halves, head_norm, gelu, adapters], window, ff, vocab))| Shape {
            dtypes,
            heads,
            pairs: if halves { RopePairs::Halves } else { RopePairs::Interleaved },
            head_norm,
            gate: if gelu { Gate::GeluTanh } else { Gate::Silu },
            window,
            d_ff: ff * 256,
            vocab,
            adapters,
        },
    )
}

/// GPU and twin add in another order.
const TOLERANCE: f32 = 2e-4;

#[test]
fn kernels_agree_with_their_twins() {
    let gpu = pollster::block_on(Gpu::request()).expect("a Vulkan driver: cargo xtask setup");
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let batches = prop::collection::vec(prop_oneof![Just(1usize), 2usize..5, 5usize..66], 1..4);
    TestRunner::new(config)
        .run(&(shape(), batches), |(shape, batches)| {
            let worst = compare(&gpu, &shape, &batches, false);
            prop_assert!(worst < TOLERANCE, "off by {worst}");
            Ok(())
        })
        .expect("kernels and twins agree");
}

#[test]
fn every_weight_type_agrees_in_decode_and_prefill() {
    let gpu = pollster::block_on(Gpu::request()).expect("a Vulkan driver: cargo xtask setup");
    let heads = Heads { heads: 4, kv_heads: 1, width: 64 };
    for dtype in DType::ALL {
        let shape = Shape {
            dtypes: [dtype; 3],
            heads,
            pairs: RopePairs::Halves,
            head_norm: true,
            gate: Gate::GeluTanh,
            window: Some(7),
            d_ff: 256,
            vocab: 37,
            adapters: true,
        };
        let worst = compare(&gpu, &shape, &[1, 33, 3], false);
        assert!(worst < TOLERANCE, "{dtype:?}: off by {worst}");
        let damaged = compare(&gpu, &shape, &[1, 9], true);
        assert!(
            damaged > 10.0 * TOLERANCE,
            "{dtype:?}: a damaged tensor must show, off by {damaged}"
        );
    }
}
