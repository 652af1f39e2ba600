//! Requests on their way to whoever serves them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::models::Models;
use super::signals::{Signals, Ticket};
use crate::protocol::{Request, Source};

/// Everything that outlives one message.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) models: Models,
    pub(super) signals: Rc<Signals>,
    files: Queue,
    answers: Queue,
    /// Loads that have arrived and are not done: number and model.
    loads: RefCell<Vec<(u64, String)>>,
}

/// Who serves a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Loads, and what is kept.
    Files,
    /// Work of loaded models.
    Answers,
}

/// A request in a lane.
pub(super) struct Job {
    pub(super) request: Request,
    pub(super) file: Option<web_sys::File>,
    pub(super) ticket: Ticket,
}

/// Jobs that wait for one task.
#[derive(Default)]
struct Queue {
    jobs: RefCell<VecDeque<Job>>,
    busy: Cell<bool>,
}

impl Desk {
    /// Puts a request into its lane.
    pub(super) fn add(&self, request: Request, file: Option<web_sys::File>) -> Lane {
        let lane = lane(&request);
        let goes = match &request {
            Request::Load { source, .. } => Some(name(source)),
            Request::Unload { model } => Some(model.as_str()),
            _ => None,
        };
        if goes.is_some_and(|model| self.models.is_lent(model)) {
            // What it is writing would only keep the reader waiting.
            self.signals.stop();
        }
        let ticket = Ticket::new(self.signals.clone(), lane == Lane::Files);
        if let Request::Inside(request) = &request {
            ticket.can_be_forgotten(request.run);
        }
        if let Request::Load { source, .. } = &request {
            self.loads.borrow_mut().push((ticket.number(), name(source).to_owned()));
        }
        self.queue(lane).jobs.borrow_mut().push_back(Job { request, file, ticket });
        lane
    }

    /// Takes a lane's place. False: somebody else has it.
    pub(super) fn occupy(&self, lane: Lane) -> bool {
        !self.queue(lane).busy.replace(true)
    }

    /// Leaves it.
    pub(super) fn leave(&self, lane: Lane) {
        self.queue(lane).busy.set(false);
    }

    /// The next job of a lane. `None` too if it needs a model that is still to be loaded.
    pub(super) fn next(&self, lane: Lane) -> Option<Job> {
        let mut jobs = self.queue(lane).jobs.borrow_mut();
        let first = jobs.front()?;
        let number = first.ticket.number();
        let loads = self.loads.borrow();
        let waits = |model: &&str| loads.iter().any(|(load, id)| *load < number && id == model);
        if lane == Lane::Answers && needs(&first.request).iter().any(waits) {
            return None;
        }
        jobs.pop_front()
    }

    /// A job of the files' lane is done.
    pub(super) fn done(&self, ticket: &Ticket) {
        self.loads.borrow_mut().retain(|(number, _)| *number != ticket.number());
    }

    fn queue(&self, lane: Lane) -> &Queue {
        match lane {
            Lane::Files => &self.files,
            Lane::Answers => &self.answers,
        }
    }
}

/// The name that a source's model will have.
pub(super) fn name(source: &Source) -> &str {
    match source {
        Source::Catalogue { id } | Source::Hub { id, .. } => id,
        Source::LocalFile { name } => name,
    }
}

fn lane(request: &Request) -> Lane {
    match request {
        Request::Load { .. } | Request::Unload { .. } | Request::RemoveStored { .. } => Lane::Files,
        _ => Lane::Answers,
    }
}

/// Models that have to be there.
fn needs(request: &Request) -> Vec<&str> {
    match request {
        Request::Run(request) => {
            request.columns.iter().map(|column| column.model.as_str()).collect()
        }
        Request::Samples(request) => vec![request.model.as_str()],
        Request::Score(request) => vec![request.model.as_str()],
        Request::Lab(request) => vec![request.model()],
        Request::Inside(request) => vec![request.text.model.as_str()],
        Request::Distribution { model, .. } | Request::Tokenize { model, .. } => {
            vec![model.as_str()]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{BackendChoice, Prompt};

    fn load(id: &str) -> Request {
        let source = Source::Catalogue { id: id.to_owned() };
        Request::Load { source, backend: BackendChoice::Cpu, context: 64 }
    }

    fn tokenize(run: u32, model: &str) -> Request {
        let prompt = Prompt::Raw { text: "a".to_owned() };
        Request::Tokenize { run, model: model.to_owned(), stage: "base".to_owned(), prompt }
    }

    fn run_of(job: &Job) -> u32 {
        match job.request {
            Request::Tokenize { run, .. } => run,
            _ => 0,
        }
    }

    #[test]
    fn an_answer_waits_for_the_load_of_its_model_and_for_no_other() {
        let desk = Desk::default();
        assert_eq!(desk.add(tokenize(1, "m"), None), Lane::Answers);
        assert_eq!(desk.add(load("m"), None), Lane::Files);
        desk.add(tokenize(2, "n"), None);
        desk.add(tokenize(3, "m"), None);
        let next = || desk.next(Lane::Answers).map(|job| run_of(&job));
        assert_eq!(next(), Some(1), "asked for before the load");
        assert_eq!(next(), Some(2), "another model");
        assert_eq!(next(), None);
        let job = desk.next(Lane::Files).expect("the load");
        assert_eq!(next(), None, "still loading");
        desk.done(&job.ticket);
        assert_eq!(next(), Some(3));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_lane_has_one_task() {
        let desk = Desk::default();
        assert!(desk.occupy(Lane::Files) && desk.occupy(Lane::Answers));
        assert!(!desk.occupy(Lane::Files));
        desk.leave(Lane::Files);
        assert!(desk.occupy(Lane::Files));
    }
}
