//! `glassbox lab` on the trio that comes with the site: shipped experiments run, repeat, go on after a break, and stored
//! runs hold.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use lab::experiment::{Experiment, Run, Status};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn glassbox(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glassbox"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = glassbox(arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}{complaint}");
    said
}

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("glassbox-lab-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A log without what a clock says.
fn timeless(log: &str) -> String {
    let line = |line: &str| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(reply) = line.get_mut("reply") {
            reply["seconds"] = 0.into();
            // What an interrupted run had in its caches is gone.
            reply["reused_tokens"] = 0.into();
        }
        line.to_string()
    };
    log.lines().map(line).collect::<Vec<_>>().join("\n")
}

const EXPERIMENT: &str = "web/experiments/direct-or-steps.json";

#[test]
fn an_experiment_runs_repeats_and_goes_on_after_a_break() {
    let folder = Folder::new("runs");
    let (first, second) = (folder.file("first.jsonl"), folder.file("second.jsonl"));
    // Small batches, so that some are done when it is broken off.
    let experiment = folder.file("experiment.json");
    let json = fs::read_to_string(root().join(EXPERIMENT)).unwrap();
    fs::write(&experiment, json.replace("\"batch\": 16", "\"batch\": 4")).unwrap();
    let run = |out: &str| {
        succeeds(&["lab", "run", &experiment, "--problems", "3", "--backend", "cpu", "--out", out])
    };
    let table = run(&first);
    for expected in ["Direct", "Step by step", "n = 6", "McNemar", "the same before and after"] {
        assert!(table.contains(expected), "no {expected:?} in {table}");
    }
    let whole = fs::read_to_string(&first).unwrap();
    let replayed = Run::restore(&whole).unwrap();
    assert_eq!(replayed.status(), Status::Finished);
    assert_eq!(replayed.weights_unchanged(), Some(true));
    assert_eq!(replayed.export(), whole, "a run replays from its file");
    let results = replayed.results();
    assert_eq!(results.rows().len(), 12);
    assert!(results.rows().iter().all(|row| row.failure.is_none() && row.tokens() > 0));

    // Broken off in the middle of a line.
    let cut = whole.len() / 2;
    let cut = (cut..).find(|at| whole.is_char_boundary(*at)).unwrap();
    fs::write(&second, &whole[..cut]).unwrap();
    assert!(Run::restore(&whole[..cut]).unwrap().progress().settled > 0);
    assert_eq!(run(&second).lines().count(), table.lines().count());
    let resumed = fs::read_to_string(&second).unwrap();
    assert_eq!(timeless(&resumed), timeless(&whole));

    assert!(succeeds(&["lab", "check", &first]).contains("12 of 12 replies"));
    // A reply that the model did not give is found out.
    let forged = folder.file("forged.jsonl");
    let reply = &results.rows()[0].records[0].reply.text;
    let said = serde_json::to_string(reply).unwrap();
    fs::write(&forged, whole.replacen(&format!("\"text\":{said}"), "\"text\":\"no\"", 1)).unwrap();
    assert!(!glassbox(&["lab", "check", &forged]).status.success());
}

#[test]
fn what_cannot_be_run_is_told() {
    let folder = Folder::new("refused");
    let path = folder.file("experiment.json");
    let json = fs::read_to_string(root().join(EXPERIMENT)).unwrap();
    fs::write(&path, json.replace("\"stage\": \"sft\"", "\"stage\": \"none\"")).unwrap();
    let output = glassbox(&["lab", "run", &path]);
    assert!(!output.status.success());
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaint.contains("no stage `none`"), "{complaint}");
    assert!(!glassbox(&["lab", "run", "no-such-file.json"]).status.success());
    assert!(!glassbox(&["lab"]).status.success());
}

/// Names of the stored runs: experiment, model and path.
fn stored_runs() -> Vec<(String, String, String)> {
    let folder = "web/experiments/runs";
    let names = fs::read_dir(root().join(folder)).unwrap();
    let named = names.map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".jsonl").expect("a log");
        let (experiment, model) = stem.split_once('.').expect("experiment and model");
        (experiment.to_owned(), model.to_owned(), format!("{folder}/{name}"))
    });
    named.collect()
}

#[test]
fn stored_runs_are_what_the_engine_says() {
    let mut own = 0;
    for (id, model, stored) in stored_runs() {
        let path = root().join(format!("web/experiments/{id}.json"));
        let experiment = Experiment::from_json(&fs::read_to_string(path).unwrap()).unwrap();
        let run = Run::restore(&fs::read_to_string(root().join(&stored)).unwrap()).unwrap();
        assert_eq!(run.status(), Status::Finished, "{stored}");
        let is_own = experiment.stages[0].model == model;
        // A larger model takes its time: of another one, fewer problems will do.
        let count = if is_own { experiment.count } else { run.experiment().count };
        let wanted = Experiment { count, ..experiment.on_model(&model) };
        assert_eq!(*run.experiment(), wanted, "{stored} is a run of another experiment");
        succeeds(&["lab", "check", &stored, "--problems", if is_own { "4" } else { "1" }]);
        own += usize::from(is_own);
    }
    let experiments = fs::read_dir(root().join("web/experiments")).unwrap();
    let texts = experiments.filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok());
    let shipped = texts.filter(|text| Experiment::from_json(text).is_ok()).count();
    assert_eq!(own, shipped, "each experiment has a run on its own model");
}

/// What the README of Sprout says of worked steps, the shipped experiment shows.
#[test]
fn worked_steps_beat_direct_answers_by_twenty_points() {
    let path = root().join("web/experiments/runs/direct-or-steps.sprout.jsonl");
    let run = Run::restore(&fs::read_to_string(path).unwrap()).unwrap();
    let results = run.results();
    let [direct, steps] = [0, 1].map(|technique| results.bar(technique, 0, None).right);
    assert_eq!((direct.n, steps.n), (168, 168), "all two-step problems of both languages");
    let points = 100.0 * (steps.hits as f64 - direct.hits as f64) / direct.n as f64;
    assert!(points >= 20.0, "{points} points");
}
