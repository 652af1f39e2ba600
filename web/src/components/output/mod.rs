//! The text as token chips, streaming.

mod chip;
mod conversation;
mod toolbar;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::state::app::App;
use crate::state::chat::Mode;
use crate::state::inspect::{self, Inspect};
use crate::state::run::reason_code;

pub(crate) use chip::draw;
use chip::{Chip, Marks, chip_id};
use conversation::EarlierTurns;
use toolbar::{Legend, Toolbar};

#[component]
pub(crate) fn Output() -> impl IntoView {
    let app = App::get();
    let extent = Memo::new(move |_| app.run.with(|run| (run.id, run.revealed)));
    let prompt_len = Memo::new(move |_| app.run.with(|run| run.prompt.len()));
    let phase = Memo::new(move |_| app.run.with(|run| run.phase));
    let first = move || if app.show_prompt.get() { 0 } else { prompt_len.get() };
    let marks = Marks::new(app, first);
    let chips = move || {
        let (run, revealed) = extent.get();
        (0..revealed).map(|index| (run, index)).collect::<Vec<_>>()
    };
    let is_empty = Memo::new(move |_| extent.get().1 == 0);
    let is_chat = Memo::new(move |_| app.mode.get() == Mode::Chat);
    let move_focus = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(index) = dom::chip_index(&event) else { return };
        let (first, end) = (untrack(first), extent.get_untracked().1);
        if let Some(target) = inspect::step(&event.key(), index, first, end) {
            event.prevent_default();
            dom::focus(&chip_id(target));
        }
    };
    view! {
        <section class="output" aria-labelledby="output-title">
            <div class="output-head">
                <h2 id="output-title">{move || app.t().output.title}</h2>
                <Toolbar/>
            </div>
            <Show when=move || is_chat.get()>
                <EarlierTurns/>
            </Show>
            <Show when=move || is_empty.get() && !phase.get().is_busy()>
                <p class="hint">{move || app.t().output.empty}</p>
            </Show>
            <div
                class="tokens"
                class:hide-prompt=move || !app.show_prompt.get()
                role="group"
                aria-label=move || app.t().output.tokens_label
                aria-describedby="output-keys"
                aria-busy=move || if phase.get().is_busy() { "true" } else { "false" }
                data-testid="output"
                data-state=move || phase.get().code()
                data-reason=move || app.run.with(|run| run.reason.map(reason_code))
                data-text=move || app.run.with(|run| run.text.clone())
                on:mouseover=move |event| {
                    let hovered = dom::chip_index(&event);
                    app.inspect.update(|inspect| inspect.hover(hovered));
                }
                on:mouseleave=move |_| app.inspect.update(|inspect| inspect.hover(None))
                on:focusin=move |event| {
                    if let Some(index) = dom::chip_index(&event) {
                        app.inspect.update(|inspect| inspect.focus(index));
                    }
                }
                on:focusout=move |_| app.inspect.update(Inspect::blur)
                on:click=move |event| {
                    if let Some(index) = dom::chip_index(&event) {
                        app.inspect.update(|inspect| inspect.click(index));
                    }
                }
                on:keydown=move_focus
            >
                <For
                    each=chips
                    key=|place: &(u32, usize)| *place
                    children=move |(_, index): (u32, usize)| {
                        view! { <Chip index=index marks=marks.clone()/> }
                    }
                />
                <Show when=move || phase.get().is_busy()>
                    <span class="caret" aria-hidden="true"></span>
                </Show>
            </div>
            <Legend is_hidden=is_empty/>
        </section>
    }
}
