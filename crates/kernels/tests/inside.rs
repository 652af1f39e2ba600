//! What is recorded inside a run adds up, and changes do what their names say.

use formats::DType;
use formats::gguf::TensorInfo;
use formats::quant::quantize;
use kernels::cpu::{Machine, MachineOptions, random};
use kernels::params::Row;
use kernels::plan::{Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};
use kernels::trace::{Interventions, Patch, SubLayer, Trace, TraceRequest};

const WIDTH: u32 = 64;
const D_FF: u32 = 96;
const CONTEXT: usize = 16;
const HEADS: Heads = Heads { heads: 4, kv_heads: 2, width: 16 };
const SCALE: f32 = 0.25;

/// Two blocks: the first adds its sub-layers as they are, the second normalizes them first.
fn plan() -> Plan {
    let mut p = PlanBuilder::default();
    let x = p.buffer(WIDTH);
    let qkv = p.buffer(HEADS.qkv_width());
    let attended = p.buffer(HEADS.q_width());
    let hidden = p.buffer(D_FF);
    let delta = p.buffer(WIDTH);
    let table = p.matrix(WIDTH, &[("table".into(), 40)]);
    p.embed(table, 1.0, x);
    for normalizes in [false, true] {
        let layer = p.block();
        let name = |part: &str| format!("{layer}.{part}");
        let add = |p: &mut PlanBuilder, matrix, x_in, norm: &str| {
            if normalizes {
                let op = Op::Linear {
                    matrix,
                    norm: None,
                    x: x_in,
                    epilogue: Epilogue::Store,
                    out: delta,
                };
                p.op(op);
                let norm = p.norm(norm, WIDTH, 1e-5);
                p.op(Op::AddNorm { norm, x: delta, out: x });
            } else {
                p.op(Op::Linear { matrix, norm: None, x: x_in, epilogue: Epilogue::Add, out: x });
            }
        };
        let norm = Some(p.norm(name("norm"), WIDTH, 1e-5));
        let (q, kv) = (HEADS.q_width(), HEADS.kv_width());
        let matrix = p.matrix(WIDTH, &[(name("q"), q), (name("k"), kv), (name("v"), kv)]);
        p.op(Op::Linear { matrix, norm, x, epilogue: Epilogue::Store, out: qkv });
        let pairs = RopePairs::Halves;
        p.op(Op::Rope { layer, qkv, heads: HEADS, pairs, base: 100.0, norm: None });
        p.op(Op::Attention { layer, qkv, heads: HEADS, scale: SCALE, window: None, out: attended });
        let matrix = p.matrix(q, &[(name("o"), WIDTH)]);
        add(&mut p, matrix, attended, &name("after attention"));
        let norm = Some(p.norm(name("norm2"), WIDTH, 1e-5));
        let matrix = p.matrix(WIDTH, &[(name("gate"), D_FF), (name("up"), D_FF)]);
        p.op(Op::Linear { matrix, norm, x, epilogue: Epilogue::Gated(Gate::Silu), out: hidden });
        let matrix = p.matrix(D_FF, &[(name("down"), WIDTH)]);
        add(&mut p, matrix, hidden, &name("after feed-forward"));
    }
    let norm = p.norm("last norm", WIDTH, 1e-5);
    p.finish(x, norm, table, HEADS)
}

fn machine() -> Machine {
    let plan = plan();
    let matrices = plan.matrices.iter().flat_map(|matrix| {
        let shape = |outputs: &u32| vec![u64::from(matrix.inputs), u64::from(*outputs)];
        matrix.tensors.iter().cloned().zip(matrix.outputs.iter().map(shape))
    });
    let vectors = plan.vectors.iter().flat_map(|vector| {
        vector.tensors.iter().map(|name| (name.clone(), vec![u64::from(vector.width)]))
    });
    let all: Vec<(TensorInfo, Vec<u8>)> = (0u32..)
        .zip(matrices.chain(vectors))
        .map(|(seed, (name, shape))| {
            let count = shape.iter().product::<u64>() as u32;
            let number = |i| random(seed, 3, i) as f32 / u32::MAX as f32 - 0.5;
            let numbers: Vec<f32> = (0..count).map(number).collect();
            let bytes = quantize(DType::F32, &numbers);
            let dtype = DType::F32;
            (TensorInfo { name, shape, dtype, offset: 0, bytes: bytes.len() as u64 }, bytes)
        })
        .collect();
    let infos: Vec<TensorInfo> = all.iter().map(|(info, _)| info.clone()).collect();
    let options = MachineOptions { context: CONTEXT, sequences: 1, fast: false };
    let mut machine = Machine::new(plan, &infos, options).expect("room");
    all.iter().for_each(|(info, bytes)| machine.write(info, bytes).expect("fits"));
    machine
}

