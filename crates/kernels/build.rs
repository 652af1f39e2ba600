//! Links every kernel of `shaders/` with WESL, validates it with naga, and writes what the rest of the
//! workspace needs to know about it: source text, bindings in order, workgroup size.

use anyhow::{Context, Result, bail};
use naga::{AddressSpace, StorageAccess};
use std::{env, fmt::Write as _, fs, path::Path};

/// Packed layouts of a weight matrix; one linked variant each of the kernels that read weights.
const LAYOUTS: [&str; 10] = ["f32", "f16", "bf16", "q8", "wide", "q4", "q5", "q4k", "q5k", "q6k"];
const WEIGHT_KERNELS: [&str; 3] = ["embed", "matvec", "matmul"];
const PLAIN_KERNELS: [&str; 8] =
    ["change", "gated", "lora_a", "rms_norm", "rope", "attention", "logits_partials", "sample"];

fn main() -> Result<()> {
    let shaders = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../shaders");
    println!("cargo::rerun-if-changed={}", shaders.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::from("&[\n");
    for kernel in WEIGHT_KERNELS {
        for layout in LAYOUTS {
            table.push_str(&entry(&shaders, kernel, Some(layout))?);
        }
    }
    for kernel in PLAIN_KERNELS {
        table.push_str(&entry(&shaders, kernel, None)?);
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("shaders.rs"), table)?;
    Ok(())
}

/// One Rust expression of type `Shader`.
fn entry(shaders: &Path, kernel: &str, layout: Option<&str>) -> Result<String> {
    let name = layout.map_or_else(|| kernel.to_owned(), |layout| format!("{kernel}.{layout}"));
    let wgsl = link(shaders, kernel, layout).with_context(|| format!("linking {name}"))?;
    let module = naga::front::wgsl::parse_str(&wgsl)
        .map_err(|error| anyhow::anyhow!("{}", error.emit_to_string(&wgsl)))
        .with_context(|| format!("parsing {name}"))?;
    // Reading half precision from a word is part of WGSL itself.
    naga::valid::Validator::new(
        naga::valid::ValidationFlags::all(),
        naga::valid::Capabilities::SHADER_FLOAT16_IN_FLOAT32,
    )
    .validate(&module)
    .map_err(|error| anyhow::anyhow!("{}", error.emit_to_string(&wgsl)))
    .with_context(|| format!("validating {name}"))?;
    let [main] = &module.entry_points[..] else { bail!("{name} has not exactly one entry point") };
    let mut bindings = Vec::new();
    for (_, variable) in module.global_variables.iter() {
        let kind = match variable.space {
            AddressSpace::Uniform => "Binding::Uniform",
            AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => {
                "Binding::ReadWrite"
            }
            AddressSpace::Storage { .. } => "Binding::Read",
            _ => continue,
        };
        let binding = variable.binding.as_ref().context("a buffer without @binding")?;
        if binding.group != 0 {
            bail!("{name}: all bindings belong to group 0");
        }
        bindings.push((binding.binding, kind));
    }
    bindings.sort_unstable();
    for (expected, (binding, _)) in bindings.iter().enumerate() {
        if *binding != expected as u32 {
            bail!("{name}: binding {expected} is missing or used twice");
        }
    }
    let kinds: Vec<&str> = bindings.iter().map(|(_, kind)| *kind).collect();
    let [x, y, z] = main.workgroup_size;
    let mut out = String::new();
    writeln!(
        out,
        "Shader {{ name: {name:?}, wgsl: {wgsl:?}, bindings: &[{}], workgroup_size: [{x}, {y}, {z}] }},",
        kinds.join(", ")
    )?;
    Ok(out)
}

fn link(shaders: &Path, kernel: &str, layout: Option<&str>) -> Result<String> {
    let mut wesl = wesl::Wesl::new(shaders);
    // Every kernel has the same first two bindings, whether it reads them or not.
    wesl.set_options(wesl::CompileOptions { keep_root: true, ..Default::default() });
    for other in LAYOUTS {
        wesl.set_feature(other, layout == Some(other));
    }
    let path = format!("package::{kernel}").parse().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(wesl.compile(&path).map_err(|e| anyhow::anyhow!("{e}"))?.to_string())
}
