//! The worker: requests go out once it listens, events come in as plain JavaScript values.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser::fetch::describe;
use crate::protocol::{Event, Request};

/// How many events `window.glassbox.lastEvents` keeps.
const EVENTS_KEPT: u32 = 200;

/// Why the worker could not be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("the worker could not be started: {0}")]
    Start(String),
    #[error("a request could not be written: {0}")]
    Write(#[from] serde_wasm_bindgen::Error),
    #[error("a request could not be sent: {0}")]
    Send(String),
}

/// What came of the worker in place of an event.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A message that is none of ours.
    Unreadable(String),
    /// An error that nothing in the worker caught, such as a panic: it will say nothing more.
    BrokeDown(String),
}

/// The page's end of the connection.
pub(crate) struct Link {
    worker: Worker,
    /// Requests from before the worker listened; `None` once it does.
    waiting: Option<Vec<JsValue>>,
}

impl Link {
    /// Starts the worker. `receive` gets every event, or what came in its place.
    pub(crate) fn start(
        receive: impl Fn(Result<Event, Trouble>) + Clone + 'static,
    ) -> Result<Self, LinkError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("worker.js", &options)
            .map_err(|error| LinkError::Start(describe(&error)))?;
        let last_events = Array::new();
        expose(&worker, &last_events);

        let received = receive.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let data = message.data();
            // Logits and what is seen inside take a megabyte each.
            if !is_named(&data, "distribution") && !is_named(&data, "inside") {
                last_events.push(&data);
            }
            if last_events.length() > EVENTS_KEPT {
                last_events.shift();
            }
            received(
                serde_wasm_bindgen::from_value(data)
                    .map_err(|error| Trouble::Unreadable(error.to_string())),
            );
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();

        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let message = Reflect::get(&event, &JsValue::from_str("message"))
                .ok()
                .and_then(|message| message.as_string())
                .unwrap_or_else(|| "the worker's script could not be loaded".to_owned());
            receive(Err(Trouble::BrokeDown(message)));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();

        Ok(Self { worker, waiting: Some(Vec::new()) })
    }

    /// Sends a request as `{ request, file? }`, at once or when the worker listens.
    pub(crate) fn send(&mut self, request: &Request, file: Option<&File>) -> Result<(), LinkError> {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        let envelope = Object::new();
        set(&envelope, "request", &request.serialize(&serializer)?);
        if let Some(file) = file {
            set(&envelope, "file", file);
        }
        match &mut self.waiting {
            Some(waiting) => waiting.push(envelope.into()),
            None => self.post(&envelope)?,
        }
        Ok(())
    }

    /// Has the worker said that it listens?
    pub(crate) fn listens(&self) -> bool {
        self.waiting.is_none()
    }

    /// The worker listens: what has waited goes out, in order.
    pub(crate) fn ready(&mut self) -> Result<(), LinkError> {
        for envelope in self.waiting.take().unwrap_or_default() {
            self.post(&envelope)?;
        }
        Ok(())
    }

    fn post(&self, envelope: &JsValue) -> Result<(), LinkError> {
        self.worker.post_message(envelope).map_err(|error| LinkError::Send(describe(&error)))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// `window.glassbox = { worker, lastEvents }`, for tests and the curious.
fn expose(worker: &Worker, last_events: &Array) {
    if let Some(window) = web_sys::window() {
        let hook = Object::new();
        set(&hook, "worker", worker);
        set(&hook, "lastEvents", last_events);
        set(&window, "glassbox", &hook);
    }
}

/// Is it an event of this name, with fields?
fn is_named(event: &JsValue, name: &str) -> bool {
    event.is_object() && Reflect::has(event, &JsValue::from_str(name)).unwrap_or(false)
}

/// Sets a property. Setting one of a fresh plain object cannot fail.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
