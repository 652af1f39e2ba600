//! The run as a file, and files back.

use leptos::prelude::*;

use crate::state::app::App;
use crate::state::lab::EXPORTS;

#[component]
pub(super) fn ExportBar() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="export-part">
            <h4>{move || app.t().lab.results.export}</h4>
            <div class="buttons">
                {EXPORTS
                    .map(|form| view! {
                        <button
                            type="button"
                            class="plain"
                            data-testid="lab-export"
                            data-format=form.ending()
                            on:click=move |_| app.lab_export(form)
                        >
                            {move || (app.t().lab.results.save)(form.ending())}
                        </button>
                    })
                    .collect_view()}
                <button
                    type="button"
                    class="quiet"
                    data-testid="lab-export-experiment"
                    on:click=move |_| app.lab_export_experiment()
                >
                    {move || app.t().lab.results.save_experiment}
                </button>
            </div>
        </div>
    }
}
