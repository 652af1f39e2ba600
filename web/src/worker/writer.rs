//! A model that writes answers, and goes on with them when its device is lost.

use engine::generate::{Advance, Batch, Line, Saving};
use engine::{Counters, Engine, EngineError, ErrorKind};
use text::Tokenizer;

use super::clock;
use super::outbox;
use super::session::Session;
use super::signals::Ticket;
use super::tally;
use crate::protocol::{Event, Failure, FailureKind};

/// A model and the answers that it writes.
pub(super) struct Writer {
    /// `None` once the device was lost for good.
    session: Option<Session>,
    batch: Batch,
    /// The counters as last read on this device.
    before: Counters,
    /// Work on all devices so far.
    work: Counters,
    tokens_at_loss: Option<u32>,
    /// The device is new, and the page does not know yet.
    restoring: bool,
}

impl Writer {
    pub(super) fn new(session: Session) -> Self {
        Self {
            before: session.engine.counters(),
            session: Some(session),
            batch: Batch::default(),
            work: Counters::default(),
            tokens_at_loss: None,
            restoring: false,
        }
    }

    /// Adds an answer and gives its number.
    pub(super) fn add(&mut self, line: Line) -> usize {
        self.batch.add(line)
    }

    pub(super) fn line(&self, line: usize) -> Option<&Line> {
        self.batch.line(line)
    }

    pub(super) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Has any answer something to write?
    pub(super) fn is_live(&self) -> bool {
        self.session.is_some() && self.batch.is_live()
    }

    /// Decode steps so far.
    pub(super) fn steps(&self) -> u32 {
        self.batch.steps
    }

    /// Work so far.
    pub(super) fn work(&self) -> &Counters {
        &self.work
    }

    /// What taking over the beginnings of answers has saved so far.
    pub(super) fn saving(&self) -> Saving {
        self.batch.saving()
    }

    /// One piece of work; makes way for messages. After a failure nothing is live any more.
    pub(super) async fn advance(&mut self, ticket: &Ticket) -> Result<Advance, Failure> {
        self.advance_until(ticket, |tokenizer, _, id| tokenizer.is_stop(id)).await
    }

    /// The same, where not only the model says when an answer ends: `stops` is asked once for every token that is
    /// written, with the number of its answer.
    pub(super) async fn advance_until(
        &mut self,
        ticket: &Ticket,
        mut stops: impl FnMut(&Tokenizer, usize, u32) -> bool,
    ) -> Result<Advance, Failure> {
        let Some(Session { engine, tokenizer, caches, .. }) = &mut self.session else {
            return Ok(Advance::Idle);
        };
        let stops = |line: usize, id: u32| stops(tokenizer, line, id);
        let advanced = self.batch.advance(engine, caches, stops).await;
        let gpu = engine.is_gpu();
        tally::read_work(&mut self.work, &mut self.before, engine.counters());
        match advanced {
            Ok(advance) => {
                let wrote = matches!(advance, Advance::Wrote(_));
                if wrote && std::mem::take(&mut self.restoring) {
                    outbox::post(&Event::DeviceRestored);
                }
                // A step on the GPU has waited for the device, and messages were read meanwhile.
                if !(gpu && wrote) {
                    clock::pause().await;
                }
                Ok(advance)
            }
            Err(error) => self.recover(error, ticket).await.map(|()| Advance::Idle),
        }
    }

    /// The reward of a finished conversation.
    pub(super) async fn reward(&mut self, ids: &[u32], ticket: &Ticket) -> Result<f32, Failure> {
        loop {
            let Some(session) = &mut self.session else {
                return Err(Failure::new(FailureKind::DeviceLost, "the model is gone"));
            };
            let rewarded = session.reward(ids).await;
            tally::read_work(&mut self.work, &mut self.before, session.engine.counters());
            clock::pause().await;
            match rewarded {
                Ok(reward) => {
                    if std::mem::take(&mut self.restoring) {
                        outbox::post(&Event::DeviceRestored);
                    }
                    return Ok(reward);
                }
                Err(error) => self.recover(error, ticket).await?,
            }
        }
    }

    /// Ends all answers as far as they have come.
    pub(super) fn stop(&mut self) {
        match &mut self.session {
            Some(session) => self.batch.end(&mut session.engine, &mut session.caches),
            None => self.batch.give_up(),
        }
    }

    /// Destroys the device, as a driver reset would.
    pub(super) fn lose_device(&self) {
        self.session.iter().for_each(|session| session.engine.lose_device());
    }

    /// The model, if it is still there.
    pub(super) fn into_session(self) -> Option<Session> {
        self.session
    }

    /// Builds the model again if its device was lost. Any other error ends all answers.
    async fn recover(&mut self, error: EngineError, ticket: &Ticket) -> Result<(), Failure> {
        let lost = error.kind() == ErrorKind::DeviceLost;
        if !lost {
            if let Some(session) = &mut self.session {
                session.caches.forget();
            }
            self.stop();
            return Err(error.into());
        }
        let Some(session) = self.session.take() else { return Err(error.into()) };
        if !tally::may_rebuild(&mut self.tokens_at_loss, self.batch.new_tokens()) {
            session.engine.destroy();
            self.batch.give_up();
            return Err(error.into());
        }
        match session.rebuild(ticket).await {
            Ok(session) => {
                self.before = session.engine.counters();
                self.session = Some(session);
                self.batch.begin_again();
                self.restoring = true;
                Ok(())
            }
            Err(failure) => {
                self.batch.give_up();
                Err(failure)
            }
        }
    }
}

/// Does something with a model that is not writing answers. If its device is lost meanwhile, the model is built
/// again and the work is done again, once. Gives the model back, unless it is gone for good.
pub(super) async fn with_device<T>(
    session: Session,
    ticket: &Ticket,
    mut work: impl AsyncFnMut(&mut Session) -> Result<T, Failure>,
) -> (Option<Session>, Result<T, Failure>) {
    let mut session = session;
    let mut again = false;
    loop {
        let outcome = work(&mut session).await;
        let failure = match outcome {
            Ok(done) => {
                if again {
                    outbox::post(&Event::DeviceRestored);
                }
                return (Some(session), Ok(done));
            }
            Err(failure) => failure,
        };
        // Nobody knows what the caches hold now.
        session.caches.forget();
        if failure.kind != FailureKind::DeviceLost {
            return (Some(session), Err(failure));
        }
        if again {
            session.engine.destroy();
            return (None, Err(failure));
        }
        again = true;
        session = match session.rebuild(ticket).await {
            Ok(session) => session,
            Err(failure) => return (None, Err(failure)),
        };
    }
}

/// Brings tokens that follow what a sequence holds into its cache, in pieces that make way for messages. False: stopped.
pub(super) async fn fill(
    engine: &mut Engine,
    sequence: u32,
    adapter: u32,
    tokens: &[u32],
    ticket: &Ticket,
) -> Result<bool, EngineError> {
    for piece in tokens.chunks(engine.max_rows().max(1) as usize) {
        if ticket.stopped() {
            return Ok(false);
        }
        engine.prefill(sequence, adapter, piece).await?;
        clock::pause().await;
    }
    Ok(!ticket.stopped())
}
