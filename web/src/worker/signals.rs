//! What may interrupt a job that is being served: flags that the message handler sets and the job reads.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use web_sys::AbortController;

/// Jobs are numbered as they arrive, and a signal holds for all jobs that arrived before it: so a
/// `Stop` never touches the next run, and needs no resetting.
#[derive(Default)]
pub(super) struct Signals {
    arrived: Cell<u64>,
    stopped: Cell<u64>,
    cancelled: Cell<u64>,
    lose_device: Cell<bool>,
    /// Questions that can be forgotten one by one: the request's number, and the mark of its job while that is there.
    questions: RefCell<Vec<(u32, Weak<Cell<bool>>)>>,
    /// At most one for each job.
    downloads: RefCell<Vec<Download>>,
}

/// A download under way.
struct Download {
    ticket: u64,
    is_load: bool,
    controller: AbortController,
}

impl Signals {
    /// Stops every run that has arrived so far.
    pub(super) fn stop(&self) {
        self.stopped.set(self.arrived.get());
    }

    /// Stops the job of one question, if it is still there.
    pub(super) fn forget(&self, run: u32) {
        let questions = self.questions.borrow();
        let own = questions.iter().filter(|(own, _)| *own == run);
        own.filter_map(|(_, mark)| mark.upgrade()).for_each(|mark| mark.set(true));
    }

    /// Cancels every load that has arrived so far, and the download that is under way.
    pub(super) fn cancel(&self) {
        self.cancelled.set(self.arrived.get());
        self.end_downloads(|download| download.is_load);
    }

    /// The devices shall be destroyed as soon as somebody can do it.
    pub(super) fn ask_to_lose_devices(&self) {
        self.lose_device.set(true);
    }

    fn end_downloads(&self, ends: impl Fn(&Download) -> bool) {
        // Aborting runs no code of ours before it returns, but the borrow need not rely on that.
        let ended: Vec<Download> =
            self.downloads.borrow_mut().extract_if(.., |it| ends(it)).collect();
        ended.iter().for_each(|download| download.controller.abort());
    }
}

/// One job's view of the signals.
#[derive(Clone)]
pub(super) struct Ticket {
    number: u64,
    /// A load, which can be cancelled. Other jobs read files too, when they rebuild a model.
    is_load: bool,
    /// Nobody waits for the job any more.
    forgotten: Rc<Cell<bool>>,
    signals: Rc<Signals>,
}

impl Ticket {
    /// Numbers a job that has just arrived.
    pub(super) fn new(signals: Rc<Signals>, is_load: bool) -> Self {
        let number = signals.arrived.get() + 1;
        signals.arrived.set(number);
        Self { number, is_load, forgotten: Rc::default(), signals }
    }

    /// From now on the job can be forgotten by its request's number.
    pub(super) fn can_be_forgotten(&self, run: u32) {
        let mut questions = self.signals.questions.borrow_mut();
        questions.retain(|(_, mark)| mark.strong_count() > 0);
        questions.push((run, Rc::downgrade(&self.forgotten)));
    }

    /// Later jobs have higher numbers.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Was this run stopped, or forgotten?
    pub(super) fn stopped(&self) -> bool {
        self.forgotten.get() || self.signals.stopped.get() >= self.number
    }

    /// Was this load cancelled?
    pub(super) fn cancelled(&self) -> bool {
        self.is_load && self.signals.cancelled.get() >= self.number
    }

    /// Shall the devices be destroyed now? True once per request.
    pub(super) fn devices_to_lose(&self) -> bool {
        self.signals.lose_device.take()
    }

    /// Names the download that a cancellation aborts, in place of the job's last one.
    pub(super) fn watch(&self, controller: AbortController) {
        let (ticket, is_load) = (self.number, self.is_load);
        let mut downloads = self.signals.downloads.borrow_mut();
        downloads.retain(|download| download.ticket != ticket);
        downloads.push(Download { ticket, is_load, controller });
    }

    /// Nobody waits for the job's download any more: ends it if it is still under way.
    pub(super) fn end_download(&self) {
        self.signals.end_downloads(|download| download.ticket == self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_holds_for_what_came_before_it_and_not_for_what_comes_after() {
        let signals = Rc::new(Signals::default());
        let running = Ticket::new(signals.clone(), false);
        let waiting = Ticket::new(signals.clone(), false);
        assert!(!running.stopped());
        signals.stop();
        let later = Ticket::new(signals, false);
        assert!(running.stopped() && waiting.stopped());
        assert!(!later.stopped());
        assert!(!running.cancelled());
    }

    #[test]
    fn one_question_is_forgotten_and_no_other() {
        let signals = Rc::new(Signals::default());
        let ticket = || Ticket::new(signals.clone(), false);
        let (run, first, second) = (ticket(), ticket(), ticket());
        first.can_be_forgotten(7);
        second.can_be_forgotten(8);
        signals.forget(7);
        assert!(first.stopped() && first.clone().stopped());
        assert!(!run.stopped() && !second.stopped() && !ticket().stopped());
        drop(first);
        ticket().can_be_forgotten(9);
        assert_eq!(signals.questions.borrow().len(), 2, "jobs that are done are let go");
        signals.forget(7);
        assert!(!second.stopped());
    }

    #[test]
    fn devices_are_lost_once_per_request() {
        let signals = Rc::new(Signals::default());
        let ticket = Ticket::new(signals.clone(), false);
        assert!(!ticket.devices_to_lose());
        signals.ask_to_lose_devices();
        assert!(ticket.devices_to_lose());
        assert!(!ticket.devices_to_lose());
    }

    #[test]
    fn only_loads_are_cancelled() {
        let signals = Rc::new(Signals::default());
        let (load, run) = (Ticket::new(signals.clone(), true), Ticket::new(signals.clone(), false));
        signals.cancel();
        let later = Ticket::new(signals, true);
        assert!(load.cancelled() && !run.cancelled() && !later.cancelled());
        assert!(load.number() < run.number());
    }
}
