//! The command line of `cargo xtask`.

use std::ffi::OsString;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::bench;

/// What `cargo xtask --help` prints.
pub(crate) const HELP: &str = "\
cargo xtask COMMAND

  setup                      look for everything needed, install what is missing
  models [ID…]               fetch and verify the model files (all of them, or those named)
  models --stamp             write sizes, hashes and stages of the files in web/models/ID/ into the manifests
  build [--dev]              build the page into target/site
  serve [--port N] [--models ID,ID|none|all] [--dev]
                             set up, build, serve the page on 127.0.0.1; fetch the larger models meanwhile
  test [--only STEP,STEP] [--list]
                             set up and run every check
  bench [--peers wllama,onnx,llama-cpp] [--models ID,ID] [--rounds N] [--tokens N] [--write-readme]
                             measure decode and prefill, beside other engines if named

  --dev    an unoptimized page: built faster, runs slower
";

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Look for everything, install what is missing.
    Setup,
    /// Fetch model files.
    Models { selection: Selection },
    /// Bring the manifests up to date with the files that come with the site.
    Stamp,
    /// Build the page.
    Build { dev: bool },
    /// Serve the page. No port: the first free one from 8080 on.
    Serve { port: Option<u16>, selection: Selection, dev: bool },
    /// Run the checks. An empty `only` means all of them.
    Test { only: Vec<String>, list: bool },
    /// Measure, beside other engines if some are named.
    Bench(bench::Options),
}

/// Which models to fetch.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// Every model that has a manifest.
    All,
    /// None.
    None,
    /// Those with these ids.
    Ids(Vec<String>),
}

/// Parses a command line; its first item is the program's name.
///
/// # Errors
/// A sentence that names the argument which is missing or not understood.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    let command = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(value)) => value.string()?,
        Some(other) => bail!("{}; `cargo xtask --help` lists the commands", other.unexpected()),
    };
    let (mut dev, mut list, mut stamp, mut port) = (false, false, false, None);
    let (mut only, mut ids) = (Vec::new(), Vec::new());
    let mut selection = Selection::All;
    let mut bench = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            ("build" | "serve", Long("dev")) => dev = true,
            ("serve", Long("port")) => {
                let value = parser.value()?.string()?;
                let Ok(number) = value.parse() else {
                    bail!("`{value}` is not a port: give a number from 0 to 65535 after --port");
                };
                port = Some(number);
            }
            ("serve", Long("models")) => selection = select(&parser.value()?.string()?),
            ("models", Long("stamp")) => stamp = true,
            ("models", Value(id)) => ids.push(id.string()?),
            ("test", Long("only")) => only.extend(split(&parser.value()?.string()?)),
            ("test", Long("list")) => list = true,
            ("bench", Long("peers")) => bench.peers.extend(split(&parser.value()?.string()?)),
            ("bench", Long("models")) => bench.models.extend(split(&parser.value()?.string()?)),
            ("bench", Long("rounds")) => bench.rounds = Some(parser.value()?.parse()?),
            ("bench", Long("tokens")) => bench.tokens = Some(parser.value()?.parse()?),
            ("bench", Long("write-readme")) => bench.write_readme = true,
            (_, other) => bail!("{}; `cargo xtask --help` lists the options", other.unexpected()),
        }
    }
    if stamp && !ids.is_empty() {
        bail!("--stamp is about every manifest: leave out {}", ids.join(", "));
    }
    if !ids.is_empty() {
        selection = Selection::Ids(ids);
    }
    Ok(match command.as_str() {
        "help" => Command::Help,
        "setup" => Command::Setup,
        "models" if stamp => Command::Stamp,
        "models" => Command::Models { selection },
        "build" => Command::Build { dev },
        "serve" => Command::Serve { port, selection, dev },
        "test" => Command::Test { only, list },
        "bench" => Command::Bench(bench),
        _ => bail!("there is no command `{command}`: `cargo xtask --help` lists them"),
    })
}

fn select(value: &str) -> Selection {
    match value {
        "all" => Selection::All,
        "none" | "" => Selection::None,
        ids => Selection::Ids(split(ids)),
    }
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command> {
        parse(["xtask"].into_iter().chain(line.split_whitespace()).map(OsString::from))
    }

    #[test]
    fn commands_with_their_options() {
        assert_eq!(parse_line("").unwrap(), Command::Help);
        assert_eq!(parse_line("serve --help").unwrap(), Command::Help);
        assert_eq!(
            parse_line("serve --port 9000 --models a,b --dev").unwrap(),
            Command::Serve {
                port: Some(9000),
                selection: Selection::Ids(vec!["a".into(), "b".into()]),
                dev: true
            }
        );
        assert_eq!(
            parse_line("serve --models none").unwrap(),
            Command::Serve { port: None, selection: Selection::None, dev: false }
        );
        assert_eq!(
            parse_line("models a b").unwrap(),
            Command::Models { selection: Selection::Ids(vec!["a".into(), "b".into()]) }
        );
        assert_eq!(parse_line("models --stamp").unwrap(), Command::Stamp);
        assert_eq!(
            parse_line("test --only fmt,unit").unwrap(),
            Command::Test { only: vec!["fmt".into(), "unit".into()], list: false }
        );
        assert_eq!(
            parse_line("bench --peers wllama,onnx --models a --rounds 3 --write-readme").unwrap(),
            Command::Bench(bench::Options {
                peers: vec!["wllama".into(), "onnx".into()],
                models: vec!["a".into()],
                rounds: Some(3),
                tokens: None,
                write_readme: true,
            })
        );
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in [
            "bake",
            "serve --port x",
            "serve --port 70000",
            "build --port 1",
            "--what",
            "setup now",
            "models a --stamp",
            "serve --stamp",
            "bench --rounds many",
        ] {
            assert!(parse_line(line).is_err(), "`{line}` was accepted");
        }
    }
}
