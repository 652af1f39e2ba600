//! Dependency arrows point one way, and some dependencies belong to one crate only.

use std::{env, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

/// Each crate, and those of ours that it may depend on (but for its tests).
const ARROWS: [(&str, &[&str]); 13] = [
    ("web-page", &["web"]),
    ("web-worker", &["web"]),
    ("web", &["engine", "text", "formats", "lab", "share"]),
    ("glassbox", &["engine", "text", "formats", "lab"]),
    ("engine", &["models", "gpu", "formats", "kernels"]),
    ("models", &["kernels", "formats"]),
    ("gpu", &["kernels", "formats"]),
    ("lab", &["text"]),
    ("share", &[]),
    ("text", &["formats"]),
    ("kernels", &["formats"]),
    ("formats", &[]),
    ("xtask", &["formats"]),
];

/// Crates that need no GPU and no browser, not even in their tests.
const PURE: [&str; 5] = ["formats", "text", "kernels", "models", "lab"];
const NOT_PURE: [&str; 4] = ["gpu", "engine", "web", "glassbox"];

/// Dependencies (a `*` stands for any ending), and the crates that may have them.
const RESERVED: [(&str, &[&str]); 3] =
    [("wgpu*", &["gpu"]), ("leptos*", &["web"]), ("web-sys", &["web", "gpu", "share"])];

/// Shaders are linked and reflected at build time: none of this is in the page.
const NOT_IN_PAGE: [&str; 4] = ["naga", "wesl", "wgpu-core", "wgpu-hal"];

#[derive(Debug)]
struct Package {
    name: String,
    /// Lies under `tests/`, and may look at everything.
    is_test: bool,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    name: String,
    /// Only for tests.
    dev: bool,
}

#[test]
fn dependencies_follow_the_arrows() {
    let packages = packages().unwrap();
    let found = violations(&packages);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_page_holds_no_shader_compiler() {
    let tree = page_tree().unwrap();
    // Or else the tree was not read at all.
    for expected in ["web", "engine", "wgpu", "leptos"] {
        assert!(
            tree.lines().any(|line| name_of(line) == expected),
            "{expected} is not in the page:\n{tree}"
        );
    }
    let found = not_in_page(&tree);
    assert!(found.is_empty(), "the page depends on {}", found.join(", "));
}

#[test]
fn wrong_arrows_are_found() {
    let mut packages = good();
    assert_eq!(violations(&packages), Vec::<String>::new());
    let mut wrong = |package: &str, dependency: &str, dev: bool, message: &str| {
        let index = packages.iter().position(|known| known.name == package).unwrap();
        packages[index].dependencies.push(Dependency { name: dependency.to_owned(), dev });
        let found = violations(&packages);
        packages[index].dependencies.pop();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(message), "{found:?}");
    };
    wrong("formats", "text", false, "formats may not depend on text");
    wrong("web", "gpu", false, "web may not depend on gpu");
    wrong("kernels", "engine", true, "the tests of kernels may not depend on engine");
    wrong("engine", "wgpu", false, "engine may not depend on wgpu");
    wrong("checks", "wgpu-types", true, "checks may not depend on wgpu-types");
    wrong("glassbox", "leptos_router", false, "glassbox may not depend on leptos_router");
    wrong("text", "web-sys", false, "text may not depend on web-sys");
}

#[test]
fn crates_without_a_row_and_rows_without_a_crate_are_found() {
    let mut packages = good();
    packages[0].name = "webb".to_owned();
    let found = violations(&packages).join("\n");
    assert!(
        found.contains("webb has no row") && found.contains("there is no crate web"),
        "{found}"
    );
}

#[test]
fn a_shader_compiler_in_the_page_is_found() {
    assert_eq!(
        not_in_page("web v0.1.0 (/a/web)\nnaga v30.0.2\nnaga-types v30.0.2 (*)\n"),
        ["naga"]
    );
}

/// A package for each row, with all that it may depend on.
fn good() -> Vec<Package> {
    let dependency = |name: &&str| Dependency { name: (*name).to_owned(), dev: false };
    let mut packages: Vec<_> = ARROWS
        .iter()
        .map(|(name, allowed)| Package {
            name: (*name).to_owned(),
            is_test: false,
            dependencies: allowed.iter().map(dependency).collect(),
        })
        .collect();
    let everything = packages
        .iter()
        .map(|package| Dependency { name: package.name.clone(), dev: true })
        .collect();
    packages.push(Package { name: "checks".to_owned(), is_test: true, dependencies: everything });
    packages
}

fn violations(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, _) in ARROWS {
        if !packages.iter().any(|package| package.name == name) {
            found.push(format!("there is no crate {name}: take it out of the table"));
        }
    }
    for package in packages {
        let name = package.name.as_str();
        let row = ARROWS.iter().find(|(known, _)| *known == name);
        if row.is_none() && !package.is_test {
            found.push(format!("{name} has no row in the table of arrows"));
        }
        for dependency in &package.dependencies {
            let on = dependency.name.as_str();
            let is_ours = packages.iter().any(|package| package.name == on);
            let allowed = row.is_some_and(|(_, allowed)| allowed.contains(&on));
            if is_ours && !package.is_test && !dependency.dev && !allowed {
                found.push(format!("{name} may not depend on {on}"));
            }
            if dependency.dev && PURE.contains(&name) && NOT_PURE.contains(&on) {
                found.push(format!(
                    "the tests of {name} may not depend on {on}: no GPU, no browser"
                ));
            }
            let reserved = RESERVED.iter().find(|(pattern, _)| is_like(on, pattern));
            if reserved.is_some_and(|(_, owners)| !owners.contains(&name)) {
                found.push(format!("{name} may not depend on {on}"));
            }
        }
    }
    found
}

fn is_like(name: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}

/// Which of [`NOT_IN_PAGE`] a tree of dependencies holds.
fn not_in_page(tree: &str) -> Vec<&str> {
    tree.lines().map(name_of).filter(|name| NOT_IN_PAGE.contains(name)).collect()
}

fn name_of(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn cargo() -> Result<Command> {
    let mut cargo =
        Command::new(env::var_os("CARGO").context("CARGO is not set: run this with cargo")?);
    cargo.current_dir(checks::root()?);
    Ok(cargo)
}

/// Everything that is compiled into the page, one package on a line.
fn page_tree() -> Result<String> {
    let mut cargo = cargo()?;
    cargo.args([
        "tree",
        "--package",
        "web",
        "--target",
        "wasm32-unknown-unknown",
        "--prefix",
        "none",
    ]);
    checks::output(cargo.args(["--edges", "normal,no-proc-macro"]))
}

fn packages() -> Result<Vec<Package>> {
    let metadata =
        checks::output(cargo()?.args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let root = checks::root()?.join("tests");
    let text =
        |value: &Value| value.as_str().map(str::to_owned).context("cargo metadata lacks a name");
    let mut packages = Vec::new();
    for package in metadata["packages"].as_array().context("cargo metadata lists no packages")? {
        let mut dependencies = Vec::new();
        for dependency in
            package["dependencies"].as_array().context("cargo metadata lists no dependencies")?
        {
            dependencies.push(Dependency {
                name: text(&dependency["name"])?,
                dev: dependency["kind"] == "dev",
            });
        }
        let is_test = text(&package["manifest_path"])?.starts_with(&*root.to_string_lossy());
        packages.push(Package { name: text(&package["name"])?, is_test, dependencies });
    }
    Ok(packages)
}
