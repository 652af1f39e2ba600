//! Changes inside a run on the GPU against the twin, what they cost, and single products.

use formats::DType;
use formats::gguf::TensorInfo;
use formats::quant::quantize;
use gpu::{Gpu, Machine, MachineOptions};
use kernels::cpu;
use kernels::params::{Row, Sampler};
use kernels::plan::{Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};
use kernels::trace::{Interventions, Patch, SubLayer, Trace, TraceRequest};
use pollster::block_on;

const D_MODEL: u32 = 64;
const D_FF: u32 = 96;
const VOCAB: u32 = 50;
const CONTEXT: u32 = 32;
const SEQUENCES: u32 = 4;
const MAX_ROWS: u32 = 24;
const HEADS: Heads = Heads { heads: 4, kv_heads: 2, width: 32 };
/// GPU and twin add in another order.
const TOLERANCE: f32 = 2e-4;

fn device() -> Gpu {
    block_on(Gpu::request()).expect("a Vulkan driver: cargo xtask setup")
}

/// Numbers that repeat for a seed; the tests need no better ones.
fn noise(seed: u32, count: u32, scale: f32) -> Vec<f32> {
    let word = |i| cpu::random(seed, 17, i) as f32 / u32::MAX as f32;
    (0..count).map(|i| (word(i) - 0.5) * 2.0 * scale).collect()
}

/// Two blocks: the first adds its sub-layers as they are, the second normalizes them first.
fn plan() -> Plan {
    let mut p = PlanBuilder::default();
    let x = p.buffer(D_MODEL);
    let qkv = p.buffer(HEADS.qkv_width());
    let attended = p.buffer(HEADS.q_width());
    let hidden = p.buffer(D_FF);
    let delta = p.buffer(D_MODEL);
    let table = p.matrix(D_MODEL, &[("table".into(), VOCAB)]);
    p.embed(table, 1.5, x);
    for normalizes in [false, true] {
        let layer = p.block();
        let name = |part: &str| format!("{layer}.{part}");
        let add = |p: &mut PlanBuilder, matrix, x_in, norm: &str| {
            let (epilogue, out) =
                if normalizes { (Epilogue::Store, delta) } else { (Epilogue::Add, x) };
            p.op(Op::Linear { matrix, norm: None, x: x_in, epilogue, out });
            if normalizes {
                let norm = p.norm(norm, D_MODEL, 1e-5);
                p.op(Op::AddNorm { norm, x: delta, out: x });
            }
        };
        let (q, kv) = (HEADS.q_width(), HEADS.kv_width());
        let norm = Some(p.norm(name("norm"), D_MODEL, 1e-5));
        let matrix = p.matrix(D_MODEL, &[(name("q"), q), (name("k"), kv), (name("v"), kv)]);
        p.op(Op::Linear { matrix, norm, x, epilogue: Epilogue::Store, out: qkv });
        let pairs = RopePairs::Interleaved;
        p.op(Op::Rope { layer, qkv, heads: HEADS, pairs, base: 100.0, norm: None });
        p.op(Op::Attention { layer, qkv, heads: HEADS, scale: 0.2, window: None, out: attended });
        let matrix = p.matrix(q, &[(name("o"), D_MODEL)]);
        add(&mut p, matrix, attended, &name("after attention"));
        let norm = Some(p.norm(name("norm2"), D_MODEL, 1e-5));
        let matrix = p.matrix(D_MODEL, &[(name("gate"), D_FF), (name("up"), D_FF)]);
        let epilogue = Epilogue::Gated(Gate::GeluTanh);
        p.op(Op::Linear { matrix, norm, x, epilogue, out: hidden });
        let matrix = p.matrix(D_FF, &[(name("down"), D_MODEL)]);
        add(&mut p, matrix, hidden, &name("after feed-forward"));
    }
    let norm = p.norm("norm", D_MODEL, 1e-5);
    p.finish(x, norm, table, HEADS)
}

/// Both machines, loaded.
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

/// The first tokens of one sequence.
fn batch(size: u32) -> Vec<Row> {
    let token = |position| cpu::random(3, position, 5) % VOCAB;
    let row = |position| Row { token: token(position), position, sequence: 0, adapter: 0 };
    (0..size).map(row).collect()
}

/// Largest difference, relative to the largest value.
fn off(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    let largest = theirs.iter().fold(1e-6f32, |m, x| m.max(x.abs()));
    // `f32::max` would drop a NaN, which must not pass for agreement.
    let larger = |m: f32, off: f32| if off > m || off.is_nan() { off } else { m };
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / largest).fold(0.0, larger)
}

fn ours(machine: &mut Machine, rows: &[Row]) -> Vec<f32> {
    machine.forward(rows).expect("runs");
    block_on(machine.logits(0, rows.len() as u32)).expect("reads")
}

