//! One column of a run: what the page is told of it.

use engine::generate::Line;
use engine::{Counters, StepReport};
use text::{StreamDecoder, Tokenizer};

use crate::protocol::{ColumnRequest, Event, Failure, FinishReason, Prompt, RunStats};
use crate::worker::clock;
use crate::worker::outbox;
use crate::worker::pace::TokenMeter;
use crate::worker::session::Session;
use crate::worker::views;

/// A column under way; it outlives the device it began on.
pub(super) struct Column {
    run: u32,
    number: u32,
    pub(super) prompt: Prompt,
    /// Tokens of the prompt.
    pub(super) prompt_tokens: usize,
    /// Tokens of prompt and prefix.
    given: usize,
    decoder: StreamDecoder,
    meter: TokenMeter,
    /// Why it ended; `None` while it runs.
    pub(super) ended: Option<FinishReason>,
}

impl Column {
    /// Encodes the prompt, tells the page what goes in, and gives the line that the batch is to write.
    pub(super) fn begin(
        run: u32,
        request: ColumnRequest,
        session: &Session,
        asked: f64,
    ) -> Result<(Self, Line), Failure> {
        let ColumnRequest { column: number, stage, prompt, prefix, sampler, max_tokens, .. } =
            request;
        let adapter = session.stages.adapter(&stage)?;
        let encoded = session.encode(&prompt)?;
        // One place is for the answer.
        let tokens = session.join(&encoded.ids, &prefix, 1)?;
        let tokenizer = &session.tokenizer;
        let mut decoder = tokenizer.stream();
        for id in prefix {
            // A character may begin in the prefix and end in what is written.
            views::in_text(tokenizer, &mut decoder, id, false);
        }
        let column = Self {
            run,
            number,
            prompt,
            prompt_tokens: encoded.ids.len(),
            given: tokens.len(),
            decoder,
            meter: TokenMeter::new(asked),
            ended: None,
        };
        let tokens_in = views::prompt(tokenizer, &encoded.ids);
        outbox::post(&Event::PromptTokens {
            run,
            column: number,
            text: encoded.text,
            tokens: tokens_in,
        });
        Ok((column, Line::new(adapter, sampler, tokens, max_tokens)))
    }

    /// Tells the page how far the prompt is. What is computed again after a loss is not told again.
    pub(super) fn filled(&self, done: usize) {
        if self.meter.tokens() == 0 {
            let (run, column) = (self.run, self.number);
            let (done, total) = (done as u32, self.given as u32);
            outbox::post(&Event::Prefill { run, column, done, total });
        }
    }

    /// Tells the page the next token. `last`: no other follows.
    pub(super) fn wrote(&mut self, report: StepReport, tokenizer: &Tokenizer, last: bool) {
        self.meter.note(clock::now());
        let token = views::in_text(tokenizer, &mut self.decoder, report.token, last);
        let alternatives =
            report.alternatives.iter().map(|other| views::alone(tokenizer, other.id)).collect();
        let (run, column) = (self.run, self.number);
        outbox::post(&Event::Token { run, column, token, report, alternatives });
    }

    /// Tells the page that the column is over.
    pub(super) fn finish(&mut self, reason: FinishReason, work: &Counters) {
        if self.ended.is_some() {
            return;
        }
        self.ended = Some(reason);
        let stats = RunStats {
            prompt_tokens: self.given as u32,
            new_tokens: self.meter.tokens(),
            first_token_ms: self.meter.first_token_ms(),
            tokens_per_second: self.meter.tokens_per_second(),
            counters: *work,
        };
        let (run, column) = (self.run, self.number);
        outbox::post(&Event::Finished { run, column, reason, stats });
    }

    /// Tells the page that the column failed.
    pub(super) fn fail(&mut self, failure: Failure, work: &Counters) {
        if self.ended.is_none() {
            outbox::fail(failure.in_column(self.run, self.number));
            self.finish(FinishReason::Failed, work);
        }
    }

    /// Is the answer there, with its end or as far as there was room?
    pub(super) fn is_finished(&self) -> bool {
        use FinishReason::{ContextFull, EndOfText, MaxTokens};
        matches!(self.ended, Some(EndOfText | MaxTokens | ContextFull))
    }

    /// Tells the page the reward.
    pub(super) fn rewarded(&self, reward: f32) {
        outbox::post(&Event::Reward { run: self.run, column: self.number, reward });
    }

    /// Tells the page why there is no reward.
    pub(super) fn not_rewarded(&self, failure: Failure) {
        outbox::fail(failure.in_column(self.run, self.number));
    }
}
