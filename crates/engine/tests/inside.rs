//! Looking inside and changing what happens there; CPU and GPU alike.

mod common;

use common::{OPTIONS, VOCAB, devices, load, noise, tiny};
use engine::adapter::{Adapter, LowRank};
use engine::{
    DecodeRow, Engine, EngineError, Interventions, NormPlace, Patch, SamplerSettings, SubLayer,
    Trace, TraceRequest,
};
use formats::DType;
use pollster::block_on;

const TOKENS: &[u32] = &[5, 6, 7, 8, 9, 6, 7];
const WIDTH: usize = 256;

/// Engines on both devices, with an adapter that changes the second layer's feed-forward.
fn engines() -> Vec<Engine> {
    let mut adapter = Adapter::default();
    let (a, b) = (noise(70, 4 * 512, 0.3), noise(71, 4 * 256, 0.3));
    adapter.tensors.insert("blk.1.ffn_down.weight".into(), LowRank { rank: 4, a, b });
    let engine = |device: &engine::Device| {
        let mut engine = load(device, &tiny(DType::Q8_0), 100_000).expect("loads");
        engine.set_adapters(std::slice::from_ref(&adapter)).expect("fits");
        engine
    };
    devices().iter().map(engine).collect()
}

fn everything() -> TraceRequest {
    TraceRequest {
        residual: true,
        contributions: true,
        attention_layers: vec![0, 1],
        qkv_layers: vec![1],
        feed_forward_layers: vec![1],
    }
}

/// Runs the text from the beginning: what was recorded, and the logits (tokens, vocab).
fn run(engine: &mut Engine, adapter: u32) -> (Trace, Vec<f32>) {
    engine.truncate(0, 0).expect("exists");
    let mut all = Vec::new();
    let visit = |_: u32, logits: &[f32]| all.extend_from_slice(logits);
    let trace = block_on(engine.score(0, adapter, TOKENS, &everything(), visit)).expect("runs");
    (trace, all)
}

fn last(rows: &[f32]) -> &[f32] {
    &rows[rows.len() - WIDTH..]
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() as f32
}

fn off(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    // `f32::max` would drop a NaN, which must not pass for agreement.
    let larger = |m: f32, off: f32| if off > m || off.is_nan() { off } else { m };
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, larger)
}

#[test]
fn attention_rows_sum_to_one_and_see_nothing_to_come() {
    for mut engine in engines() {
        let (trace, _) = run(&mut engine, 1);
        let (heads, context) = (engine.heads() as usize, engine.context() as usize);
        assert_eq!(trace.attention.len(), 2);
        for (_, weights) in &trace.attention {
            assert_eq!(weights.len(), TOKENS.len() * heads * context);
            for (place, row) in weights.chunks_exact(context).enumerate() {
                let query = place / heads;
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                assert!(row[query + 1..].iter().all(|weight| *weight == 0.0));
            }
        }
        // In pieces, and without logits, the same is recorded.
        engine.truncate(0, 0).expect("exists");
        let mut rows = Vec::new();
        for piece in TOKENS.chunks(3) {
            let trace = block_on(engine.trace(0, 1, piece, &everything())).expect("runs");
            rows.extend(trace.attention.into_iter().filter(|(layer, _)| *layer == 1));
        }
        let pieces: Vec<f32> = rows.into_iter().flat_map(|(_, weights)| weights).collect();
        assert!(off(&pieces, &trace.attention[1].1) < 1e-5);
        assert_eq!(engine.length(0), TOKENS.len() as u32);
    }
}

#[test]
fn contributions_add_up_to_every_logit() {
    for mut engine in engines() {
        for adapter in [0, 1] {
            let (trace, logits) = run(&mut engine, adapter);
            let logits = &logits[logits.len() - VOCAB as usize..];
            let divisor = engine.divisor(last(&trace.last));
            for target in [0, 17, VOCAB - 1] {
                let direction = block_on(engine.logit_direction(target)).expect("a row");
                let part = |rows: &[f32]| dot(last(rows), &direction) / divisor;
                let parts = trace.contributions.iter().flatten().map(|rows| part(rows));
                let sum = part(&trace.residual[0]) + parts.sum::<f32>();
                let logit = logits[target as usize];
                assert!((sum - logit).abs() < 1e-3, "token {target}: {sum}, but {logit}");
            }
        }
    }
}

