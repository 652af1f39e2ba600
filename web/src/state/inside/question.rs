//! A question that a panel keeps asking: anew when what it asks about changes, one request at a time.
//!
//! ```ignore
//! let app = App::get();
//! let reply = ask(app, move || Some((app.inside.text.get()?, Ask::Norms)));
//! let norms = Memo::new(move |_| reply.one(|answer| match answer { Answer::Norms { .. } => …, _ => None }));
//! ```
//!
//! The last answer stays until the first part of the next has come. A change while a request is under way is asked
//! when that has been answered, so that the worker never has more than one request of a question before it. What
//! was asked goes when the panel closes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::Request;
use crate::protocol::inside::{Answer, Ask, InsideRequest, InsideText};
use crate::state::app::App;

/// What comes to who asked.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    Answer(Arc<Answer>),
    Failed,
}

/// Hears what comes for a request; true if it was the last.
pub(crate) type Listener = Callback<(u32, Heard), bool>;

/// What is asked about which text.
pub(crate) type Wanted = Option<(InsideText, Ask)>;

/// How a question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing is asked, or all is answered.
    #[default]
    Quiet,
    /// A request is under way.
    Waiting,
    /// The last request failed; a notice says why.
    Failed,
    /// The reader stopped it.
    Stopped,
}

/// What has been answered so far. All fields are signals to bind.
#[derive(Clone, Copy)]
pub(crate) struct Reply {
    /// Parts of one answer, in the order they came.
    pub(crate) parts: RwSignal<Vec<Arc<Answer>>>,
    pub(crate) standing: RwSignal<Standing>,
    /// Done and to do, where the worker says so.
    pub(crate) progress: RwSignal<Option<(u32, u32)>>,
    /// The request that `parts` belong to.
    of: StoredValue<u32>,
    asked: StoredValue<Wanted>,
    again: RwSignal<u32>,
}

impl Reply {
    fn new() -> Self {
        Self {
            parts: RwSignal::new(Vec::new()),
            standing: RwSignal::new(Standing::Quiet),
            progress: RwSignal::new(None),
            of: StoredValue::new(0),
            asked: StoredValue::new(None),
            again: RwSignal::new(0),
        }
    }

    /// Something of the first part. Tracks.
    pub(crate) fn one<T>(self, read: impl FnOnce(&Answer) -> Option<T>) -> Option<T> {
        self.parts.with(|parts| read(parts.first()?))
    }

    /// Is it about this text that was asked last?
    pub(crate) fn is_about(self, text: &InsideText) -> bool {
        self.asked.with_value(|asked| asked.as_ref().is_some_and(|(about, _)| about == text))
    }

    /// Tracks.
    pub(crate) fn is_waiting(self) -> bool {
        self.standing.get() == Standing::Waiting
    }

    /// Asks the same once more.
    pub(crate) fn ask_again(self) {
        self.asked.set_value(None);
        self.again.update(|count| *count += 1);
    }

    fn clear(self) {
        self.asked.set_value(None);
        self.progress.set(None);
        if self.parts.with_untracked(|parts| !parts.is_empty()) {
            self.parts.set(Vec::new());
        }
        // Who asks follows the standing: telling it what it is already would never end.
        if self.standing.get_untracked() != Standing::Quiet {
            self.standing.set(Standing::Quiet);
        }
    }

    /// True if nothing more will come.
    fn hear(self, run: u32, heard: Heard) -> bool {
        let Heard::Answer(answer) = heard else {
            self.progress.set(None);
            self.standing.set(Standing::Failed);
            return true;
        };
        match answer.as_ref() {
            Answer::Progress { done, total } => self.progress.set(Some((*done, *total))),
            Answer::Ended { stopped } => {
                self.progress.set(None);
                self.standing.set(if *stopped { Standing::Stopped } else { Standing::Quiet });
                return true;
            }
            _ => {
                let has_more = comes_in_parts(&answer);
                if self.of.get_value() == run {
                    self.parts.update(|parts| parts.push(answer));
                } else {
                    self.of.set_value(run);
                    self.parts.set(vec![answer]);
                }
                if !has_more {
                    self.progress.set(None);
                    self.standing.set(Standing::Quiet);
                }
                return !has_more;
            }
        }
        false
    }
}

/// Is this a part that is followed by others, and at last by [`Answer::Ended`]?
pub(crate) fn comes_in_parts(answer: &Answer) -> bool {
    matches!(answer, Answer::Lens(_) | Answer::Influence { .. })
}

/// Asks what `wanted` says as often as it says something else; `None` asks nothing and forgets the last answer.
pub(crate) fn ask(app: App, wanted: impl Fn() -> Wanted + Send + Sync + 'static) -> Reply {
    let wanted = Memo::new(move |_| wanted());
    let reply = Reply::new();
    let listener: Listener = Callback::new(move |(run, heard)| reply.hear(run, heard));
    Effect::new(move |_| {
        let wanted = wanted.get();
        reply.again.track();
        if reply.standing.get() == Standing::Waiting {
            return;
        }
        if wanted.is_none() {
            return reply.clear();
        }
        if reply.asked.with_value(|asked| *asked == wanted) {
            return;
        }
        reply.asked.set_value(wanted.clone());
        reply.standing.set(Standing::Waiting);
        if let Some((text, ask)) = wanted {
            app.send_inside(text, ask, listener);
        }
    });
    reply
}

impl App {
    /// Sends a question; `listener` hears what comes.
    pub(crate) fn send_inside(self, text: InsideText, ask: Ask, listener: Listener) {
        let run = self.next_number();
        self.inside.listen(run, listener);
        self.send(&Request::Inside(InsideRequest { run, text, ask }));
    }
}
