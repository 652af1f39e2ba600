//! The top level of the repository, the length of files, and what shaders begin with.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};

/// What has to be at the top level.
const REQUIRED: [&str; 7] =
    ["Cargo.toml", "README.md", "crates", "index.html", "shaders", "tests", "web"];
/// What may be there too, beside names that begin with a dot.
const ALLOWED: [&str; 3] = ["Cargo.lock", "LICENSE", "rust-toolchain.toml"];

/// Longer files are to be split; most have fewer than 300 lines.
const MAX_LINES: usize = 500;
const SOURCES: [&str; 6] = ["css", "js", "mjs", "rs", "wesl", "wgsl"];

#[test]
fn the_top_level_is_as_specified() {
    let found = top_level(&checks::files().unwrap());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn files_are_short() {
    let found = in_files(too_long).unwrap();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn shaders_say_what_they_do() {
    let found = in_files(without_comment).unwrap();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_wrong_top_level_is_found() {
    let mut files: Vec<String> =
        ["Cargo.toml", "README.md", "index.html", ".gitignore", "LICENSE"].map(String::from).into();
    files.extend(
        ["crates/a/Cargo.toml", "shaders/a.wgsl", "tests/a.rs", "web/worker.js"].map(String::from),
    );
    assert_eq!(top_level(&files), Vec::<String>::new());
    files.push("notes/plan.md".to_owned());
    files.retain(|file| file != "index.html");
    assert_eq!(
        top_level(&files),
        ["index.html is missing", "notes does not belong at the top level"]
    );
}

#[test]
fn long_files_are_found() {
    let lines = |count: usize| "x\n".repeat(count);
    assert_eq!(too_long("a.rs", &lines(MAX_LINES - 1)), None);
    assert_eq!(
        too_long("a.rs", &lines(MAX_LINES)).as_deref(),
        Some("a.rs has 500 lines, allowed are 499")
    );
    assert_eq!(too_long("a.json", &lines(MAX_LINES)), None);
}

#[test]
fn silent_shaders_are_found() {
    assert_eq!(without_comment("shaders/a.wgsl", "// Adds.\n"), None);
    assert_eq!(without_comment("shaders/a.wgsl", "/* Adds. */\n"), None);
    assert_eq!(without_comment("crates/a/src/lib.rs", "fn a() {}"), None);
    for text in ["fn a() {}", "", "//\nfn a() {}"] {
        assert!(without_comment("shaders/a.wgsl", text).is_some(), "{text:?} was accepted");
    }
}

fn top_level(files: &[String]) -> Vec<String> {
    let names: BTreeSet<&str> = files.iter().filter_map(|file| file.split('/').next()).collect();
    let missing = REQUIRED.iter().filter(|name| !names.contains(**name));
    let known =
        |name: &str| name.starts_with('.') || REQUIRED.contains(&name) || ALLOWED.contains(&name);
    let foreign = names.iter().filter(|name| !known(name));
    missing
        .map(|name| format!("{name} is missing"))
        .chain(foreign.map(|name| format!("{name} does not belong at the top level")))
        .collect()
}

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let message = || format!("{path} has {lines} lines, allowed are {}", MAX_LINES - 1);
    (is_source(path) && lines >= MAX_LINES).then(message)
}

fn without_comment(path: &str, text: &str) -> Option<String> {
    let is_shader = path.ends_with(".wgsl") || path.ends_with(".wesl");
    let first = text.lines().next().unwrap_or_default();
    let comment = first.strip_prefix("//").or_else(|| first.strip_prefix("/*"));
    let says_something = comment.is_some_and(|comment| comment.contains(char::is_alphabetic));
    (is_shader && !says_something)
        .then(|| format!("{path} does not begin with a comment that says what it does"))
}

fn is_source(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| SOURCES.contains(&extension))
}

/// Looks at every source file of the repository.
fn in_files(check: impl Fn(&str, &str) -> Option<String>) -> Result<Vec<String>> {
    let root = checks::root()?;
    let mut found = Vec::new();
    for path in checks::files()?.iter().filter(|path| is_source(path)) {
        let text = fs::read_to_string(root.join(path))
            .with_context(|| format!("{path} cannot be read"))?;
        found.extend(check(path, &text));
    }
    Ok(found)
}
