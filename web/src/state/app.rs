//! The page's signals. What they hold are the plain structs beside this file.

use std::ops::Deref;

use engine::Counters;
use formats::manifest::Manifest;
use leptos::prelude::*;
use share::Scene;
use web_sys::File;

use crate::browser::link::Link;
use crate::browser::{dom, kept, store};
use crate::i18n::{self, Strings};
use crate::protocol::{BackendChoice, Failure, FailureKind, Request, Source, StoredFile};
use crate::reactive::effect;
use crate::state::blind::Blind;
use crate::state::inbox::Inbox;
use crate::state::inside::Inside;
use crate::state::inspect::Inspect;
use crate::state::lab::Lab;
use crate::state::lane::Lane;
use crate::state::lessons::Lessons;
use crate::state::library::{Library, Then, Wanted};
use crate::state::notice::{Notice, Notices};
use crate::state::preferences::{Language, Query, Theme, language_of};
use crate::state::samples::Draw;
use crate::state::scene::{self, MAX_COLUMNS};
use crate::state::score::Scoring;
use crate::state::settings::Form;
use crate::state::sharing::signals::Sharing;
use crate::state::tuner::Tuner;
use crate::state::votes::{Ballot, Signal};

/// A load that waits for its licence to be accepted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asking {
    pub(crate) wanted: Wanted,
    pub(crate) then: Then,
}

/// What opens under the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tool {
    Token,
    Score,
    Samples,
    Vote,
    Export,
}

/// What the worker is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Run(u32),
    Samples(u32),
    Score(u32),
}

/// What all columns of the last run took together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) steps: u32,
    pub(crate) counters: Counters,
}

