//! Runs every fuzz function: all seeds, then mutations of them for a bounded time.

mod mutate;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use fuzz::{TARGETS, Target};
use mutate::Mutator;

/// An input that takes longer has found a way to make a reader do too much work.
const SLOW: Duration = Duration::from_secs(10);
const SHOWN_BYTES: usize = 400;

/// An input and where it comes from.
struct Seed {
    name: String,
    data: Vec<u8>,
}

#[test]
fn gguf() {
    run("gguf");
}

#[test]
fn quant() {
    run("quant");
}

#[test]
fn manifest() {
    run("manifest");
}

#[test]
fn safetensors() {
    run("safetensors");
}

#[test]
fn peft() {
    run("peft");
}

#[test]
fn model() {
    run("model");
}

#[test]
fn tokenizer() {
    run("tokenizer");
}

#[test]
fn chat_template() {
    run("chat_template");
}

#[test]
fn every_function_is_run() {
    let names = TARGETS.map(|(name, _)| name);
    assert_eq!(
        names,
        ["gguf", "model", "quant", "manifest", "safetensors", "peft", "tokenizer", "chat_template"]
    );
}

#[test]
fn a_planted_bug_is_found_and_reported_with_its_seed() {
    fn buggy(data: &[u8]) {
        assert!(data.len() != 3 || data[0] == b'a', "planted");
    }
    let seeds = [Seed { name: "abc".into(), data: b"abc".to_vec() }];
    let found = search(buggy, &seeds, 7, Duration::from_secs(5)).unwrap_err();
    assert!(found.why.contains("planted") && found.from.contains("FUZZ_SEED=7"), "{found:?}");
    assert!(found.data.len() == 3 && found.data[0] != b'a', "{found:?}");
    // The same seed leads to the same input.
    let again = search(buggy, &seeds, 7, Duration::from_secs(5)).unwrap_err();
    assert_eq!((&again.from, &again.data), (&found.from, &found.data));

    let bad = [Seed { name: "bad".into(), data: b"xyz".to_vec() }];
    let found = search(buggy, &bad, 7, Duration::ZERO).unwrap_err();
    assert!(found.from.contains("bad"), "{found:?}");
}

/// An input on which a function panicked.
#[derive(Debug)]
struct Failure {
    from: String,
    why: String,
    data: Vec<u8>,
}

fn run(name: &str) {
    let (_, target) = TARGETS.into_iter().find(|(known, _)| *known == name).expect("a target");
    let seeds = seeds(name);
    let base = variable("FUZZ_SEED").unwrap_or(1.0) as u64;
    let seconds = variable("FUZZ_SECONDS").unwrap_or(3.0);
    let time = Duration::try_from_secs_f64(seconds).expect("FUZZ_SECONDS is a time");
    match search(target, &seeds, base, time) {
        Ok(mutations) => println!("{name}: {} seeds and {mutations} mutations", seeds.len()),
        Err(Failure { from, why, data }) => {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
            let kept = match fs::write(&path, &data) {
                Ok(()) => format!("written to {}", path.display()),
                Err(error) => format!("not written: {error}"),
            };
            let shown = data[..data.len().min(SHOWN_BYTES)].escape_ascii();
            panic!("{name}, {from}: {why}\n{} bytes, {kept}: {shown}", data.len());
        }
    }
}

/// Runs the seeds, then mutations of them until the time is up. Gives the number of mutations.
fn search(target: Target, seeds: &[Seed], base: u64, time: Duration) -> Result<u64, Failure> {
    for seed in seeds {
        attempt(target, &seed.data).map_err(|why| Failure {
            from: format!("seed {}", seed.name),
            why,
            data: seed.data.clone(),
        })?;
    }
    let inputs: Vec<&[u8]> = seeds.iter().map(|seed| seed.data.as_slice()).collect();
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < time {
        let data = Mutator::new(base, count).mutate(&inputs);
        attempt(target, &data).map_err(|why| Failure {
            from: format!("mutation {count} with FUZZ_SEED={base}"),
            why,
            data,
        })?;
        count += 1;
    }
    Ok(count)
}

fn attempt(target: Target, data: &[u8]) -> Result<(), String> {
    let begin = Instant::now();
    if let Err(panic) = catch_unwind(|| target(data)) {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        return Err(text.unwrap_or("a panic without a message").to_owned());
    }
    let taken = begin.elapsed();
    if taken > SLOW {
        return Err(format!("took {} s", taken.as_secs()));
    }
    Ok(())
}

/// All files of the function's folder, by name.
fn seeds(name: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no seed", folder.display());
    let read = |path: &PathBuf| Seed {
        name: path.display().to_string(),
        data: fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    };
    paths.iter().map(read).collect()
}

fn variable(name: &str) -> Option<f64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}
