//! What came of an experiment: bars, cost, tests, every answer, and files to take away.

mod bars;
mod compare;
mod export;
mod filter;
mod table;

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;

pub(crate) use bars::BarList;
use bars::Bars;
pub(crate) use compare::ComparisonTable;
use compare::Comparisons;
use export::ExportBar;
use table::AnswerTable;

#[component]
pub(crate) fn Results() -> impl IntoView {
    let app = App::get();
    let has_results = memo(move || {
        app.lab.run.with(|run| run.as_ref().is_some_and(|own| own.run.progress().settled > 0))
    });
    view! {
        <section class="results" aria-labelledby="results-title" data-testid="lab-results" data-part="results">
            <h3 id="results-title">{move || app.t().lab.results.title}</h3>
            <Show
                when=move || has_results.get()
                fallback=move || view! { <p class="hint">{move || app.t().lab.results.none}</p> }
            >
                <Bars/>
                <Comparisons/>
                <AnswerTable/>
                <ExportBar/>
            </Show>
        </section>
    }
}
