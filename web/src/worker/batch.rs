//! Answers of one model as rows of one batch: those that have a sequence are filled one after another, then all
//! advance together, and one that ends frees its row. Knows the engine, but no browser and no text.

use std::mem;

use engine::{Decode, DecodeRow, Engine, EngineError, SamplerSettings, StepReport};

use super::caches::Caches;
use super::tally::Standing;
use crate::protocol::FinishReason;

/// One answer on its way.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Of its stage; 0 is the base.
    pub(super) adapter: u32,
    pub(super) sampler: SamplerSettings,
    /// What was given, then what was written. Never empty.
    pub(super) tokens: Vec<u32>,
    /// Tokens that were given.
    pub(super) given: usize,
    /// Tokens to write at most.
    pub(super) max_tokens: u32,
}

impl Line {
    /// Goes on after these tokens.
    pub(super) fn new(
        adapter: u32,
        sampler: SamplerSettings,
        tokens: Vec<u32>,
        max_tokens: u32,
    ) -> Self {
        Self { adapter, sampler, given: tokens.len(), tokens, max_tokens }
    }

    fn new_tokens(&self) -> u32 {
        (self.tokens.len() - self.given) as u32
    }
}

/// Where a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Has no sequence yet.
    Waiting,
    /// So many of its tokens are in the sequence's cache.
    Filling {
        sequence: u32,
        done: usize,
    },
    /// All tokens but the last are.
    Ready {
        sequence: u32,
    },
    Ended,
}

impl Place {
    fn sequence(self) -> Option<u32> {
        match self {
            Self::Filling { sequence, .. } | Self::Ready { sequence } => Some(sequence),
            Self::Waiting | Self::Ended => None,
        }
    }
}

/// What one advance has brought.
#[derive(Debug, PartialEq)]
pub(super) enum Advance {
    /// A line's tokens are in its cache as far as `done`.
    Filled { line: usize, done: usize },
    /// A token for every row.
    Wrote(Vec<Written>),
    /// There is nothing to do.
    Idle,
}

/// A line's next token.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    pub(super) line: usize,
    pub(super) report: StepReport,
    /// Why the line ends with it, if it does.
    pub(super) reason: Option<FinishReason>,
}

/// Lines, and the decode of those that are ready.
#[derive(Debug, Default)]
pub(super) struct Batch {
    lines: Vec<Line>,
    /// Of each line.
    places: Vec<Place>,
    decode: Option<Decode>,
    /// The line of each row of `decode`.
    rows: Vec<usize>,
    /// Decode steps so far.
    pub(super) steps: u32,
}

impl Batch {
    /// Adds a line and gives its number.
    pub(super) fn add(&mut self, line: Line) -> usize {
        // Nothing to write, or nothing to begin with.
        let ended = line.max_tokens == 0 || line.tokens.is_empty();
        self.lines.push(line);
        self.places.push(if ended { Place::Ended } else { Place::Waiting });
        self.lines.len() - 1
    }

    pub(super) fn line(&self, line: usize) -> Option<&Line> {
        self.lines.get(line)
    }

    /// Has any line something to write?
    pub(super) fn is_live(&self) -> bool {
        self.places.iter().any(|place| *place != Place::Ended)
    }

    /// Tokens written by all lines together.
    pub(super) fn new_tokens(&self) -> u32 {
        self.lines.iter().map(Line::new_tokens).sum()
    }

    /// One piece of work: a piece of a line's prompt, or one step for all that are ready. After an error, either
    /// [`Batch::begin_again`] or [`Batch::end`] has to follow.
    pub(super) async fn advance(
        &mut self,
        engine: &mut Engine,
        caches: &mut Caches,
        is_stop: impl Fn(u32) -> bool,
    ) -> Result<Advance, EngineError> {
        if let Some((line, sequence)) = self.next_to_admit(caches) {
            self.pause(engine, caches);
            let Line { adapter, tokens, .. } = &self.lines[line];
            let done = caches.prepare(engine, sequence, *adapter, tokens)?;
            self.places[line] = Place::Filling { sequence, done };
            return Ok(Advance::Filled { line, done });
        }
        if let Some((line, sequence, done)) = self.next_to_fill() {
            self.pause(engine, caches);
            return self.fill(engine, caches, line, sequence, done).await;
        }
        self.step(engine, caches, is_stop).await
    }

    /// Ends every line that has not ended; the caches keep what they have.
    pub(super) fn end(&mut self, engine: &mut Engine, caches: &mut Caches) {
        self.pause(engine, caches);
        self.places.fill(Place::Ended);
    }