fn theirs(twin: &mut cpu::Machine, rows: &[Row]) -> Vec<f32> {
    twin.reserve(rows).expect("room");
    twin.forward(rows, &TraceRequest::default());
    twin.logits(0, rows.len())
}

fn sub_layer(layer: usize, sub_layer: SubLayer, scale: f32) -> Interventions {
    Interventions { sub_layers: vec![(layer, sub_layer, scale)], ..Interventions::default() }
}

/// One change of every kind, and some of them at once.
fn changes() -> Vec<Interventions> {
    let nothing = Interventions::default;
    let patch = |layer, position| Patch { layer, position, residual: noise(71, D_MODEL, 3.0) };
    vec![
        Interventions { heads: vec![(0, 1, 0.0), (1, 3, 2.0)], ..nothing() },
        Interventions { neurons: vec![(0, 5, 0.0), (1, 95, 40.0), (0, 9, -20.0)], ..nothing() },
        sub_layer(0, SubLayer::Attention, 0.0),
        sub_layer(0, SubLayer::FeedForward, 1.7),
        sub_layer(1, SubLayer::Attention, 1.7),
        sub_layer(1, SubLayer::FeedForward, 0.0),
        Interventions { patches: vec![patch(0, 0)], ..nothing() },
        Interventions { patches: vec![patch(1, 0)], ..nothing() },
        Interventions { patches: vec![patch(2, 0)], ..nothing() },
        Interventions {
            heads: vec![(1, 0, 0.5)],
            neurons: vec![(1, 2, 3.0)],
            sub_layers: vec![(0, SubLayer::Attention, 0.5), (1, SubLayer::FeedForward, 2.0)],
            patches: vec![patch(1, 0)],
        },
    ]
}

#[test]
fn every_change_is_what_the_twin_makes_of_it() {
    let (mut machine, mut twin) = machines(&device());
    // The kernels of one row, of a few, of many.
    for size in [1, 4, 20] {
        let rows = batch(size);
        let plain = ours(&mut machine, &rows);
        for (number, change) in changes().iter().enumerate() {
            machine.set_interventions(change).expect("takes it");
            twin.set_interventions(change.clone());
            let (ours, theirs) = (ours(&mut machine, &rows), theirs(&mut twin, &rows));
            let worst = off(&ours, &theirs);
            assert!(worst < TOLERANCE, "change {number} of {size} rows: off by {worst}");
            assert!(off(&ours, &plain) > 10.0 * TOLERANCE, "change {number} changes something");
        }
        machine.set_interventions(&Interventions::default()).expect("takes them away");
        twin.set_interventions(Interventions::default());
        assert_eq!(ours(&mut machine, &rows), plain);
    }
}

#[test]
fn all_heads_off_is_attention_off_and_all_neurons_off_is_the_feed_forward_off() {
    let (mut machine, _) = machines(&device());
    let rows = batch(20);
    for layer in [0, 1] {
        let mut run = |change: &Interventions| {
            machine.set_interventions(change).expect("takes it");
            ours(&mut machine, &rows)
        };
        let heads = (0..HEADS.heads as usize).map(|head| (layer, head, 0.0)).collect();
        let parts = run(&Interventions { heads, ..Interventions::default() });
        let whole = run(&sub_layer(layer, SubLayer::Attention, 0.0));
        assert!(off(&parts, &whole) < 1e-5, "attention of layer {layer}");
        let neurons = (0..D_FF as usize).map(|neuron| (layer, neuron, 0.0)).collect();
        let parts = run(&Interventions { neurons, ..Interventions::default() });
        let whole = run(&sub_layer(layer, SubLayer::FeedForward, 0.0));
        assert!(off(&parts, &whole) < 1e-5, "feed-forward of layer {layer}");
    }
}

/// Dispatches and new objects of a forward pass.
fn cost(machine: &mut Machine, rows: &[Row]) -> (u64, u64) {
    machine.forward(rows).expect("the programs are made");
    let before = machine.gpu().counters();
    machine.forward(rows).expect("runs");
    let after = machine.gpu().counters();
    (after.dispatches - before.dispatches, after.objects_created - before.objects_created)
}

#[test]
fn a_change_of_nothing_costs_and_changes_nothing() {
    let (mut machine, _) = machines(&device());
    let rows = batch(5);
    let plain = ours(&mut machine, &rows);
    let free = cost(&mut machine, &rows);
    let ones = Interventions {
        heads: vec![(0, 1, 1.0)],
        sub_layers: vec![(1, SubLayer::Attention, 1.0)],
        neurons: vec![(1, 7, 1.0)],
        patches: Vec::new(),
    };
    for nothing in [Interventions::default(), ones] {
        machine.set_interventions(&nothing).expect("takes it");
        assert_eq!(cost(&mut machine, &rows), free);
        assert_eq!(ours(&mut machine, &rows), plain, "bit for bit");
    }
    let some = sub_layer(0, SubLayer::Attention, 0.5);
    machine.set_interventions(&some).expect("takes it");
    let (dispatches, objects) = cost(&mut machine, &rows);
    assert_eq!((dispatches, objects), (free.0 + 2, free.1), "keep and blend, made once");
}

