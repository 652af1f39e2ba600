//! The page's signals, and what an event of the worker does to them.

use std::collections::VecDeque;

use formats::manifest::Manifest;
use leptos::prelude::*;
use web_sys::File;

use crate::browser::link::Link;
use crate::browser::{dom, store};
use crate::i18n::{self, Strings};
use crate::protocol::{
    BackendChoice, Event, Failure, FailureKind, FinishReason, Source, StoredFile,
};
use crate::state::chat::{Conversation, Mode};
use crate::state::inspect::Inspect;
use crate::state::load::{Load, Progress};
use crate::state::notice::{Notice, Notices};
use crate::state::preferences::{Language, Query, Theme};
use crate::state::run::{Generated, Run};
use crate::state::settings::Form;

/// Chips that appear per frame; the rest wait for the next one, so that no frame takes long.
const CHIPS_PER_FRAME: usize = 64;

/// A model whose licence waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) model: String,
    pub(crate) then_run: bool,
}

/// Everything the components bind. Copies are the same page.
#[derive(Clone, Copy)]
pub(crate) struct App {
    pub(crate) language: RwSignal<Language>,
    pub(crate) theme: RwSignal<Theme>,
    pub(crate) accepted: RwSignal<Vec<String>>,
    /// `None` until the catalogue has been read.
    pub(crate) catalogue: RwSignal<Option<Vec<Manifest>>>,
    /// What the model select shows.
    pub(crate) source: RwSignal<Option<Source>>,
    pub(crate) local_name: RwSignal<Option<String>>,
    pub(crate) backend: RwSignal<BackendChoice>,
    pub(crate) load: RwSignal<Load>,
    pub(crate) stored: RwSignal<Vec<StoredFile>>,
    pub(crate) asking: RwSignal<Option<Asking>>,
    pub(crate) mode: RwSignal<Mode>,
    pub(crate) prompt: RwSignal<String>,
    pub(crate) system: RwSignal<String>,
    pub(crate) conversation: RwSignal<Conversation>,
    pub(crate) form: RwSignal<Form>,
    pub(crate) run: RwSignal<Run>,
    pub(crate) show_prompt: RwSignal<bool>,
    pub(crate) inspect: RwSignal<Inspect>,
    pub(crate) notices: RwSignal<Notices>,
    /// A file is being dragged over the page.
    pub(crate) dragging: RwSignal<bool>,
    pub(super) file: StoredValue<Option<File>, LocalStorage>,
    link: StoredValue<Option<Link>, LocalStorage>,
    inbox: StoredValue<Inbox, LocalStorage>,
}

/// Events that wait for the next frame.
#[derive(Default)]
struct Inbox {
    events: VecDeque<Event>,
    scheduled: bool,
}

impl App {
    /// Makes the signals and starts the worker.
    pub(crate) fn start() -> Self {
        let preferences = store::read();
        let language =
            preferences.language.unwrap_or_else(|| Language::from_tag(&dom::language_tag()));
        let query = Query::parse(&dom::search());
        let app = Self {
            language: RwSignal::new(language),
            theme: RwSignal::new(preferences.theme),
            accepted: RwSignal::new(preferences.accepted_licences),
            catalogue: RwSignal::new(None),
            source: RwSignal::new(None),
            local_name: RwSignal::new(None),
            backend: RwSignal::new(query.backend.unwrap_or_default()),
            load: RwSignal::new(Load::default()),
            stored: RwSignal::new(Vec::new()),
            asking: RwSignal::new(None),
            mode: RwSignal::new(Mode::Raw),
            prompt: RwSignal::new(String::new()),
            system: RwSignal::new(String::new()),
            conversation: RwSignal::new(Conversation::default()),
            form: RwSignal::new(Form::default()),
            run: RwSignal::new(Run::default()),
            show_prompt: RwSignal::new(true),
            inspect: RwSignal::new(Inspect::default()),
            notices: RwSignal::new(Notices::default()),
            dragging: RwSignal::new(false),
            file: StoredValue::new_local(None),
            link: StoredValue::new_local(None),
            inbox: StoredValue::new_local(Inbox::default()),
        };
        app.connect();
        app.read_catalogue(query.model);
        app
    }

    /// The page's state, in a component.
    pub(crate) fn get() -> Self {
        expect_context::<Self>()
    }

