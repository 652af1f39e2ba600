//! Calls of techniques and experiments, as rows of one batch.

use std::mem;

use engine::SamplerSettings;
use engine::generate::{Advance, Line, Saving};
use lab::prompt::{Rendered, Stretch, render, text_of};
use lab::technique::{ModelCall, Writing};
use text::Tokenizer;

use super::parts;
use crate::protocol::lab::{CallTokens, LabCall, LabEvent, PrefixSaving};
use crate::protocol::{Counters, Event, Failure, FinishReason};
use crate::worker::clock;
use crate::worker::models::Models;
use crate::worker::outbox;
use crate::worker::session::{Encoded, Session};
use crate::worker::signals::Ticket;
use crate::worker::views;
use crate::worker::writer::Writer;

/// What the page asks for.
pub(super) struct Asked {
    pub(super) run: u32,
    pub(super) model: String,
    pub(super) calls: Vec<LabCall>,
    pub(super) tokens: bool,
}

/// A call under way.
struct Row {
    call: LabCall,
    /// What went in; empty if nobody wants to see it.
    text: String,
    stretches: Vec<Stretch>,
    writing: Writing,
}

/// What was done.
#[derive(Default)]
struct Done {
    replies: u32,
    saving: Saving,
    counters: Counters,
    failure: Option<Failure>,
}

/// Serves a `Calls`.
pub(super) async fn run(models: &Models, asked: Asked, ticket: &Ticket) {
    let began = clock::now();
    let Asked { run, model, calls, tokens } = asked;
    let done = match models.take(&model) {
        Ok(session) => {
            let mut writer = Writer::new(session);
            let rows = begin(&mut writer, run, calls, tokens);
            let done = write(models, &mut writer, rows, (run, tokens), ticket).await;
            models.give_back(&model, writer.into_session());
            done
        }
        Err(failure) => Done { failure: Some(failure), ..Done::default() },
    };
    let Done { replies, saving, counters, failure } = done;
    let saving =
        PrefixSaving { prompt_tokens: saving.tokens as u32, reused_tokens: saving.reused as u32 };
    let failure = failure.map(|failure| failure.in_run(run));
    let seconds = (clock::now() - began) / 1000.0;
    let ended = LabEvent::BatchEnded { run, replies, seconds, saving, counters, failure };
    outbox::post(&Event::Lab(ended));
}

/// Encodes the prompts and adds a line for each call that can be run; the page is told of the others. A row's place is
/// its line's number.
fn begin(writer: &mut Writer, run: u32, calls: Vec<LabCall>, tokens: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for call in calls {
        let Some(session) = writer.session() else { break };
        let id = call.id;
        match begin_one(session, call, tokens) {
            Ok((row, line)) => {
                writer.add(line);
                rows.push(row);
            }
            Err(failure) => {
                let failure = failure.in_run(run);
                outbox::post(&Event::Lab(LabEvent::Refused { run, id, failure }));
            }
        }
    }
    rows
}

fn begin_one(session: &Session, call: LabCall, tokens: bool) -> Result<(Row, Line), Failure> {
    let adapter = session.stages.adapter(&call.stage)?;
    let ModelCall { input, segments, max_tokens, .. } = &call.call;
    let tokenizer = &session.tokenizer;
    let Rendered { text, stretches } = if tokens {
        render(input, segments, tokenizer)?
    } else {
        Rendered { text: text_of(input, tokenizer)?, stretches: Vec::new() }
    };
    let Encoded { text, ids } = session.encode_text(text)?;
    // One place is for the answer.
    let ids = session.join(&ids, &[], 1)?;
    let line = Line::new(adapter, sampler(&call.call), ids, *max_tokens);
    let text = if tokens { text } else { String::new() };
    let writing = Writing::new(&call.call);
    Ok((Row { call, text, stretches, writing }, line))
}

fn sampler(call: &ModelCall) -> SamplerSettings {
    let lab::technique::Sampling { temperature, top_k, top_p, min_p, repeat_penalty } =
        call.sampling;
    SamplerSettings { temperature, top_k, top_p, min_p, repeat_penalty, seed: call.seed }
}

/// Runs the rows to their ends.
async fn write(
    models: &Models,
    writer: &mut Writer,
    mut rows: Vec<Row>,
    (run, tokens): (u32, bool),
    ticket: &Ticket,
) -> Done {
    let mut done = Done::default();
    for (line, row) in rows.iter_mut().enumerate() {
        // Nothing to write: answered at once.
        if row.call.call.max_tokens == 0 {
            tell(writer, run, (line, row), FinishReason::MaxTokens, tokens);
            done.replies += 1;
        }
    }
    while writer.is_live() {
        if ticket.stopped() {
            writer.stop();
            break;
        }
        if ticket.devices_to_lose() {
            models.lose_devices();
            writer.lose_device();
        }
        let stops = |tokenizer: &Tokenizer, line: usize, id: u32| {
            rows.get_mut(line).is_some_and(|row| row.writing.push(tokenizer, id))
        };
        match writer.advance_until(ticket, stops).await {
            Ok(Advance::Wrote(written)) => {
                for written in written {
                    let (Some(ending), Some(row)) = (written.ending, rows.get_mut(written.line))
                    else {
                        continue;
                    };
                    tell(writer, run, (written.line, row), ending.into(), tokens);
                    done.replies += 1;
                }
            }
            Ok(Advance::Filled { .. } | Advance::Idle) => {}
            Err(failure) => done.failure = Some(failure),
        }
    }
    done.saving = writer.saving();
    done.counters = *writer.work();
    done
}

/// Tells the page a reply.
fn tell(
    writer: &Writer,
    run: u32,
    (line, row): (usize, &mut Row),
    reason: FinishReason,
    tokens: bool,
) {
    let (Some(session), Some(line)) = (writer.session(), writer.line(line)) else { return };
    let tokenizer = &session.tokenizer;
    let prompt = line.tokens.get(..line.given).unwrap_or_default();
    let reply = mem::take(&mut row.writing).finish(prompt.len() as u32, line.reused() as u32);
    let tokens = tokens.then(|| CallTokens {
        text: row.text.clone(),
        prompt: views::prompt(tokenizer, prompt),
        parts: parts::parts_of(tokenizer, &row.text, prompt, &row.stretches),
        stretches: row.stretches.clone(),
        answer: views::prompt(tokenizer, line.written()),
    });
    let id = row.call.id;
    outbox::post(&Event::Lab(LabEvent::Reply { run, id, reply, reason, tokens }));
}