#[test]
fn decoding_keeps_the_changes() {
    let (mut machine, mut twin) = machines(&device());
    let change = changes().pop().expect("the last one");
    machine.set_interventions(&change).expect("takes it");
    twin.set_interventions(change);
    let mut rows: Vec<Row> =
        (0..3).map(|sequence| Row { token: 7, position: 0, sequence, adapter: 0 }).collect();
    let seen = vec![vec![0; VOCAB.div_ceil(32) as usize]; rows.len()];
    let greedy = Sampler { top_p: 1.0, repeat_penalty: 1.0, ..Sampler::default() };
    machine.begin(&rows, &[greedy; 3], &seen).expect("begins");
    for step in 0..5 {
        let ticket = machine.step(3);
        let reports = block_on(machine.reports(ticket)).expect("reads");
        let ours = block_on(machine.logits(0, 3)).expect("reads");
        let worst = off(&ours, &theirs(&mut twin, &rows));
        assert!(worst < TOLERANCE, "step {step}: off by {worst}");
        for (row, report) in rows.iter_mut().zip(&reports) {
            (row.token, row.position) = (report.token, report.position);
        }
    }
}

fn everything() -> TraceRequest {
    let layers = vec![0, 1];
    TraceRequest {
        residual: true,
        contributions: true,
        attention_layers: layers.clone(),
        qkv_layers: layers.clone(),
        feed_forward_layers: layers,
    }
}

/// All numbers of a trace, with the name of what they are.
fn numbers(trace: &Trace) -> Vec<(&'static str, &[f32])> {
    let mut all: Vec<(&'static str, &[f32])> = vec![("last", &trace.last)];
    all.extend(trace.residual.iter().map(|stream| ("residual", &stream[..])));
    all.extend(trace.contributions.iter().flatten().map(|added| ("contribution", &added[..])));
    all.extend(trace.attention.iter().map(|(_, weights)| ("attention", &weights[..])));
    all.extend(trace.qkv.iter().map(|(_, qkv)| ("qkv", &qkv[..])));
    for (_, inside) in &trace.feed_forward {
        all.extend([("gate and up", &inside.gate_up[..]), ("product", &inside.product[..])]);
    }
    all
}

#[test]
fn what_is_recorded_is_what_the_twin_records() {
    let (mut machine, mut twin) = machines(&device());
    let rows = batch(9);
    twin.reserve(&rows).expect("room");
    for change in [Interventions::default(), changes().remove(9)] {
        machine.set_interventions(&change).expect("takes it");
        twin.set_interventions(change);
        let ours = block_on(machine.forward_traced(&rows, &everything())).expect("runs");
        let theirs = twin.forward(&rows, &everything());
        let (ours, theirs) = (numbers(&ours), numbers(&theirs));
        assert_eq!((ours.len(), theirs.len()), (16, 16));
        for ((name, a), (_, b)) in ours.into_iter().zip(theirs) {
            let worst = off(a, b);
            assert!(worst < 2.0 * TOLERANCE, "{name}: off by {worst}");
        }
    }
}

#[test]
fn single_products_and_lookups_are_the_twins() {
    let (mut machine, mut twin) = machines(&device());
    let plan = plan();
    let ids: Vec<u32> = (0..MAX_ROWS).map(|i| i * 2 + 1).collect();
    for lookup in [plan.embed, plan.output_rows()] {
        let ours = block_on(machine.look_up(&lookup, &ids)).expect("reads");
        assert!(off(&ours, &twin.look_up(&lookup, &ids)) < 1e-6);
    }
    for count in [1, 3, 20] {
        let x = noise(5, count * D_MODEL, 2.0);
        for norm in [None, Some(plan.final_norm)] {
            let product = machine.product(plan.unembed, norm, plan.residual, &x, 0);
            let worst =
                off(&block_on(product).expect("runs"), &twin.product(plan.unembed, norm, &x, 0));
            assert!(worst < TOLERANCE, "{count} rows: off by {worst}");
        }
        let x = noise(6, count * D_FF, 2.0);
        let down = plan.down(1).expect("a feed-forward");
        let hidden = plan.gated(1).expect("a gate").out();
        let product = machine.product(down.matrix, None, hidden, &x, 0);
        let worst = off(&block_on(product).expect("runs"), &twin.product(down.matrix, None, &x, 0));
        assert!(worst < TOLERANCE, "{count} rows: off by {worst}");
    }
    let norm = plan.final_norm.weight;
    assert_eq!(block_on(machine.vector(norm)).expect("reads"), twin.vector(norm));
    let none = machine.product(plan.unembed, None, plan.residual, &[], 0);
    assert!(block_on(none).is_err(), "no rows");
}
