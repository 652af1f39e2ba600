//! Uniform and storage structs of the kernels, byte for byte as WGSL lays them out.
//! A test compares every offset with naga's reflection.

use bytemuck::{Pod, Zeroable};

macro_rules! shader_structs {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
            #[expect(missing_docs, reason = "the fields are explained in the shader")]
            pub struct $name { $(pub $field: $type,)* }
        )*
        /// Name, size and field offsets of every struct, for the reflection test.
        #[cfg(test)]
        fn layouts() -> Vec<(&'static str, usize, Vec<(&'static str, usize)>)> {
            vec![$((
                stringify!($name),
                size_of::<$name>(),
                vec![$((stringify!($field), std::mem::offset_of!($name, $field)),)*],
            ),)*]
        }
    };
}

shader_structs! {
    /// `shared/frame.wgsl`: one row of the batch. Adapter 0 is none, `a` the machine's `a - 1`-th.
    Row { token: u32, position: u32, sequence: u32, adapter: u32, }
    /// `shared/frame.wgsl`: what a kernel knows about the batch.
    Frame { rows: u32, logits_from: u32, logits_rows: u32, reserved: u32, }
    /// `shared/weights.wgsl`: where the sections of a packed matrix lie, in words.
    WeightView {
        quants_stride: u32, high_base: u32, high_stride: u32, scales_base: u32,
        scales_stride: u32, super_base: u32, super_stride: u32, first_row: u32,
    }
    /// `shared/lora.wgsl`: where a product finds what adapters change.
    LoraView {
        outs: u32, rank4: u32, parts: u32, end_0: u32, end_1: u32,
        reserved_0: u32, reserved_1: u32, reserved_2: u32,
    }
    /// `embed.wgsl`
    EmbedParams { view: WeightView, table_rows: u32, groups: u32, scale: f32, reserved: u32, }
    /// `matvec.wgsl` and `matmul.wgsl`
    MatrixParams {
        view: WeightView, outs: u32, groups: u32, out_offset: u32, out_stride: u32,
        x_stride: u32, head: u32, eps: f32, reserved: u32, lora: LoraView,
    }
    /// `lora_a.wgsl`
    LoraParams { inner: u32, inputs4: u32, x_stride: u32, eps: f32, }
    /// `gated.wgsl`
    GatedParams { width: u32, kind: u32, reserved_0: u32, reserved_1: u32, }
    /// `rms_norm.wgsl`
    RmsNormParams { width4: u32, head: u32, eps: f32, reserved: u32, }
    /// `rope.wgsl`
    RopeParams {
        heads: u32, kv_heads: u32, head_width: u32, context: u32,
        eps: f32, reserved_0: u32, reserved_1: u32, reserved_2: u32,
    }
    /// `attention.wgsl`
    AttentionParams {
        heads: u32, kv_heads: u32, head_width: u32, context: u32,
        window: u32, scale: f32, reserved_0: u32, reserved_1: u32,
    }
    /// `change.wgsl`
    ChangeParams { width: u32, position: u32, reserved_0: u32, reserved_1: u32, }
    /// `logits_partials.wgsl` and `sample.wgsl`
    SampleParams { vocab: u32, seen_stride: u32, reserved_0: u32, reserved_1: u32, }
    /// `shared/sampling.wgsl`: settings of one row.
    Sampler {
        temperature: f32, top_p: f32, min_p: f32, repeat_penalty: f32,
        top_k: u32, seed_lo: u32, seed_hi: u32, reserved: u32,
    }
    /// `shared/sampling.wgsl`: what one chunk of the vocabulary contributes.
    Partial {
        raw_highest: f32, raw_sum: f32, scaled_highest: f32, scaled_sum: f32,
        scaled_best: u32, raw_weighted: f32, reserved_0: u32, reserved_1: u32,
        top_ids: [u32; TOP], top_logits: [f32; TOP],
    }
    /// `sample.wgsl`: one of the most likely tokens.
    Alternative { id: u32, logit: f32, probability: f32, filtered: f32, }
    /// `sample.wgsl`: what a step reports for a row.
    Report {
        token: u32, position: u32, logprob: f32, kept: u32,
        entropy: f32, reserved: [u32; 3], alternatives: [Alternative; TOP],
    }
}

