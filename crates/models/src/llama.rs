//! Llama (Touvron et al. 2023) as GGUF stores it: SmolLM2, Llama 2, and their relatives.
//!
//! Pre-norm blocks of grouped-query attention with rotary positions and a SiLU-gated feed-forward.
//! GGUF files hold query and key rows permuted so that rotary pairs are neighbours.

use crate::{ModelError, check_heads, epsilon, layers, rope_base, rows, size};
use formats::gguf::Header;
use kernels::plan::{Epilogue, Gate, Heads, Op, Plan, PlanBuilder, RopePairs};

const ROPE_BASE: f32 = 10_000.0;

/// The plan of a llama model.
pub(crate) fn plan(header: &Header) -> Result<Plan, ModelError> {
    let d_model = size(header, "llama.embedding_length")?;
    let d_ff = size(header, "llama.feed_forward_length")?;
    let layers = layers(header, "llama.block_count")?;
    let n_heads = size(header, "llama.attention.head_count")?;
    let kv_heads = header.u32_opt("llama.attention.head_count_kv")?.unwrap_or(n_heads);
    let width = header.u32_opt("llama.attention.key_length")?.unwrap_or(d_model / n_heads);
    let rotated = header.u32_opt("llama.rope.dimension_count")?.unwrap_or(width);
    let eps = epsilon(header, "llama.attention.layer_norm_rms_epsilon")?;
    let base = rope_base(header, "llama.rope.freq_base", ROPE_BASE)?;
    if rotated != width {
        return Err(ModelError::Unsupported {
            what: format!("rotating {rotated} of {width} components"),
        });
    }
    if let Some(kind) = header.str_opt("llama.rope.scaling.type")?.filter(|kind| *kind != "none") {
        return Err(ModelError::Unsupported {
            what: format!("'{kind}' scaling of rotary positions"),
        });
    }
    if kv_heads == 0 || width == 0 {
        return Err(ModelError::Heads { heads: n_heads, kv_heads, width });
    }
    let heads = Heads { heads: n_heads, kv_heads, width };
    check_heads(heads)?;
    let vocab = rows(header, "token_embd.weight")?;

    let mut p = PlanBuilder::default();
    let x = p.buffer(d_model); // residual stream (rows, d_model)
    let qkv = p.buffer(heads.qkv_width()); // (rows, heads + 2 * kv_heads, width)
    let attended = p.buffer(heads.q_width()); // (rows, heads, width)
    let hidden = p.buffer(d_ff); // (rows, d_ff)

    let table = p.matrix(d_model, &[("token_embd.weight".into(), vocab)]);
    p.embed(table, 1.0, x);
    for i in 0..layers {
        let layer = p.block();
        let name = |part: &str| format!("blk.{i}.{part}.weight");

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
        p.op(Op::Rope { layer, qkv, heads, pairs: RopePairs::Interleaved, base, norm: None });
        let scale = (width as f32).sqrt().recip();
        p.op(Op::Attention { layer, qkv, heads, scale, window: None, out: attended });
        let matrix = p.matrix(heads.q_width(), &[(name("attn_output"), d_model)]);
        p.op(Op::Linear { matrix, norm: None, x: attended, epilogue: Epilogue::Add, out: x });

        let norm = p.norm(name("ffn_norm"), d_model, eps);
        let matrix = p.matrix(d_model, &[(name("ffn_gate"), d_ff), (name("ffn_up"), d_ff)]);
        let epilogue = Epilogue::Gated(Gate::Silu);
        p.op(Op::Linear { matrix, norm: Some(norm), x, epilogue, out: hidden });
        let matrix = p.matrix(d_ff, &[(name("ffn_down"), d_model)]);
        p.op(Op::Linear { matrix, norm: None, x: hidden, epilogue: Epilogue::Add, out: x });
    }
    let final_norm = p.norm("output_norm.weight", d_model, eps);
    // Small models share the embedding with the output.
    let unembed = match header.tensor("output.weight") {
        Some(_) => p.matrix(d_model, &[("output.weight".into(), vocab)]),
        None => table,
    };
    Ok(p.finish(x, final_norm, unembed, heads))
}
