//! Fetching a model from its public address: only ever after a button that named the host.

use leptos::prelude::*;

use crate::protocol::Source;
use crate::state::app::App;
use crate::state::catalogue::{self, Kept};
use crate::state::library::{Then, Wanted};

impl App {
    /// Id and host of the selected model, if its file is public and not kept here yet. Tracks.
    pub(crate) fn hub_offer(self) -> Option<(String, String)> {
        self.with_selected(|entry| {
            let whole = self.stored.with(|stored| catalogue::kept(entry, stored)) == Kept::Whole;
            let host = catalogue::hub_host(entry).filter(|_| !whole)?;
            Some((entry.id.clone(), host.to_owned()))
        })?
    }

    /// The reader pressed the button that named this host.
    pub(crate) fn load_from_hub(self, id: String, host: String) {
        let source = Source::Hub { id, host };
        let wanted = untrack(|| self.wanted()).map(|wanted| Wanted { source, ..wanted });
        match wanted {
            Some(wanted) => self.load_wanted(wanted, Then { show: true, run: false }),
            None => self.load_selected(false),
        }
    }
}
