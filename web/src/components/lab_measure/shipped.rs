//! The experiments that come with the page: what was measured, and the same here.

use lab::experiment::{Experiment, Run};
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::components::lab_results::{BarList, ComparisonTable};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::{language, shipped, tally};

#[component]
pub(super) fn Shipped() -> impl IntoView {
    let app = App::get();
    let open = RwSignal::new(None::<&'static str>);
    let cards =
        shipped::experiments().iter().map(|own| view! { <Card own=own open=open/> }).collect_view();
    view! {
        <section class="shipped" aria-labelledby="shipped-title">
            <h3 id="shipped-title">{move || app.t().lab.plan.shipped}</h3>
            <p class="hint">{move || app.t().lab.plan.shipped_intro}</p>
            <ul class="shipped-list">{cards}</ul>
        </section>
    }
}

/// The models that have all stages of an experiment; its own first. Tracks.
fn models(app: App, own: &Experiment) -> Vec<(String, String)> {
    let stages: Vec<&str> = own.stages.iter().map(|stage| stage.stage.as_str()).collect();
    let model = own.stages.first().map(|stage| stage.model.clone()).unwrap_or_default();
    let mut models = app.lab_models_with(&stages);
    models.sort_by_key(|(id, _)| *id != model);
    models
}

#[component]
fn Card(own: &'static Experiment, open: RwSignal<Option<&'static str>>) -> impl IntoView {
    let app = App::get();
    let id = own.id.as_str();
    let is_open = memo(move || open.get() == Some(id));
    let toggle = move |_| {
        if is_open.get_untracked() {
            return open.set(None);
        }
        open.set(Some(id));
        if let Some((model, _)) = untrack(|| models(app, own)).first() {
            app.lab_open_shipped(id, model);
        }
    };
    view! {
        <li class="shipped-card" data-testid="lab-shipped" data-id=id>
            <button
                type="button"
                class="shipped-title"
                data-testid="lab-shipped-open"
                data-id=id
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=toggle
            >
                <b>{move || own.title.get(language(app.language.get()))}</b>
                <span>{move || own.question.get(language(app.language.get()))}</span>
            </button>
            <Show when=move || is_open.get()>
                <Opened own=own/>
            </Show>
        </li>
    }
}

#[component]
fn Opened(own: &'static Experiment) -> impl IntoView {
    let app = App::get();
    let id = own.id.as_str();
    let list = memo(move || models(app, own));
    let model = RwSignal::new(String::new());
    // The experiment's own model until the reader chooses another.
    let chosen = memo(move || {
        let own = model.get();
        if own.is_empty() {
            list.with(|list| list.first().map(|(id, _)| id.clone()).unwrap_or_default())
        } else {
            own
        }
    });
    let count = RwSignal::new(own.count);
    let languages = own.languages.len();
    let stored = move || {
        app.lab.stored.with(|stored| {
            let stored =
                stored.as_ref().filter(|it| it.shipped == id && it.model == chosen.get())?;
            Some((stored.run.is_some(), stored.missing))
        })
    };
    view! {
        <div class="shipped-body">
            <div class="tool-row">
                <label class="field small-field">
                    <span class="field-name">{move || app.t().lab.plan.model}</span>
                    <select
                        data-testid="lab-shipped-model"
                        on:change=move |event| {
                            let value = event_target_value(&event);
                            app.lab_open_shipped(id, &value);
                            model.set(value);
                        }
                    >
                        <For
                            each=move || list.get()
                            key=|entry: &(String, String)| entry.clone()
                            children=move |(id, name): (String, String)| {
                                let own = id.clone();
                                view! {
                                    <option value=id prop:selected=move || chosen.get() == own>{name}</option>
                                }
                            }
                        />
                    </select>
                </label>
                <label class="field small-field">
                    <span class="field-name">
                        {move || (app.t().lab.plan.how_many)(count.get(), languages)}
                    </span>
                    <input
                        type="range"
                        min="2"
                        max=own.count.max(2)
                        step="1"
                        data-testid="lab-shipped-count"
                        prop:value=move || count.get().to_string()
                        on:input=move |event| {
                            if let Ok(value) = event_target_value(&event).parse::<usize>() {
                                count.set(value.max(1));
                            }
                        }
                    />
                </label>
                <div class="buttons">
                    <button
                        type="button"
                        class="plain"
                        data-testid="lab-shipped-run"
                        on:click=move |_| {
                            app.lab_run_shipped(id, &chosen.get_untracked(), count.get_untracked());
                        }
                    >
                        {move || app.t().lab.plan.run_live}
                    </button>
                    <Show when=move || stored().is_some_and(|(is_there, _)| is_there)>
                        <button
                            type="button"
                            class="plain"
                            data-testid="lab-replay"
                            on:click=move |_| app.lab_replay_stored()
                        >
                            {move || app.t().lab.plan.replay}
                        </button>
                    </Show>
                </div>
            </div>
            <div data-testid="lab-stored">
                {move || match stored() {
                    Some((true, _)) => view! { <StoredBars/> }.into_any(),
                    Some((false, true)) => {
                        view! { <p class="hint">{app.t().lab.plan.stored_none}</p> }.into_any()
                    }
                    Some((false, false)) => {
                        view! { <p class="hint">{app.t().lab.plan.stored_reading}</p> }.into_any()
                    }
                    None => ().into_any(),
                }}
            </div>
        </div>
    }
}

/// What was measured with the model, from the run that comes with the page.
#[component]
fn StoredBars() -> impl IntoView {
    let app = App::get();
    let bars = memo(move || of_stored(app, |run, language| tally::bars(run, None, language)));
    let tests = memo(move || of_stored(app, |run, language| tally::compared(run, None, language)));
    view! {
        <h4>{move || app.t().lab.plan.stored}</h4>
        <BarList bars=bars beside=Signal::stored(Vec::new())/>
        <ComparisonTable list=tests/>
    }
}

/// Figures of the stored run, as soon as it is there. Tracks it and the language.
fn of_stored<T: Default>(app: App, figures: impl Fn(&Run, lab::Language) -> T) -> T {
    let language = language(app.language.get());
    app.lab.stored.with(|stored| {
        let run = stored.as_ref().and_then(|stored| stored.run.as_ref());
        run.map(|run| figures(run, language)).unwrap_or_default()
    })
}
