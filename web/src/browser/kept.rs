//! Votes, and lessons gone through, in the browser's local storage, and nowhere else. A browser that keeps nothing is
//! no error.

use gloo_storage::{LocalStorage, Storage};

use crate::state::lessons::course::Done;
use crate::state::votes::Ballot;

const BALLOT: &str = "glassbox.votes";
const DONE: &str = "glassbox.lessons";

pub(crate) fn read_ballot() -> Ballot {
    if is_open() { LocalStorage::get(BALLOT).unwrap_or_default() } else { Ballot::default() }
}

pub(crate) fn write_ballot(ballot: &Ballot) {
    if !is_open() {
        return;
    }
    if ballot.is_empty() {
        LocalStorage::delete(BALLOT);
    } else {
        // Full or forbidden: what was voted then lasts as long as the page.
        let _ = LocalStorage::set(BALLOT, ballot);
    }
}

pub(crate) fn read_done() -> Done {
    if is_open() { LocalStorage::get(DONE).unwrap_or_default() } else { Done::default() }
}

pub(crate) fn write_done(done: &Done) {
    if is_open() {
        // Full or forbidden: it is remembered as long as the page.
        let _ = LocalStorage::set(DONE, done);
    }
}

/// `gloo-storage` throws where cookies are blocked, so ask first.
fn is_open() -> bool {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).is_some()
}
