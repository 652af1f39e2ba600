//! Lines, and the decode of those that are ready.

use std::mem;

use super::caches::Caches;
use crate::decode::{Decode, DecodeRow};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::settings::{SamplerSettings, StepReport};

/// One answer on its way.
#[derive(Clone, Debug)]
pub struct Line {
    /// Of its stage; 0 is the base.
    pub adapter: u32,
    /// How its tokens are chosen.
    pub sampler: SamplerSettings,
    /// What was given, then what was written.
    pub tokens: Vec<u32>,
    /// Tokens that were given.
    pub given: usize,
    /// Tokens to write at most.
    pub max_tokens: u32,
    /// Given tokens that were not computed, once it has a sequence.
    reused: Option<usize>,
    ending: Option<Ending>,
}

/// Why a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its last token ends it.
    Stop,
    /// It has as many tokens as it may.
    MaxTokens,
    /// The context has no room for more.
    ContextFull,
}

/// What taking over has saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// Given tokens of the lines that have begun.
    pub tokens: usize,
    /// Those of them that were not computed.
    pub reused: usize,
}

impl Line {
    /// Goes on after these tokens.
    pub fn new(adapter: u32, sampler: SamplerSettings, tokens: Vec<u32>, max_tokens: u32) -> Self {
        let given = tokens.len();
        Self { adapter, sampler, tokens, given, max_tokens, reused: None, ending: None }
    }

    /// What was written.
    pub fn written(&self) -> &[u32] {
        self.tokens.get(self.given..).unwrap_or_default()
    }

    /// Given tokens that were not computed.
    pub fn reused(&self) -> usize {
        self.reused.unwrap_or(0)
    }

    /// Why it ended by itself; `None` if it has not, or had nothing to write, or was ended.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    fn new_tokens(&self) -> u32 {
        self.written().len() as u32
    }

    /// Does it end here? What the model wants comes before what was set.
    fn end(&self, stops: bool, context: u32) -> Option<Ending> {
        if stops {
            Some(Ending::Stop)
        } else if self.new_tokens() >= self.max_tokens {
            Some(Ending::MaxTokens)
        } else if self.tokens.len() >= context as usize {
            Some(Ending::ContextFull)
        } else {
            None
        }
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
pub enum Advance {
    /// A line's tokens are in its cache as far as `done`.
    Filled {
        /// Its number.
        line: usize,
        /// Tokens.
        done: usize,
    },
    /// A token for every row.
    Wrote(Vec<Written>),
    /// There is nothing to do.
    Idle,
}

/// A line's next token.
#[derive(Debug, PartialEq)]
pub struct Written {
    /// Its number.
    pub line: usize,
    /// The token, and what else there was.
    pub report: StepReport,
    /// Why the line ends with it, if it does.
    pub ending: Option<Ending>,
}

/// Lines, and the decode of those that are ready.
#[derive(Debug, Default)]
pub struct Batch {
    lines: Vec<Line>,
    /// Of each line.
    places: Vec<Place>,
    decode: Option<Decode>,
    /// The line of each row of `decode`.
    rows: Vec<usize>,
    /// Decode steps so far.
    pub steps: u32,
}

impl Batch {
    /// Adds a line and gives its number.
    pub fn add(&mut self, line: Line) -> usize {
        // Nothing to write, or nothing to begin with.
        let ended = line.max_tokens == 0 || line.tokens.is_empty();
        self.lines.push(line);
        self.places.push(if ended { Place::Ended } else { Place::Waiting });
        self.lines.len() - 1
    }

    /// A line by its number.
    pub fn line(&self, line: usize) -> Option<&Line> {
        self.lines.get(line)
    }

    /// Has any line something to write?
    pub fn is_live(&self) -> bool {
        self.places.iter().any(|place| *place != Place::Ended)
    }

    /// Tokens written by all lines together.
    pub fn new_tokens(&self) -> u32 {
        self.lines.iter().map(Line::new_tokens).sum()
    }

    /// What taking over has saved so far.
    pub fn saving(&self) -> Saving {
        let mut saving = Saving::default();
        for line in &self.lines {
            if let Some(reused) = line.reused {
                saving.tokens += line.given;
                saving.reused += reused;
            }
        }
        saving
    }

    /// Works until every line has ended. See [`Batch::advance`].
    ///
    /// # Errors
    /// As [`Batch::advance`]; then every line has ended as far as it came.
    pub async fn run(
        &mut self,
        engine: &mut Engine,
        caches: &mut Caches,
        mut stops: impl FnMut(usize, u32) -> bool,
    ) -> Result<(), EngineError> {
        while self.is_live() {
            if let Err(error) = self.advance(engine, caches, &mut stops).await {
                caches.forget();
                self.end(engine, caches);
                return Err(error);
            }
        }
        Ok(())
    }

    /// One piece of work: a piece of a line's prompt, or one step for all that are ready. `stops` is asked once for
    /// every token that a line writes, with the line's number, in order: is it the line's last?
    ///
    /// # Errors
    /// Tokens that the context does not hold, unknown ids or adapters, or a failing GPU. After an error, either
    /// [`Batch::begin_again`] or [`Batch::end`] has to follow.
    pub async fn advance(
        &mut self,
        engine: &mut Engine,
        caches: &mut Caches,
        stops: impl FnMut(usize, u32) -> bool,
    ) -> Result<Advance, EngineError> {
        if let Some((line, sequence)) = self.next_to_admit(caches) {
            self.pause(engine, caches);
            let own = &mut self.lines[line];
            let done = caches.prepare(engine, sequence, own.adapter, &own.tokens)?;
            // After the loss of a device it begins again; that is no saving.
            own.reused.get_or_insert(done);
            self.places[line] = Place::Filling { sequence, done };
            return Ok(Advance::Filled { line, done });
        }
        if let Some((line, sequence, done)) = self.next_to_fill() {
            self.pause(engine, caches);
            return self.fill(engine, caches, line, sequence, done).await;
        }
        self.step(engine, caches, stops).await
    }

    /// Ends every line that has not ended; the caches keep what they have.
    pub fn end(&mut self, engine: &mut Engine, caches: &mut Caches) {
        self.pause(engine, caches);
        self.places.fill(Place::Ended);
    }

    /// The engine is another one, with empty caches: lines go on from the tokens they have.
    pub fn begin_again(&mut self) {
        self.drop_decode();
        for place in &mut self.places {
            if *place != Place::Ended {
                *place = Place::Waiting;
            }
        }
    }

    /// There is no engine any more.
    pub fn give_up(&mut self) {
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
        mut stops: impl FnMut(usize, u32) -> bool,
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
                own.ending = own.end(stops(line, report.token), context);
                Written { line, ending: own.ending, report }
            })
            .collect();
        if written.iter().any(|written| written.ending.is_some()) {
            self.pause(engine, caches);
            for written in written.iter().filter(|written| written.ending.is_some()) {
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
