//! Requests that look at one place: the next token's logits, the exact text that would go in.

use engine::TraceRequest;

use super::models::Models;
use super::outbox;
use super::session::{Encoded, Session};
use super::signals::Ticket;
use super::views;
use super::writer;
use crate::protocol::{Event, Failure, Prompt};

/// What is looked at.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) model: &'a str,
    pub(super) stage: &'a str,
    pub(super) prompt: &'a Prompt,
}

/// Serves a `Distribution`.
pub(super) async fn distribution(
    models: &Models,
    run: u32,
    place: Place<'_>,
    answer: &[u32],
    ticket: &Ticket,
) {
    let session = match models.take(place.model) {
        Ok(session) => session,
        Err(failure) => return outbox::fail(failure.in_run(run)),
    };
    let work = async |session: &mut Session| logits(session, place, answer, ticket).await;
    let (session, outcome) = writer::with_device(session, ticket, work).await;
    models.give_back(place.model, session);
    match outcome {
        Ok(logits) => outbox::post(&Event::Distribution { run, logits }),
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}

/// Logits (vocab) after a prompt and an answer; none if stopped. Computed aside, so that the columns keep their caches.
async fn logits(
    session: &mut Session,
    place: Place<'_>,
    answer: &[u32],
    ticket: &Ticket,
) -> Result<Vec<f32>, Failure> {
    let adapter = session.stages.adapter(place.stage)?;
    let prompt = session.encode(place.prompt)?;
    let tokens = session.join(&prompt.ids, answer, 0)?;
    let Session { engine, caches, .. } = session;
    let sequence = caches.aside();
    let done = caches.prepare(engine, sequence, adapter, &tokens)?;
    // A prompt has a token, so there is a last one.
    let (before, last) = tokens.split_at(tokens.len().saturating_sub(1));
    let rest = before.get(done..).unwrap_or_default();
    if !writer::fill(engine, sequence, adapter, rest, ticket).await? {
        caches.forget();
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let nothing = TraceRequest::default();
    engine.score(sequence, adapter, last, &nothing, |_, logits| found = logits.to_vec()).await?;
    caches.note(sequence, adapter, &tokens);
    Ok(found)
}

/// Serves a `Tokenize`.
pub(super) fn tokenize(models: &Models, run: u32, place: Place<'_>) {
    let looked = models.look(place.model, |session| {
        session.stages.adapter(place.stage)?;
        let Encoded { text, ids } = session.encode(place.prompt)?;
        Ok(Event::Tokenized { run, text, tokens: views::prompt(&session.tokenizer, &ids) })
    });
    match looked {
        Ok(event) => outbox::post(&event),
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}
