//! The columns of one model: rows of one batch.

use engine::Counters;
use engine::generate::Advance;

use super::column::Column;
use crate::protocol::{ColumnRequest, Failure, FinishReason};
use crate::worker::session::Session;
use crate::worker::signals::Ticket;
use crate::worker::writer::Writer;

/// A model and its columns.
pub(super) struct Group {
    pub(super) model: String,
    writer: Writer,
    /// By the number of their line.
    columns: Vec<Column>,
    /// Columns from this one on are still to be rewarded.
    unrewarded: usize,
}

impl Group {
    pub(super) fn new(model: String, session: Session) -> Self {
        Self { model, writer: Writer::new(session), columns: Vec::new(), unrewarded: 0 }
    }

    /// Adds a column. On failure it never began.
    pub(super) fn add(
        &mut self,
        run: u32,
        request: ColumnRequest,
        asked: f64,
    ) -> Result<(), Failure> {
        let Some(session) = self.writer.session() else { return Ok(()) };
        let (mut column, line) = Column::begin(run, request, session, asked)?;
        if line.max_tokens == 0 {
            column.finish(FinishReason::MaxTokens, &Counters::default());
        }
        // Both lists grow together: a column's place is its line's number.
        self.writer.add(line);
        self.columns.push(column);
        Ok(())
    }

    /// Is there anything left to do?
    pub(super) fn is_live(&self) -> bool {
        self.writer.is_live() || self.unrewarded < self.columns.len()
    }

    /// Does one piece of work. Whatever goes wrong ends columns, not the worker.
    pub(super) async fn advance(&mut self, ticket: &Ticket) {
        if ticket.stopped() {
            self.stop();
        } else if self.writer.is_live() {
            match self.writer.advance(ticket).await {
                Ok(advance) => self.tell(advance, ticket),
                Err(failure) => self.fail(&failure),
            }
        } else {
            self.reward(ticket).await;
        }
    }

    /// Decode steps so far.
    pub(super) fn steps(&self) -> u32 {
        self.writer.steps()
    }

    /// Work so far.
    pub(super) fn work(&self) -> &Counters {
        self.writer.work()
    }

    /// Destroys the device.
    pub(super) fn lose_device(&self) {
        self.writer.lose_device();
    }

    /// Gives the model back, if it is still there.
    pub(super) fn into_session(self) -> Option<Session> {
        self.writer.into_session()
    }

    fn tell(&mut self, advance: Advance, ticket: &Ticket) {
        match advance {
            Advance::Idle => {}
            Advance::Filled { line, done } => {
                if let Some(column) = self.columns.get(line) {
                    column.filled(done);
                }
            }
            Advance::Wrote(written) => {
                let stopped = ticket.stopped();
                let Some(session) = self.writer.session() else { return };
                for written in written {
                    let Some(column) = self.columns.get_mut(written.line) else { continue };
                    let ending = written.ending.map(FinishReason::from);
                    let reason = ending.or(stopped.then_some(FinishReason::Stopped));
                    column.wrote(written.report, &session.tokenizer, reason.is_some());
                    if let Some(reason) = reason {
                        column.finish(reason, self.writer.work());
                    }
                }
            }
        }
    }

    /// Ends what has not ended; nothing is rewarded any more.
    fn stop(&mut self) {
        self.writer.stop();
        let work = self.writer.work();
        self.columns.iter_mut().for_each(|column| column.finish(FinishReason::Stopped, work));
        self.unrewarded = self.columns.len();
    }

    fn fail(&mut self, failure: &Failure) {
        let work = self.writer.work();
        self.columns.iter_mut().for_each(|column| column.fail(failure.clone(), work));
        self.unrewarded = self.columns.len();
    }

    /// Rewards the next column, if its answer is there and there is a reward model.
    async fn reward(&mut self, ticket: &Ticket) {
        let place = self.unrewarded;
        self.unrewarded += 1;
        let Some(ids) = self.finished_chat(place) else { return };
        match self.writer.reward(&ids, ticket).await {
            Ok(reward) => self.columns[place].rewarded(reward),
            Err(failure) => {
                // The answers are there; only their rewards are not.
                self.columns[place].not_rewarded(failure);
                self.unrewarded = self.columns.len();
            }
        }
    }

    fn finished_chat(&self, place: usize) -> Option<Vec<u32>> {
        let column = self.columns.get(place).filter(|column| column.is_finished())?;
        let answer = self.writer.line(place)?.tokens.get(column.prompt_tokens..)?;
        if answer.is_empty() {
            return None;
        }
        self.writer.session()?.finished_chat(&column.prompt, answer)
    }
}
