//! The worker owns the engines and speaks with the page in [`Request`]s and [`Event`]s.
//!
//! There are two lanes, each served one request after another by one task: files, and answers. So no answer waits
//! behind a download, and a model never changes under an answer. What interrupts or merely looks
//! ([`Request::Stop`], [`Request::Forget`], [`Request::CancelLoad`], [`Request::ListStored`]) acts at once, through [`Signals`].

mod backend;
mod clock;
mod desk;
mod download;
mod failure;
mod inside;
mod intake;
mod js;
mod lab;
mod load;
mod measure;
mod models;
mod origin;
mod outbox;
mod pace;
mod part;
mod peek;
mod plan;
mod progress;
mod room;
mod run;
mod samples;
mod score;
mod session;
mod signals;
mod site_file;
mod source;
mod storage;
mod tally;
mod trio;
mod views;
mod writer;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use crate::protocol::{Event, Failure, FailureKind, Request};
use desk::{Desk, Job, Lane};
use models::Models;
use signals::Ticket;
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

/// Takes one message in: acts at once, or puts it into a lane.
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
        Request::Forget { run } => desk.signals.forget(run),
        Request::ListStored => spawn_local(send_stored()),
        request => {
            if matches!(request, Request::DestroyDevice) {
                // An answer under way sees this between two steps; otherwise the lane does.
                desk.signals.ask_to_lose_devices();
            }
            let file = js::property(data, "file").dyn_into().ok();
            wake(desk, desk.add(request, file));
        }
    }
}

/// Starts a task that serves a lane.
fn wake(desk: &Rc<Desk>, lane: Lane) {
    spawn_local(serve(desk.clone(), lane));
}

/// Serves a lane until it is empty or has to wait for the other. A second task of a lane returns at once.
async fn serve(desk: Rc<Desk>, lane: Lane) {
    if !desk.occupy(lane) {
        return;
    }
    while let Some(job) = desk.next(lane) {
        let Job { request, file, ticket } = job;
        match lane {
            Lane::Files => {
                handle_file(request, file, &ticket, &desk.models).await;
                desk.done(&ticket);
                // An answer may have waited for this.
                wake(&desk, Lane::Answers);
            }
            Lane::Answers => answer(request, &ticket, &desk.models).await,
        }
    }
    desk.leave(lane);
}

/// Serves a request about files and models as a whole.
async fn handle_file(
    request: Request,
    file: Option<web_sys::File>,
    ticket: &Ticket,
    models: &Models,
) {
    match request {
        Request::Load { source, backend, context } => {
            // First the old one goes: there may be no room for both.
            models.remove(desk::name(&source)).await;
            match load::load(source, file, backend, context, ticket).await {
                Ok(session) => {
                    outbox::post(&Event::Loaded(session.info()));
                    models.put(session);
                }
                // Who cancels knows; by now the page may wait for another model.
                Err(failure) if !ticket.cancelled() => outbox::fail(failure),
                Err(_) => {}
            }
            ticket.end_download();
            send_stored().await;
        }
        Request::Unload { model } => {
            models.remove(&model).await;
            outbox::post(&Event::Unloaded { model });
        }
        Request::RemoveStored { name } => {
            if let Err(error) = remove(&name).await {
                outbox::fail(error.into());
            }
            send_stored().await;
        }
        _ => {}
    }
}

/// Serves a request that needs a loaded model.
async fn answer(request: Request, ticket: &Ticket, models: &Models) {
    match request {
        Request::Run(request) => run::run(models, request, ticket).await,
        Request::Samples(request) => samples::draw(models, request, ticket).await,
        Request::Score(request) => score::score(models, request, ticket).await,
        Request::Distribution { run, model, stage, prompt, answer } => {
            let place = peek::Place { model: &model, stage: &stage, prompt: &prompt };
            peek::distribution(models, run, place, &answer, ticket).await;
        }
        Request::Tokenize { run, model, stage, prompt } => {
            let place = peek::Place { model: &model, stage: &stage, prompt: &prompt };
            peek::tokenize(models, run, place);
        }
        Request::DestroyDevice if ticket.devices_to_lose() => models.lose_devices(),
        Request::Lab(request) => lab::serve(models, request, ticket).await,
        Request::Inside(request) => inside::serve(models, request, ticket).await,
        _ => {}
    }
    ticket.end_download();
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
