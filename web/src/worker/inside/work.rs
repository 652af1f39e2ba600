//! A text on its way through a model, watched.

use engine::{Trace, TraceRequest};

use super::{post, refuse};
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, InsideText, TokenValue};
use crate::worker::clock;
use crate::worker::pace::Ticker;
use crate::worker::session::Session;
use crate::worker::signals::Ticket;
use crate::worker::views;
use crate::worker::writer;

/// A model, a text, and the question's number.
pub(super) struct Work<'a> {
    run: u32,
    pub(super) ticket: &'a Ticket,
    pub(super) session: &'a mut Session,
    /// Of the stage.
    pub(super) adapter: u32,
    /// The prompt as it goes in.
    pub(super) prompt: String,
    pub(super) prompt_tokens: usize,
    /// Prompt and answer; never empty.
    pub(super) tokens: Vec<u32>,
    ticker: Ticker,
}

impl<'a> Work<'a> {
    /// Encodes the text.
    pub(super) fn new(
        session: &'a mut Session,
        run: u32,
        text: &InsideText,
        ticket: &'a Ticket,
    ) -> Result<Self, Failure> {
        let adapter = session.stages.adapter(&text.stage)?;
        let prompt = session.encode(&text.prompt)?;
        let tokens = session.join(&prompt.ids, &text.answer, 0)?;
        Ok(Self {
            run,
            ticket,
            session,
            adapter,
            prompt: prompt.text,
            prompt_tokens: prompt.ids.len(),
            tokens,
            ticker: Ticker::default(),
        })
    }

    /// Tells the page a part of the answer.
    pub(super) fn tell(&self, answer: Answer) {
        post(self.run, answer);
    }

    /// Tells the page how far the work is, ten times per second at most.
    pub(super) fn progress(&mut self, done: usize, total: usize) {
        if self.ticker.due(clock::now()) {
            self.tell(Answer::Progress { done: done as u32, total: total as u32 });
        }
    }

    /// A place of the text.
    pub(super) fn token(&self, token: u32) -> Result<usize, Failure> {
        below("token", token, self.tokens.len() as u32)
    }

    pub(super) fn layer(&self, layer: u32) -> Result<usize, Failure> {
        below("layer", layer, self.session.engine.layers())
    }

    /// A token with a number, for display.
    pub(super) fn value(&self, id: u32, value: f32) -> TokenValue {
        TokenValue { token: views::alone(&self.session.tokenizer, id), value }
    }

    /// Runs tokens `from..to` of the text, those before them from the cache if they are there, in pieces of at most
    /// `rows`, and shows each piece's first token and trace. False: stopped.
    pub(super) async fn watch(
        &mut self,
        from: usize,
        to: usize,
        rows: usize,
        request: &TraceRequest,
        mut see: impl FnMut(usize, &Trace),
    ) -> Result<bool, Failure> {
        let rows = rows.clamp(1, self.session.engine.max_rows().max(1) as usize);
        let Session { engine, caches, .. } = &mut *self.session;
        let (sequence, adapter) = (caches.aside(), self.adapter);
        // All but the last of these at most, so that `from` itself is run.
        let done = caches.prepare(engine, sequence, adapter, &self.tokens[..=from])?.min(from);
        let before = &self.tokens[done..from];
        if !writer::fill(engine, sequence, adapter, before, self.ticket).await? {
            caches.forget();
            return Ok(false);
        }
        let mut at = from;
        for piece in self.tokens[from..to].chunks(rows) {
            if self.ticket.stopped() {
                caches.forget();
                return Ok(false);
            }
            let trace = engine.trace(sequence, adapter, piece, request).await?;
            see(at, &trace);
            at += piece.len();
            clock::pause().await;
        }
        caches.note(sequence, adapter, &self.tokens[..to]);
        Ok(true)
    }

    /// Logits (vocab) after tokens; `None`: stopped.
    pub(super) async fn logits_after(
        &mut self,
        tokens: &[u32],
    ) -> Result<Option<Vec<f32>>, Failure> {
        let Some((last, before)) = tokens.split_last() else { return refuse("no token is left") };
        let Session { engine, caches, .. } = &mut *self.session;
        let (sequence, adapter) = (caches.aside(), self.adapter);
        let done = caches.prepare(engine, sequence, adapter, tokens)?.min(before.len());
        if !writer::fill(engine, sequence, adapter, &before[done..], self.ticket).await? {
            caches.forget();
            return Ok(None);
        }
        let mut found = Vec::new();
        let nothing = TraceRequest::default();
        let visit = |_: u32, logits: &[f32]| found = logits.to_vec();
        engine.score(sequence, adapter, &[*last], &nothing, visit).await?;
        caches.note(sequence, adapter, tokens);
        clock::pause().await;
        Ok(Some(found))
    }
}

/// Is `value` below `end`?
pub(super) fn below(what: &str, value: u32, end: u32) -> Result<usize, Failure> {
    if value < end {
        return Ok(value as usize);
    }
    refuse(format!("{what} {value}; there are {end}"))
}
