//! A text to take away: a field to read it in, and a button to copy it.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser::dom;
use crate::state::app::App;

const COPIED: Duration = Duration::from_millis(1500);

/// How a copy went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Copying {
    #[default]
    Idle,
    Done,
    /// The browser refused.
    ByHand,
}

/// Several lines are shown as they are, one line is scrolled.
#[component]
pub(crate) fn CopyField(
    id: &'static str,
    label: Signal<&'static str>,
    text: Memo<String>,
    lines: u32,
) -> impl IntoView {
    let app = App::get();
    let state = RwSignal::new(Copying::default());
    let copy = move |_| {
        spawn_local(async move {
            if dom::copy(&text.get_untracked()).await {
                state.set(Copying::Done);
                set_timeout(move || state.set(Copying::Idle), COPIED);
            } else {
                dom::focus(id);
                dom::select(id);
                state.set(Copying::ByHand);
            }
        });
    };
    let field = if lines == 1 {
        view! {
            <input
                id=id
                class="mono"
                type="text"
                readonly=true
                data-testid=id
                aria-label=move || label.get()
                prop:value=move || text.get()
                on:focus=move |_| dom::select(id)
            />
        }
        .into_any()
    } else {
        view! {
            <textarea
                id=id
                class="mono"
                rows=lines
                readonly=true
                spellcheck="false"
                data-testid=id
                aria-label=move || label.get()
                prop:value=move || text.get()
            ></textarea>
        }
        .into_any()
    };
    view! {
        <div class="copy-field">
            {field}
            <button type="button" class="main" data-testid=format!("{id}-copy") on:click=copy>
                {move || match state.get() {
                    Copying::Done => app.t().share.dialog.copied,
                    Copying::Idle | Copying::ByHand => app.t().share.dialog.copy,
                }}
            </button>
        </div>
        <p class="hint" role="status">
            {move || match state.get() {
                Copying::ByHand => app.t().share.dialog.copy_by_hand,
                Copying::Done => app.t().share.dialog.copied,
                Copying::Idle => "",
            }}
        </p>
    }
}
