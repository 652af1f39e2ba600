//! A prompt from parts: the editor, the techniques, and what goes in.

mod parts;
mod prompt;
mod source;
mod techniques;

use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::asked::Seat;

use parts::PartList;
use prompt::PromptView;
use source::SourceBar;
use techniques::Techniques;

#[component]
pub(crate) fn Builder() -> impl IntoView {
    view! {
        <div class="builder">
            <div class="builder-side">
                <SourceBar/>
                <Techniques/>
            </div>
            <div class="builder-main">
                <PartList/>
                <PromptView/>
                <AskBar/>
            </div>
        </div>
    }
}

/// Who is asked, and the button.
#[component]
fn AskBar() -> impl IntoView {
    let app = App::get();
    let is_asking = memo(move || app.lab_is_asking());
    let has_seats = memo(move || !app.lab_seats().is_empty());
    let waits_for_run = memo(move || {
        let runs = app.lab.run.with(|run| {
            run.as_ref().is_some_and(|own| {
                !own.replayed && own.run.status() == lab::experiment::Status::Running
            })
        });
        runs && is_asking.get()
    });
    let last_answered = memo(move || app.lab_last_answered());
    view! {
        <div class="ask-bar">
            <Show
                when=move || has_seats.get()
                fallback=move || view! { <p class="hint">{move || app.t().lab.parts.no_model}</p> }
            >
                <fieldset class="choices" data-testid="lab-seats">
                    <legend class="field-name">{move || app.t().lab.parts.stages}</legend>
                    <For
                        each=move || app.lab_seats()
                        key=|seat: &Seat| seat.clone()
                        children=move |seat: Seat| view! { <SeatBox seat=seat/> }
                    />
                </fieldset>
            </Show>
            <label class="field small-field">
                <span class="field-name">{move || app.t().lab.parts.max_tokens}</span>
                <input
                    type="text"
                    inputmode="numeric"
                    data-testid="lab-max-tokens"
                    prop:value=move || app.lab.build.with(|build| build.max_tokens.to_string())
                    on:change=move |event| {
                        if let Ok(most) = event_target_value(&event).trim().parse::<u32>() {
                            let most = most.clamp(1, lab::experiment::limits::MAX_TOKENS);
                            app.lab.build.update(|build| build.max_tokens = most);
                        }
                    }
                />
            </label>
            <div class="buttons">
                <button
                    type="button"
                    class="main"
                    data-testid="lab-ask"
                    disabled=move || is_asking.get()
                    aria-keyshortcuts="Control+Enter Meta+Enter"
                    on:click=move |_| app.lab_ask()
                >
                    {move || if is_asking.get() { app.t().lab.parts.asking } else { app.t().lab.parts.ask }}
                </button>
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-stop"
                    disabled=move || !is_asking.get()
                    on:click=move |_| app.lab_stop_asking()
                >
                    {move || app.t().lab.parts.stop}
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="lab-to-measure"
                    on:click=move |_| app.lab_measure_built()
                >
                    {move || app.t().lab.parts.to_measure}
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="lab-last-inside"
                    disabled=move || last_answered.get().is_none()
                    on:click=move |_| {
                        if let Some(number) = last_answered.get_untracked() {
                            app.lab_look_inside(number);
                        }
                    }
                >
                    {move || app.t().inside.open}
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="lab-to-compare"
                    on:click=move |_| app.lab_to_compare()
                >
                    {move || app.t().lab.parts.to_compare}
                </button>
            </div>
            <Show when=move || waits_for_run.get()>
                <p class="hint" role="status">{move || app.t().lab.parts.waits_for_run}</p>
            </Show>
        </div>
    }
}

#[component]
fn SeatBox(seat: Seat) -> impl IntoView {
    let app = App::get();
    let (own, named, toggled) = (seat.clone(), seat.clone(), seat.clone());
    view! {
        <label class="choice">
            <input
                type="checkbox"
                data-testid="lab-seat"
                data-model=seat.model
                data-stage=seat.stage
                prop:checked=move || app.lab_asked_seats().contains(&own)
                on:change=move |_| app.lab_toggle_seat(&toggled)
            />
            <span>{move || app.lab_seat_name(&named)}</span>
        </label>
    }
}
