//! The settings under their standard names, each with a plain explanation.

use leptos::prelude::*;

use crate::state::app::App;
use crate::state::settings::{FIELDS, Field, Form};

#[component]
pub(crate) fn SettingsForm() -> impl IntoView {
    let app = App::get();
    let is_changed = Memo::new(move |_| app.form.with(|form| *form != Form::default()));
    view! {
        <details id="settings" class="settings">
            <summary>
                {move || app.t().settings.title}
                <span class="settings-brief mono">{move || app.form.with(brief)}</span>
            </summary>
            <div class="settings-grid">
                {FIELDS.map(|field| view! { <Setting field=field/> }).collect_view()}
            </div>
            <Show when=move || is_changed.get()>
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| app.form.set(Form::default())
                >
                    {move || app.t().settings.reset}
                </button>
            </Show>
        </details>
    }
}

#[component]
fn Setting(field: Field) -> impl IntoView {
    let app = App::get();
    let name = field.name();
    let id = format!("setting-{name}");
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    let problem = Memo::new(move |_| app.form.with(|form| form.problem(field)));
    let described_by = format!("{problem_id} {hint_id}");
    view! {
        <div class="setting">
            <label class="mono" for=id.clone()>{name}</label>
            <input
                id=id.clone()
                data-testid=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=described_by
                aria-invalid=move || if problem.get().is_some() { "true" } else { "false" }
                prop:value=move || app.form.with(|form| form.text(field).to_owned())
                on:input=move |event| {
                    let text = event_target_value(&event);
                    app.form.update(|form| form.set(field, text));
                }
            />
            <p class="problem" id=problem_id role="status">
                {move || problem.get().map(|problem| (app.t().settings.problem)(problem))}
            </p>
            <p class="hint" id=hint_id>{move || (app.t().settings.explained)(field)}</p>
        </div>
    }
}

/// The settings that matter most, for the closed disclosure.
fn brief(form: &Form) -> String {
    [Field::Temperature, Field::Seed, Field::MaxTokens]
        .map(|field| format!("{} {}", field.name(), form.text(field)))
        .join(" · ")
}
