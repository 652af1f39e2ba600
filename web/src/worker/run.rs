//! One run: prompt in, tokens out, until something ends it.

use engine::{Counters, Decode, DecodeRow, Engine, EngineError, ErrorKind, SamplerSettings};
use text::{StreamDecoder, Tokenizer};

use super::clock;
use super::outbox;
use super::pace::TokenMeter;
use super::session::{SEQUENCE, Session};
use super::signals::Ticket;
use super::tally::{self, Standing};
use super::views;
use crate::protocol::{
    Event, Failure, FailureKind, FinishReason, GenerateRequest, Prompt, RunStats,
};

/// Prompt tokens per prefill call on the CPU, so that Stop is seen in time.
const CPU_CHUNK: u32 = 64;

/// Serves a `Generate`. Gives the model back, unless its device was lost for good.
pub(super) async fn generate(
    session: Session,
    request: GenerateRequest,
    ticket: &Ticket,
) -> Option<Session> {
    let number = request.run;
    let mut run = match Run::begin(&session, request) {
        Ok(run) => run,
        Err(failure) => {
            refuse(number, failure);
            return Some(session);
        }
    };
    let tokens = views::prompt(&session.tokenizer, &run.tokens);
    outbox::post(&Event::PromptTokens { run: number, tokens });
    let mut session = session;
    let mut tokens_at_loss = None;
    loop {
        let outcome = run.go(&mut session, ticket).await;
        tally::add_work(&mut run.work, &run.before, &session.engine.counters());
        let error = match outcome {
            Ok(reason) => {
                run.finish(reason);
                return Some(session);
            }
            Err(error) => error,
        };
        // Nobody knows what the cache holds now.
        session.held.clear();
        if error.kind() != ErrorKind::DeviceLost {
            run.fail(error.into());
            return Some(session);
        }
        if !tally::may_rebuild(&mut tokens_at_loss, run.meter.tokens()) {
            session.engine.destroy();
            run.fail(error.into());
            return None;
        }
        session = match session.rebuild(ticket).await {
            Ok(session) => session,
            Err(failure) => {
                let detail = format!("the model could not be rebuilt: {}", failure.detail);
                run.fail(Failure::new(FailureKind::DeviceLost, detail));
                return None;
            }
        };
        run.restoring = true;
    }
}

/// A run that could not begin.
pub(super) fn refuse(run: u32, failure: Failure) {
    outbox::fail(failure.in_run(run));
    let stats = RunStats::default();
    outbox::post(&Event::Finished { run, reason: FinishReason::Failed, stats });
}

/// A run under way; it outlives the device it began on.
struct Run {
    number: u32,
    sampler: SamplerSettings,
    max_tokens: u32,
    prompt_tokens: u32,
    /// The prompt, then what was generated.
    tokens: Vec<u32>,
    decoder: StreamDecoder,
    meter: TokenMeter,
    /// The device's counters when it began with this run.
    before: Counters,
    /// Work of the devices that this run has left.
    work: Counters,
    /// The device is new, and the page does not know yet.
    restoring: bool,
}

impl Run {
    /// Encodes the prompt and checks that it fits.
    fn begin(session: &Session, request: GenerateRequest) -> Result<Self, Failure> {
        let meter = TokenMeter::new(clock::now());
        let tokenizer = &session.tokenizer;
        let tokens = match &request.prompt {
            Prompt::Raw { text } => tokenizer.encode_prompt(text),
            Prompt::Chat { messages } => {
                tokenizer.encode_prompt(&tokenizer.render_chat(messages, true)?)
            }
        };
        let context = session.engine.context();
        if tokens.is_empty() {
            return Err(Failure::new(FailureKind::EmptyPrompt, "the prompt has no token"));
        }
        // One place is for the answer.
        if tokens.len() >= context as usize {
            let detail = format!("{} tokens, the context holds {context}", tokens.len());
            return Err(Failure::new(FailureKind::PromptTooLong, detail));
        }
        Ok(Self {
            number: request.run,
            sampler: request.sampler,
            max_tokens: request.max_tokens,
            prompt_tokens: tokens.len() as u32,
            tokens,
            decoder: tokenizer.stream(),
            meter,
            before: Counters::default(),
            work: Counters::default(),
            restoring: false,
        })
    }

