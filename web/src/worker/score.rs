//! One text through several stages: how surprised each of them is, and how far apart they are.

use engine::{EngineError, TraceRequest};

use super::clock;
use super::measure::{Distribution, bits_per_character};
use super::models::Models;
use super::outbox;
use super::session::Session;
use super::signals::Ticket;
use super::views;
use super::writer;
use crate::protocol::{
    Event, Failure, FailureKind, MAX_COLUMNS, ScoreRequest, ScoredStage, ScoredToken,
};

/// Places of the text that are looked at together: the logits of so many, from two stages, are held at once.
const PLACES: usize = 8;

/// Serves a `Score`.
pub(super) async fn score(models: &Models, request: ScoreRequest, ticket: &Ticket) {
    let run = request.run;
    let session = match models.take(&request.model) {
        Ok(session) => session,
        Err(failure) => return outbox::fail(failure.in_run(run)),
    };
    let work = async |session: &mut Session| read(session, &request, ticket).await;
    let (session, outcome) = writer::with_device(session, ticket, work).await;
    models.give_back(&request.model, session);
    match outcome {
        Ok(scored) => outbox::post(&scored),
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}

/// A stage on its way through the text.
struct Reading {
    sequence: u32,
    adapter: u32,
    prompt: Vec<u32>,
    scored: ScoredStage,
    /// Of all tokens so far.
    logprob: f64,
}

async fn read(
    session: &mut Session,
    request: &ScoreRequest,
    ticket: &Ticket,
) -> Result<Event, Failure> {
    let ScoreRequest { run, answer, .. } = request;
    let mut readings = begin(session, request)?;
    let mut read = 0;
    while read < answer.len() && !ticket.stopped() {
        let to = answer.len().min(read + PLACES);
        if !read_places(session, &mut readings, answer, read..to, ticket).await? {
            // What only some of the stages have seen does not count.
            readings.iter_mut().for_each(|reading| reading.shorten(read));
            break;
        }
        read = to;
    }
    let tokenizer = &session.tokenizer;
    let tokens = views::prompt(tokenizer, &answer[..read]);
    let shown = tokens.iter().filter(|token| !token.special);
    let bytes: Vec<u8> = shown.flat_map(|token| token.bytes.iter().copied()).collect();
    let characters = String::from_utf8_lossy(&bytes).chars().count();
    let stages = readings.into_iter().map(|reading| reading.finish(characters)).collect();
    Ok(Event::Scored { run: *run, tokens, stages })
}

/// Checks the request and encodes the prompts.
fn begin(session: &Session, request: &ScoreRequest) -> Result<Vec<Reading>, Failure> {
    let ScoreRequest { stages, answer, .. } = request;
    if stages.is_empty() || stages.len() > MAX_COLUMNS {
        let detail = format!("{} stages; there can be 1 to {MAX_COLUMNS}", stages.len());
        return Err(Failure::new(FailureKind::Internal, detail));
    }
    if answer.is_empty() {
        return Err(Failure::new(FailureKind::EmptyPrompt, "the text has no token"));
    }
    let mut readings: Vec<Reading> = Vec::new();
    for stage in stages {
        let adapter = session.stages.adapter(&stage.stage)?;
        let prompt = session.encode(&stage.prompt)?.ids;
        session.join(&prompt, answer, 0)?;
        let taken = |sequence| readings.iter().any(|other| other.sequence == sequence);
        let own = session.caches.pick(adapter, &prompt, taken);
        // Where there are fewer sequences than stages, they take turns in one.
        let sequence = own.unwrap_or_default();
        let scored = ScoredStage {
            stage: stage.stage.clone(),
            prompt_tokens: prompt.len() as u32,
            positions: Vec::new(),
            bits_per_character: 0.0,
        };
        readings.push(Reading { sequence, adapter, prompt, scored, logprob: 0.0 });
    }
    Ok(readings)
}

/// Reads places `places` of the text with every stage, one after another. False: stopped.
async fn read_places(
    session: &mut Session,
    readings: &mut [Reading],
    answer: &[u32],
    places: std::ops::Range<usize>,
    ticket: &Ticket,
) -> Result<bool, Failure> {
    let vocab = session.engine.vocab().max(1) as usize;
    let mut last: Option<Vec<f32>> = None;
    for stage in 0..readings.len() {
        let Some(logits) =
            logits(session, &readings[stage], answer, places.clone(), ticket).await?
        else {
            return Ok(false);
        };
        for (index, (own, id)) in
            logits.chunks_exact(vocab).zip(&answer[places.clone()]).enumerate()
        {
            let own = Distribution::new(own);
            readings[stage].take(*id, &own)?;
            // The stage before this one had this one as its next.
            let before = last.as_ref().and_then(|all| all.chunks_exact(vocab).nth(index));
            if let (Some(before), Some(previous)) = (before, stage.checked_sub(1)) {
                let kl = Distribution::new(before).kl(&own) as f32;
                let positions = &mut readings[previous].scored.positions;
                if let Some(position) = positions.get_mut(places.start + index) {
                    position.kl_to_next = Some(kl);
                }
            }
        }
        last = Some(logits);
        clock::pause().await;
    }
    Ok(true)
}

/// Logits (places, vocab): what a stage expects at each of the places. `None`: stopped.
async fn logits(
    session: &mut Session,
    reading: &Reading,
    answer: &[u32],
    places: std::ops::Range<usize>,
    ticket: &Ticket,
) -> Result<Option<Vec<f32>>, EngineError> {
    let Session { engine, caches, .. } = session;
    let Reading { sequence, adapter, .. } = *reading;
    let prompt = reading.prompt.as_slice();
    // What stands before the last of the places: each place is expected after the token before it.
    let tokens = [prompt, &answer[..places.end.saturating_sub(1)]].concat();
    let from = (prompt.len() + places.start).saturating_sub(1);
    let (before, fed) = tokens.split_at(from);
    // All but the last of these, so that the first place's logits are computed.
    let done = caches.prepare(engine, sequence, adapter, &tokens[..=from])?.min(from);
    if !writer::fill(engine, sequence, adapter, &before[done..], ticket).await? {
        caches.forget();
        return Ok(None);
    }
    let mut all = Vec::new();
    let nothing = TraceRequest::default();
    for piece in fed.chunks(engine.max_rows().max(1) as usize) {
        let visit = |_: u32, logits: &[f32]| all.extend_from_slice(logits);
        engine.score(sequence, adapter, piece, &nothing, visit).await?;
    }
    caches.note(sequence, adapter, &tokens);
    Ok(Some(all))
}

impl Reading {
    /// Takes what the stage expected at the next place, where `id` stands.
    fn take(&mut self, id: u32, own: &Distribution<'_>) -> Result<(), Failure> {
        let logprob = own.logprob(id);
        if !logprob.is_finite() {
            let detail = format!("stage `{}`: the model's numbers broke down", self.scored.stage);
            return Err(Failure::new(FailureKind::CorruptedFile, detail));
        }
        self.logprob += logprob;
        self.scored.positions.push(ScoredToken {
            logprob: logprob as f32,
            rank: own.rank(id),
            entropy: own.entropy() as f32,
            kl_to_next: None,
            top: own.top(),
        });
        Ok(())
    }

    /// Forgets all places from `length` on.
    fn shorten(&mut self, length: usize) {
        let positions = &mut self.scored.positions;
        let gone = positions.get(length..).unwrap_or_default();
        self.logprob -= gone.iter().map(|position| f64::from(position.logprob)).sum::<f64>();
        positions.truncate(length);
    }

    fn finish(mut self, characters: usize) -> ScoredStage {
        self.scored.bits_per_character = bits_per_character(self.logprob, characters);
        self.scored
    }
}
