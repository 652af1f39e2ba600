//! How fast, and how often to say so. All times in milliseconds.

/// Progress is told at most this often.
const INTERVAL_MS: f64 = 100.0;

/// Says when the next progress event is due.
#[derive(Debug, Default)]
pub(super) struct Ticker {
    last: Option<f64>,
}

impl Ticker {
    /// True at most ten times per second.
    pub(super) fn due(&mut self, now: f64) -> bool {
        let due = self.last.is_none_or(|last| now - last >= INTERVAL_MS);
        if due {
            self.last = Some(now);
        }
        due
    }
}

/// Mean speed of a transfer since it began.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByteMeter {
    began: f64,
    first_byte: u64,
}

impl ByteMeter {
    /// Starts at `now`, with `bytes` already there.
    pub(super) fn new(now: f64, bytes: u64) -> Self {
        Self { began: now, first_byte: bytes }
    }

    /// Bytes per second up to `now`; 0 before any time has passed.
    pub(super) fn per_second(&self, now: f64, bytes: u64) -> f64 {
        let elapsed = now - self.began;
        if elapsed <= 0.0 {
            return 0.0;
        }
        bytes.saturating_sub(self.first_byte) as f64 / elapsed * 1000.0
    }
}

/// Times the tokens of one run.
#[derive(Debug)]
pub(super) struct TokenMeter {
    asked: f64,
    first: Option<f64>,
    last: f64,
    tokens: u32,
}

impl TokenMeter {
    /// Starts with the request.
    pub(super) fn new(asked: f64) -> Self {
        Self { asked, first: None, last: asked, tokens: 0 }
    }

    /// A token has come.
    pub(super) fn note(&mut self, now: f64) {
        self.first.get_or_insert(now);
        self.last = now;
        self.tokens += 1;
    }

    /// Tokens so far.
    pub(super) fn tokens(&self) -> u32 {
        self.tokens
    }

    /// From the request to the first token; 0 if none came.
    pub(super) fn first_token_ms(&self) -> f64 {
        self.first.map_or(0.0, |first| first - self.asked)
    }

    /// Speed after the first token; 0 if there was no second.
    pub(super) fn tokens_per_second(&self) -> f64 {
        let elapsed = self.first.map_or(0.0, |first| self.last - first);
        if elapsed <= 0.0 {
            return 0.0;
        }
        f64::from(self.tokens.saturating_sub(1)) / elapsed * 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_due_ten_times_per_second_at_most() {
        let mut ticker = Ticker::default();
        let due = (0..1000).filter(|&now| ticker.due(f64::from(now))).count();
        assert_eq!(due, 10);
    }

    #[test]
    fn a_resumed_download_counts_only_new_bytes() {
        let meter = ByteMeter::new(1000.0, 500);
        assert_eq!(meter.per_second(1000.0, 500), 0.0);
        assert_eq!(meter.per_second(3000.0, 2500), 1000.0);
    }

    #[test]
    fn decode_speed_leaves_the_first_token_out() {
        let mut meter = TokenMeter::new(100.0);
        assert_eq!((meter.first_token_ms(), meter.tokens_per_second()), (0.0, 0.0));
        meter.note(600.0);
        assert_eq!((meter.first_token_ms(), meter.tokens_per_second()), (500.0, 0.0));
        meter.note(700.0);
        meter.note(800.0);
        assert_eq!(meter.tokens(), 3);
        assert_eq!((meter.first_token_ms(), meter.tokens_per_second()), (500.0, 10.0));
    }
}
