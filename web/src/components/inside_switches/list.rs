//! What is changed, with a slider for each; and any neuron by its number.

use leptos::prelude::*;
use share::scene::limits::MAX_SWITCHES;
use share::scene::{Switch, SwitchPart, View};

use crate::state::app::App;

/// A part without its scale: what a row is about.
type Part = (SwitchPart, u32, u32);

#[component]
pub(super) fn List() -> impl IntoView {
    let app = App::get();
    // Rows stay while their sliders move.
    let parts = Memo::new(move |_| {
        app.scene.with(|scene| match &scene.view {
            View::Inside(view) => {
                let part = |switch: &Switch| (switch.part, switch.layer, switch.index);
                view.switches.iter().map(part).collect::<Vec<Part>>()
            }
            View::Compare(_) | View::Lab(_) => Vec::new(),
        })
    });
    let is_full = Memo::new(move |_| app.has_all_switches());
    let has_any = Memo::new(move |_| parts.with(|parts| !parts.is_empty()));
    view! {
        <section>
            <p class="hint" role="status" data-testid="switches-full">
                {move || is_full.get().then(|| (app.t().inside_switches.too_many)(MAX_SWITCHES))}
            </p>
            <ul class="switch-list">
                {move || parts.get().into_iter().map(|part| row(app, part)).collect_view()}
            </ul>
            <div class="tool-row">
                <NeuronField/>
                <Show when=move || has_any.get()>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="switches-reset"
                        on:click=move |_| app.select(|view| view.switches.clear())
                    >
                        {move || app.t().inside_switches.reset}
                    </button>
                </Show>
            </div>
        </section>
    }
}

/// One changed part. The slider is read when it is let go, so that crossing 1, where nothing is changed, keeps the row.
fn row(app: App, part: Part) -> impl IntoView + use<> {
    let (kind, layer, index) = part;
    let scale = Memo::new(move |_| app.switch(kind, layer, index));
    let slide = move |text: String| {
        if let Ok(scale) = text.parse::<f32>() {
            app.set_switch(kind, layer, index, scale);
        }
    };
    view! {
        <li class="switch-row" data-testid="switch-row">
            <label class="walk">
                <span class="field-name">
                    {move || (app.t().inside_switches.part)(kind, layer, index)}
                </span>
                <input
                    type="range"
                    min="0"
                    max="2"
                    step="0.05"
                    data-testid="switch-scale"
                    prop:value=move || scale.get().to_string()
                    on:change=move |event| slide(event_target_value(&event))
                />
                <output class="walk-value">{move || format!("{} ×", scale.get())}</output>
            </label>
            <button
                type="button"
                class="quiet"
                data-testid="switch-back"
                on:click=move |_| app.set_switch(kind, layer, index, 1.0)
            >
                {move || app.t().inside_switches.back}
            </button>
        </li>
    }
}

/// A neuron of the chosen layer, by its number.
#[component]
fn NeuronField() -> impl IntoView {
    let app = App::get();
    let typed = RwSignal::new(String::new());
    let layer = Memo::new(move |_| app.selection().layer);
    let number = Memo::new(move |_| {
        let neurons =
            app.inside.facts.with(|facts| facts.as_ref().map(|facts| facts.shape.d_ff))?;
        typed.with(|typed| typed.trim().parse::<u32>()).ok().filter(|number| *number < neurons)
    });
    let add = move |_| {
        if let Some(number) = number.get_untracked() {
            app.set_switch(SwitchPart::Neuron, layer.get_untracked(), number, 0.0);
            typed.set(String::new());
        }
    };
    view! {
        <label class="field neuron-field">
            <span class="field-name">{move || (app.t().inside_switches.neuron)(layer.get())}</span>
            <input
                type="text"
                inputmode="numeric"
                data-testid="switch-neuron"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </label>
        <button
            type="button"
            class="plain"
            data-testid="switch-neuron-add"
            disabled=move || number.get().is_none()
            on:click=add
        >
            {move || app.t().inside_switches.off}
        </button>
    }
}
