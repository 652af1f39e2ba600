//! Adapters in PEFT's format for GGUF models: Hugging Face's names and row orders become those of the file.

use crate::{ARCHITECTURES, ModelError, size};
use formats::gguf::Header;
use formats::peft::{Change, PeftAdapter};
use kernels::adapter::{Adapter, LowRank};

/// What comes before `layers.` in text models, alone or as a part of a larger model.
const BEFORE_LAYERS: [&str; 3] = ["model.", "model.language_model.", "language_model.model."];
/// The linear layers of a block, and the names of their weights in GGUF.
const LINEAR: [(&str, &str); 7] = [
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
];

/// Makes the adapter that belongs to the model of a header: changes by names of the file's tensors, their scale inside
/// B. For `llama`, whose files hold the rows of q and k permuted, the rows of B are permuted alike.
///
/// # Errors
/// An unknown architecture, modules that are no linear layer of this model, changes and a head of other sizes.
pub fn adapter(header: &Header, peft: &PeftAdapter) -> Result<Adapter, ModelError> {
    let architecture = header.str("general.architecture")?;
    if ARCHITECTURES.iter().all(|(known, _)| *known != architecture) {
        return Err(ModelError::UnknownArchitecture { name: architecture.to_owned() });
    }
    let mut out = Adapter { head: head(header, architecture, peft)?, ..Adapter::default() };
    let mut unknown = Vec::new();
    for (module, change) in &peft.modules {
        let tensor = tensor_of(module).filter(|(name, _)| header.tensor(name).is_some());
        let Some((name, part)) = tensor else {
            unknown.push(module.clone());
            continue;
        };
        check_shape(header, &name, module, change)?;
        let heads = rotary_heads(header, architecture, part)?;
        let low_rank = low_rank(module, change, heads)?;
        if out.tensors.insert(name, low_rank).is_some() {
            // Two spellings of one module: adding only one of them would be wrong.
            unknown.push(module.clone());
        }
    }
    if unknown.is_empty() {
        return Ok(out);
    }
    Err(ModelError::AdapterModules { modules: unknown, architecture: architecture.to_owned() })
}

/// The GGUF name of a module's weight, and the part of the block that it is.
fn tensor_of(module: &str) -> Option<(String, &'static str)> {
    let inner = BEFORE_LAYERS.iter().find_map(|prefix| {
        module.strip_prefix(prefix).and_then(|rest| rest.strip_prefix("layers."))
    })?;
    let (block, layer) = inner.split_once('.')?;
    let number: u32 = block.parse().ok()?;
    // "07" and "+7" are no names that Hugging Face gives.
    if number.to_string() != block {
        return None;
    }
    let (_, part) = LINEAR.into_iter().find(|(name, _)| *name == layer)?;
    Some((format!("blk.{number}.{part}.weight"), part))
}

fn check_shape(
    header: &Header,
    name: &str,
    module: &str,
    change: &Change,
) -> Result<(), ModelError> {
    let found = [u64::from(change.inputs), u64::from(change.outputs)];
    match header.tensor(name) {
        Some(tensor) if tensor.shape == found => Ok(()),
        tensor => Err(ModelError::AdapterShape {
            module: module.to_owned(),
            expected: tensor.map(|tensor| tensor.shape.clone()).unwrap_or_default(),
            found: found.to_vec(),
        }),
    }
}

/// Heads whose rows the file holds permuted; `None` for rows in Hugging Face's order.
fn rotary_heads(
    header: &Header,
    architecture: &str,
    part: &str,
) -> Result<Option<u32>, ModelError> {
    if architecture != "llama" || !["attn_q", "attn_k"].contains(&part) {
        return Ok(None);
    }
    let heads = size(header, "llama.attention.head_count")?;
    let kv_heads = header.u32_opt("llama.attention.head_count_kv")?.unwrap_or(heads);
    Ok(Some(if part == "attn_q" { heads } else { kv_heads }))
}

fn low_rank(module: &str, change: &Change, heads: Option<u32>) -> Result<LowRank, ModelError> {
    let Change { rank, outputs, ref a, ref b, scale, .. } = *change;
    let mut b: Vec<f32> = b.iter().map(|weight| weight * scale).collect();
    if let Some(value) = b.iter().find(|value| !value.is_finite()) {
        let (key, value) = (format!("the adapter's change of {module}"), value.to_string());
        return Err(ModelError::Number { key, value });
    }
    if let Some(heads) = heads {
        let width = outputs.checked_div(heads).unwrap_or(0);
        if width * heads != outputs || !width.is_multiple_of(2) {
            return Err(ModelError::Heads { heads, kv_heads: heads, width });
        }
        b = interleaved(&b, rank as usize, width as usize);
    }
    Ok(LowRank { rank, a: a.clone(), b })
}

/// Reorders the rows of heads of `width` rows: Hugging Face rotates row i with row i + width / 2, GGUF's Llama files
/// have such pairs as neighbours (`permute` in llama.cpp's conversion).
fn interleaved(rows: &[f32], row: usize, width: usize) -> Vec<f32> {
    if row * width == 0 {
        return rows.to_vec();
    }
    let mut out = Vec::with_capacity(rows.len());
    for head in rows.chunks_exact(row * width) {
        let (first, second) = head.split_at(row * (width / 2));
        for (a, b) in first.chunks_exact(row).zip(second.chunks_exact(row)) {
            out.extend_from_slice(a);
            out.extend_from_slice(b);
        }
    }
    out
}

fn head(
    header: &Header,
    architecture: &str,
    peft: &PeftAdapter,
) -> Result<Option<Vec<f32>>, ModelError> {
    let Some(head) = &peft.head else { return Ok(None) };
    let expected = size(header, &format!("{architecture}.embedding_length"))?;
    if head.len() == expected as usize {
        return Ok(Some(head.clone()));
    }
    Err(ModelError::AdapterHead { expected, found: head.len() })
}

#[cfg(test)]
mod tests {
    use super::{interleaved, tensor_of};

    #[test]
    fn halves_of_heads_are_interleaved() {
        // Two heads of four rows, each row twice its number.
        let rows: Vec<f32> = (0..8).flat_map(|row| [row as f32, row as f32]).collect();
        let expected = [0.0, 0.0, 2.0, 2.0, 1.0, 1.0, 3.0, 3.0];
        let second = expected.map(|row| row + 4.0);
        assert_eq!(interleaved(&rows, 2, 4), [expected, second].concat());
        assert_eq!(interleaved(&[7.0, 8.0], 1, 2), [7.0, 8.0]);
    }

    #[test]
    fn modules_have_names_in_the_file() {
        let name = |module| tensor_of(module).map(|(name, _)| name);
        let q = Some("blk.0.attn_q.weight".to_owned());
        assert_eq!(name("model.layers.0.self_attn.q_proj"), q);
        assert_eq!(name("model.language_model.layers.0.self_attn.q_proj"), q);
        assert_eq!(
            name("model.layers.17.mlp.down_proj").as_deref(),
            Some("blk.17.ffn_down.weight")
        );
        for module in [
            "model.embed_tokens",
            "lm_head",
            "model.layers.0.self_attn",
            "model.layers.0.self_attn.q_norm",
            "model.layers.00.self_attn.q_proj",
            "model.layers.+1.self_attn.q_proj",
            "model.layers.x.self_attn.q_proj",
            "layers.0.self_attn.q_proj",
            "model.layers.99999999999.self_attn.q_proj",
            "",
        ] {
            assert_eq!(name(module), None, "{module}");
        }
    }
}