fn rows(tokens: &[u32]) -> Vec<Row> {
    let row = |(position, &token): (u32, &u32)| Row { token, position, sequence: 0, adapter: 0 };
    (0..).zip(tokens).map(row).collect()
}

const TOKENS: [u32; 5] = [3, 1, 4, 1, 5];

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

/// A run under changes: its trace, and its logits (rows, vocab).
fn run(tokens: &[u32], changes: Interventions) -> (Trace, Vec<f32>) {
    let mut machine = machine();
    machine.set_interventions(changes);
    let rows = rows(tokens);
    machine.reserve(&rows).expect("room");
    let trace = machine.forward(&rows, &everything());
    let logits = machine.logits(0, rows.len());
    (trace, logits)
}

fn off(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn heads_off(layer: usize) -> Interventions {
    let heads = (0..HEADS.heads as usize).map(|head| (layer, head, 0.0)).collect();
    Interventions { heads, ..Interventions::default() }
}

fn sub_layer_at(layer: usize, sub_layer: SubLayer, scale: f32) -> Interventions {
    Interventions { sub_layers: vec![(layer, sub_layer, scale)], ..Interventions::default() }
}

#[test]
fn contributions_add_up_and_attention_follows_from_queries_and_keys() {
    let (trace, _) = run(&TOKENS, Interventions::default());
    let [attention, feed_forward] = &trace.contributions[0];
    let sum: Vec<f32> = trace.residual[0]
        .iter()
        .zip(attention)
        .zip(feed_forward)
        .map(|((x, a), f)| x + a + f)
        .collect();
    assert!(off(&sum, &trace.residual[1]) < 1e-5);
    assert_eq!((trace.residual.len(), trace.contributions.len()), (3, 2));

    let (q_heads, width) = (HEADS.heads as usize, HEADS.width as usize);
    let part = |row: usize, head: usize| {
        let at = (row * (q_heads + 2 * HEADS.kv_heads as usize) + head) * width;
        &trace.qkv[1].1[at..at + width]
    };
    for (query, head) in (0..TOKENS.len()).flat_map(|row| (0..q_heads).map(move |h| (row, h))) {
        let key_head = q_heads + head / (q_heads / HEADS.kv_heads as usize);
        let score = |key| -> f32 {
            SCALE
                * part(query, head).iter().zip(part(key, key_head)).map(|(q, k)| q * k).sum::<f32>()
        };
        let powers: Vec<f32> = (0..=query).map(|key| score(key).exp()).collect();
        let total: f32 = powers.iter().sum();
        let at = (query * q_heads + head) * CONTEXT;
        let weights = &trace.attention[1].1[at..at + CONTEXT];
        let expected: Vec<f32> = powers.iter().map(|power| power / total).collect();
        assert!(off(&weights[..=query], &expected) < 1e-5);
        assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(
            weights[query + 1..].iter().all(|weight| *weight == 0.0),
            "keys to come are masked"
        );
    }
    let inside = &trace.feed_forward[0].1;
    for (both, products) in inside
        .gate_up
        .chunks_exact(2 * D_FF as usize)
        .zip(inside.product.chunks_exact(D_FF as usize))
    {
        let (gates, ups) = both.split_at(D_FF as usize);
        let expected: Vec<f32> =
            gates.iter().zip(ups).map(|(g, u)| g / (1.0 + (-g).exp()) * u).collect();
        assert!(off(products, &expected) < 1e-5);
    }
}

#[test]
fn a_change_of_nothing_changes_nothing() {
    let (_, plain) = run(&TOKENS, Interventions::default());
    let mut machine = machine();
    let rows = rows(&TOKENS);
    machine.reserve(&rows).expect("room");
    machine.forward(&rows, &TraceRequest::default());
    assert_eq!(plain, machine.logits(0, rows.len()), "recording changes nothing");
    let ones = Interventions {
        heads: vec![(0, 1, 1.0)],
        sub_layers: vec![(1, SubLayer::Attention, 1.0)],
        neurons: vec![(1, 7, 1.0)],
        patches: Vec::new(),
    };
    assert_eq!(plain, run(&TOKENS, ones).1);
}

#[test]
fn switching_all_parts_off_is_switching_the_whole_off() {
    let (_, plain) = run(&TOKENS, Interventions::default());
    for layer in [0, 1] {
        let (_, heads) = run(&TOKENS, heads_off(layer));
        let (trace, whole) = run(&TOKENS, sub_layer_at(layer, SubLayer::Attention, 0.0));
        assert!(off(&heads, &whole) < 1e-5, "layer {layer}");
        assert!(off(&heads, &plain) > 1e-2, "it makes a difference");
        assert!(trace.contributions[layer][0].iter().all(|x| *x == 0.0));
        let neurons = (0..D_FF as usize).map(|neuron| (layer, neuron, 0.0)).collect();
        let (_, neurons) = run(&TOKENS, Interventions { neurons, ..Interventions::default() });
        let (_, whole) = run(&TOKENS, sub_layer_at(layer, SubLayer::FeedForward, 0.0));
        assert!(off(&neurons, &whole) < 1e-5, "layer {layer}");
        assert!(off(&neurons, &plain) > 1e-2, "it makes a difference");
    }
}

#[test]
fn a_scaled_sub_layer_adds_so_much_more() {
    let (plain, _) = run(&TOKENS, Interventions::default());
    let (scaled, _) = run(&TOKENS, sub_layer_at(0, SubLayer::Attention, 1.5));
    let expected: Vec<f32> = plain.contributions[0][0].iter().map(|x| 1.5 * x).collect();
    assert!(off(&scaled.contributions[0][0], &expected) < 1e-5);
}

#[test]
fn a_patch_brings_the_other_run_along() {
    let (own, plain) = run(&TOKENS, Interventions::default());
    let (other, theirs) = run(&[9], Interventions::default());
    let patch = |layer: usize, trace: &Trace| Interventions {
        patches: vec![Patch {
            layer,
            position: 0,
            residual: trace.residual[layer][..WIDTH as usize].to_vec(),
        }],
        ..Interventions::default()
    };
    assert_eq!(run(&TOKENS, patch(1, &own)).1, plain, "its own residual");
    assert!(off(&run(&TOKENS, patch(1, &other)).1, &plain) > 1e-2, "another's is seen later on");
    // Where one token is all there is and the patch comes before the first block, nothing else is left.
    assert_eq!(run(&TOKENS[..1], patch(0, &other)).1, theirs);
}

#[test]
fn the_last_stream_adds_up_and_can_be_patched() {
    let (trace, plain) = run(&TOKENS, Interventions::default());
    let [attention, feed_forward] = &trace.contributions[1];
    let before = trace.residual[1].iter().zip(attention).zip(feed_forward);
    let sum: Vec<f32> = before.map(|((x, a), f)| x + a + f).collect();
    assert!(off(&sum, &trace.last) < 1e-5);
    let (other, theirs) = run(&[9], Interventions::default());
    let patch = Patch { layer: 2, position: 4, residual: other.last };
    let changes = Interventions { patches: vec![patch], ..Interventions::default() };
    let (_, patched) = run(&TOKENS, changes);
    let (first, last) = patched.split_at(4 * theirs.len());
    assert!(off(last, &theirs) < 1e-6, "the last token says what the other says");
    assert!(off(first, &plain[..first.len()]) < 1e-6, "no other does");
}

#[test]
fn single_products_are_those_of_a_run() {
    let mut machine = machine();
    let plan = plan();
    let (trace, logits) = run(&TOKENS, Interventions::default());
    assert_eq!(machine.look_up(&plan.embed, &TOKENS), trace.residual[0]);
    let lens = machine.product(plan.unembed, Some(plan.final_norm), &trace.last, 0);
    assert!(off(&lens, &logits) < 1e-5);
    for layer in [0, 1] {
        // Neuron by neuron, what the feed-forward adds before it is normalized.
        let down = plan.down(layer).expect("a feed-forward");
        assert_eq!((plan.neurons(layer), down.norm.is_some()), (D_FF, layer == 1));
        let product = &trace.feed_forward[layer].1.product[..D_FF as usize];
        let mut sum = vec![0.0; WIDTH as usize];
        for (neuron, product) in product.iter().enumerate() {
            let mut one = vec![0.0; D_FF as usize];
            one[neuron] = 1.0;
            let column = machine.product(down.matrix, None, &one, 0);
            sum.iter_mut().zip(column).for_each(|(sum, value)| *sum += product * value);
        }
        let added = &trace.contributions[layer][1][..WIDTH as usize];
        if let Some(norm) = down.norm {
            let mean = sum.iter().map(|x| x * x).sum::<f32>() / WIDTH as f32;
            let weights = machine.vector(norm);
            sum.iter_mut().zip(weights).for_each(|(x, w)| *x *= w / (mean + 1e-5).sqrt());
        }
        assert!(off(&sum, added) < 1e-4, "layer {layer}");
    }
}
