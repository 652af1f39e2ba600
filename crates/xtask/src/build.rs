//! Builds the page into `target/site`: cargo, wasm-bindgen, wasm-opt, then the plain files.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    models::{
        self,
        site::{CATALOGUE, Copied},
        stamp,
    },
    offline, order,
    paths::Paths,
    run::{self, command, line, report},
    setup::{self, WasmToolchain},
};

/// A module of the site: one of the crates in `web/doors`, built for speed or for size.
struct Door {
    package: &'static str,
    /// Of the files it is made into: `NAME.js` and `NAME_bg.wasm`.
    name: &'static str,
    profile: &'static str,
    /// wasm-opt's passes.
    passes: &'static [&'static str],
    /// A setting of cargo's for this module alone, as TOML.
    config: Option<&'static str>,
}

const DOORS: [Door; 2] = [
    Door {
        package: "web-page",
        name: "glassbox",
        profile: "web-page",
        // Anything more makes it smaller to unpack, and larger to send.
        passes: &["--duplicate-function-elimination", "--remove-unused-module-elements"],
        // leptos then makes one type of all views at the borders of components, instead of one for each
        // way they are put together: less code, and compiled sooner.
        config: Some("target.wasm32-unknown-unknown.rustflags = ['--cfg', 'erase_components']"),
    },
    Door {
        package: "web-worker",
        name: "glassbox_worker",
        profile: "web-worker",
        passes: &["-O3"],
        config: None,
    },
];
/// Raise this when wasm-bindgen's options in [`bind`] or the [`order`] of functions change: modules made before are
/// then made again.
const RECIPE: u32 = 3;
/// The last pass, over a module with names by [shape](order); it drops them.
const ORDER: [&str; 1] = ["--reorder-functions-by-name"];
/// What every browser with WebGPU has, and what the compiler uses. Not `--all-features`: wasm-opt might
/// then write instructions that some browsers lack.
const WASM_OPT: [&str; 9] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-extended-const",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Sets up what the build needs, and builds the page.
///
/// # Errors
/// If a step fails; the message names it.
pub(crate) fn run(paths: &Paths, dev: bool) -> Result<()> {
    let toolchain = setup::web(paths, !dev)?;
    println!("Building the page");
    for (door, compiled) in DOORS.iter().zip(compile_both(paths, &toolchain, dev)) {
        bind(paths, door, &compiled?, dev)?;
    }
    assemble(paths)?;
    offline::write(paths, dev)
}

/// Compiles both modules at the same time: link-time optimization, half of the work, has one thread each.
fn compile_both(
    paths: &Paths,
    toolchain: &WasmToolchain,
    dev: bool,
) -> [Result<PathBuf>; DOORS.len()] {
    thread::scope(|scope| {
        let workers =
            DOORS.each_ref().map(|door| scope.spawn(|| compile(paths, toolchain, door, dev)));
        workers.map(|worker| worker.join().unwrap_or_else(|_| bail!("the build broke down")))
    })
}

/// Compiles one of the doors; returns the file.
fn compile(paths: &Paths, toolchain: &WasmToolchain, door: &Door, dev: bool) -> Result<PathBuf> {
    let since = Instant::now();
    let profile = if dev { "web-dev" } else { door.profile };
    // A directory of its own: another compiler may be at work here, and must not undo native builds.
    let target = paths.target().join("wasm");
    let mut cargo = toolchain.cargo(paths);
    cargo.args([
        "build",
        "--package",
        door.package,
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        profile,
    ]);
    cargo.args(door.config.map(|setting| ["--config", setting]).into_iter().flatten());
    run::run(cargo.arg("--target-dir").arg(&target))?;
    let compiled = target.join("wasm32-unknown-unknown").join(profile);
    let compiled = compiled.join(format!("{}.wasm", door.package.replace('-', "_")));
    report(door.package, &format!("compiled, profile {profile}"), since);
    Ok(compiled)
}

