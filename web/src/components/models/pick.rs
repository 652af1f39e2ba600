//! Pick a model of the catalogue and a backend, and load it.

use formats::manifest::Manifest;
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::protocol::{BackendChoice, Source};
use crate::state::app::App;
use crate::state::catalogue::{self, Kept};
use crate::state::format;
use crate::state::preferences::{backend, backend_code};

/// Begins the select's value for a file of the reader's; no manifest id holds a colon.
const LOCAL: &str = "local:";

#[component]
pub(crate) fn ModelPick() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="model-row">
            <ModelSelect/>
            <BackendSelect/>
            <button
                type="button"
                class="plain"
                data-testid="load"
                disabled=move || {
                    app.source.with(Option::is_none) || app.library.with(|library| library.is_loading())
                }
                on:click=move |_| app.load_selected(false)
            >
                {move || load_label(app)}
            </button>
        </div>
    }
}

#[component]
fn ModelSelect() -> impl IntoView {
    let app = App::get();
    let entries = move || app.catalogue.get().unwrap_or_default();
    let is_chosen = move |id: &str| {
        app.source.with(|source| matches!(source, Some(Source::Catalogue { id: own }) if own == id))
    };
    let is_local = move |name: &str| {
        app.source
            .with(|source| matches!(source, Some(Source::LocalFile { name: own }) if own == name))
    };
    let choose = move |value: String| {
        let source = match value.strip_prefix(LOCAL) {
            Some(name) => Source::LocalFile { name: name.to_owned() },
            None => Source::Catalogue { id: value },
        };
        app.source.set(Some(source));
    };
    view! {
        <label class="field grow">
            <span class="field-name">{move || app.t().model.model}</span>
            <select
                id="model-select"
                data-testid="model-select"
                on:change=move |event| choose(event_target_value(&event))
            >
                <Show when=move || app.source.with(Option::is_none)>
                    <option value="" prop:selected=true>
                        {move || app.t().model.reading_catalogue}
                    </option>
                </Show>
                <For
                    each=entries
                    key=|entry: &Manifest| entry.id.clone()
                    children=move |entry: Manifest| {
                        let id = entry.id.clone();
                        view! {
                            <option value=entry.id.clone() prop:selected=move || is_chosen(&id)>
                                {move || {
                                    catalogue::localized(&entry.name, app.language.get()).to_owned()
                                }}
                            </option>
                        }
                    }
                />
                <For
                    each=move || app.local.get()
                    key=|name: &String| name.clone()
                    children=move |name: String| {
                        let value = format!("{LOCAL}{name}");
                        let own = name.clone();
                        view! {
                            <option
                                value=value
                                prop:selected=move || is_local(&own)
                            >
                                {move || (app.t().model.local_file)(&name)}
                            </option>
                        }
                    }
                />
            </select>
        </label>
    }
}

#[component]
fn BackendSelect() -> impl IntoView {
    let app = App::get();
    let option = move |choice: BackendChoice| {
        view! {
            <option
                value=backend_code(choice)
                prop:selected=move || app.backend.get() == choice
            >
                {move || match choice {
                    BackendChoice::Auto => app.t().model.backend_auto,
                    BackendChoice::Gpu => app.t().model.backend_gpu,
                    BackendChoice::Cpu => app.t().model.backend_cpu,
                }}
            </option>
        }
    };
    view! {
        <label class="field">
            <span class="field-name">{move || app.t().model.backend}</span>
            <select
                data-testid="backend-select"
                on:change=move |event| {
                    app.backend.set(backend(&event_target_value(&event)).unwrap_or_default());
                }
            >
                {option(BackendChoice::Auto)}
                {option(BackendChoice::Gpu)}
                {option(BackendChoice::Cpu)}
            </select>
        </label>
    }
}

/// What the selected model is, in one or two lines.
#[component]
pub(crate) fn ModelFacts() -> impl IntoView {
    let app = App::get();
    let facts = move |entry: &Manifest| {
        let language = app.language.get();
        let licence = catalogue::localized(&entry.licence.name, language).to_owned();
        let text = (app.t().model.facts)(
            &format::parameters(entry.parameters),
            &entry.quantization,
            &entry.architecture,
            &format::grouped(u64::from(entry.context)),
        );
        view! {
            <p class="model-summary">
                {catalogue::localized(&entry.summary, language).to_owned()}
            </p>
            <p class="model-facts">
                {text}" · "{app.t().model.licence}" "
                <a href=entry.licence.url.clone() target="_blank" rel="noopener noreferrer">
                    {licence}" ("{catalogue::licence_host(entry).to_owned()}")"
                </a>
            </p>
        }
    };
    move || app.with_selected(facts)
}

/// What pressing Load does now. Tracks.
fn load_label(app: App) -> String {
    let words = &app.t().model;
    let is_loaded =
        app.wanted().is_some_and(|wanted| app.library.with(|library| library.satisfies(&wanted)));
    if is_loaded {
        return words.load_again.to_owned();
    }
    let of_catalogue = app.with_selected(|entry| {
        let total = format::bytes(catalogue::bytes(entry));
        match app.stored.with(|stored| catalogue::kept(entry, stored)) {
            Kept::Nothing => (words.load)(&total),
            Kept::Part(done) => (words.resume)(&format::bytes(done), &total),
            Kept::Whole => (words.load_kept)(&total),
        }
    });
    match of_catalogue {
        Some(label) => label,
        None if app.local.with(|names| !names.is_empty()) => words.load_local.to_owned(),
        None => words.reading_catalogue.to_owned(),
    }
}
