//! `cargo xtask test`: every check, in order, with a table of results at the end.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    build,
    cli::Selection,
    models,
    paths::Paths,
    run::{capture, cargo, command, run as run_command},
    setup,
};

/// The golden runs, each on every backend.
const GOLDEN_FILES: [&str; 4] = [
    "tests/golden/smollm2.json",
    "tests/golden/smollm2-long.json",
    "tests/golden/gemma3.json",
    "tests/golden/gemma3-long.json",
];
/// The files whose one case is long enough to be cut in different ways.
const LONG_FILES: [&str; 2] = ["tests/golden/smollm2-long.json", "tests/golden/gemma3-long.json"];
/// What PEFT computes of the trios' stages and reward models.
const TRIO_FILES: [&str; 2] =
    ["web/models/sprout/eval/golden.json", "web/models/gemma-3-270m/eval/golden.json"];
/// Name, files, backend, how prompts are cut for prefill, and how many greedy tokens are compared. The
/// software GPU takes seconds for each token of Gemma: there, eight of them are compared.
const GOLDEN_RUNS: [(&str, &[&str], &str, &str, &str); 7] = [
    ("cpu", &GOLDEN_FILES, "cpu", "whole", "64"),
    ("cpu, in chunks", &LONG_FILES, "cpu", "1,7,64", "64"),
    ("gpu", &GOLDEN_FILES, "gpu", "whole", "8"),
    ("gpu, in chunks", &LONG_FILES, "gpu", "64", "8"),
    ("gpu, in small chunks", &["tests/golden/smollm2.json"], "gpu", "1,7", "8"),
    ("cpu, trios", &TRIO_FILES, "cpu", "whole,7", "32"),
    ("gpu, trios", &TRIO_FILES, "gpu", "whole", "4"),
];

/// One step of the run.
struct Step {
    name: &'static str,
    about: &'static str,
    /// Steps whose failure makes this one pointless.
    needs: &'static [&'static str],
    run: fn(&Paths, &mut Results) -> Result<()>,
}

const STEPS: [Step; 8] = [
    Step { name: "setup", about: "what is missing on this machine", needs: &[], run: setup },
    Step { name: "fmt", about: "cargo fmt", needs: &[], run: fmt },
    Step { name: "clippy", about: "clippy, warnings denied", needs: &[], run: clippy },
    Step { name: "models", about: "the model files, verified", needs: &[], run: fetch },
    Step {
        name: "unit",
        about: "unit and property tests, shaders, GPU against CPU, dependency arrows",
        needs: &[],
        run: unit,
    },
    Step {
        name: "golden",
        about: "stored logits on the CPU and the GPU",
        needs: &["models"],
        run: golden,
    },
    Step { name: "site", about: "the page, built as it is served", needs: &[], run: site },
    Step {
        name: "e2e",
        about: "the page in headless Chromium, a row for each file",
        needs: &["setup", "models", "site"],
        run: e2e,
    },
];

/// Runs the steps named in `only`, or all of them; returns whether all passed.
///
/// # Errors
/// If `only` names a step that does not exist. A failed step is a result, not an error.
pub(crate) fn run(paths: &Paths, only: &[String]) -> Result<bool> {
    if let Some(unknown) =
        only.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let names = STEPS.map(|step| step.name).join(", ");
        bail!("there is no step `{unknown}`; there are {names}");
    }
    let mut results = Results::default();
    for step in
        STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
    {
        println!("\n== {}: {}", step.name, step.about);
        let (since, rows) = (Instant::now(), results.rows.len());
        let result = match step.needs.iter().find(|need| results.failed_step(need)) {
            Some(need) => Err(anyhow::anyhow!("not run, because {need} failed")),
            None => (step.run)(paths, &mut results),
        };
        // A step that adds rows of its own counts by those, unless it failed as a whole.
        if results.rows.len() == rows || result.is_err() {
            results.add(step.name.to_owned(), since, &result);
        }
    }
    Ok(results.summarize())
}

/// Prints the steps.
pub(crate) fn list() {
    for step in &STEPS {
        println!("{:<8} {}", step.name, step.about);
    }
}

fn setup(paths: &Paths, _: &mut Results) -> Result<()> {
    setup::all(paths)
}

fn fmt(paths: &Paths, _: &mut Results) -> Result<()> {
    run_command(cargo(paths.root()).args(["fmt", "--all", "--check"]))
}

