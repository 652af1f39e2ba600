//! The reader's own experiment: problems × techniques × stages.

use lab::Language;
use lab::technique::{CATALOGUE, Technique};
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::components::lab_knobs::{Knobs, PanelChoice};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::asked::Seat;
use crate::state::lab::knobs::{dials, offered};
use crate::state::lab::language;
use crate::state::lab::plan::Figure;

use super::figures::{FigureField, RuleField};
use super::problems::{OpenFile, Problems};

#[component]
pub(super) fn PlanForm() -> impl IntoView {
    let app = App::get();
    let size = move || {
        let stages = app.lab_planned_seats().len();
        app.lab.plan.with(|plan| {
            let count: usize = plan.figure(Figure::Count).trim().parse().unwrap_or(0);
            let problems = count.saturating_mul(plan.languages.len());
            let calls = plan.techniques.iter().map(|used| used.technique.most_calls(stages));
            let calls = calls.sum::<usize>().saturating_mul(stages).saturating_mul(problems);
            (app.t().lab.plan.size)(plan.techniques.len(), stages, problems, calls)
        })
    };
    view! {
        <section class="plan" aria-labelledby="plan-title">
            <h3 id="plan-title">{move || app.t().lab.plan.own}</h3>
            <p class="hint">{move || app.t().lab.plan.own_intro}</p>
            <div class="plan-grid">
                <div class="plan-part">
                    <Problems/>
                    <Languages/>
                    <div class="tool-row">
                        <FigureField figure=Figure::Count/>
                        <FigureField figure=Figure::Seed/>
                    </div>
                </div>
                <div class="plan-part">
                    <Planned/>
                </div>
                <div class="plan-part">
                    <Seats/>
                    <details>
                        <summary>{move || app.t().lab.plan.more}</summary>
                        <div class="plan-more">
                            <FigureField figure=Figure::MaxTokens/>
                            <FigureField figure=Figure::Batch/>
                            <FigureField figure=Figure::Temperature/>
                            <RuleField/>
                        </div>
                    </details>
                </div>
            </div>
            <p class="hint" data-testid="lab-size">{size}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="main"
                    data-testid="lab-run"
                    on:click=move |_| app.lab_run_plan()
                >
                    {move || app.t().lab.plan.start}
                </button>
                <OpenFile/>
            </div>
        </section>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let app = App::get();
    let choice = move |own: Language| {
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="lab-language"
                    data-lang=own.code()
                    prop:checked=move || app.lab.plan.with(|plan| plan.languages.contains(&own))
                    on:change=move |_| app.lab.plan.update(|plan| plan.toggle_language(own))
                />
                <span>
                    {move || match own {
                        Language::En => app.t().lab.plan.english,
                        Language::Zh => app.t().lab.plan.chinese,
                    }}
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="field-name">{move || app.t().lab.plan.languages}</legend>
            {choice(Language::En)}
            {choice(Language::Zh)}
        </fieldset>
    }
}

#[component]
fn Seats() -> impl IntoView {
    let app = App::get();
    let seats = memo(move || app.lab_plannable_seats());
    view! {
        <fieldset class="choices">
            <legend class="field-name">{move || app.t().lab.plan.stages}</legend>
            <For
                each=move || seats.get()
                key=|seat: &Seat| seat.clone()
                children=move |seat: Seat| {
                    let (own, named, toggled) = (seat.clone(), seat.clone(), seat.clone());
                    view! {
                        <label class="choice">
                            <input
                                type="checkbox"
                                data-testid="lab-plan-seat"
                                data-model=seat.model
                                data-stage=seat.stage
                                prop:checked=move || app.lab_planned_seats().contains(&own)
                                on:change=move |_| app.lab_plan_seat(&toggled)
                            />
                            <span>{move || app.lab_seat_name(&named)}</span>
                        </label>
                    }
                }
            />
        </fieldset>
    }
}

/// The techniques that are compared, each with its knobs, and a way to add one.
#[component]
fn Planned() -> impl IntoView {
    let app = App::get();
    let keys = memo(move || {
        app.lab.plan.with(|plan| {
            let ids = plan.techniques.iter().map(|used| used.technique.id());
            ids.enumerate().collect::<Vec<(usize, &'static str)>>()
        })
    });
    let add = move |id: String| {
        if let Some(technique) = offered(&id) {
            app.lab.plan.update(|plan| plan.add(technique));
        }
    };
    view! {
        <div class="planned" role="group" aria-labelledby="planned-title">
            <p class="field-name" id="planned-title">{move || app.t().lab.plan.techniques}</p>
            <ol class="planned-list">
                <For
                    each=move || keys.get()
                    key=|entry: &(usize, &'static str)| *entry
                    children=move |(at, id): (usize, &'static str)| {
                        view! { <PlannedTechnique at=at id=id/> }
                    }
                />
            </ol>
            <select
                data-testid="lab-add-technique"
                aria-label=move || app.t().lab.plan.add_technique
                on:change=move |event| {
                    add(event_target_value(&event));
                    set_select(&event);
                }
            >
                <option value="">{move || app.t().lab.plan.add_technique}</option>
                {CATALOGUE
                    .iter()
                    .filter(|info| offered(info.id).is_some())
                    .map(|info| view! {
                        <option value=info.id>
                            {move || info.name.get(language(app.language.get()))}
                        </option>
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// The select that adds something shows its first line again.
fn set_select(event: &web_sys::Event) {
    event_target::<web_sys::HtmlSelectElement>(event).set_selected_index(0);
}

#[component]
fn PlannedTechnique(at: usize, id: &'static str) -> impl IntoView {
    let app = App::get();
    let used = memo(move || app.lab.plan.with(|plan| plan.techniques.get(at).cloned()));
    let name = move || {
        let language = language(app.language.get());
        used.with(|used| used.as_ref().map(|used| used.shown_name(language).to_owned()))
            .unwrap_or_default()
    };
    let turned = Signal::derive(move || {
        used.with(|used| used.as_ref().map(|used| dials(&used.technique)).unwrap_or_default())
    });
    let technique = Signal::derive(move || {
        used.with(|used| used.as_ref().map_or(Technique::Plain, |used| used.technique.clone()))
    });
    view! {
        <li class="planned-technique" data-testid="lab-planned" data-id=id>
            <div class="planned-head">
                <span>{name}</span>
                <button
                    type="button"
                    class="quiet"
                    data-testid="lab-drop-technique"
                    aria-label=move || (app.t().lab.plan.remove_technique)(&name())
                    on:click=move |_| app.lab.plan.update(|plan| plan.drop_technique(at))
                >
                    "×"
                </button>
            </div>
            <Show when=move || turned.with(|dials| !dials.is_empty())>
                <details class="planned-knobs">
                    <summary>{move || (app.t().lab.techniques.settings_of)(&name())}</summary>
                    <Knobs
                        dials=turned
                        turn=Callback::new(move |(knob, value)| {
                            app.lab.plan.update(|plan| plan.turn(at, knob, value));
                        })
                    />
                    <PanelChoice
                        technique=technique
                        stages=Signal::derive(move || app.lab_planned_panel())
                        change=Callback::new(move |change| app.lab_change_planned_panel(at, &change))
                    />
                </details>
            </Show>
        </li>
    }
}
