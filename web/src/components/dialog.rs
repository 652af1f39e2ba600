//! What the page's modal dialogs share.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::reactive::effect;

/// Opens and closes a dialog along with what it is there for.
pub(crate) fn follow(dialog: NodeRef<Dialog>, is_wanted: impl Fn() -> bool + 'static) {
    effect(move || {
        let wanted = is_wanted();
        let Some(dialog) = dialog.get() else { return };
        if wanted && !dialog.open() {
            // Fails only for a dialog that is open or not in the document.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
}

/// Whether a dialog that reports its closing is closed still. The report comes a moment after the closing, and the
/// dialog may have been opened again by then: such a report must not close it.
pub(crate) fn is_closed(dialog: NodeRef<Dialog>) -> bool {
    dialog.get_untracked().is_none_or(|dialog| !dialog.open())
}
