//! `cargo xtask`: sets up, builds, serves and tests Glassbox.
//!
//! Every command first looks for what it needs, so a second run does only what is left to do.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    cli::{Command, HELP},
    paths::Paths,
};

mod bench;
mod build;
mod cli;
mod models;
mod offline;
mod order;
mod paths;
mod run;
mod serve;
mod setup;
mod test;

fn main() -> ExitCode {
    match try_main() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn try_main() -> Result<ExitCode> {
    let command = cli::parse(std::env::args_os())?;
    if matches!(command, Command::Help) {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let paths = Paths::find()?;
    match command {
        Command::Help => {}
        Command::Setup => setup::all(&paths)?,
        Command::Models { selection } => models::run(&paths, &selection)?,
        Command::Stamp => models::describe::run(&paths)?,
        Command::Build { dev } => build::run(&paths, dev)?,
        Command::Serve { port, selection, dev } => serve::run(&paths, port, &selection, dev)?,
        Command::Bench(options) => bench::run(&paths, &options)?,
        Command::Test { only, list } => {
            if list {
                test::list();
            } else if !test::run(&paths, &only)? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
