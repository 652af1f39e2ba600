//! The whole page, in one column of parts.

use leptos::ev;
use leptos::prelude::*;
use share::scene::View;
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, File, KeyboardEvent};

use crate::browser::dom;
use crate::components::chip::chip_id;
use crate::components::columns::Columns;
use crate::components::header::Header;
use crate::components::inside::InsidePage;
use crate::components::licence::LicenceDialog;
use crate::components::models::Models;
use crate::components::notices::NoticeList;
use crate::components::offer::Offer;
use crate::components::prompt::PromptEditor;
use crate::components::settings::SettingsForm;
use crate::components::status::StatusLine;
use crate::components::tools::Tools;
use crate::state::app::App;
use crate::state::inspect::Inspect;

#[component]
pub(crate) fn Page() -> impl IntoView {
    let app = App::start();
    provide_context(app);
    Effect::new(move |_| dom::set_root_attribute("lang", Some(app.t().tag)));
    Effect::new(move |_| dom::set_root_attribute("data-theme", Some(app.theme.get().code())));
    listen(app);
    let is_inside = Memo::new(move |_| app.scene.with(|s| matches!(s.view, View::Inside(_))));
    view! {
        <a class="skip" href="#prompt">{move || app.t().header.skip}</a>
        <div class="page">
            <Header/>
            <main>
                <PromptEditor/>
                <div class="drawers">
                    <SettingsForm/>
                    <Models/>
                </div>
                <NoticeList/>
                <Show
                    when=move || is_inside.get()
                    fallback=move || view! {
                        <Columns/>
                        <Offer/>
                        <Tools/>
                    }
                >
                    <InsidePage/>
                </Show>
            </main>
            <StatusLine/>
        </div>
        <LicenceDialog/>
        <Show when=move || app.dragging.get()>
            <p class="drop-veil" aria-hidden="true">{move || app.t().model.drop_now}</p>
        </Show>
    }
}

/// Keys and files that may land anywhere on the page.
fn listen(app: App) {
    let _ = window_event_listener(ev::keydown, move |event| on_key(app, &event));
    let _ = window_event_listener(ev::dragover, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            app.dragging.set(true);
        }
    });
    let _ = window_event_listener(ev::dragleave, move |event| {
        // Leaving the window has nowhere to go to; moving between elements does.
        if event.related_target().is_none() {
            app.dragging.set(false);
        }
    });
    let _ = window_event_listener(ev::drop, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            app.dragging.set(false);
            if let Some(file) = first_file(&event) {
                app.open_file(file);
            }
        }
    });
}

fn on_key(app: App, event: &KeyboardEvent) {
    let locked = app.inspect.with_untracked(|inspect| inspect.locked());
    let key = event.key();
    if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        app.press_run();
    } else if key == "Escape" && locked.is_some() {
        app.inspect.update(Inspect::free);
    } else if let Some(spot) = locked
        && dom::is_idle(event)
        && let Some(to) = app.step_token(&key, spot)
    {
        // A token is locked and nothing has the focus: the arrow keys go on from there.
        event.prevent_default();
        dom::focus(&chip_id(to.lane, to.place));
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

fn first_file(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}