    /// The strings of the reader's language. Tracks it.
    pub(crate) fn t(self) -> &'static Strings {
        i18n::strings(self.language.get())
    }

    pub(crate) fn fail(self, kind: FailureKind, detail: String) {
        self.notices.update(|notices| {
            notices.add(Notice::Failure(Failure { kind, detail, run: None }));
        });
    }

    /// Does something with the connection; what goes wrong with it becomes a notice.
    pub(super) fn with_link<E: std::fmt::Display>(
        self,
        action: impl FnOnce(&mut Link) -> Result<(), E>,
    ) {
        let outcome = self.link.try_update_value(|link| link.as_mut().map(action));
        if let Some(Some(Err(error))) = outcome {
            self.fail(FailureKind::Internal, error.to_string());
        }
    }

    /// Starts a worker; one that was there is ended.
    fn connect(self) {
        match Link::start(move |event| self.receive(event)) {
            Ok(link) => self.link.set_value(Some(link)),
            Err(error) => self.fail(FailureKind::Internal, error.to_string()),
        }
    }

    /// The worker broke down: another takes its place, with no model loaded.
    fn crashed(self, detail: String) {
        self.connect();
        self.run.update(|state| {
            let id = state.id;
            state.finish(id, FinishReason::Failed, None);
        });
        self.take_back_unanswered(FinishReason::Failed);
        self.load.update(|load| {
            load.fail();
            load.forget();
        });
        self.fail(FailureKind::Internal, detail);
    }

    /// Takes an event in. What comes often waits for the next frame; the rest is seen to at once,
    /// after what waits.
    fn receive(self, event: Result<Event, String>) {
        let event = match event {
            Ok(event) => event,
            Err(message) => return self.fail(FailureKind::Internal, message),
        };
        let often =
            matches!(event, Event::Token { .. } | Event::Prefill { .. } | Event::Progress { .. });
        self.inbox.update_value(|inbox| inbox.events.push_back(event));
        if !often {
            self.take_in();
        }
        self.schedule();
    }

    /// Asks for a frame, once. Frames do not come to a hidden tab, timers do.
    fn schedule(self) {
        let asked = self
            .inbox
            .try_update_value(|inbox| std::mem::replace(&mut inbox.scheduled, true))
            .unwrap_or(true);
        if asked {
            return;
        }
        let frame = move || {
            self.inbox.update_value(|inbox| inbox.scheduled = false);
            self.take_in();
            let more = self.run.try_update(|run| run.reveal(CHIPS_PER_FRAME)).unwrap_or(false);
            if more {
                self.schedule();
            }
        };
        if dom::is_hidden() {
            set_timeout(frame, std::time::Duration::from_millis(100));
        } else {
            request_animation_frame(frame);
        }
    }

    fn take_in(self) {
        let events = self
            .inbox
            .try_update_value(|inbox| std::mem::take(&mut inbox.events))
            .unwrap_or_default();
        for event in events {
            self.apply(event);
        }
    }

    fn apply(self, event: Event) {
        match event {
            Event::Ready { .. } => {
                self.with_link(Link::ready);
                self.list_stored();
            }
            Event::Progress { stage, bytes, total, bytes_per_second, resumed_from } => {
                let progress = Progress { stage, bytes, total, bytes_per_second, resumed_from };
                self.load.update(|load| load.advance(progress));
            }
            Event::Loaded(info) => {
                if let Some(reason) = info.backend.fallback_reason.clone() {
                    self.notices.update(|notices| notices.add(Notice::CpuFallback { reason }));
                }
                if self.load.try_update(|load| load.finish(info)).unwrap_or(false) {
                    self.press_run();
                }
            }
            Event::PromptTokens { run, tokens } => {
                self.run.update(|state| state.prompt_tokens(run, tokens));
            }
            Event::Prefill { run, done, total } => {
                self.run.update(|state| state.prefill(run, done, total));
            }
            Event::Token { run, token, report, alternatives } => {
                let generated = Generated { token, report, alternatives };
                self.run.update(|state| state.token(run, generated));
            }
            Event::Finished { run, reason, stats } => {
                self.run.update(|state| state.finish(run, reason, Some(stats)));
                self.take_back_unanswered(reason);
            }
            Event::Stored { files } => self.stored.set(files),
            Event::DeviceRestored => {
                self.notices.update(|notices| notices.add(Notice::DeviceRestored));
            }
            Event::Failed(failure) => self.failed(failure),
            Event::Crashed { detail } => self.crashed(detail),
        }
    }

    fn failed(self, failure: Failure) {
        match failure.run {
            Some(run) => {
                self.run.update(|state| state.finish(run, FinishReason::Failed, None));
                self.take_back_unanswered(FinishReason::Failed);
            }
            // Trouble with the storage does not end a load that can go on without it.
            None if failure.kind != FailureKind::Storage => {
                self.load.update(|load| {
                    load.fail();
                });
            }
            None => {}
        }
        if matches!(failure.kind, FailureKind::DeviceLost | FailureKind::NoModel) {
            self.load.update(Load::forget);
        }
        self.notices.update(|notices| notices.add(Notice::Failure(failure)));
    }

    /// A chat message that failed without an answer goes back to where it was typed.
    fn take_back_unanswered(self, reason: FinishReason) {
        let answered = self.run.with_untracked(|run| !run.text.is_empty());
        if reason != FinishReason::Failed || answered || self.mode.get_untracked() != Mode::Chat {
            return;
        }
        let unanswered = self.conversation.try_update(Conversation::retract).flatten();
        if let Some(text) = unanswered
            && self.prompt.with_untracked(String::is_empty)
        {
            self.prompt.set(text);
        }
    }
}