#[test]
fn the_lens_on_the_last_stream_is_the_models_own_output() {
    for mut engine in engines() {
        let (trace, logits) = run(&mut engine, 1);
        let lens = block_on(engine.lens(&trace.last)).expect("runs");
        assert!(off(&lens, &logits) < 1e-3);
        let early = block_on(engine.lens(&trace.residual[1])).expect("runs");
        assert!(off(&early, &logits) > 0.1, "after one block it is another");
        assert!(block_on(engine.lens(&trace.last[1..])).is_err(), "half a vector");
    }
}

#[test]
fn every_norm_has_weights_of_its_own() {
    for engine in engines() {
        let weights = |place| block_on(engine.norm(place)).expect("reads").map(|norm| norm.0);
        let (attention, feed_forward) = (NormPlace::Attention(1), NormPlace::FeedForward(1));
        let found = [NormPlace::Attention(0), attention, feed_forward, NormPlace::Final];
        let found = found.map(|place| weights(place).expect("there is one"));
        assert!(found.iter().all(|weights| weights.len() == WIDTH));
        assert!(found.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(weights(NormPlace::FeedForward(2)), None, "there are two layers");
    }
}

#[test]
fn rows_and_pushes_follow_from_each_other() {
    for mut engine in engines() {
        let ids: Vec<u32> = (0..VOCAB).collect();
        let table = block_on(engine.embedding(&ids)).expect("reads");
        assert_eq!(table.len(), VOCAB as usize * WIDTH, "more than a batch of {OPTIONS:?}");
        let vector = noise(9, WIDTH, 0.01);
        let products: Vec<f32> = table.chunks_exact(WIDTH).map(|row| dot(row, &vector)).collect();
        let similar = block_on(engine.similar(&vector)).expect("runs");
        assert!(off(&similar, &products) < 1e-4);
        let pushed = block_on(engine.push(&vector)).expect("runs");
        for id in [0, 50, VOCAB - 1] {
            let direction = block_on(engine.logit_direction(id)).expect("a row");
            let expected = dot(&direction, &vector);
            assert!((pushed[id as usize] - expected).abs() < 1e-4);
        }
        assert!(block_on(engine.embedding(&[VOCAB])).is_err());
        assert!(block_on(engine.logit_direction(VOCAB)).is_err());
    }
}

#[test]
fn neurons_together_are_the_feed_forward() {
    for mut engine in engines() {
        let mut columns = Vec::new();
        for adapter in [0, 1] {
            let (trace, _) = run(&mut engine, adapter);
            let inside = &trace.feed_forward[0].1;
            let products = &inside.product[inside.product.len() - 512..];
            let mut sum = vec![0.0; WIDTH];
            for (neuron, product) in (0..).zip(products) {
                let column = block_on(engine.neuron(adapter, 1, neuron)).expect("a column");
                sum.iter_mut().zip(&column).for_each(|(sum, value)| *sum += product * value);
                if neuron == 3 {
                    columns.push(column);
                }
            }
            assert!(off(&sum, last(&trace.contributions[1][1])) < 1e-2);
        }
        assert!(off(&columns[0], &columns[1]) > 1e-3, "the adapter has its part in it");
        for (adapter, layer, neuron) in [(2, 0, 0), (0, 2, 0), (0, 0, 512)] {
            let error = block_on(engine.neuron(adapter, layer, neuron)).expect_err("not there");
            assert!(matches!(error, EngineError::OutOfRange { .. }), "{error}");
        }
    }
}

#[test]
fn a_change_of_nothing_changes_nothing() {
    for mut engine in engines() {
        let (_, plain) = run(&mut engine, 1);
        let ones = Interventions {
            heads: vec![(0, 1, 1.0)],
            sub_layers: vec![(1, SubLayer::Attention, 1.0)],
            neurons: vec![(1, 7, 1.0)],
            patches: Vec::new(),
        };
        for nothing in [ones, Interventions::default()] {
            engine.set_interventions(&nothing).expect("takes it");
            assert_eq!(engine.length(0), 0, "what the caches held may be no longer true");
            assert_eq!(run(&mut engine, 1).1, plain, "bit for bit");
        }
    }
}

#[test]
fn all_heads_off_is_attention_off() {
    for mut engine in engines() {
        let (_, plain) = run(&mut engine, 1);
        for layer in [0, 1] {
            let heads = (0..4).map(|head| (layer, head, 0.0)).collect();
            let heads = Interventions { heads, ..Interventions::default() };
            engine.set_interventions(&heads).expect("takes it");
            let (_, parts) = run(&mut engine, 1);
            let whole = Interventions {
                sub_layers: vec![(layer, SubLayer::Attention, 0.0)],
                ..Interventions::default()
            };
            engine.set_interventions(&whole).expect("takes it");
            let (trace, whole) = run(&mut engine, 1);
            assert!(off(&parts, &whole) < 1e-4, "layer {layer}");
            assert!(off(&parts, &plain) > 1e-2, "it makes a difference");
            assert!(trace.contributions[layer][0].iter().all(|added| *added == 0.0));
        }
    }
}

/// The next six tokens, always the most likely.
fn greedy(engine: &mut Engine) -> Vec<u32> {
    engine.truncate(0, 0).expect("exists");
    let (token, before) = TOKENS.split_last().expect("a token");
    block_on(engine.prefill(0, 1, before)).expect("fits");
    let sampler = SamplerSettings::greedy();
    let row = DecodeRow { sequence: 0, adapter: 1, token: *token, sampler };
    let mut decode = engine.start(&[row]).expect("starts");
    let ids = (0..6).map(|_| block_on(engine.step(&mut decode)).expect("steps")[0].token).collect();
    engine.finish(decode);
    ids
}

#[test]
fn changes_hold_while_a_text_is_written_and_patches_bring_another_along() {
    let mut by_device = Vec::new();
    for mut engine in engines() {
        let plain = greedy(&mut engine);
        let switched = Interventions {
            sub_layers: vec![(1, SubLayer::FeedForward, 0.0), (0, SubLayer::Attention, 0.0)],
            ..Interventions::default()
        };
        engine.set_interventions(&switched).expect("takes it");
        let changed = greedy(&mut engine);
        assert_ne!(changed, plain);
        // The last vector of another text, in place of this one's, says what that one says.
        engine.set_interventions(&Interventions::default()).expect("takes them away");
        engine.truncate(1, 0).expect("exists");
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let other = block_on(engine.trace(1, 1, &[40, 41], &request)).expect("runs");
        let expected = block_on(engine.lens(last(&other.last))).expect("runs");
        let position = TOKENS.len() as u32 - 1;
        let patch = Patch { layer: 2, position, residual: last(&other.last).to_vec() };
        let patches = Interventions { patches: vec![patch], ..Interventions::default() };
        engine.set_interventions(&patches).expect("takes it");
        let (_, logits) = run(&mut engine, 1);
        assert!(off(&logits[logits.len() - VOCAB as usize..], &expected) < 1e-3);
        engine.set_interventions(&Interventions::default()).expect("takes them away");
        assert_eq!(greedy(&mut engine), plain);
        by_device.push((plain, changed));
    }
    assert_eq!(by_device[0], by_device[1], "the same text on both backends");
}

#[test]
fn changes_of_what_is_not_there_are_refused() {
    let mut engine = engines().remove(0);
    let nothing = Interventions::default;
    let patch = |layer, residual| Patch { layer, position: 0, residual };
    for wrong in [
        Interventions { heads: vec![(2, 0, 0.0)], ..nothing() },
        Interventions { heads: vec![(0, 4, 0.0)], ..nothing() },
        Interventions { heads: vec![(0, 0, f32::NAN)], ..nothing() },
        Interventions { neurons: vec![(0, 512, 0.0)], ..nothing() },
        Interventions { sub_layers: vec![(2, SubLayer::Attention, 0.0)], ..nothing() },
        Interventions { patches: vec![patch(3, vec![0.0; WIDTH])], ..nothing() },
        Interventions { patches: vec![patch(0, vec![0.0; 3])], ..nothing() },
        Interventions { patches: vec![patch(0, vec![f32::INFINITY; WIDTH])], ..nothing() },
    ] {
        let error = engine.set_interventions(&wrong).expect_err("not there");
        assert!(matches!(error, EngineError::OutOfRange { .. }), "{wrong:?}: {error}");
    }
}

#[test]
fn a_shape_says_what_the_file_says() {
    let engine = engines().remove(0);
    let shape = engine.shape();
    assert_eq!((shape.layers, shape.heads, shape.kv_heads, shape.head_width), (2, 4, 2, 64));
    assert_eq!((shape.d_model, shape.d_ff, shape.vocab), (256, 512, VOCAB));
    assert_eq!((shape.gelu, shape.interleaved, shape.embedding_scale), (false, true, 1.0));
    let layer = shape.attention[1];
    assert_eq!((layer.rope_base, layer.scale, layer.window), (10_000.0, 0.125, None));
    assert!(!layer.normed);
}
