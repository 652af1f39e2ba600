//! A question that a panel keeps asking: anew when what it asks about changes, one request at a time.
//!
//! ```ignore
//! let app = App::get();
//! let reply = ask(app, move || Some((app.inside.text.get()?, Ask::Norms)));
//! let norms = memo(move || reply.one(|answer| match answer { Answer::Norms { .. } => …, _ => None }));
//! ```
//!
//! The last answer stays until the first part of the next has come: what stands beside it is taken from
//! [`Reply::about`], never from the selection, which may be further. A change while a request is under way is asked
//! when that has been answered, so that the worker never has more than one request of a question before it. What is
//! under way when the panel closes is forgotten.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::Request;
use crate::protocol::inside::{Answer, Ask, InsideRequest, InsideText};
use crate::reactive::{effect, memo};
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
    /// What `parts` answer.
    answered: StoredValue<Wanted>,
    /// The request that was sent last.
    sent: StoredValue<u32>,
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
            answered: StoredValue::new(None),
            sent: StoredValue::new(0),
            again: RwSignal::new(0),
        }
    }

    /// Something of the first part. Tracks.
    pub(crate) fn one<T>(self, read: impl FnOnce(&Answer) -> Option<T>) -> Option<T> {
        self.parts.with(|parts| read(parts.first()?))
    }

    /// Something of the question that `parts` answer. Another may have been asked since. Tracks.
    pub(crate) fn about<T>(self, read: impl FnOnce(&InsideText, &Ask) -> Option<T>) -> Option<T> {
        self.parts.track();
        self.answered.with_value(|answered| {
            let (text, ask) = answered.as_ref()?;
            read(text, ask)
        })
    }

    /// Do `parts` answer a question about this text? Tracks.
    pub(crate) fn is_about(self, text: &InsideText) -> bool {
        self.about(|about, _| Some(about == text)).unwrap_or_default()
    }

    /// Do `parts` answer an earlier question than the last? Tracks.
    pub(crate) fn is_old(self) -> bool {
        self.parts.track();
        self.standing.track();
        self.answered.with_value(|answered| {
            answered.is_some() && self.asked.with_value(|asked| asked != answered)
        })
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
        self.answered.set_value(None);
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
                    self.answered.set_value(self.asked.get_value());
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
    let wanted = memo(wanted);
    let reply = Reply::new();
    let listener: Listener = Callback::new(move |(run, heard)| reply.hear(run, heard));
    effect(move || {
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
            reply.sent.set_value(app.send_inside(text, ask, listener));
        }
    });
    // The panel closes: what it waits for would only keep others waiting.
    on_cleanup(move || {
        if reply.standing.try_get_untracked() == Some(Standing::Waiting)
            && let Some(run) = reply.sent.try_get_value()
        {
            app.forget_inside(run);
        }
    });
    reply
}

impl App {
    /// Sends a question; `listener` hears what comes. Gives back its number.
    pub(crate) fn send_inside(self, text: InsideText, ask: Ask, listener: Listener) -> u32 {
        let run = self.next_number();
        self.inside.listen(run, listener);
        self.send(&Request::Inside(InsideRequest { run, text, ask }));
        run
    }

    /// Nobody waits for a question any more.
    fn forget_inside(self, run: u32) {
        self.inside.forget(run);
        self.send(&Request::Forget { run });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Prompt;

    fn asks(layer: u32) -> Wanted {
        let text = InsideText {
            model: "m".to_owned(),
            stage: "base".to_owned(),
            prompt: Prompt::Raw { text: "a".to_owned() },
            answer: Vec::new(),
        };
        Some((text, Ask::Rollout { layer }))
    }

    /// Asks, as the effect does.
    fn put(reply: Reply, wanted: Wanted) {
        reply.asked.set_value(wanted);
        reply.standing.set(Standing::Waiting);
    }

    fn map(layer: u32) -> Heard {
        Heard::Answer(Arc::new(Answer::AttentionMap { layer, tokens: 1, weights: vec![1.0] }))
    }

    fn layer_of(reply: Reply) -> Option<u32> {
        reply.about(|_, ask| match ask {
            Ask::Rollout { layer } => Some(*layer),
            _ => None,
        })
    }

    #[test]
    fn an_answer_is_about_its_own_question_until_the_next_is_answered() {
        let owner = Owner::new();
        owner.set();
        let reply = Reply::new();
        put(reply, asks(1));
        assert!(!reply.is_old(), "nothing has come");
        assert!(reply.hear(1, map(1)));
        assert_eq!((layer_of(reply), reply.is_old()), (Some(1), false));
        put(reply, asks(2));
        assert_eq!((layer_of(reply), reply.is_old()), (Some(1), true));
        let stopped = Heard::Answer(Arc::new(Answer::Ended { stopped: true }));
        assert!(reply.hear(2, stopped));
        assert_eq!((layer_of(reply), reply.is_old()), (Some(1), true), "nothing newer came");
        put(reply, asks(2));
        assert!(reply.hear(3, map(2)));
        assert_eq!((layer_of(reply), reply.is_old()), (Some(2), false));
        reply.clear();
        assert_eq!((layer_of(reply), reply.is_old()), (None, false));
    }
}
