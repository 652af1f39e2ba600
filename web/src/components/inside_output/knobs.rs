//! The sampler's settings as sliders. They are those of the column, or of the page where it has none of its own.

use leptos::prelude::*;

use super::{Look, column};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::settings::Field;

/// A slider: its field, end and step.
const KNOBS: [(Field, &str, &str); 4] = [
    (Field::Temperature, "2", "0.05"),
    (Field::TopK, "100", "1"),
    (Field::TopP, "1", "0.01"),
    (Field::MinP, "0.5", "0.01"),
];

#[component]
pub(super) fn Knobs(look: Look) -> impl IntoView {
    view! {
        <div class="knobs">
            {KNOBS
                .map(|(field, end, step)| view! { <Knob look=look field=field end=end step=step/> })
                .collect_view()}
        </div>
    }
}

#[component]
fn Knob(look: Look, field: Field, end: &'static str, step: &'static str) -> impl IntoView {
    let app = App::get();
    let value = memo(move || {
        let settings = look.settings.get();
        match field {
            Field::TopK => settings.top_k.to_string(),
            Field::TopP => settings.top_p.to_string(),
            Field::MinP => settings.min_p.to_string(),
            _ => settings.temperature.to_string(),
        }
    });
    let left = move || {
        let left = look.way.with(|way| way.as_ref().map(|way| way.left))?;
        let count = match field {
            Field::TopK => left.top_k,
            Field::TopP => left.top_p,
            Field::MinP => left.min_p,
            _ => left.all,
        };
        Some((app.t().inside_output.left)(count))
    };
    view! {
        <label class="knob">
            <span class="field-name">
                <span class="mono">{field.name()}</span>
                " "
                <b>{move || value.get()}</b>
            </span>
            <input
                type="range"
                min="0"
                max=end
                step=step
                data-testid=format!("knob-{}", field.name())
                title=move || (app.t().settings.explained)(field)
                prop:value=move || value.get()
                on:input=move |event| set(app, field, event_target_value(&event))
            />
            <span class="hint">{left}</span>
        </label>
    }
}

/// Types a value into the setting's field.
fn set(app: App, field: Field, text: String) {
    let at = untrack(|| column(app));
    let lane = app.shown.with_untracked(|shown| shown.get(at).copied());
    let has_own = app.scene.with_untracked(|scene| {
        scene.columns.get(at).is_some_and(|column| column.sampler.is_some())
    });
    match lane.filter(|_| has_own) {
        Some(lane) => app.type_own_setting(lane, field, text),
        None => app.form.update(|form| form.set(field, text)),
    }
}
