//! What is changed, with a slider for each; and any neuron by its number.

use leptos::prelude::*;
use share::scene::limits::MAX_SWITCHES;
use share::scene::{Switch, SwitchPart, View};

use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;

/// A part without its scale: what a row is about.
type Part = (SwitchPart, u32, u32);

/// The rows: those that were there keep their places as long as their parts are changed or held, new ones follow.
fn rows_after(before: &[Part], changed: &[Part], held: &[Part]) -> Vec<Part> {
    let stays = |part: &&Part| changed.contains(part) || held.contains(part);
    let mut rows: Vec<Part> = before.iter().filter(stays).copied().collect();
    for part in changed {
        if !rows.contains(part) {
            rows.push(*part);
        }
    }
    rows
}

#[component]
pub(super) fn List() -> impl IntoView {
    let app = App::get();
    // Parts whose sliders passed 1, where nothing is changed: their rows stay until they are put back.
    let held = RwSignal::new(Vec::<Part>::new());
    let parts = memo(move || {
        app.scene.with(|scene| match &scene.view {
            View::Inside(view) => {
                let part = |switch: &Switch| (switch.part, switch.layer, switch.index);
                view.switches.iter().map(part).collect::<Vec<Part>>()
            }
            View::Compare(_) | View::Lab(_) => Vec::new(),
        })
    });
    let is_full = memo(move || app.has_all_switches());
    let rows = Memo::new(move |before: Option<&Vec<Part>>| {
        let before = before.map(Vec::as_slice).unwrap_or_default();
        parts.with(|parts| held.with(|held| rows_after(before, parts, held)))
    });
    let has_any = memo(move || rows.with(|rows| !rows.is_empty()));
    let reset = move |_| {
        held.update(Vec::clear);
        app.select(|view| view.switches.clear());
    };
    view! {
        <section>
            <p class="hint" role="status" data-testid="switches-full">
                {move || is_full.get().then(|| (app.t().inside_switches.too_many)(MAX_SWITCHES))}
            </p>
            <ul class="switch-list">
                <For
                    each=move || rows.get()
                    key=|(kind, layer, index): &Part| (*kind as u8, *layer, *index)
                    children=move |part: Part| row(app, part, held)
                />
            </ul>
            <div class="tool-row">
                <NeuronField/>
                <Show when=move || has_any.get()>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="switches-reset"
                        on:click=reset
                    >
                        {move || app.t().inside_switches.reset}
                    </button>
                </Show>
            </div>
        </section>
    }
}

fn let_go(held: RwSignal<Vec<Part>>, part: Part) {
    if held.with_untracked(|held| held.contains(&part)) {
        held.update(|held| held.retain(|other| *other != part));
    }
}

/// One changed part.
fn row(app: App, part: Part, held: RwSignal<Vec<Part>>) -> impl IntoView + use<> {
    let (kind, layer, index) = part;
    let scale = memo(move || app.switch(kind, layer, index));
    let slide = move |text: String| {
        if let Ok(scale) = text.parse::<f32>() {
            // Held before the scene forgets the part, and let go after it knows it again.
            if scale == 1.0 && !held.with_untracked(|held| held.contains(&part)) {
                held.update(|held| held.push(part));
            }
            app.set_switch(kind, layer, index, scale);
            if scale != 1.0 {
                let_go(held, part);
            }
        }
    };
    let put_back = move |_| {
        let_go(held, part);
        app.set_switch(kind, layer, index, 1.0);
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
                on:click=put_back
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
    let layer = memo(move || app.selection().layer);
    let number = memo(move || {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_place_while_its_slider_passes_one() {
        let part = |index| (SwitchPart::Head, 0, index);
        let rows = rows_after(&[], &[part(1), part(2)], &[]);
        assert_eq!(rows, [part(1), part(2)]);
        let rows = rows_after(&rows, &[part(2)], &[part(1)]);
        assert_eq!(rows, [part(1), part(2)], "held at 1");
        // Changed again, the scene has it last.
        let rows = rows_after(&rows, &[part(2), part(1), part(3)], &[part(1)]);
        assert_eq!(rows, [part(1), part(2), part(3)]);
        assert_eq!(rows_after(&rows, &[part(3)], &[]), [part(3)], "put back");
    }
}
