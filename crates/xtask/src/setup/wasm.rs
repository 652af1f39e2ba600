//! A toolchain with a standard library for `wasm32-unknown-unknown`.
//!
//! An ordinary rustup installs that library by itself, because `rust-toolchain.toml` names the target.
//! Where rustup may not, Debian's packages hold the sources: the library is built from them once, into a
//! folder under `target/`, and the installed toolchains stay as they are.

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    paths::Paths,
    run::{capture, cargo, command, find_program, report, run},
    setup::apt::{self, Apt},
};

const TARGET: &str = "wasm32-unknown-unknown";
const WHAT: &str = "WebAssembly toolchain";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
/// The empty crate whose build makes cargo build the standard library: small, because a page waits for it, all but
/// the mathematical functions, which the engine's loops call.
const EMPTY_CRATE: &str = r#"cargo-features = ["panic-immediate-abort"]

[package]
name = "empty"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
panic = "PANIC"
opt-level = "s"

[profile.release.package.compiler_builtins]
opt-level = 3
"#;
const STD_CRATES: &str = "-Zbuild-std=core,alloc,std,panic_abort,proc_macro,test";
const STD_FEATURES: &str = "-Zbuild-std-features=optimize_for_size";

/// What a panic does in a page that is compiled with Debian's packages. An installed toolchain has one library, where it
/// always speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panics {
    /// It says what happened and where: for who works on the page.
    Speak,
    /// It stops the module at once, as running out of memory does. Without the words of all that never happens, and the
    /// code that would write them, a thirtieth less is sent.
    Stop,
}

impl Panics {
    /// Its name in a profile of cargo's.
    fn strategy(self) -> &'static str {
        match self {
            Self::Speak => "abort",
            Self::Stop => "immediate-abort",
        }
    }

    /// The folder of the toolchain, under `target/`.
    fn folder(self) -> &'static str {
        match self {
            Self::Speak => "wasm-toolchain-dev",
            Self::Stop => "wasm-toolchain",
        }
    }

    /// Shell commands that call a program of the system's with the library in `folder`.
    fn script(self, tool: &str, folder: &Path) -> String {
        let call = format!("exec /usr/bin/{tool} --sysroot '{}' \"$@\"", folder.display());
        match self {
            Self::Speak => format!("#!/bin/sh\n{call}\n"),
            // Every crate must be compiled as the library is. The compiler still calls this strategy unstable; crates
            // that look for unstable features when they are built must not find any.
            Self::Stop => format!(
                "#!/bin/sh\nfor argument; do\n  if [ \"$argument\" = panic=abort ]; then\n    \
                 export RUSTC_BOOTSTRAP=1\n    {call} -Zunstable-options -Cpanic=immediate-abort\n  \
                 fi\ndone\n{call}\n"
            ),
        }
    }
}

/// The toolchain that compiles the page.
#[derive(Debug)]
pub(crate) enum WasmToolchain {
    /// The one that is in use knows the target.
    Installed,
    /// A folder laid out like one of rustup's toolchains.
    Debian(PathBuf),
}

impl WasmToolchain {
    /// This toolchain's cargo, in the repository.
    pub(crate) fn cargo(&self, paths: &Paths) -> Command {
        match self {
            Self::Installed => cargo(paths.root()),
            Self::Debian(folder) => {
                let mut cargo = command(folder.join("bin/cargo"));
                cargo.current_dir(paths.root());
                // rustup's own `rustc` would otherwise pick the default toolchain.
                cargo.env("RUSTUP_TOOLCHAIN", folder);
                cargo.env("RUSTC", folder.join("bin/rustc"));
                cargo
            }
        }
    }
}

/// Finds the toolchain, or makes one out of Debian's packages.
///
/// # Errors
/// If neither works; the message holds the command to type.
pub(crate) fn ensure(paths: &Paths, apt: &mut Apt, panics: Panics) -> Result<WasmToolchain> {
    let since = Instant::now();
    if knows_target(paths)? {
        report(WHAT, "found", since);
        return Ok(WasmToolchain::Installed);
    }
    if apt::installed(&PACKAGES).is_none() {
        apt.install(&PACKAGES).context(
            "this Rust toolchain has no standard library for WebAssembly; with rustup, type \
             `rustup target add wasm32-unknown-unknown`; without, Debian's packages will do",
        )?;
    }
    let versions = apt::installed(&PACKAGES)
        .context("Debian's Rust packages for the web are not installed")?;
    let folder = paths.target().join(panics.folder());
    // The folder's own place is part of it: its scripts hold absolute paths.
    let script = panics.script("rustc", &folder);
    let recipe = format!("{EMPTY_CRATE}{STD_CRATES} {STD_FEATURES}\n{script}");
    let wanted = format!("{versions}{}\n{recipe}\n", folder.display());
    let stamp = folder.join("version");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        report(WHAT, "found: made of Debian's packages", since);
        return Ok(WasmToolchain::Debian(folder));
    }
    println!(
        "  building the standard library for WebAssembly from Debian's sources (about a minute)"
    );
    make(&folder, &paths.target().join("wasm-std"), panics)
        .context("the WebAssembly toolchain could not be made")?;
    // Cargo does not notice that what was compiled before goes with another library.
    remove(&paths.target().join("wasm"))?;
    fs::write(&stamp, wanted)?;
    report(WHAT, "made of Debian's packages", since);
    Ok(WasmToolchain::Debian(folder))
}

