//! The prompt: raw text or a message of a chat, Run and Stop.

use leptos::prelude::*;

use crate::state::app::App;
use crate::state::catalogue;
use crate::state::chat::Mode;
use crate::state::format;

#[component]
pub(crate) fn PromptEditor() -> impl IntoView {
    let app = App::get();
    let is_chat = Memo::new(move |_| app.mode.get() == Mode::Chat);
    let lacks_template = move || {
        is_chat.get()
            && app.load.with(|load| load.info().is_some_and(|info| !info.has_chat_template))
    };
    // Browsers that cannot size a field by its content get rows by its lines.
    let rows = move || app.prompt.with(|text| text.lines().count().clamp(3, 16));
    view! {
        <ModeChoice/>
        <Show when=lacks_template>
            <p class="hint warning">{move || app.t().prompt.no_template}</p>
        </Show>
        <Show when=move || is_chat.get()>
            <SystemPrompt/>
        </Show>
        <label class="visually-hidden" for="prompt">
            {move || if is_chat.get() {
                app.t().prompt.label_chat
            } else {
                app.t().prompt.label_raw
            }}
        </label>
        <textarea
            id="prompt"
            class="prompt-field"
            data-testid="prompt"
            spellcheck="false"
            rows=rows
            placeholder=move || if is_chat.get() {
                app.t().prompt.placeholder_chat
            } else {
                app.t().prompt.placeholder_raw
            }
            prop:value=move || app.prompt.get()
            on:input=move |event| app.prompt.set(event_target_value(&event))
        ></textarea>
        <Examples/>
        <RunButtons/>
    }
}

#[component]
fn ModeChoice() -> impl IntoView {
    let app = App::get();
    let choice = move |mode: Mode, test_id: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="mode"
                    data-testid=test_id
                    prop:checked=move || app.mode.get() == mode
                    on:change=move |_| app.set_mode(mode)
                />
                <span>
                    {move || match mode {
                        Mode::Raw => app.t().prompt.raw,
                        Mode::Chat => app.t().prompt.chat,
                    }}
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="visually-hidden">{move || app.t().prompt.mode}</legend>
            {choice(Mode::Raw, "mode-raw")}
            {choice(Mode::Chat, "mode-chat")}
            <span class="hint">
                {move || match app.mode.get() {
                    Mode::Raw => app.t().prompt.raw_explained,
                    Mode::Chat => app.t().prompt.chat_explained,
                }}
            </span>
        </fieldset>
    }
}

#[component]
fn SystemPrompt() -> impl IntoView {
    let app = App::get();
    view! {
        <label class="field system">
            <span class="field-name">{move || app.t().prompt.system}</span>
            <textarea
                rows="1"
                data-testid="system"
                placeholder=move || app.t().prompt.system_placeholder
                prop:value=move || app.system.get()
                on:input=move |event| app.system.set(event_target_value(&event))
            ></textarea>
        </label>
    }
}

/// Example prompts of the selected model.
#[component]
fn Examples() -> impl IntoView {
    let app = App::get();
    let examples = Memo::new(move |_| {
        let language = app.language.get();
        app.with_selected(|entry| {
            catalogue::examples(entry, language).into_iter().map(str::to_owned).collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    view! {
        <Show when=move || !examples.with(Vec::is_empty)>
            <p class="examples">
                <span class="hint">{move || app.t().prompt.examples}</span>
                <For
                    each=move || examples.get()
                    key=|example: &String| example.clone()
                    children=move |example: String| {
                        let text = example.clone();
                        view! {
                            <button
                                type="button"
                                class="quiet example"
                                on:click=move |_| app.prompt.set(text.clone())
                            >
                                {example}
                            </button>
                        }
                    }
                />
            </p>
        </Show>
    }
}

#[component]
fn RunButtons() -> impl IntoView {
    let app = App::get();
    let is_busy = Memo::new(move |_| app.run.with(|run| run.phase.is_busy()));
    let waits = Memo::new(move |_| app.load.with(|load| load.is_loading() && load.then_run()));
    let has_turns = Memo::new(move |_| {
        app.mode.get() == Mode::Chat && !app.conversation.with(|chat| chat.is_empty())
    });
    let will_load = move || {
        let wanted = app.wanted()?;
        if app.load.with(|load| load.is_loading() || load.satisfies(&wanted)) {
            return None;
        }
        app.with_selected(|entry| {
            (app.t().prompt.will_load)(&format::bytes(catalogue::bytes(entry)))
        })
    };
    view! {
        <div class="buttons">
            <button
                type="button"
                class="main"
                data-testid="run"
                disabled=move || is_busy.get()
                aria-keyshortcuts="Control+Enter Meta+Enter"
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
            <Show when=move || has_turns.get()>
                <button type="button" class="quiet" on:click=move |_| app.new_conversation()>
                    {move || app.t().prompt.new_conversation}
                </button>
            </Show>
            <span class="hint">
                <kbd>{move || app.t().prompt.shortcut}</kbd>
                {move || will_load().map(|sentence| format!(" · {sentence}"))}
            </span>
        </div>
    }
}
