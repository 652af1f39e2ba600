//! The prompt lab: build a prompt, or measure whether it helps.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::components::lab_answers::Answers;
use crate::components::lab_build::Builder;
use crate::components::lab_measure::Measuring;
use crate::state::app::App;

#[component]
pub(crate) fn LabPage() -> impl IntoView {
    let app = App::get();
    let measure = app.lab.measure;
    let tab = move |measures: bool, test_id: &'static str| {
        view! {
            <button
                type="button"
                class="lab-tab"
                data-testid=test_id
                aria-pressed=move || if measure.get() == measures { "true" } else { "false" }
                on:click=move |_| measure.set(measures)
            >
                {move || if measures { app.t().lab.measure } else { app.t().lab.build }}
            </button>
        }
    };
    view! {
        <section class="lab" id="lab" tabindex="-1" aria-labelledby="lab-title" data-testid="lab">
            <div class="lab-head">
                <h2 id="lab-title">{move || app.t().lab.title}</h2>
                <div class="lab-tabs" role="group" aria-label=move || app.t().lab.title>
                    {tab(false, "lab-build")}
                    {tab(true, "lab-measure")}
                </div>
                <p class="lab-intro">
                    {move || if measure.get() {
                        app.t().lab.measure_intro
                    } else {
                        app.t().lab.build_intro
                    }}
                </p>
            </div>
            <TroubleLine/>
            <Show
                when=move || measure.get()
                fallback=|| view! {
                    <Builder/>
                    <Answers/>
                }
            >
                <Measuring/>
            </Show>
        </section>
    }
}

/// What cannot be done, where the reader looks.
#[component]
fn TroubleLine() -> impl IntoView {
    let app = App::get();
    let sentence =
        move || app.lab.trouble.with(|trouble| trouble.as_ref().map(app.t().lab.trouble));
    view! {
        <div role="alert">
            {move || sentence().map(|sentence| view! {
                <p class="lab-trouble" data-testid="lab-trouble">{sentence}</p>
            })}
        </div>
    }
}