/// Whether the toolchain in use has the target's standard library.
fn knows_target(paths: &Paths) -> Result<bool> {
    let mut rustc = command("rustc");
    rustc.current_dir(paths.root()).args(["--print", "target-libdir", "--target", TARGET]);
    let folder = capture(&mut rustc)?;
    let Ok(mut entries) = fs::read_dir(folder.trim()) else { return Ok(false) };
    Ok(entries.any(|entry| entry.is_ok_and(|entry| is_core(&entry.file_name().to_string_lossy()))))
}

fn is_core(name: &str) -> bool {
    name.starts_with("libcore-") && name.ends_with(".rlib")
}

/// Builds the standard library in `work` and lays out a toolchain around it in `folder`.
fn make(folder: &Path, work: &Path, panics: Panics) -> Result<()> {
    let host = host()?;
    let linker = find_program("wasm-ld").context("wasm-ld was not found (Debian package lld)")?;
    let libraries = build_std(work, panics)?;
    remove(folder)?;
    let rustlib = folder.join("lib/rustlib");
    let target_libraries = rustlib.join(TARGET).join("lib");
    let host_programs = rustlib.join(&host).join("bin");
    for new in [&folder.join("bin"), &target_libraries, &host_programs] {
        fs::create_dir_all(new)?;
    }
    for library in libraries {
        fs::copy(&library, target_libraries.join(name_of(&library)))?;
    }
    let system = Path::new("/usr/lib/rustlib");
    symlink(system.join(&host).join("lib"), rustlib.join(&host).join("lib"))?;
    symlink(system.join("src"), rustlib.join("src"))?;
    symlink(linker, host_programs.join("rust-lld"))?;
    symlink("/usr/bin/cargo", folder.join("bin/cargo"))?;
    for tool in ["rustc", "rustdoc"] {
        let script = folder.join("bin").join(tool);
        fs::write(&script, panics.script(tool, folder))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    }
    remove(work)
}

/// Builds the standard library; returns its `.rlib` files.
fn build_std(work: &Path, panics: Panics) -> Result<Vec<PathBuf>> {
    remove(work)?;
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("Cargo.toml"), EMPTY_CRATE.replace("PANIC", panics.strategy()))?;
    fs::write(work.join("src/lib.rs"), "")?;
    let mut build = command("/usr/bin/cargo");
    for (name, _) in env::vars_os() {
        // Whatever tunes the reader's own builds.
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PROFILE_")
            || name.starts_with("CARGO_BUILD_")
            || name.starts_with("RUSTC_")
        {
            build.env_remove(&*name);
        }
    }
    build.current_dir(work).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO_ENCODED_RUSTFLAGS");
    build.env("RUSTC", "/usr/bin/rustc").env("CARGO_TARGET_DIR", work.join("target"));
    // The sources are those of a released compiler, which builds them with features of its own.
    build.env("RUSTC_BOOTSTRAP", "1");
    // Without bitcode in the libraries the page could not be linked with LTO.
    build.env("RUSTFLAGS", "-Cembed-bitcode=yes");
    build.args(["build", "--quiet", "--release", "--target", TARGET]);
    build.args([STD_CRATES, STD_FEATURES, "-Zpanic-immediate-abort"]);
    run(&mut build)?;
    let built = work.join("target").join(TARGET).join("release/deps");
    let mut libraries = Vec::new();
    for entry in
        fs::read_dir(&built).with_context(|| format!("{} cannot be read", built.display()))?
    {
        let path = entry?.path();
        let name = name_of(&path);
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            libraries.push(path);
        }
    }
    if !libraries.iter().any(|path| is_core(&name_of(path))) {
        bail!("{} holds no libcore-*.rlib after the build", built.display());
    }
    Ok(libraries)
}

/// The machine type that Debian's compiler runs on, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let version = capture(command("/usr/bin/rustc").arg("-vV").env_remove("RUSTUP_TOOLCHAIN"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`/usr/bin/rustc -vV` does not name its host")?.to_owned())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Panics, is_core};

    #[test]
    fn only_crates_of_the_page_are_compiled_without_panics() {
        let stops = Panics::Stop.script("rustc", Path::new("/folder"));
        let lines: Vec<_> = stops.lines().collect();
        let plain = "exec /usr/bin/rustc --sysroot '/folder' \"$@\"";
        assert_eq!(lines.last(), Some(&plain));
        assert!(lines[2].contains("panic=abort") && lines[4].contains("immediate-abort"));
        let speaks = Panics::Speak.script("rustc", Path::new("/folder"));
        assert_eq!(speaks.lines().collect::<Vec<_>>(), ["#!/bin/sh", plain]);
    }

    #[test]
    fn only_a_core_library_proves_the_target() {
        assert!(is_core("libcore-dc92655810cf9bdd.rlib"));
        assert!(
            !is_core("libstd-dc92655810cf9bdd.rlib") && !is_core("libcore-dc92655810cf9bdd.rmeta")
        );
    }
}
