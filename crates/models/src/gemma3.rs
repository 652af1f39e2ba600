//! Gemma 3 (Gemma Team 2025), text model.
//!
//! Norms before and after each sub-layer, RMS norm on every query and key head, tanh-GELU gate, embedding
//! scaled by sqrt(d_model) and shared with the output. Five of six layers see a sliding window and rotate
//! with base 10,000; every sixth sees everything and rotates with the base in the file. GGUF norm weights
//! already hold the `1 +` of the reference code.

use crate::{ModelError, check_heads, epsilon, layers, rope_base, rows, size};
use formats::gguf::Header;
use kernels::plan::{Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};

/// Every sixth layer attends globally. Not in the file.
const GLOBAL_EVERY: u32 = 6;
/// Base of the sliding layers. Not in the file.
const LOCAL_ROPE_BASE: f32 = 10_000.0;
const GLOBAL_ROPE_BASE: f32 = 1_000_000.0;

/// The plan of a Gemma 3 model.
pub(crate) fn plan(header: &Header) -> Result<Plan, ModelError> {
    let d_model = size(header, "gemma3.embedding_length")?;
    let d_ff = size(header, "gemma3.feed_forward_length")?;
    let layers = layers(header, "gemma3.block_count")?;
    let n_heads = size(header, "gemma3.attention.head_count")?;
    let kv_heads = size(header, "gemma3.attention.head_count_kv")?;
    let width = size(header, "gemma3.attention.key_length")?;
    let eps = epsilon(header, "gemma3.attention.layer_norm_rms_epsilon")?;
    let window = size(header, "gemma3.attention.sliding_window")?;
    let global_base = rope_base(header, "gemma3.rope.freq_base", GLOBAL_ROPE_BASE)?;
    if let Some(kind) = header.str_opt("gemma3.rope.scaling.type")?.filter(|kind| *kind != "none") {
        return Err(ModelError::Unsupported {
            what: format!("'{kind}' scaling of rotary positions"),
        });
    }
    if header.u32_opt("gemma3.attention.value_length")?.is_some_and(|value| value != width) {
        return Err(ModelError::Unsupported { what: "values of another width than keys".into() });
    }
    let heads = Heads { heads: n_heads, kv_heads, width };
    check_heads(heads)?;
    let vocab = rows(header, "token_embd.weight")?;

    let mut p = PlanBuilder::default();
    let x = p.buffer(d_model); // residual stream (rows, d_model)
    let qkv = p.buffer(heads.qkv_width()); // (rows, heads + 2 * kv_heads, width)
    let attended = p.buffer(heads.q_width()); // (rows, heads, width)
    let hidden = p.buffer(d_ff); // (rows, d_ff)
    let delta = p.buffer(d_model); // a sub-layer's result before its norm (rows, d_model)

    let table = p.matrix(d_model, &[("token_embd.weight".into(), vocab)]);
    p.embed(table, (d_model as f32).sqrt(), x);
    for i in 0..layers {
        let layer = p.block();
        let name = |part: &str| format!("blk.{i}.{part}.weight");
        let global = (i + 1) % GLOBAL_EVERY == 0;
        let base = if global { global_base } else { LOCAL_ROPE_BASE };

        let norm = p.norm(name("attn_norm"), d_model, eps);
        let matrix = p.matrix(
            d_model,
            &[
                (name("attn_q"), heads.q_width()),
                (name("attn_k"), heads.kv_width()),
                (name("attn_v"), heads.kv_width()),
            ],
        );
        p.op(Op::Linear { matrix, norm: Some(norm), x, epilogue: Epilogue::Store, out: qkv });
        let head_norm = p.head_norm(name("attn_q_norm"), name("attn_k_norm"), width, eps);
        p.op(Op::Rope { layer, qkv, heads, pairs: RopePairs::Halves, base, norm: Some(head_norm) });
        let scale = (width as f32).sqrt().recip();
        let window = (!global).then_some(window);
        p.op(Op::Attention { layer, qkv, heads, scale, window, out: attended });
        let matrix = p.matrix(heads.q_width(), &[(name("attn_output"), d_model)]);
        p.op(Op::Linear { matrix, norm: None, x: attended, epilogue: Epilogue::Store, out: delta });
        let norm = p.norm(name("post_attention_norm"), d_model, eps);
        p.op(Op::AddNorm { norm, x: delta, out: x });

        let norm = p.norm(name("ffn_norm"), d_model, eps);
        let matrix = p.matrix(d_model, &[(name("ffn_gate"), d_ff), (name("ffn_up"), d_ff)]);
        let epilogue = Epilogue::Gated(Gate::GeluTanh);
        p.op(Op::Linear { matrix, norm: Some(norm), x, epilogue, out: hidden });
        let matrix = p.matrix(d_ff, &[(name("ffn_down"), d_model)]);
        p.op(Op::Linear { matrix, norm: None, x: hidden, epilogue: Epilogue::Store, out: delta });
        let norm = p.norm(name("post_ffw_norm"), d_model, eps);
        p.op(Op::AddNorm { norm, x: delta, out: x });
    }
    let final_norm = p.norm("output_norm.weight", d_model, eps);
    let unembed = match header.tensor("output.weight") {
        Some(_) => p.matrix(d_model, &[("output.weight".into(), vocab)]),
        None => table,
    };
    Ok(p.finish(x, final_norm, unembed, heads))
}
