//! The worker owns the engine and speaks with the page in [`Request`]s and [`Event`]s.
//!
//! Requests are served one after another by one task, so that a model never changes under a run.
//! Only what interrupts or merely looks ([`Request::Stop`], [`Request::CancelLoad`],
//! [`Request::ListStored`]) acts at once, through [`Signals`].

mod backend;
mod clock;
mod download;
mod failure;
mod intake;
mod js;
mod load;
mod origin;
mod outbox;
mod pace;
mod part;
mod plan;
mod progress;
mod run;
mod session;
mod signals;
mod source;
mod storage;
mod tally;
mod views;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use crate::protocol::{Event, Failure, FailureKind, Request};
use session::Session;
use signals::{Signals, Ticket};
use storage::Store;

/// Starts listening. `worker.js` calls it once, when the module is ready.
pub(crate) fn start() {
    let desk = Rc::new(Desk::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        receive(&desk, &event.data());
    });
    js::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    outbox::post(&Event::Ready { webgpu: backend::has_webgpu() });
}

/// Tells the page that this worker panicked; nothing runs in it any more.
pub(crate) fn crashed(detail: &str) {
    outbox::post(&Event::Crashed { detail: detail.to_owned() });
}

/// Everything that outlives one message.
#[derive(Default)]
struct Desk {
    queue: RefCell<VecDeque<Job>>,
    busy: Cell<bool>,
    /// Empty while a task serves the queue: the task holds it then.
    session: RefCell<Option<Session>>,
    signals: Rc<Signals>,
}

impl Desk {
    /// Its own function, so that the borrow ends before the job is served.
    fn next_job(&self) -> Option<Job> {
        self.queue.borrow_mut().pop_front()
    }
}

/// A request in the queue.
struct Job {
    request: Request,
    file: Option<web_sys::File>,
    ticket: Ticket,
}

/// Takes one message in: acts at once, or puts it into the queue.
fn receive(desk: &Rc<Desk>, data: &JsValue) {
    let request: Request = match serde_wasm_bindgen::from_value(js::property(data, "request")) {
        Ok(request) => request,
        Err(error) => {
            return outbox::fail(Failure::new(FailureKind::Internal, error.to_string()));
        }
    };
    match request {
        Request::CancelLoad => desk.signals.cancel(),
        Request::Stop => desk.signals.stop(),
        Request::ListStored => spawn_local(send_stored()),
        request => {
            if matches!(request, Request::DestroyDevice) {
                // A run under way sees this between two steps; otherwise the queue does.
                desk.signals.ask_to_lose_device();
            }
            let file = js::property(data, "file").dyn_into().ok();
            let ticket = Ticket::new(desk.signals.clone());
            desk.queue.borrow_mut().push_back(Job { request, file, ticket });
            spawn_local(serve(desk.clone()));
        }
    }
}

/// Serves the queue until it is empty. A second task returns at once.
async fn serve(desk: Rc<Desk>) {
    if desk.busy.replace(true) {
        return;
    }
    let mut session = desk.session.take();
    while let Some(job) = desk.next_job() {
        session = handle(job, session).await;
    }
    *desk.session.borrow_mut() = session;
    desk.busy.set(false);
}

/// Serves one request; gives back the model that is loaded afterwards.
async fn handle(job: Job, session: Option<Session>) -> Option<Session> {
    let Job { request, file, ticket } = job;
    match request {
        Request::Load { source, backend, context } => {
            if let Some(old) = session {
                old.engine.destroy();
            }
            let loaded = load::load(source, file, backend, context, &ticket).await;
            let session = match loaded {
                Ok(session) => {
                    outbox::post(&Event::Loaded(session.info()));
                    Some(session)
                }
                Err(failure) => {
                    // Who cancels knows; by now the page may wait for another model.
                    if !ticket.cancelled() {
                        outbox::fail(failure);
                    }
                    None
                }
            };
            send_stored().await;
            session
        }
        Request::Generate(request) => match session {
            Some(session) => run::generate(session, request, &ticket).await,
            None => {
                let failure = Failure::new(FailureKind::NoModel, "no model is loaded");
                run::refuse(request.run, failure);
                None
            }
        },
        Request::RemoveStored { name } => {
            if let Err(error) = remove(&name).await {
                outbox::fail(error.into());
            }
            send_stored().await;
            session
        }
        Request::DestroyDevice => {
            if let Some(session) = &session
                && ticket.device_to_lose()
            {
                session.engine.lose_device();
            }
            session
        }
        // These acted on arrival.
        Request::CancelLoad | Request::Stop | Request::ListStored => session,
    }
}

async fn remove(name: &str) -> Result<(), storage::StorageError> {
    Store::open().await?.remove(name).await
}

/// Tells the page what is kept. Where nothing can be kept, that is an empty list, not a failure.
async fn send_stored() {
    let files = match Store::open().await {
        Ok(store) => match store.list().await {
            Ok(files) => files,
            Err(error) => return outbox::fail(error.into()),
        },
        Err(_) => Vec::new(),
    };
    outbox::post(&Event::Stored { files });
}
