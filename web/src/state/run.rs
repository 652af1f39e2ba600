//! One run: the prompt's tokens, the generated ones, and how it went.

use engine::StepReport;

use crate::protocol::{FinishReason, RunStats, TokenView};

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

/// A generated token and what it was chosen from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Generated {
    pub(crate) token: TokenView,
    pub(crate) report: StepReport,
    /// The alternatives of `report` for display, in the same order.
    pub(crate) alternatives: Vec<TokenView>,
}

/// A token of the run by its place: the prompt first, then what was generated.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item<'run> {
    Prompt(&'run TokenView),
    Generated(&'run Generated),
}

/// Everything about the run on the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// Counts up; 0 before the first run.
    pub(crate) id: u32,
    pub(crate) phase: Phase,
    pub(crate) prompt: Vec<TokenView>,
    pub(crate) tokens: Vec<Generated>,
    /// The generated text, without control tokens.
    pub(crate) text: String,
    /// Prompt tokens done and to do.
    pub(crate) prefill: (u32, u32),
    pub(crate) reason: Option<FinishReason>,
    pub(crate) stats: Option<RunStats>,
    /// Items that have a chip on the page. Grows a slice per frame.
    pub(crate) revealed: usize,
}

impl Run {
    /// Starts the next run and returns its number.
    pub(crate) fn begin(&mut self) -> u32 {
        *self = Self { id: self.id.wrapping_add(1), phase: Phase::Prefill, ..Self::default() };
        self.id
    }

    /// Forgets the run but keeps counting.
    pub(crate) fn clear(&mut self) {
        *self = Self { id: self.id, ..Self::default() };
    }

    fn expects(&self, run: u32) -> bool {
        self.id == run && self.phase.is_busy()
    }

    pub(crate) fn prompt_tokens(&mut self, run: u32, tokens: Vec<TokenView>) {
        if self.expects(run) && self.tokens.is_empty() {
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
            if !generated.token.special {
                self.text.push_str(&generated.token.text);
            }
            self.tokens.push(generated);
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

    /// Prompt and generated tokens together.
    pub(crate) fn len(&self) -> usize {
        self.prompt.len() + self.tokens.len()
    }

    pub(crate) fn item(&self, index: usize) -> Option<Item<'_>> {
        match index.checked_sub(self.prompt.len()) {
            None => self.prompt.get(index).map(Item::Prompt),
            Some(at) => self.tokens.get(at).map(Item::Generated),
        }
    }

    /// The newest generated token that has a chip.
    pub(crate) fn newest(&self) -> Option<usize> {
        (self.revealed > self.prompt.len()).then(|| self.revealed - 1)
    }

    /// Shows up to `count` more chips. True if some are still to be shown.
    pub(crate) fn reveal(&mut self, count: usize) -> bool {
        self.revealed = self.len().min(self.revealed + count);
        self.revealed < self.len()
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
pub(crate) mod tests {
    use super::*;
    use crate::state::testing::{report, token};

    pub(crate) fn generated(id: u32, text: &str) -> Generated {
        let alternatives = (0..10).map(|rank| token(id + rank, &format!("t{rank}"))).collect();
        Generated { token: token(id, text), report: report(id, 0), alternatives }
    }

    #[test]
    fn a_run_goes_from_prompt_to_finish() {
        let mut run = Run::default();
        let id = run.begin();
        assert_eq!(run.phase.code(), "prefill");
        run.prompt_tokens(id, vec![token(1, "A"), token(2, " banana")]);
        run.prefill(id, 1, 2);
        assert_eq!(run.prefill, (1, 2));
        run.token(id, generated(3, " is"));
        assert_eq!(run.phase, Phase::Running);
        run.token(id, generated(4, " ripe"));
        assert_eq!(run.text, " is ripe");
        run.finish(id, FinishReason::MaxTokens, Some(RunStats::default()));
        assert_eq!(run.phase.code(), "finished");
        assert!(matches!(run.item(1), Some(Item::Prompt(t)) if t.id == 2));
        assert!(matches!(run.item(3), Some(Item::Generated(g)) if g.token.id == 4));
        assert!(run.item(4).is_none());
    }

    #[test]
    fn events_of_an_older_run_are_ignored() {
        let mut run = Run::default();
        let old = run.begin();
        let new = run.begin();
        run.token(old, generated(3, "x"));
        run.finish(old, FinishReason::Stopped, None);
        assert_eq!((run.tokens.len(), run.phase), (0, Phase::Prefill));
        run.finish(new, FinishReason::Failed, None);
        run.token(new, generated(3, "x"));
        assert!(run.tokens.is_empty(), "nothing is added after the end");
        let stats = RunStats { new_tokens: 3, ..RunStats::default() };
        run.finish(new, FinishReason::Failed, Some(stats));
        assert_eq!(run.stats, Some(stats), "figures may follow the failure");
    }

    #[test]
    fn control_tokens_are_chips_but_not_text() {
        let mut run = Run::default();
        let id = run.begin();
        let mut end = generated(2, "<|im_end|>");
        end.token.special = true;
        run.token(id, end);
        assert_eq!((run.text.as_str(), run.len()), ("", 1));
    }

    #[test]
    fn chips_are_revealed_a_slice_at_a_time() {
        let mut run = Run::default();
        let id = run.begin();
        run.prompt_tokens(id, (0..10).map(|n| token(n, "x")).collect());
        assert!(run.reveal(8));
        assert_eq!(run.revealed, 8);
        assert!(!run.reveal(8));
        assert_eq!(run.revealed, 10);
        assert_eq!(run.newest(), None, "prompt tokens were not predicted");
        run.token(id, generated(3, "x"));
        run.reveal(8);
        assert_eq!(run.newest(), Some(10));
    }

    #[test]
    fn clearing_keeps_counting() {
        let mut run = Run::default();
        let id = run.begin();
        run.clear();
        assert_eq!(run.phase, Phase::Idle);
        assert_ne!(run.begin(), id);
    }
}
