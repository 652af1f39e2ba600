//! The whole page, in one column of parts.

mod keys;

use leptos::ev;
use leptos::prelude::*;
use share::scene::View;
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, File, KeyboardEvent};

use crate::browser::dom;
use crate::components::chip::chip_id;
use crate::components::columns::Columns;
use crate::components::embed::{EmbedFoot, PresenterBar};
use crate::components::flow::Show;
use crate::components::header::Header;
use crate::components::inside::InsidePage;
use crate::components::lab::LabPage;
use crate::components::lessons::LessonsPanel;
use crate::components::licence::LicenceDialog;
use crate::components::models::Models;
use crate::components::nav::Nav;
use crate::components::notices::NoticeList;
use crate::components::offer::Offer;
use crate::components::prompt::PromptEditor;
use crate::components::replay::OpenedBar;
use crate::components::scenes::ScenesDialog;
use crate::components::settings::SettingsForm;
use crate::components::share::ShareDialog;
use crate::components::status::StatusLine;
use crate::components::tools::Tools;
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::inspect::Inspect;
use crate::state::lab::is_for_lab;

#[component]
pub(crate) fn Page() -> impl IntoView {
    let app = App::start();
    provide_context(app);
    effect(move || dom::set_root_attribute("lang", Some(app.t().tag)));
    effect(move || dom::set_root_attribute("data-theme", Some(app.theme.get().code())));
    effect(move || {
        dom::set_root_attribute("data-embed", app.is_embedded().then_some(""));
        dom::set_root_attribute("data-presenter", app.is_presented().then_some(""));
    });
    listen(app);
    let in_lab = memo(move || app.lab_is_open());
    let is_inside = memo(move || app.scene.with(|s| matches!(s.view, View::Inside(_))));
    view! {
        <a class="skip" href=move || if in_lab.get() { "#lab" } else { "#prompt" }>{move || app.t().header.skip}</a>
        <div class="page">
            <Show when=move || !app.is_embedded()>
                <Header/>
                <Nav/>
            </Show>
            <PresenterBar/>
            <LessonsPanel/>
            <main>
                <OpenedBar/>
                <Show when=move || !in_lab.get()>
                    <PromptEditor/>
                </Show>
                <div class="drawers">
                    <SettingsForm/>
                    <Models/>
                </div>
                <NoticeList/>
                <Show when=move || in_lab.get()>
                    <LabPage/>
                </Show>
                <Show when=move || is_inside.get()>
                    <InsidePage/>
                </Show>
                <Show when=move || !in_lab.get() && !is_inside.get()>
                    <Columns/>
                    <Offer/>
                    <Tools/>
                </Show>
            </main>
            <EmbedFoot/>
            <StatusLine/>
        </div>
        <LicenceDialog/>
        <ShareDialog/>
        <ScenesDialog/>
        <Show when=move || app.dragging.get()>
            <p class="drop-veil" aria-hidden="true">{move || app.t().model.drop_now}</p>
        </Show>
    }
}

/// Keys and files that may land anywhere on the page.
fn listen(app: App) {
    let _ = window_event_listener(ev::keydown, move |event| on_key(app, &event));
    let _ = window_event_listener(ev::focusout, move |_| app.end_step());
    let _ = window_event_listener(ev::hashchange, move |_| {
        app.open_address();
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
            match first_file(&event) {
                Some(file) if untrack(|| app.lab_is_open()) && is_for_lab(&file.name()) => {
                    app.lab_open_file(&file);
                }
                Some(file) => app.open_file(file),
                None => {}
            }
        }
    });
}

fn on_key(app: App, event: &KeyboardEvent) {
    let locked = app.inspect.with_untracked(|inspect| inspect.locked());
    let key = event.key();
    if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        if untrack(|| app.lab_is_open()) {
            app.lab_ask();
        } else {
            app.press_run();
        }
    } else if key == "Escape" && locked.is_some() {
        app.inspect.update(Inspect::free);
    } else if keys::travels(app, event) || keys::presents(app, event) {
        event.prevent_default();
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
