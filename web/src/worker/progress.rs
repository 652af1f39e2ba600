//! Tells the page how far a load has come.

use super::clock;
use super::outbox;
use super::pace::{ByteMeter, Ticker};
use crate::protocol::{Event, LoadStage};

/// Progress of one load.
pub(super) struct Progress {
    stage: LoadStage,
    total: u64,
    resumed_from: u64,
    meter: ByteMeter,
    ticker: Ticker,
    /// A reload in mid-run does not report: for the page the run goes on.
    silent: bool,
}

impl Progress {
    /// For a file of `total` bytes.
    pub(super) fn new(total: u64, silent: bool) -> Self {
        Self {
            stage: LoadStage::Preparing,
            total,
            resumed_from: 0,
            meter: ByteMeter::new(clock::now(), 0),
            ticker: Ticker::default(),
            silent,
        }
    }

    /// A new stage begins with `bytes` of the file seen; told at once.
    pub(super) fn enter(&mut self, stage: LoadStage, bytes: u64) {
        self.stage = stage;
        self.meter = ByteMeter::new(clock::now(), bytes);
        self.send(bytes);
    }

    /// The download continues one that had come to `bytes`.
    pub(super) fn resumed_from(&mut self, bytes: u64) {
        self.resumed_from = bytes;
    }

    /// `bytes` of the file have been seen; told at most ten times per second, and at the end.
    pub(super) fn reach(&mut self, bytes: u64) {
        if self.ticker.due(clock::now()) || bytes == self.total {
            self.send(bytes);
        }
    }

    fn send(&self, bytes: u64) {
        if self.silent {
            return;
        }
        outbox::post(&Event::Progress {
            stage: self.stage,
            bytes,
            total: self.total,
            bytes_per_second: self.meter.per_second(clock::now(), bytes),
            resumed_from: self.resumed_from,
        });
    }
}
