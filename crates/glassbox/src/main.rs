//! The command line of Glassbox: the page's engine, natively.

mod answers;
mod bench;
mod calls;
mod eval;
mod experiments;
mod generate;
mod golden;
mod load;
mod options;
mod shaders;
mod trio;

use options::Options;
use std::process::ExitCode;

const HELP: &str = "\
glassbox – run a language model and look at its numbers

USAGE
  glassbox generate MODEL --prompt TEXT [--chat] [--adapter DIR] [--max-tokens N] [--temperature T] [--top-k K]
                    [--top-p P] [--min-p P] [--repeat-penalty R] [--seed S] [--top]
  glassbox generate --trio ID --stage base|sft|rlhf --prompt TEXT […]
  glassbox golden FILE… [--chunks whole,1,7,64] [--greedy N]
  glassbox eval --trio ID --questions FILE [--stage base|sft|rlhf] [--json]
  glassbox lab run FILE [--model ID] [--out LOG] [--problems N] [--json]
  glassbox lab check LOG [--problems N]
  glassbox bench [MODEL…] [--compare|--batch] [--json] [--tokens N] [--prompt TEXT]
  glassbox shaders --json

DIR holds an adapter in PEFT's format: adapter_config.json and adapter_model.safetensors.
FILE of lab is an experiment, as in web/experiments; LOG holds all of a run, the page imports it, and one that is there
already goes on where it was broken off. check runs the first N problems of a log again.
MODEL is a path to a GGUF file or an id of web/models (its file is looked for under --weights).

OPTIONS
  --backend cpu|gpu   where to run (default: cpu; bench: both)
  --weights DIR       folder of the downloaded models (default: models)
  --context N         positions per sequence (default: 2048)
";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            eprintln!("glassbox: {}", chain.join(": "));
            ExitCode::FAILURE
        }
    }
}

/// `Ok(false)`: it ran, and something did not hold.
fn run() -> anyhow::Result<bool> {
    let options = Options::parse(lexopt::Parser::from_env())?;
    match options.command.as_str() {
        "generate" => pollster::block_on(generate::run(&options)),
        "golden" => pollster::block_on(golden::run(&options)),
        "eval" => pollster::block_on(eval::run(&options)),
        "lab" => pollster::block_on(experiments::run(&options)),
        "bench" => pollster::block_on(bench::run(&options)),
        "shaders" => shaders::run(),
        "help" => {
            print!("{HELP}");
            Ok(true)
        }
        other => anyhow::bail!("there is no command '{other}'; try glassbox help"),
    }
}
