//! Keys that belong to the whole page: undo and redo, and those of a presenter.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::state::app::App;
use crate::state::sharing::steps::direction;

/// Ctrl+Z undoes, Ctrl+Shift+Z and Ctrl+Y redo. In a field the browser itself undoes what was typed. True if the key
/// meant this.
pub(super) fn travels(app: App, event: &KeyboardEvent) -> bool {
    let is_chord = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    if !is_chord || dom::is_typing(event) || dom::is_in_dialog(event) {
        return false;
    }
    match (event.key().to_lowercase().as_str(), event.shift_key()) {
        ("z", false) => app.undo(),
        ("z", true) | ("y", false) => app.redo(),
        _ => return false,
    }
    true
}

/// On a projector: on and back through a set of scenes, run, and leave. A lesson has its own keys. True if the key
/// meant this.
pub(super) fn presents(app: App, event: &KeyboardEvent) -> bool {
    let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    let (is_presented, has_lesson) =
        app.scene.with_untracked(|scene| (scene.presenter, scene.lesson.is_some()));
    if !is_presented || !is_plain || dom::is_typing(event) || dom::is_in_dialog(event) {
        return false;
    }
    let key = event.key();
    if key == "Escape" {
        app.set_presenter(false);
        return true;
    }
    let Some(forward) = direction(&key).filter(|_| !has_lesson) else { return false };
    // Arrow keys also move about within what has the focus.
    let is_page_key = key.starts_with("Page");
    let has_lock = app.inspect.with_untracked(|inspect| inspect.locked().is_some());
    if !is_page_key && (has_lock || !dom::is_idle(event)) {
        return false;
    }
    let has_set = app.sharing.steps.with_untracked(Option::is_some);
    if has_set {
        app.turn_scene(forward);
    } else if forward && is_page_key {
        app.press_run();
    } else {
        return false;
    }
    true
}