    /// The engine is another one, with empty caches: lines go on from the tokens they have.
    pub(super) fn begin_again(&mut self) {
        self.drop_decode();
        for place in &mut self.places {
            if *place != Place::Ended {
                *place = Place::Waiting;
            }
        }
    }

    /// There is no engine any more.
    pub(super) fn give_up(&mut self) {
        self.drop_decode();
        self.places.fill(Place::Ended);
    }

    fn drop_decode(&mut self) {
        self.decode = None;
        self.rows.clear();
    }

    /// The first line that waits, with a sequence for it.
    fn next_to_admit(&self, caches: &Caches) -> Option<(usize, u32)> {
        if self.next_to_fill().is_some() {
            // One after another: the next one may take over what this one computes.
            return None;
        }
        let line = self.places.iter().position(|place| *place == Place::Waiting)?;
        let Line { adapter, tokens, .. } = &self.lines[line];
        let taken = |sequence| self.places.iter().any(|place| place.sequence() == Some(sequence));
        Some((line, caches.pick(*adapter, tokens, taken)?))
    }

    fn next_to_fill(&self) -> Option<(usize, u32, usize)> {
        self.places.iter().enumerate().find_map(|(line, place)| match *place {
            Place::Filling { sequence, done } => Some((line, sequence, done)),
            _ => None,
        })
    }

    async fn fill(
        &mut self,
        engine: &mut Engine,
        caches: &mut Caches,
        line: usize,
        sequence: u32,
        done: usize,
    ) -> Result<Advance, EngineError> {
        let Line { adapter, tokens, .. } = &self.lines[line];
        let all = tokens.len().saturating_sub(1);
        let to = all.min(done + engine.max_rows().max(1) as usize);
        if done < to {
            engine.prefill(sequence, *adapter, &tokens[done..to]).await?;
            caches.note(sequence, *adapter, &tokens[..to]);
        }
        let filled = to >= all;
        self.places[line] =
            if filled { Place::Ready { sequence } } else { Place::Filling { sequence, done: to } };
        Ok(Advance::Filled { line, done: to })
    }

    async fn step(
        &mut self,
        engine: &mut Engine,
        caches: &mut Caches,
        is_stop: impl Fn(u32) -> bool,
    ) -> Result<Advance, EngineError> {
        let mut decode = match self.decode.take() {
            Some(decode) => decode,
            None => match self.start(engine)? {
                Some(decode) => decode,
                None => return Ok(Advance::Idle),
            },
        };
        let reports = engine.step(&mut decode).await?;
        self.decode = Some(decode);
        self.steps += 1;
        let context = engine.context();
        let rows = self.rows.iter().zip(reports);
        let written: Vec<Written> = rows
            .map(|(&line, report)| {
                let own = &mut self.lines[line];
                own.tokens.push(report.token);
                let standing = Standing {
                    at_stop_token: is_stop(report.token),
                    new_tokens: own.new_tokens(),
                    max_tokens: own.max_tokens,
                    length: own.tokens.len(),
                    context,
                };
                Written { line, report, reason: standing.reason() }
            })
            .collect();
        if written.iter().any(|written| written.reason.is_some()) {
            self.pause(engine, caches);
            for written in written.iter().filter(|written| written.reason.is_some()) {
                self.places[written.line] = Place::Ended;
            }
        }
        Ok(Advance::Wrote(written))
    }

    /// Starts the decode of the lines that are ready.
    fn start(&mut self, engine: &mut Engine) -> Result<Option<Decode>, EngineError> {
        self.rows.clear();
        let mut rows = Vec::new();
        for (line, place) in self.places.iter().enumerate() {
            let Place::Ready { sequence } = *place else { continue };
            let Line { adapter, sampler, ref tokens, .. } = self.lines[line];
            let Some(&token) = tokens.last() else { continue };
            self.rows.push(line);
            rows.push(DecodeRow { sequence, adapter, token, sampler });
        }
        if rows.is_empty() { Ok(None) } else { engine.start(&rows).map(Some) }
    }

    /// Ends the decode, if one is under way, so that something else can be done; notes what its sequences hold.
    fn pause(&mut self, engine: &mut Engine, caches: &mut Caches) {
        let Some(decode) = self.decode.take() else { return };
        engine.finish(decode);
        for line in mem::take(&mut self.rows) {
            let Some(sequence) = self.places[line].sequence() else { continue };
            let Line { adapter, tokens, .. } = &self.lines[line];
            let length = (engine.length(sequence) as usize).min(tokens.len());
            caches.note(sequence, *adapter, &tokens[..length]);
        }
    }
}

#[cfg(test)]
mod tests;