    /// Goes as far as the device lives.
    async fn go(
        &mut self,
        session: &mut Session,
        ticket: &Ticket,
    ) -> Result<FinishReason, EngineError> {
        let Session { engine, tokenizer, held, .. } = session;
        self.before = engine.counters();
        if self.max_tokens == 0 {
            return Ok(FinishReason::MaxTokens);
        }
        if !self.prefill(engine, held, ticket).await? {
            return Ok(FinishReason::Stopped);
        }
        if std::mem::take(&mut self.restoring) {
            outbox::post(&Event::DeviceRestored);
        }
        let Some(&token) = self.tokens.last() else { return Ok(FinishReason::EndOfText) };
        let row = DecodeRow { sequence: SEQUENCE, adapter: 0, token, sampler: self.sampler };
        let mut decode = engine.start(&[row])?;
        let outcome = self.decode(engine, tokenizer, &mut decode, ticket).await;
        match &outcome {
            // Nothing of the device is left to be tidied.
            Err(error) if error.kind() == ErrorKind::DeviceLost => {}
            _ => engine.finish(decode),
        }
        let length = (engine.length(SEQUENCE) as usize).min(self.tokens.len());
        *held = self.tokens[..length].to_vec();
        match outcome {
            Err(error) if error.kind() == ErrorKind::ContextFull => Ok(FinishReason::ContextFull),
            outcome => outcome,
        }
    }

    /// Brings all tokens but the last into the KV cache, reusing what is there. False: stopped.
    async fn prefill(
        &self,
        engine: &mut Engine,
        held: &mut Vec<u32>,
        ticket: &Ticket,
    ) -> Result<bool, EngineError> {
        let total = self.tokens.len();
        let progress = |done: usize| {
            outbox::post(&Event::Prefill {
                run: self.number,
                done: done as u32,
                total: total as u32,
            });
        };
        let kept = tally::reusable(held, &self.tokens);
        engine.truncate(SEQUENCE, kept as u32)?;
        held.truncate(kept);
        progress(kept);
        let most = if engine.is_gpu() { u32::MAX } else { CPU_CHUNK };
        let chunk = most.min(engine.max_rows()).max(1) as usize;
        let last = total.saturating_sub(1);
        for tokens in self.tokens[kept..last].chunks(chunk) {
            if ticket.stopped() {
                return Ok(false);
            }
            obey(engine, ticket);
            engine.prefill(SEQUENCE, 0, tokens).await?;
            held.extend_from_slice(tokens);
            progress(held.len());
            clock::pause().await;
        }
        Ok(!ticket.stopped())
    }

    /// Draws tokens until something ends the run.
    async fn decode(
        &mut self,
        engine: &mut Engine,
        tokenizer: &Tokenizer,
        decode: &mut Decode,
        ticket: &Ticket,
    ) -> Result<FinishReason, EngineError> {
        loop {
            if ticket.stopped() {
                return Ok(FinishReason::Stopped);
            }
            obey(engine, ticket);
            let report = engine.step(decode).await?.into_iter().next();
            // On the GPU a step waits for the device, and messages are read meanwhile.
            if !engine.is_gpu() || report.is_none() {
                clock::pause().await;
            }
            let Some(report) = report else { continue };
            self.tokens.push(report.token);
            self.meter.note(clock::now());
            let standing = Standing {
                at_stop_token: tokenizer.is_stop(report.token),
                stopped: ticket.stopped(),
                new_tokens: self.meter.tokens(),
                max_tokens: self.max_tokens,
                length: self.tokens.len(),
                context: engine.context(),
            };
            let reason = standing.reason();
            let token =
                views::in_text(tokenizer, &mut self.decoder, report.token, reason.is_some());
            let alternatives =
                report.alternatives.iter().map(|other| views::alone(tokenizer, other.id)).collect();
            outbox::post(&Event::Token { run: self.number, token, report, alternatives });
            if let Some(reason) = reason {
                return Ok(reason);
            }
        }
    }

    fn finish(&self, reason: FinishReason) {
        let stats = RunStats {
            prompt_tokens: self.prompt_tokens,
            new_tokens: self.meter.tokens(),
            first_token_ms: self.meter.first_token_ms(),
            tokens_per_second: self.meter.tokens_per_second(),
            counters: self.work,
        };
        outbox::post(&Event::Finished { run: self.number, reason, stats });
    }

    fn fail(&self, failure: Failure) {
        outbox::fail(failure.in_run(self.number));
        self.finish(FinishReason::Failed);
    }
}

/// Destroys the device if the page asked for it.
fn obey(engine: &Engine, ticket: &Ticket) {
    if ticket.device_to_lose() {
        engine.lose_device();
    }
}