fn clippy(paths: &Paths, _: &mut Results) -> Result<()> {
    run_command(cargo(paths.root()).args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn fetch(paths: &Paths, _: &mut Results) -> Result<()> {
    models::run(paths, &Selection::All)
}

fn unit(paths: &Paths, _: &mut Results) -> Result<()> {
    run_command(on_software_gpu(cargo(paths.root()).args([
        "test",
        "--workspace",
        "--no-fail-fast",
    ]))?)
}

fn golden(paths: &Paths, results: &mut Results) -> Result<()> {
    for (name, files, backend, chunks, greedy) in GOLDEN_RUNS {
        let mut glassbox = cargo(paths.root());
        glassbox.args(["run", "--quiet", "--package", "glassbox", "--", "golden"]);
        glassbox.args(files).args(["--backend", backend, "--chunks", chunks, "--greedy", greedy]);
        let since = Instant::now();
        let result = run_command(on_software_gpu(&mut glassbox)?);
        results.add(format!("golden {name}"), since, &result);
    }
    Ok(())
}

fn site(paths: &Paths, _: &mut Results) -> Result<()> {
    build::run(paths, false)
}

fn e2e(paths: &Paths, results: &mut Results) -> Result<()> {
    ensure!(
        paths.site().join("index.html").is_file(),
        "the page is not built: type `cargo xtask build`"
    );
    let chromium = setup::chromium().context("Chromium was not found: type `cargo xtask setup`")?;
    let files = test_files(paths)?;
    ensure!(!files.is_empty(), "{} holds no *.test.mjs", paths.e2e().display());
    let shaders = paths.target().join("shaders.json");
    let since = Instant::now();
    let written = write_shaders(paths, &shaders);
    results.add("list of shaders".to_owned(), since, &written);
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("\n-- {name}");
        let mut node = command("node");
        node.current_dir(paths.root()).args(["--test", "--test-reporter=tap"]).arg(&file);
        node.env("GLASSBOX_SITE", paths.site())
            .env("GLASSBOX_MODELS", paths.models())
            .env("GLASSBOX_SHADERS", &shaders)
            .env("CHROME", &chromium);
        let since = Instant::now();
        let result = run_command(&mut node);
        results.add(format!("e2e {name}"), since, &result);
    }
    Ok(())
}

/// Writes the linked shaders to a file, for the test that compiles each of them in the browser.
fn write_shaders(paths: &Paths, file: &Path) -> Result<()> {
    let mut glassbox = cargo(paths.root());
    glassbox.args(["run", "--quiet", "--package", "glassbox", "--", "shaders", "--json"]);
    let shaders = capture(&mut glassbox)?;
    fs::write(file, shaders).with_context(|| format!("{} cannot be written", file.display()))
}

fn test_files(paths: &Paths) -> Result<Vec<PathBuf>> {
    let folder = paths.e2e();
    let entries =
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// Has a child use lavapipe, so that results are the same on every machine; whoever sets
/// `VK_DRIVER_FILES` chooses for themselves.
fn on_software_gpu(child: &mut Command) -> Result<&mut Command> {
    if env::var_os("VK_DRIVER_FILES").is_some() {
        return Ok(child);
    }
    let driver = setup::lavapipe()
        .context("the Vulkan software driver was not found: type `cargo xtask setup`")?;
    // The newer name wins over the older one wherever the loader knows it.
    child.env("VK_ICD_FILENAMES", &driver).env("VK_DRIVER_FILES", &driver);
    Ok(child)
}

struct Row {
    name: String,
    took: Duration,
    passed: bool,
}

#[derive(Default)]
struct Results {
    rows: Vec<Row>,
}

impl Results {
    fn add(&mut self, name: String, since: Instant, result: &Result<()>) {
        let took = since.elapsed();
        match result {
            Ok(()) => println!("-- {name} passed in {:.1} s", took.as_secs_f64()),
            Err(error) => println!("-- {name} FAILED after {:.1} s: {error:#}", took.as_secs_f64()),
        }
        self.rows.push(Row { name, took, passed: result.is_ok() });
    }

    fn failed_step(&self, step: &str) -> bool {
        self.rows.iter().any(|row| row.name == step && !row.passed)
    }

    /// Prints the table and the count; returns whether everything passed.
    fn summarize(&self) -> bool {
        println!("\n== results");
        for row in &self.rows {
            let state = if row.passed { "passed" } else { "FAILED" };
            println!("{:>8.1} s  {state}  {}", row.took.as_secs_f64(), row.name);
        }
        let passed = self.rows.iter().filter(|row| row.passed).count();
        let failed = self.rows.len() - passed;
        println!("{passed} passed, {failed} failed");
        failed == 0 && passed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_need_only_steps_before_them() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS[..index].iter().any(|before| before.name == *need),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn one_failure_fails_the_run() {
        let mut results = Results::default();
        assert!(!results.summarize(), "a run of nothing passed");
        results.add("a".to_owned(), Instant::now(), &Ok(()));
        assert!(results.summarize() && !results.failed_step("a"));
        results.add("b".to_owned(), Instant::now(), &Err(anyhow::anyhow!("broken")));
        assert!(!results.summarize() && results.failed_step("b"));
    }

    #[test]
    fn golden_files_exist() {
        let paths = Paths::find().unwrap();
        for file in GOLDEN_FILES.into_iter().chain(TRIO_FILES) {
            assert!(paths.root().join(file).is_file(), "{file} is missing");
        }
    }
}
