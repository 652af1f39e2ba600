//! What may interrupt a job that is being served: flags that the message handler sets and the job reads.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::AbortController;

/// Jobs are numbered as they arrive, and a signal holds for all jobs that arrived before it: so a
/// `Stop` never touches the next run, and needs no resetting.
#[derive(Default)]
pub(super) struct Signals {
    arrived: Cell<u64>,
    stopped: Cell<u64>,
    cancelled: Cell<u64>,
    lose_device: Cell<bool>,
    download: RefCell<Option<AbortController>>,
}

impl Signals {
    /// Stops every run that has arrived so far.
    pub(super) fn stop(&self) {
        self.stopped.set(self.arrived.get());
    }

    /// Cancels every load that has arrived so far, and the download that is under way.
    pub(super) fn cancel(&self) {
        self.cancelled.set(self.arrived.get());
        self.end_download();
    }

    fn end_download(&self) {
        if let Some(download) = self.download.take() {
            download.abort();
        }
    }

    /// The device shall be destroyed as soon as somebody can do it.
    pub(super) fn ask_to_lose_device(&self) {
        self.lose_device.set(true);
    }
}

/// One job's view of the signals.
#[derive(Clone)]
pub(super) struct Ticket {
    number: u64,
    signals: Rc<Signals>,
}

impl Ticket {
    /// Numbers a job that has just arrived.
    pub(super) fn new(signals: Rc<Signals>) -> Self {
        let number = signals.arrived.get() + 1;
        signals.arrived.set(number);
        Self { number, signals }
    }

    /// Was this run stopped?
    pub(super) fn stopped(&self) -> bool {
        self.signals.stopped.get() >= self.number
    }

    /// Was this load cancelled?
    pub(super) fn cancelled(&self) -> bool {
        self.signals.cancelled.get() >= self.number
    }

    /// Shall the device be destroyed now? True once per request.
    pub(super) fn device_to_lose(&self) -> bool {
        self.signals.lose_device.take()
    }

    /// Names the download that a cancellation aborts.
    pub(super) fn watch(&self, download: AbortController) {
        *self.signals.download.borrow_mut() = Some(download);
    }

    /// Nobody waits for the download any more: ends it if it is still under way.
    pub(super) fn end_download(&self) {
        self.signals.end_download();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_holds_for_what_came_before_it_and_not_for_what_comes_after() {
        let signals = Rc::new(Signals::default());
        let running = Ticket::new(signals.clone());
        let waiting = Ticket::new(signals.clone());
        assert!(!running.stopped());
        signals.stop();
        let later = Ticket::new(signals);
        assert!(running.stopped() && waiting.stopped());
        assert!(!later.stopped());
        assert!(!running.cancelled());
    }

    #[test]
    fn the_device_is_lost_once_per_request() {
        let signals = Rc::new(Signals::default());
        let ticket = Ticket::new(signals.clone());
        assert!(!ticket.device_to_lose());
        signals.ask_to_lose_device();
        assert!(ticket.device_to_lose());
        assert!(!ticket.device_to_lose());
    }
}