/// Makes the module and its JavaScript, unless the compiled file is the one they were made of.
fn bind(paths: &Paths, door: &Door, compiled: &Path, dev: bool) -> Result<()> {
    let since = Instant::now();
    let site = paths.site();
    let wasm_opt = |passes: &[&str]| {
        let mut wasm_opt = command(setup::npm_bin(&setup::web_tools(paths), "wasm-opt"));
        wasm_opt.args(passes).args(WASM_OPT);
        wasm_opt
    };
    let mut optimize = wasm_opt(door.passes);
    let (_, hash) = stamp::hash_file(compiled)?;
    let tools = if dev { "no wasm-opt".to_owned() } else { line(&optimize) };
    let wanted = format!("{hash}\nrecipe {RECIPE}\n{tools}\n");
    let made_of = paths.target().join(format!("site-{}.stamp", door.package));
    let module = site.join(format!("{}_bg.wasm", door.name));
    let is_there = module.is_file() && site.join(format!("{}.js", door.name)).is_file();
    if is_there && fs::read_to_string(&made_of).is_ok_and(|made| made == wanted) {
        report("wasm", "unchanged", since);
        return Ok(());
    }
    // The stamp goes first and comes back last, so that a stopped build is not taken for a finished one.
    remove(&made_of)?;
    fs::create_dir_all(&site).with_context(|| format!("{} cannot be made", site.display()))?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(door.name).web(true)?;
    // The default path of the module lets `init()` find it beside the script.
    bindgen.typescript(false).omit_default_module_path(false);
    bindgen.keep_debug(dev).remove_name_section(!dev).remove_producers_section(!dev);
    bindgen.generate(&site).context("wasm-bindgen failed")?;
    report("wasm-bindgen", &size(&module)?, since);
    if !dev {
        let since = Instant::now();
        let optimized = paths.target().join("optimized.wasm");
        run::run(optimize.arg(&module).arg("-o").arg(&optimized))?;
        let named = fs::read(&optimized).map_err(Into::into);
        named
            .and_then(|module| order::name_by_shape(&module))
            .and_then(|named| Ok(fs::write(&optimized, named)?))
            .with_context(|| format!("{} cannot be put in order", optimized.display()))?;
        run::run(wasm_opt(&ORDER).arg(&optimized).arg("-o").arg(&module))?;
        report("wasm-opt", &size(&module)?, since);
    }
    fs::write(&made_of, wanted).with_context(|| format!("{} cannot be written", made_of.display()))
}

/// Puts the plain files beside the module.
fn assemble(paths: &Paths) -> Result<()> {
    let since = Instant::now();
    let (site, web) = (paths.site(), paths.web());
    // Experiments that were renamed or deleted must not live on either.
    remove(&site.join("experiments"))?;
    let mut files = vec![
        (paths.root().join("index.html"), site.join("index.html")),
        (web.join("worker.js"), site.join("worker.js")),
    ];
    collect(&web.join("experiments"), &site.join("experiments"), &mut files)?;
    collect(&web.join("styles"), &site.join("styles"), &mut files)?;
    collect(&web.join("lessons"), &site.join("lessons"), &mut files)?;
    if web.join("public").is_dir() {
        collect(&web.join("public"), &site, &mut files)?;
    }
    // What was renamed or deleted must not live on.
    for folder in ["styles", "lessons"] {
        remove(&site.join(folder))?;
    }
    for (from, to) in &files {
        let parent = to.parent().unwrap_or(&site);
        fs::create_dir_all(parent)
            .with_context(|| format!("{} cannot be made", parent.display()))?;
        fs::copy(from, to)
            .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    }
    report("plain files", &format!("{} in {}", files.len(), site.display()), since);
    let since = Instant::now();
    let folder = site.join("models");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let Copied { files, bytes, written } = models::site::copy(paths)?;
    let catalogue = folder.join(CATALOGUE);
    fs::write(&catalogue, models::catalogue(paths)?)
        .with_context(|| format!("{} cannot be written", catalogue.display()))?;
    let state = format!("{files} files, {} kB, {written} of them new", bytes.div_ceil(1000));
    report("models of the site", &state, since);
    Ok(())
}

/// Lists the files in a folder and below, with the places they go to.
fn collect(from: &Path, to: &Path, files: &mut Vec<(PathBuf, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &target, files)?;
        } else {
            files.push((entry.path(), target));
        }
    }
    Ok(())
}

/// The size of a file, as it is and as a server would compress it.
fn size(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&bytes)?;
    let compressed = gzip.finish()?.len();
    let kilobytes = |bytes: usize| bytes.div_ceil(1000);
    Ok(format!("{} kB, {} kB with gzip", kilobytes(bytes.len()), kilobytes(compressed)))
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if path.exists() => {
            Err(error).with_context(|| format!("{} cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}
