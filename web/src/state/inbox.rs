//! Events of the worker on their way to the page: what comes often waits for the next frame.

use std::collections::VecDeque;

use leptos::prelude::*;

use crate::browser::dom;
use crate::browser::link::{Link, Trouble};
use crate::protocol::{Event, FailureKind};
use crate::state::app::App;

/// Chips that appear per frame and column; the rest wait for the next one, so that no frame takes long.
const CHIPS_PER_FRAME: usize = 24;

/// Events that wait for the next frame.
#[derive(Default)]
pub(crate) struct Inbox {
    events: VecDeque<Event>,
    scheduled: bool,
}

impl App {
    /// Takes an event in. What comes often waits for the next frame; the rest is seen to at once, after what waits.
    pub(super) fn receive(self, event: Result<Event, Trouble>) {
        let event = match event {
            Ok(event) => event,
            Err(Trouble::BrokeDown(message)) if self.worker_listens() => {
                // What it said before that comes first.
                self.take_in();
                return self.broke_down(message);
            }
            Err(Trouble::Unreadable(message) | Trouble::BrokeDown(message)) => {
                return self.fail(FailureKind::Internal, message);
            }
        };
        let often =
            matches!(event, Event::Token { .. } | Event::Prefill { .. } | Event::Progress { .. });
        self.inbox.update_value(|inbox| inbox.events.push_back(event));
        if !often {
            self.take_in();
        }
        self.schedule();
    }

    /// A worker that never did, because its script is missing say, is not tried again and again.
    fn worker_listens(self) -> bool {
        self.link.with_value(|link| link.as_ref().is_some_and(Link::listens))
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
            if self.reveal() {
                self.schedule();
            }
        };
        if dom::is_hidden() {
            set_timeout(frame, std::time::Duration::from_millis(100));
        } else {
            request_animation_frame(frame);
        }
    }

    /// Shows more chips. True if some are still to be shown.
    fn reveal(self) -> bool {
        let mut more = false;
        for lane in self.lanes {
            if lane.run.with_untracked(|run| run.revealed < run.tokens.len()) {
                more |= lane.run.try_update(|run| run.reveal(CHIPS_PER_FRAME)).unwrap_or(false);
            }
        }
        more
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
}
