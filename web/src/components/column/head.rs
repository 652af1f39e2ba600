//! Which stage of which model a column is, and its own ways.

use leptos::prelude::*;
use share::scene::{Column, Form as PromptForm};

use crate::components::flow::{For, Show};
use crate::components::settings::{FieldOwner, SettingField};
use crate::protocol::ModelInfo;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lane::Lane;
use crate::state::scene;
use crate::state::settings::OWN_FIELDS;

#[component]
pub(crate) fn Head(
    lane: Lane,
    position: Memo<Option<usize>>,
    column: Memo<Option<Column>>,
    hidden: Memo<bool>,
) -> impl IntoView {
    let app = App::get();
    let can_remove = memo(move || app.shown.with(Vec::len) > 1);
    let letter = move || position.get().map(|at| scene::letter(at).to_string());
    let remove_label = move || position.get().map(|at| (app.t().columns.remove)(scene::letter(at)));
    view! {
        <header class="column-head">
            <span class="letter" aria-hidden="true">{letter}</span>
            <Show
                when=move || !hidden.get()
                fallback=move || view! {
                    <p class="column-name hint">{move || app.t().columns.hidden}</p>
                }
            >
                <StageSelect lane=lane column=column/>
            </Show>
            <Show when=move || can_remove.get()>
                <button
                    type="button"
                    class="quiet remove"
                    data-testid="remove-column"
                    aria-label=remove_label
                    title=remove_label
                    on:click=move |_| app.remove_column(lane.number)
                >
                    "×"
                </button>
            </Show>
        </header>
        <Show when=move || !hidden.get()>
            <div class="column-sub">
                <p class="column-role">
                    {move || column.with(|column| role(app, column.as_ref()))}
                </p>
                <Ways lane=lane column=column/>
            </div>
        </Show>
    }
}

/// What the stage does, in a few words. Tracks.
fn role(app: App, column: Option<&Column>) -> String {
    let Some(column) = column else { return String::new() };
    let words = &app.t().columns;
    let is_loaded =
        app.library.with(|library| library.stage(&column.model, &column.stage).is_some());
    let mut parts = vec![(words.role)(&column.stage).to_owned()];
    if let Some(sampler) = &column.sampler {
        parts.push(format!("temperature {} · seed {}", sampler.temperature, sampler.seed));
    }
    if !is_loaded {
        let is_coming =
            app.library.with(|library| library.loading() == Some(column.model.as_str()));
        parts.push(if is_coming { words.is_coming } else { words.not_loaded }.to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// Stages of all loaded models, and the column's own.
#[component]
fn StageSelect(lane: Lane, column: Memo<Option<Column>>) -> impl IntoView {
    let app = App::get();
    let current = memo(move || {
        column.with(|column| column.as_ref().map(|c| (c.model.clone(), c.stage.clone())))
    });
    let options = memo(move || {
        let mut out: Vec<(String, String)> = app.library.with(|library| {
            let of_model = |info: &ModelInfo| {
                let model = info.id.clone();
                let stages = info.stages.iter().map(|stage| stage.id.clone());
                stages.map(move |stage| (model.clone(), stage)).collect::<Vec<_>>()
            };
            library.models().flat_map(of_model).collect()
        });
        if let Some(current) = current.get().filter(|current| !out.contains(current)) {
            out.insert(0, current);
        }
        out
    });
    let choose = move |value: String| {
        // A stage's name has no colon, whatever a file is called.
        if let Some((stage, model)) = value.split_once(':') {
            app.set_stage(lane.number, model.to_owned(), stage.to_owned());
        }
    };
    view! {
        <select
            class="column-name"
            data-testid="column-stage"
            aria-label=move || app.t().columns.stage_label
            on:change=move |event| choose(event_target_value(&event))
        >
            <For
                each=move || options.get()
                key=|option: &(String, String)| option.clone()
                children=move |(model, stage): (String, String)| {
                    let value = format!("{stage}:{model}");
                    let own = (model.clone(), stage.clone());
                    view! {
                        <option
                            value=value
                            prop:selected=move || current.with(|now| now.as_ref() == Some(&own))
                        >
                            {move || app.stage_label(&model, &stage)}
                        </option>
                    }
                }
            />
        </select>
    }
}

/// How the prompt goes in here, and settings of the column's own.
#[component]
fn Ways(lane: Lane, column: Memo<Option<Column>>) -> impl IntoView {
    let app = App::get();
    let number = lane.number;
    let form = memo(move || column.with(|c| c.as_ref().map(|c| c.form).unwrap_or_default()));
    let has_own = memo(move || column.with(|c| c.as_ref().is_some_and(|c| c.sampler.is_some())));
    let choice = move |own: PromptForm, value: &'static str| {
        view! {
            <option value=value prop:selected=move || form.get() == own>
                {move || match own {
                    PromptForm::Auto => app.t().columns.form_auto,
                    PromptForm::Raw => app.t().columns.form_raw,
                    PromptForm::Chat => app.t().columns.form_chat,
                }}
            </option>
        }
    };
    let choose = move |value: String| {
        let form = match value.as_str() {
            "raw" => PromptForm::Raw,
            "chat" => PromptForm::Chat,
            _ => PromptForm::Auto,
        };
        app.set_prompt_form(number, form);
    };
    view! {
        <details class="column-ways">
            <summary data-testid="column-ways">{move || app.t().columns.ways}</summary>
            <label class="field">
                <span class="field-name">{move || app.t().columns.form}</span>
                <select
                    data-testid="column-form"
                    on:change=move |event| choose(event_target_value(&event))
                >
                    {choice(PromptForm::Auto, "auto")}
                    {choice(PromptForm::Raw, "raw")}
                    {choice(PromptForm::Chat, "chat")}
                </select>
            </label>
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="own-settings"
                    prop:checked=move || has_own.get()
                    on:change=move |event| {
                        app.set_own_settings(number, event_target_checked(&event));
                    }
                />
                <span>{move || app.t().columns.own_settings}</span>
            </label>
            <Show when=move || has_own.get()>
                <div class="own-settings">
                    {OWN_FIELDS
                        .map(|field| {
                            view! { <SettingField field=field owner=FieldOwner::Column(lane)/> }
                        })
                        .collect_view()}
                </div>
            </Show>
        </details>
    }
}
