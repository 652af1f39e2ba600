//! The prompt: typed once, run by all columns.

mod how;

use leptos::prelude::*;

use crate::components::gallery::AllExamples;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::gallery;
use crate::state::run::Phase;

use how::HowPrompt;

#[component]
pub(crate) fn PromptEditor() -> impl IntoView {
    let app = App::get();
    let text = memo(move || app.scene.with(|scene| scene.prompt.text.clone()));
    // Browsers that cannot size a field by its content get rows by its lines.
    let rows = move || text.with(|text| text.lines().count().clamp(1, 12));
    view! {
        <section class="prompt" aria-labelledby="prompt-title">
            <div class="prompt-head">
                <label id="prompt-title" class="field-name" for="prompt">
                    {move || app.t().prompt.title}
                </label>
                <HowPrompt/>
            </div>
            <div class="prompt-row">
                <textarea
                    id="prompt"
                    class="prompt-field"
                    data-testid="prompt"
                    data-part="prompt"
                    spellcheck="false"
                    rows=rows
                    placeholder=move || app.t().prompt.placeholder
                    prop:value=move || text.get()
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        app.scene.update(|scene| {
                            scene.prompt.text = text;
                            // What is typed is no longer what was put together in the lab.
                            scene.prompt.parts.clear();
                        });
                    }
                ></textarea>
                <RunButtons/>
            </div>
            <Examples/>
        </section>
    }
}

#[component]
fn RunButtons() -> impl IntoView {
    let app = App::get();
    let is_busy = memo(move || app.is_busy());
    let waits =
        memo(move || app.library.with(|library| library.is_loading() && library.then().run));
    let has_answers = memo(move || {
        let columns = app.columns();
        columns.iter().any(|lane| lane.run.with(|run| run.phase == Phase::Finished))
    });
    view! {
        <div class="run-buttons">
            <button
                type="button"
                class="main"
                data-testid="run"
                data-part="run"
                disabled=move || is_busy.get()
                aria-keyshortcuts="Control+Enter Meta+Enter"
                title=move || app.t().prompt.shortcut
                on:click=move |_| app.press_run()
            >
                {move || if waits.get() { app.t().prompt.run_waits } else { app.t().prompt.run }}
            </button>
            <button
                type="button"
                class="plain"
                data-testid="stop"
                disabled=move || !is_busy.get()
                on:click=move |_| app.stop()
            >
                {move || app.t().prompt.stop}
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="ask-again"
                disabled=move || is_busy.get() || !has_answers.get()
                title=move || app.t().prompt.again_explained
                on:click=move |_| app.ask_again()
            >
                {move || app.t().prompt.again}
            </button>
        </div>
    }
}

/// A few examples, and the way to all of them.
#[component]
fn Examples() -> impl IntoView {
    let app = App::get();
    let chosen = memo(move || app.shown_example().map(|example| example.id.as_str()));
    let featured = gallery::FEATURED
        .into_iter()
        .filter_map(gallery::find)
        .map(|example| {
            view! {
                <button
                    type="button"
                    class="quiet example"
                    data-testid="example"
                    data-id=example.id.clone()
                    aria-pressed=move || {
                        if chosen.get() == Some(example.id.as_str()) { "true" } else { "false" }
                    }
                    on:click=move |_| app.pick_example(&example.id)
                >
                    {move || example.prompt.get(app.language.get()).trim().to_owned()}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="examples">
            <span class="hint">{move || app.t().prompt.examples}</span>
            <AllExamples/>
            {featured}
        </div>
    }
}
