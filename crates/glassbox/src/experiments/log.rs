//! The log of a run, in a file: what is there is not lost, and a run that was broken off goes on.

use anyhow::{Context, Result};
use lab::experiment::Run;
use std::fs::{self, File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where the lines go; nowhere without a path.
#[derive(Debug)]
pub(super) struct Log {
    file: Option<(PathBuf, File)>,
}

impl Log {
    /// Opens the log at a path, and gives what it holds if it holds a line.
    pub(super) fn open(path: Option<&Path>) -> Result<(Self, Option<String>)> {
        let Some(path) = path else { return Ok((Self { file: None }, None)) };
        let opening = || path.display().to_string();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(opening)?;
        }
        let mut held = match path.is_file() {
            true => fs::read_to_string(path).with_context(opening)?,
            false => String::new(),
        };
        // A line that was cut off is lost.
        held.truncate(held.rfind('\n').map_or(0, |end| end + 1));
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .with_context(opening)?;
        file.set_len(held.len() as u64).with_context(opening)?;
        drop(file);
        let file = OpenOptions::new().append(true).open(path).with_context(opening)?;
        let held = (!held.trim().is_empty()).then_some(held);
        Ok((Self { file: Some((path.to_owned(), file)) }, held))
    }

    /// Adds lines.
    pub(super) fn append(&mut self, lines: &str) -> Result<()> {
        if let Some((path, file)) = &mut self.file {
            file.write_all(lines.as_bytes()).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Writes the whole run in the order of its cells, in place of the lines as they came.
    pub(super) fn finish(self, run: &Run) -> Result<()> {
        let Some((path, _)) = self.file else { return Ok(()) };
        let writing = || path.display().to_string();
        let whole = path.with_extension("whole");
        fs::write(&whole, run.export()).with_context(writing)?;
        fs::rename(&whole, &path).with_context(writing)
    }
}

/// Says how far the run is, where somebody looks on.
pub(super) fn progress(run: &Run) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let progress = run.progress();
    let left = progress.seconds_left.unwrap_or_default();
    eprint!("\r{} of {} · {left:.0} s left      ", progress.settled, progress.cells);
    if progress.settled == progress.cells {
        eprintln!();
    }
}
