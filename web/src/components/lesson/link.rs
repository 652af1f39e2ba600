//! Passing a lesson on: a link that holds all of its text.

use std::time::Duration;

use leptos::prelude::*;
use share::link::LinkSize;
use wasm_bindgen_futures::spawn_local;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::components::share::CopyField;
use crate::reactive::memo;
use crate::state::app::App;

const COPIED: Duration = Duration::from_millis(1500);

/// How a copy went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Copying {
    #[default]
    Idle,
    Done,
    /// The browser refused: the link is shown.
    ByHand,
    /// No link can hold it; a file can.
    TooLong,
}

#[component]
pub(super) fn LessonLink() -> impl IntoView {
    let app = App::get();
    let state = RwSignal::new(Copying::default());
    let url = RwSignal::new(String::new());
    let copy = move |_| {
        let Some(link) = app.link_to_lesson().filter(|link| link.size != LinkSize::TooLong) else {
            return state.set(Copying::TooLong);
        };
        url.set(link.url.clone());
        spawn_local(async move {
            if dom::copy(&link.url).await {
                state.set(Copying::Done);
                set_timeout(move || state.set(Copying::Idle), COPIED);
            } else {
                state.set(Copying::ByHand);
            }
        });
    };
    let text = memo(move || url.get());
    view! {
        <button
            type="button"
            class="quiet lesson-save"
            data-testid="copy-lesson"
            data-url=move || url.get()
            on:click=copy
        >
            {move || match state.get() {
                Copying::Done => app.t().share.dialog.copied,
                _ => app.t().lessons.copy_link,
            }}
        </button>
        <Show when=move || state.get() == Copying::ByHand>
            <CopyField
                id="lesson-link"
                label=Signal::derive(move || app.t().lessons.copy_link)
                text=text
                lines=1
            />
        </Show>
        <p class="hint" role="status">
            {move || match state.get() {
                Copying::TooLong => app.t().lessons.link_too_long,
                Copying::Done => app.t().share.dialog.copied,
                Copying::Idle | Copying::ByHand => "",
            }}
        </p>
    }
}