/// Alternatives in a report.
pub const TOP: usize = 10;
/// Id of an empty place among the alternatives.
pub const EMPTY: u32 = u32::MAX;
/// Chunks the vocabulary is cut into by `logits_partials`.
pub const CHUNKS: u32 = 64;
/// Rows one `matvec` workgroup can take; larger batches go through `matmul`.
pub const MATVEC_ROWS: u32 = 4;
/// Outputs of one `matvec` workgroup.
pub const MATVEC_OUTS: u32 = 4;
/// Rows and outputs of one `matmul` tile.
pub const MATMUL_TILE: u32 = 32;
/// Values of `MODE` of `change.wgsl`.
pub mod change {
    /// Scale each component.
    pub const SCALE: u32 = 0;
    /// Keep what is there, for `BLEND`.
    pub const KEEP: u32 = 1;
    /// Scale what was added since `KEEP`.
    pub const BLEND: u32 = 2;
    /// Replace one position.
    pub const PATCH: u32 = 3;
}

/// Values of `EPILOGUE`.
pub mod epilogue {
    /// Store the result.
    pub const STORE: u32 = 0;
    /// Add it to what is there.
    pub const ADD: u32 = 1;
    /// Gate with SiLU.
    pub const SILU: u32 = 2;
    /// Gate with GELU (tanh).
    pub const GELU: u32 = 3;
}

#[cfg(test)]
mod tests {
    use super::layouts;
    use crate::shader::SHADERS;
    use std::collections::BTreeSet;

    /// WGSL names of a struct: `Params` of a kernel, or its own name (mangled when imported).
    fn matches(shader: &str, wgsl_name: &str, rust_name: &str) -> bool {
        let kernel = shader.split('.').next().expect("a name");
        let own = match kernel {
            "embed" => "EmbedParams",
            "matvec" | "matmul" => "MatrixParams",
            "gated" => "GatedParams",
            "lora_a" => "LoraParams",
            "rms_norm" => "RmsNormParams",
            "rope" => "RopeParams",
            "attention" => "AttentionParams",
            "change" => "ChangeParams",
            _ => "SampleParams",
        };
        if wgsl_name == "Params" {
            rust_name == own
        } else {
            wgsl_name == rust_name || wgsl_name.ends_with(&format!("_{rust_name}"))
        }
    }

    #[test]
    fn every_struct_lies_as_the_shaders_say() {
        let mut compared = BTreeSet::new();
        for shader in SHADERS {
            let module = naga::front::wgsl::parse_str(shader.wgsl).expect("linked shaders parse");
            for (_, ty) in module.types.iter() {
                let (Some(name), naga::TypeInner::Struct { members, span }) = (&ty.name, &ty.inner)
                else {
                    continue;
                };
                for (rust_name, size, fields) in layouts() {
                    if !matches(shader.name, name, rust_name) {
                        continue;
                    }
                    compared.insert(rust_name);
                    assert_eq!(*span as usize, size, "{}: size of {name}", shader.name);
                    let theirs: Vec<(String, usize)> = members
                        .iter()
                        .map(|m| (m.name.clone().expect("named"), m.offset as usize))
                        .collect();
                    let ours: Vec<(String, usize)> =
                        fields.iter().map(|(field, at)| ((*field).to_owned(), *at)).collect();
                    assert_eq!(theirs, ours, "{}: fields of {name}", shader.name);
                }
            }
        }
        let all: BTreeSet<_> = layouts().iter().map(|(name, ..)| *name).collect();
        assert_eq!(compared, all, "every struct was found in some shader");
    }
}
