//! How the run goes, what can be done with the text, and how to read the chips.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser::dom;
use crate::i18n::Strings;
use crate::state::app::App;
use crate::state::run::{Phase, Run};

/// How long the copy button says that it copied.
const COPIED: Duration = Duration::from_millis(1500);

#[component]
pub(crate) fn Toolbar() -> impl IntoView {
    let app = App::get();
    let prompt_len = Memo::new(move |_| app.run.with(|run| run.prompt.len()));
    let has_text = Memo::new(move |_| app.run.with(|run| !run.text.is_empty()));
    let can_copy = dom::has_clipboard();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = app.run.with_untracked(|run| run.text.clone());
        spawn_local(async move {
            if dom::copy(&text).await {
                copied.set(true);
                set_timeout(move || copied.set(false), COPIED);
            }
        });
    };
    view! {
        <p class="hint run-state" role="status">
            {move || app.run.with(|run| describe(app.t(), run))}
        </p>
        <Show when=move || prompt_len.get() != 0>
            <button
                type="button"
                class="quiet"
                aria-pressed=move || if app.show_prompt.get() { "true" } else { "false" }
                on:click=move |_| app.show_prompt.update(|shown| *shown = !*shown)
            >
                {move || if app.show_prompt.get() {
                    app.t().output.hide_prompt.to_owned()
                } else {
                    (app.t().output.show_prompt)(prompt_len.get())
                }}
            </button>
        </Show>
        <Show when=move || can_copy && has_text.get()>
            <button type="button" class="quiet" on:click=copy>
                {move || if copied.get() { app.t().output.copied } else { app.t().output.copy }}
            </button>
        </Show>
    }
}

/// The scale of the shading, and what the keys do.
#[component]
pub(crate) fn Legend(is_hidden: Memo<bool>) -> impl IntoView {
    let app = App::get();
    view! {
        <div class="legend" hidden=move || is_hidden.get()>
            <p class="legend-scale">
                <span>{move || app.t().output.legend}</span>
                <span class="hint">{move || app.t().output.legend_low}</span>
                <span class="swatches" aria-hidden="true">
                    {(0u8..=8).map(|shade| view! { <i data-shade=shade></i> }).collect_view()}
                </span>
                <span class="hint">{move || app.t().output.legend_high}</span>
            </p>
            <p class="hint" id="output-keys">{move || app.t().output.keys}</p>
        </div>
    }
}

fn describe(words: &Strings, run: &Run) -> String {
    let tokens = run.tokens.len();
    match (run.phase, run.prefill) {
        (Phase::Idle, _) => String::new(),
        (Phase::Prefill, (_, 0)) => words.output.starting.to_owned(),
        (Phase::Prefill, (done, total)) => (words.output.prefill)(done, total),
        (Phase::Running, _) => (words.output.running)(tokens),
        (Phase::Finished, _) => {
            run.reason.map(|reason| (words.output.finished)(tokens, reason)).unwrap_or_default()
        }
    }
}
