//! One column's run: what was asked, the prompt's tokens, the answer's, and how it went.

use engine::StepReport;

use crate::protocol::{ColumnRequest, FinishReason, Prompt, RunStats, TokenView};
use crate::state::format;

/// A place is a fork where the most likely token has less than this probability.
pub(crate) const FORK: f32 = 0.7;

/// Where a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    /// Sent, and the prompt is being read.
    Prefill,
    Running,
    Finished,
}

impl Phase {
    /// The value of the output's `data-state`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Prefill => "prefill",
            Self::Running => "running",
            Self::Finished => "finished",
        }
    }

    pub(crate) fn is_busy(self) -> bool {
        matches!(self, Self::Prefill | Self::Running)
    }
}

/// A token of the answer and what it was chosen from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Generated {
    pub(crate) token: TokenView,
    pub(crate) report: StepReport,
    /// The alternatives of `report` for display, in the same order.
    pub(crate) alternatives: Vec<TokenView>,
    /// The reader took it, instead of what the model drew.
    pub(crate) chosen: bool,
}

impl Generated {
    /// Surprisal in bits.
    pub(crate) fn bits(&self) -> f64 {
        format::surprisal(self.report.logprob)
    }

    /// Was the model undecided here?
    pub(crate) fn is_fork(&self) -> bool {
        self.report.alternatives.first().is_some_and(|best| best.probability < FORK)
    }

    /// The same place, with the alternative of this id taken by the reader.
    pub(crate) fn taking(&self, id: u32) -> Option<Self> {
        let rank = self.report.alternatives.iter().position(|other| other.id == id)?;
        let mut token = self.alternatives.get(rank)?.clone();
        if std::str::from_utf8(&token.bytes).is_err() {
            // Part of a character: the token that completes it brings the text.
            token.text.clear();
        }
        let logprob = self.report.alternatives[rank].probability.ln();
        let report = StepReport { token: id, logprob, ..self.report.clone() };
        Some(Self { token, report, chosen: true, ..self.clone() })
    }
}

/// Everything about the run in a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// The number that its events carry; 0 before the first run.
    pub(crate) id: u32,
    pub(crate) phase: Phase,
    /// What was asked, so that the settings travel with the text.
    pub(crate) asked: Option<ColumnRequest>,
    /// The prompt exactly as it went in.
    pub(crate) prompt_text: String,
    pub(crate) prompt: Vec<TokenView>,
    /// The answer: the kept beginning of a branch, then what was generated.
    pub(crate) tokens: Vec<Generated>,
    /// The answer's text, without control tokens.
    pub(crate) text: String,
    /// Prompt tokens done and to do.
    pub(crate) prefill: (u32, u32),
    pub(crate) reason: Option<FinishReason>,
    pub(crate) stats: Option<RunStats>,
    pub(crate) reward: Option<f32>,
    /// Tokens of the answer that have a chip on the page. Grows a slice per frame.
    pub(crate) revealed: usize,
}

impl Run {
    /// Starts the run of this number. `kept` is the answer's beginning, for a branch.
    pub(crate) fn begin(&mut self, id: u32, asked: ColumnRequest, kept: Vec<Generated>) {
        *self = Self {
            id,
            phase: Phase::Prefill,
            asked: Some(asked),
            revealed: kept.len(),
            ..Self::default()
        };
        for generated in kept {
            self.append(generated);
        }
    }

    fn append(&mut self, generated: Generated) {
        if !generated.token.special {
            self.text.push_str(&generated.token.text);
        }
        self.tokens.push(generated);
    }

    fn expects(&self, run: u32) -> bool {
        self.id == run && self.phase.is_busy()
    }

    pub(crate) fn prompt_tokens(&mut self, run: u32, text: String, tokens: Vec<TokenView>) {
        if self.expects(run) {
            self.prompt_text = text;
            self.prompt = tokens;
        }
    }

    pub(crate) fn prefill(&mut self, run: u32, done: u32, total: u32) {
        if self.expects(run) {
            self.prefill = (done, total);
        }
    }

    pub(crate) fn token(&mut self, run: u32, generated: Generated) {
        if self.expects(run) {
            self.phase = Phase::Running;
            self.append(generated);
        }
    }

    pub(crate) fn finish(&mut self, run: u32, reason: FinishReason, stats: Option<RunStats>) {
        // A failure may have ended the run on the page before its figures arrived.
        if self.id == run && self.phase != Phase::Idle && self.stats.is_none() {
            self.phase = Phase::Finished;
            self.reason = Some(reason);
            self.stats = stats;
        }
    }

    pub(crate) fn reward(&mut self, run: u32, reward: f32) {
        if self.id == run && self.phase == Phase::Finished {
            self.reward = Some(reward);
        }
    }

    /// Ends what will not go on (the worker is gone).
    pub(crate) fn break_off(&mut self) {
        if self.phase.is_busy() {
            self.phase = Phase::Finished;
            self.reason = Some(FinishReason::Failed);
        }
    }

    /// Shows up to `count` more chips. True if some are still to be shown.
    pub(crate) fn reveal(&mut self, count: usize) -> bool {
        self.revealed = self.tokens.len().min(self.revealed + count);
        self.revealed < self.tokens.len()
    }

    /// The ids of the answer.
    pub(crate) fn ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|generated| generated.token.id).collect()
    }

    /// Prompt and answer before `place`: what a token there was conditioned on.
    pub(crate) fn before(&self, place: usize) -> Vec<u32> {
        let prompt = self.prompt.iter().map(|token| token.id);
        prompt.chain(self.ids().into_iter().take(place)).collect()
    }

    /// Places of the answer where the model was undecided.
    pub(crate) fn forks(&self) -> Vec<usize> {
        let places = self.tokens.iter().enumerate();
        places.filter(|(_, token)| token.is_fork()).map(|(place, _)| place).collect()
    }

    /// Did the model end the text by itself?
    pub(crate) fn ended(&self) -> bool {
        self.reason == Some(FinishReason::EndOfText)
    }

    /// Did the prompt go in as it stands? Then the answer is its continuation.
    pub(crate) fn continues(&self) -> bool {
        let prompt = self.asked.as_ref().map(|asked| &asked.prompt);
        matches!(prompt, Some(Prompt::Raw { .. }))
    }
}

/// The name of a reason in `data-reason`.
pub(crate) fn reason_code(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::EndOfText => "end_of_text",
        FinishReason::MaxTokens => "max_tokens",
        FinishReason::ContextFull => "context_full",
        FinishReason::Stopped => "stopped",
        FinishReason::Failed => "failed",
    }
}

#[cfg(test)]
mod tests;