/// Everything the components bind. Copies are the same page, and as small as a number: every closure on it holds one.
#[derive(Clone, Copy)]
pub(crate) struct App(&'static Signals);

impl Deref for App {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What [`App`] points at.
pub(crate) struct Signals {
    pub(crate) language: RwSignal<Language>,
    pub(crate) theme: RwSignal<Theme>,
    pub(crate) accepted: RwSignal<Vec<String>>,
    /// `None` until the catalogue has been read.
    pub(crate) catalogue: RwSignal<Option<Vec<Manifest>>>,
    /// What the model select shows.
    pub(crate) source: RwSignal<Option<Source>>,
    /// Names of the files that the reader opened.
    pub(crate) local: RwSignal<Vec<String>>,
    pub(crate) backend: RwSignal<BackendChoice>,
    pub(crate) library: RwSignal<Library>,
    pub(crate) stored: RwSignal<Vec<StoredFile>>,
    pub(crate) asking: RwSignal<Option<Asking>>,
    /// What the page shows, as plain data: prompt, columns, settings, view.
    pub(crate) scene: RwSignal<Scene>,
    /// The settings as they are typed; those that make sense are in the scene.
    pub(crate) form: RwSignal<Form>,
    pub(crate) lanes: [Lane; MAX_COLUMNS],
    /// The lane of each column of the scene.
    pub(crate) shown: RwSignal<Vec<usize>>,
    pub(crate) work: RwSignal<Option<Work>>,
    pub(crate) totals: RwSignal<Option<Totals>>,
    pub(crate) inspect: RwSignal<Inspect>,
    pub(crate) tool: RwSignal<Option<Tool>>,
    pub(crate) tuner: RwSignal<Option<Tuner>>,
    pub(crate) scoring: RwSignal<Option<Scoring>>,
    /// At most one of each kind: with chance, and greedy.
    pub(crate) draws: RwSignal<Vec<Draw>>,
    pub(crate) ballot: RwSignal<Ballot>,
    pub(crate) blind: RwSignal<Blind>,
    /// Signals that the reader may keep.
    pub(crate) offer: RwSignal<Vec<Signal>>,
    pub(crate) lab: Lab,
    /// The example that was put on the page last.
    pub(crate) example: RwSignal<Option<&'static str>>,
    pub(crate) lessons: Lessons,
    pub(crate) notices: RwSignal<Notices>,
    /// Links, saved scenes, undo.
    pub(crate) sharing: Sharing,
    pub(crate) inside: Inside,
    /// A file is being dragged over the page.
    pub(crate) dragging: RwSignal<bool>,
    pub(super) files: StoredValue<Vec<File>, LocalStorage>,
    pub(super) link: StoredValue<Option<Link>, LocalStorage>,
    pub(super) inbox: StoredValue<Inbox, LocalStorage>,
    /// The number of the last request that has one.
    number: StoredValue<u32>,
}

impl App {
    /// Makes the signals, starts the worker and reads the list of models.
    pub(crate) fn start() -> Self {
        let preferences = store::read();
        let language = preferences.language.unwrap_or_else(|| language_of(&dom::language_tag()));
        let query = Query::parse(&dom::search());
        // One page has one, for as long as it is open.
        let app = Self(Box::leak(Box::new(Signals {
            language: RwSignal::new(language),
            theme: RwSignal::new(preferences.theme),
            accepted: RwSignal::new(preferences.accepted_licences),
            catalogue: RwSignal::new(None),
            source: RwSignal::new(None),
            local: RwSignal::new(Vec::new()),
            backend: RwSignal::new(query.backend.unwrap_or_default()),
            library: RwSignal::new(Library::default()),
            stored: RwSignal::new(Vec::new()),
            asking: RwSignal::new(None),
            scene: RwSignal::new(Scene::default()),
            form: RwSignal::new(Form::default()),
            lanes: Lane::all(),
            shown: RwSignal::new(Vec::new()),
            work: RwSignal::new(None),
            totals: RwSignal::new(None),
            inspect: RwSignal::new(Inspect::default()),
            tool: RwSignal::new(None),
            tuner: RwSignal::new(None),
            scoring: RwSignal::new(None),
            draws: RwSignal::new(Vec::new()),
            ballot: RwSignal::new(kept::read_ballot()),
            blind: RwSignal::new(Blind::default()),
            offer: RwSignal::new(Vec::new()),
            lab: Lab::new(),
            example: RwSignal::new(None),
            lessons: Lessons::new(kept::read_done()),
            notices: RwSignal::new(Notices::default()),
            sharing: Sharing::new(query.embed),
            inside: Inside::new(),
            dragging: RwSignal::new(false),
            files: StoredValue::new_local(Vec::new()),
            link: StoredValue::new_local(None),
            inbox: StoredValue::new_local(Inbox::default()),
            number: StoredValue::new(0),
        })));
        app.keep_settings_in_scene();
        app.follow_lessons();
        app.keep_history();
        app.lab_keep_in_scene();
        app.lab_keep_tokens();
        app.lab_watch_models();
        app.connect();
        app.read_catalogue(query.model);
        if query.lab {
            app.lab_open();
        }
        app
    }

    /// The page's state, in a component.
    pub(crate) fn get() -> Self {
        expect_context::<Self>()
    }

    /// The lanes on show with their place from left to right. Tracks them.
    pub(crate) fn numbered_lanes(self) -> Vec<(usize, usize)> {
        self.shown.get().into_iter().enumerate().collect()
    }

    /// The strings of the reader's language. Tracks it.
    pub(crate) fn t(self) -> &'static Strings {
        i18n::strings(self.language.get())
    }

    /// Is the worker busy with an answer? Tracks.
    pub(crate) fn is_busy(self) -> bool {
        self.work.with(Option::is_some)
    }

    pub(crate) fn fail(self, kind: FailureKind, detail: String) {
        let failure = Failure { kind, detail, run: None, column: None };
        self.notices.update(|notices| notices.add(Notice::Failure(failure)));
    }

    /// The number of the next request.
    pub(super) fn next_number(self) -> u32 {
        self.number.update_value(|number| *number = number.wrapping_add(1));
        self.number.get_value()
    }

    pub(super) fn send(self, request: &Request) {
        self.with_link(|link| link.send(request, None));
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
    pub(super) fn connect(self) {
        match Link::start(move |event| self.receive(event)) {
            Ok(link) => self.link.set_value(Some(link)),
            Err(error) => self.fail(FailureKind::Internal, error.to_string()),
        }
    }

    /// Settings that make sense go into the scene as they are typed.
    fn keep_settings_in_scene(self) {
        effect(move || {
            let Ok(settings) = self.form.with(|form| form.parse()) else { return };
            self.scene.update(|scene| {
                scene.sampler = scene::sampler(&settings.sampler);
                scene.max_tokens = settings.max_tokens;
                scene.context = Some(settings.context);
            });
        });
    }
}
