//! Experiments: ready-made ones, the reader's own, and the run.

mod figures;
mod plan;
mod problems;
mod progress;
mod shipped;

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::components::lab_results::Results;
use crate::reactive::memo;
use crate::state::app::App;

use plan::PlanForm;
use progress::RunView;
use shipped::Shipped;

#[component]
pub(crate) fn Measuring() -> impl IntoView {
    let app = App::get();
    let has_run =
        memo(move || app.lab.run.with(Option::is_some) || app.lab.pending.with(Option::is_some));
    view! {
        <div class="measuring">
            <Shipped/>
            <PlanForm/>
            <Show when=move || has_run.get()>
                <RunView/>
                <Results/>
            </Show>
        </div>
    }
}
