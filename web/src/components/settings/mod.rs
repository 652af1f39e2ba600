//! The settings under their standard names, each with a plain explanation.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lane::Lane;
use crate::state::settings::{FIELDS, Field, Form};

/// Whose setting a field is.
#[derive(Clone, Copy)]
pub(crate) enum FieldOwner {
    /// Of all columns that have none of their own.
    Page,
    /// Of this column.
    Column(Lane),
}

impl FieldOwner {
    fn form(self, app: App) -> RwSignal<Form> {
        match self {
            Self::Page => app.form,
            Self::Column(lane) => lane.form,
        }
    }

    /// The element id and test hook of a field.
    fn id(self, field: Field) -> String {
        match self {
            Self::Page => format!("setting-{}", field.name()),
            Self::Column(lane) => format!("own-{}-{}", lane.number, field.name()),
        }
    }

    fn set(self, app: App, field: Field, text: String) {
        match self {
            Self::Page => app.form.update(|form| form.set(field, text)),
            Self::Column(lane) => app.type_own_setting(lane.number, field, text),
        }
    }
}

#[component]
pub(crate) fn SettingsForm() -> impl IntoView {
    let app = App::get();
    let is_changed = memo(move || app.form.with(|form| *form != Form::default()));
    view! {
        <details id="settings" class="drawer settings" data-part="settings">
            <summary>
                {move || app.t().settings.title}
                <span class="drawer-brief mono">{move || app.form.with(brief)}</span>
            </summary>
            <div class="drawer-body">
                <div class="settings-grid">
                    {FIELDS
                        .map(|field| view! { <SettingField field=field owner=FieldOwner::Page/> })
                        .collect_view()}
                </div>
                <SystemPrompt/>
                <Show when=move || is_changed.get()>
                    <button
                        type="button"
                        class="quiet"
                        on:click=move |_| app.form.set(Form::default())
                    >
                        {move || app.t().settings.reset}
                    </button>
                </Show>
            </div>
        </details>
    }
}

/// One setting: a page's with its explanation, a column's without.
#[component]
pub(crate) fn SettingField(field: Field, owner: FieldOwner) -> impl IntoView {
    let app = App::get();
    let form = owner.form(app);
    let id = owner.id(field);
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    let problem = memo(move || form.with(|form| form.problem(field)));
    let described_by = format!("{problem_id} {hint_id}");
    let explains = matches!(owner, FieldOwner::Page);
    view! {
        <div class="setting">
            <label class="mono" for=id.clone()>{field.name()}</label>
            <input
                id=id.clone()
                data-testid=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=described_by
                aria-invalid=move || if problem.get().is_some() { "true" } else { "false" }
                prop:value=move || form.with(|form| form.text(field).to_owned())
                on:input=move |event| owner.set(app, field, event_target_value(&event))
            />
            <p class="problem" id=problem_id role="status">
                {move || problem.get().map(|problem| (app.t().settings.problem)(problem))}
            </p>
            {explains.then(|| view! {
                <p class="hint" id=hint_id>{move || (app.t().settings.explained)(field)}</p>
            })}
        </div>
    }
}

/// What the assistants are told before the prompt.
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
                prop:value=move || app.scene.with(|scene| scene.prompt.system.clone())
                on:input=move |event| {
                    let text = event_target_value(&event);
                    app.scene.update(|scene| scene.prompt.system = text);
                }
            ></textarea>
        </label>
    }
}

/// The settings that matter most, for the closed disclosure.
fn brief(form: &Form) -> String {
    [Field::Temperature, Field::Seed, Field::MaxTokens]
        .map(|field| format!("{} {}", field.name(), form.text(field)))
        .join(" · ")
}
