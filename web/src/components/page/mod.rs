//! The whole page, in one column.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, File};

use crate::browser::dom;
use crate::components::alternatives::Alternatives;
use crate::components::header::Header;
use crate::components::licence::LicenceDialog;
use crate::components::model::ModelBar;
use crate::components::notices::NoticeList;
use crate::components::output::Output;
use crate::components::prompt::PromptEditor;
use crate::components::settings::SettingsForm;
use crate::components::status::StatusLine;
use crate::state::app::App;
use crate::state::inspect::Inspect;

#[component]
pub(crate) fn Page() -> impl IntoView {
    let app = App::start();
    provide_context(app);
    Effect::new(move |_| dom::set_root_attribute("lang", Some(app.t().tag)));
    Effect::new(move |_| dom::set_root_attribute("data-theme", Some(app.theme.get().code())));
    listen(app);
    view! {
        <a class="skip" href="#prompt">{move || app.t().header.skip}</a>
        <div class="page">
            <Header/>
            <main>
                <ModelBar/>
                <section class="prompt" aria-labelledby="prompt-title">
                    <h2 id="prompt-title">{move || app.t().prompt.title}</h2>
                    <PromptEditor/>
                    <SettingsForm/>
                </section>
                <NoticeList/>
                <div class="reading">
                    <Output/>
                    <Alternatives/>
                </div>
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
    let _ = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            app.press_run();
        } else if event.key() == "Escape" && app.inspect.with_untracked(|i| i.locked().is_some()) {
            app.inspect.update(Inspect::unlock);
        }
    });
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

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

fn first_file(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}
