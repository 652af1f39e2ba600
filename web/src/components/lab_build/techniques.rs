//! The techniques: one click each, with a sentence on what it does and where it comes from.

use lab::technique::{CATALOGUE, Technique};
use leptos::prelude::*;

use crate::components::flow::Show;
use crate::components::lab_knobs::{Knobs, PanelChoice};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::knobs::{dials, offered};
use crate::state::lab::language;

#[component]
pub(super) fn Techniques() -> impl IntoView {
    let app = App::get();
    let chosen = memo(move || app.lab.build.with(|build| build.technique.id()));
    let buttons = CATALOGUE
        .iter()
        .filter(|info| offered(info.id).is_some())
        .map(|info| {
            view! {
                <li>
                    <button
                        type="button"
                        class="technique"
                        data-testid="lab-technique"
                        data-id=info.id
                        aria-pressed=move || if chosen.get() == info.id { "true" } else { "false" }
                        title=move || info.what.get(language(app.language.get()))
                        on:click=move |_| {
                            if let Some(technique) = offered(info.id) {
                                app.lab_choose(technique);
                            }
                        }
                    >
                        {move || info.name.get(language(app.language.get()))}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="techniques" data-part="techniques" aria-labelledby="techniques-title">
            <h3 id="techniques-title">{move || app.t().lab.techniques.title}</h3>
            <ul class="technique-list">{buttons}</ul>
            <Chosen/>
        </section>
    }
}

/// The technique that was chosen: what it does, where it comes from, its knobs.
#[component]
fn Chosen() -> impl IntoView {
    let app = App::get();
    let technique = memo(move || app.lab.build.with(|build| build.technique.clone()));
    let edited = memo(move || app.lab.build.with(|build| build.edited));
    let info = move || technique.with(Technique::info);
    let word = move |phrase: lab::Phrase| phrase.get(language(app.language.get()));
    let papers = move || info().papers.join("; ");
    let calls = move || {
        let stages = app.lab_seats().len();
        (app.t().lab.techniques.calls)(technique.with(|own| own.most_calls(stages)))
    };
    view! {
        <div class="chosen" data-testid="lab-chosen" data-id=move || technique.with(Technique::id)>
            <p class="chosen-name">
                <b>{move || word(info().name)}</b>
                " · "
                <span>{calls}</span>
                <Show when=move || edited.get()>
                    " · "<em>{move || app.t().lab.techniques.edited}</em>
                </Show>
            </p>
            <p>{move || word(info().what)}</p>
            <p class="hint">
                {move || app.t().lab.techniques.from}" "{move || word(info().origin)}
                <Show when=move || !info().papers.is_empty()>
                    " "<cite>{papers}</cite>
                </Show>
            </p>
            <RoleText/>
            <Knobs
                dials=Signal::derive(move || technique.with(dials))
                turn=Callback::new(move |(knob, value)| {
                    app.lab.build.update(|build| build.turn(knob, value));
                })
            />
            <PanelChoice
                technique=technique
                stages=Signal::derive(move || app.lab_built_panel())
                change=Callback::new(move |change| app.lab_change_built_panel(&change))
            />
        </div>
    }
}

/// Who the model is, where that is the technique.
#[component]
fn RoleText() -> impl IntoView {
    let app = App::get();
    let role = memo(move || {
        app.lab.build.with(|build| match &build.technique {
            Technique::Role { role } => Some(role.clone()),
            _ => None,
        })
    });
    view! {
        <Show when=move || role.with(Option::is_some)>
            <label class="field">
                <span class="field-name">{move || app.t().lab.techniques.role_text}</span>
                <input
                    type="text"
                    data-testid="lab-role"
                    placeholder=move || app.t().lab.techniques.role_placeholder
                    prop:value=move || role.get().unwrap_or_default()
                    on:change=move |event| {
                        app.lab_choose(Technique::Role { role: event_target_value(&event) });
                    }
                />
            </label>
        </Show>
    }
}
