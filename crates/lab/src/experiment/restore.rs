//! A run from its log: to go on with it, or to look at it again without a model.

use std::collections::BTreeMap;

use super::batch::{BatchRow, Next};
use super::check::limits::{LOG_VERSION, MAX_CELLS, MAX_LOG};
use super::check::unique;
use super::error::{ExperimentError, LogError};
use super::log::{Line, Place, Replied, Start};
use super::prepare::Prepared;
use super::run::{Run, Status};
use crate::technique::{ModelCall, Reply};

/// A log that is played again batch by batch. Techniques, graders and figures work as when it was made; only the
/// replies are read instead of computed.
#[derive(Clone, Debug)]
pub struct Replay {
    run: Run,
    replies: BTreeMap<(Place, usize), Said>,
    /// Cells of which a call failed, and why.
    failed: BTreeMap<Place, String>,
    overruled: Vec<(usize, Place, Option<bool>)>,
    ended: Option<Status>,
}

/// A reply in the log.
#[derive(Clone, Debug)]
struct Said {
    line: usize,
    asked: ModelCall,
    reply: Reply,
}

impl Run {
    /// The run that a log (or an [export](Run::export)) leads to. Replies of a batch that was not finished are left
    /// out, so that the run goes on exactly as if it had not been interrupted. What is restored is not logged again:
    /// append to the same log, cut after its last line end.
    ///
    /// # Errors
    /// [`LogError`] for anything that is no log, or one of another version of the techniques.
    pub fn restore(log: &str) -> Result<Self, LogError> {
        let mut replay = Replay::new(log)?;
        while replay.step()? {}
        replay.finish()
    }
}

impl Replay {
    /// Reads a log.
    ///
    /// # Errors
    /// [`LogError`] for anything that is no log. A last line without its line end was cut off, and is passed over.
    pub fn new(log: &str) -> Result<Self, LogError> {
        if log.len() > MAX_LOG {
            return Err(LogError::TooLarge { bytes: log.len() });
        }
        let mut lines = log.lines().enumerate().filter(|(_, text)| !text.trim().is_empty());
        let first = lines.next().map(|(index, text)| parse(index + 1, text));
        let Some(Line::Start(start)) = first.transpose()? else { return Err(LogError::NoStart) };
        let run = begin(*start)?;
        let (replies, failed) = (BTreeMap::new(), BTreeMap::new());
        let mut replay = Self { run, replies, failed, overruled: Vec::new(), ended: None };
        let cut_off = !log.ends_with('\n');
        let mut lines = lines.peekable();
        while let Some((index, text)) = lines.next() {
            if cut_off && lines.peek().is_none() {
                break;
            }
            replay.read(index + 1, parse(index + 1, text)?);
        }
        Ok(replay)
    }

    /// The run as far as it was played.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Plays one batch. False if the log holds no further one.
    ///
    /// # Errors
    /// [`LogError::OtherPrompt`] if a prompt is not the one that the experiment leads to.
    pub fn step(&mut self) -> Result<bool, LogError> {
        let Next::Batch(batch) = self.run.next_batch() else { return Ok(false) };
        if !batch.rows.iter().all(|row| self.speaks_of(row)) {
            self.run.take_back_batch();
            return Ok(false);
        }
        // What was answered comes first: a cell that failed keeps the replies that came before.
        let (said, failed): (Vec<&BatchRow>, Vec<&BatchRow>) =
            batch.rows.iter().partition(|row| self.has_reply(row));
        for row in said.into_iter().chain(failed) {
            self.play(row)?;
        }
        self.run.log.clear();
        Ok(true)
    }

    /// The run, with what the reader overruled.
    ///
    /// # Errors
    /// [`LogError::Unknown`] if the log speaks of something that the experiment does not have.
    pub fn finish(mut self) -> Result<Run, LogError> {
        let places: BTreeMap<Place, usize> = (0..self.run.cells.len())
            .filter_map(|cell| Some((self.run.place(cell)?, cell)))
            .collect();
        for (line, place, correct) in std::mem::take(&mut self.overruled) {
            let what = "cell";
            let Some(&cell) = places.get(&place) else {
                let name = format!("{} / {} / {}", place.problem, place.technique, place.stage);
                return Err(LogError::Unknown { line, what, name });
            };
            // A verdict on a cell of an unfinished batch is lost with it.
            let _ = self.run.overrule(cell, correct);
        }
        match self.ended {
            Some(Status::Cancelled) => self.run.cancel(),
            Some(Status::Paused) => self.run.pause(),
            _ => {}
        }
        self.run.log.clear();
        Ok(self.run)
    }

    /// Does the log hold the reply to a row, or say that its cell failed?
    fn speaks_of(&self, row: &BatchRow) -> bool {
        let place = self.run.place(row.id.cell);
        self.has_reply(row) || place.is_some_and(|place| self.failed.contains_key(&place))
    }

    fn has_reply(&self, row: &BatchRow) -> bool {
        let place = self.run.place(row.id.cell);
        place.is_some_and(|place| self.replies.contains_key(&(place, row.id.call)))
    }

    fn play(&mut self, row: &BatchRow) -> Result<(), LogError> {
        let Some(place) = self.run.place(row.id.cell) else { return Ok(()) };
        let key = (place, row.id.call);
        let taken = match self.replies.get(&key) {
            Some(said) if said.asked != row.call => {
                return Err(LogError::OtherPrompt { line: said.line });
            }
            Some(said) => self.run.answer(row.id, said.reply.clone()),
            None => {
                let message = self.failed.get(&key.0).map(String::as_str).unwrap_or_default();
                self.run.fail(row.id, message)
            }
        };
        // The row was handed out just now.
        taken.map_err(|error| LogError::Line { line: 0, message: error.to_string() })
    }

    fn read(&mut self, number: usize, line: Line) {
        match line {
            Line::Reply(replied) => {
                let Replied { place, call, asked, reply } = *replied;
                self.replies.insert((place, call), Said { line: number, asked, reply });
                // A run that went on after it was stopped.
                self.ended = None;
            }
            Line::Failed(failure) => {
                self.failed.insert(failure.place, failure.message);
                self.ended = None;
            }
            Line::Overruled(overruled) => {
                self.overruled.push((number, overruled.place, overruled.correct));
            }
            Line::Weights(weights) => {
                self.run.weights.insert(weights.when, weights.checksums);
            }
            Line::End(end) => self.ended = Some(end.status),
            // Where two logs were joined the first experiment counts.
            Line::Start(_) => {}
        }
    }
}

fn parse(line: usize, text: &str) -> Result<Line, LogError> {
    serde_json::from_str(text).map_err(|error| LogError::Line { line, message: error.to_string() })
}

fn begin(start: Start) -> Result<Run, LogError> {
    let Start { version, experiment, made_with, problems, examples } = start;
    if version > LOG_VERSION {
        return Err(LogError::Version { version });
    }
    experiment.check()?;
    unique("problems", problems.iter().map(|problem| problem.id.as_str()))?;
    let cells = problems
        .len()
        .saturating_mul(experiment.techniques.len())
        .saturating_mul(experiment.stages.len());
    if cells == 0 || cells > MAX_CELLS {
        return Err(ExperimentError::TooLarge { cells }.into());
    }
    Ok(Run::with(experiment, Prepared { problems, examples }, made_with))
}
