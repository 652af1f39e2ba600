//! Many answers to one prompt, drawn as rows of batches.

use engine::SamplerSettings;
use engine::generate::{Advance, Line, Written};

use super::models::Models;
use super::outbox;
use super::session::Session;
use super::signals::Ticket;
use super::writer::Writer;
use crate::protocol::{Event, Failure, FailureKind, FinishReason, MAX_SAMPLES, SamplesRequest};

const MIN_SAMPLES: u32 = 2;

/// Serves a `Samples`.
pub(super) async fn draw(models: &Models, request: SamplesRequest, ticket: &Ticket) {
    let run = request.run;
    match models.take(&request.model) {
        Ok(session) => {
            let (session, drawn) = draw_all(models, session, &request, ticket).await;
            models.give_back(&request.model, session);
            if let Err(failure) = drawn {
                outbox::fail(failure.in_run(run));
            }
        }
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
    outbox::post(&Event::SamplesEnded { run });
}

async fn draw_all(
    models: &Models,
    session: Session,
    request: &SamplesRequest,
    ticket: &Ticket,
) -> (Option<Session>, Result<(), Failure>) {
    let lines = match lines(&session, request) {
        Ok(lines) => lines,
        Err(failure) => return (Some(session), Err(failure)),
    };
    let mut writer = Writer::new(session);
    // Sums of the answers' log probabilities, by the number of their line.
    let mut logprobs = Vec::new();
    for line in lines {
        writer.add(line);
        logprobs.push(0.0);
    }
    let mut outcome = Ok(());
    while writer.is_live() {
        if ticket.stopped() {
            writer.stop();
            break;
        }
        if ticket.devices_to_lose() {
            models.lose_devices();
            writer.lose_device();
        }
        match writer.advance(ticket).await {
            Ok(Advance::Wrote(written)) => {
                for written in written {
                    take(&writer, request.run, &written, &mut logprobs);
                }
            }
            Ok(Advance::Filled { .. } | Advance::Idle) => {}
            Err(failure) => outcome = Err(failure),
        }
    }
    (writer.into_session(), outcome)
}

/// The answers, each with its seed. They begin alike: the first computes the prompt for all.
fn lines(session: &Session, request: &SamplesRequest) -> Result<Vec<Line>, Failure> {
    let SamplesRequest { stage, prompt, sampler, max_tokens, count, .. } = request;
    if !(MIN_SAMPLES..=MAX_SAMPLES).contains(count) {
        let detail = format!("{count} samples; there can be {MIN_SAMPLES} to {MAX_SAMPLES}");
        return Err(Failure::new(FailureKind::Internal, detail));
    }
    let adapter = session.stages.adapter(stage)?;
    let encoded = session.encode(prompt)?;
    // One place is for the answer.
    let tokens = session.join(&encoded.ids, &[], 1)?;
    let line = |index: u32| {
        let seed = sampler.seed.wrapping_add(index.into());
        Line::new(adapter, SamplerSettings { seed, ..*sampler }, tokens.clone(), *max_tokens)
    };
    Ok((0..*count).map(line).collect())
}

/// Takes a token; tells the page the answer if it ends with it.
fn take(writer: &Writer, run: u32, written: &Written, logprobs: &mut [f64]) {
    let Some(logprob) = logprobs.get_mut(written.line) else { return };
    *logprob += f64::from(written.report.logprob);
    let (Some(reason), Some(line), Some(session)) =
        (written.ending, writer.line(written.line), writer.session())
    else {
        return;
    };
    let index = written.line as u32;
    tell(session, run, index, line.written(), reason.into(), *logprob);
}

fn tell(session: &Session, run: u32, index: u32, ids: &[u32], reason: FinishReason, logprob: f64) {
    let tokenizer = &session.tokenizer;
    let content: Vec<u32> = ids.iter().copied().filter(|id| !tokenizer.is_special(*id)).collect();
    outbox::post(&Event::Sample {
        run,
        index,
        text: tokenizer.decode(&content),
        ids: ids.to_vec(),
        reason,
        logprob: logprob as f32,
    });
}
