//! Who speaks in a discussion, and who decides.

use lab::technique::Technique;
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::panel::{self, Change, Panel};

/// Boxes and a choice for a discussion; nothing for other techniques, or where nobody can take part.
#[component]
pub(crate) fn PanelChoice(
    /// The technique as it stands.
    #[prop(into)]
    technique: Signal<Technique>,
    /// Key and name of each stage that can take part.
    #[prop(into)]
    stages: Signal<Vec<(String, String)>>,
    /// What a change does.
    change: Callback<Change>,
) -> impl IntoView {
    let panel = memo(move || {
        let keys: Vec<String> =
            stages.with(|stages| stages.iter().map(|(key, _)| key.clone()).collect());
        let panel = technique.with(|technique| panel::of(technique, &keys));
        panel.filter(|_| !keys.is_empty())
    });
    let is_shown = memo(move || panel.with(Option::is_some));
    view! {
        <Show when=move || is_shown.get()>
            <div class="knobs" data-testid="lab-panel">
                <Speakers panel=panel stages=stages change=change/>
                <Judge panel=panel stages=stages change=change/>
            </div>
        </Show>
    }
}

#[component]
fn Speakers(
    panel: Memo<Option<Panel>>,
    stages: Signal<Vec<(String, String)>>,
    change: Callback<Change>,
) -> impl IntoView {
    let app = App::get();
    let is_full = memo(move || panel.with(|own| own.as_ref().is_some_and(Panel::is_full)));
    let choice = move |(key, name): (String, String)| {
        let (own, toggled) = (key.clone(), key.clone());
        let speaks = memo(move || {
            panel.with(|panel| panel.as_ref().is_some_and(|panel| panel.speaks(&own)))
        });
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="lab-speaker"
                    data-key=key
                    prop:checked=move || speaks.get()
                    disabled=move || is_full.get() && !speaks.get()
                    on:change=move |_| change.run(Change::Speaker(toggled.clone()))
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="field-name">{move || app.t().lab.techniques.speakers}</legend>
            <For each=move || stages.get() key=|stage: &(String, String)| stage.clone() children=choice/>
            <p class="hint">{move || app.t().lab.techniques.speakers_hint}</p>
        </fieldset>
    }
}

#[component]
fn Judge(
    panel: Memo<Option<Panel>>,
    stages: Signal<Vec<(String, String)>>,
    change: Callback<Change>,
) -> impl IntoView {
    let app = App::get();
    let judge = memo(move || {
        panel.with(|panel| panel.as_ref().map(|panel| panel.judge.clone()).unwrap_or_default())
    });
    let options = move || {
        let chosen = judge.get();
        let option = |(key, name): (String, String)| {
            let is_chosen = key == chosen;
            view! { <option value=key prop:selected=is_chosen>{name}</option> }
        };
        stages.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="field small-field">
            <span class="field-name">{move || app.t().lab.techniques.judge}</span>
            <select
                data-testid="lab-judge"
                on:change=move |event| change.run(Change::Judge(event_target_value(&event)))
            >
                <option value="" prop:selected=move || judge.with(String::is_empty)>
                    {move || app.t().lab.techniques.judge_self}
                </option>
                {options}
            </select>
        </label>
    }
}
