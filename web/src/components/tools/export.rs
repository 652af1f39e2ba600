//! The view as a file, or in the clipboard.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::state::app::App;
use crate::state::export::FORMATS;

const COPIED: Duration = Duration::from_millis(1500);

#[component]
pub(crate) fn ExportTool() -> impl IntoView {
    let app = App::get();
    let can_copy = dom::has_clipboard();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        app.copy_markdown(move || {
            copied.set(true);
            set_timeout(move || copied.set(false), COPIED);
        });
    };
    view! {
        <div class="export-tool">
            <p class="tool-intro">{move || app.t().export.intro}</p>
            <div class="buttons">
                {FORMATS
                    .map(|format| view! {
                        <button
                            type="button"
                            class="plain"
                            data-testid="export"
                            data-format=format.ending()
                            on:click=move |_| app.export(format)
                        >
                            {move || (app.t().export.save)(format.name())}
                        </button>
                    })
                    .collect_view()}
                <Show when=move || can_copy>
                    <button type="button" class="plain" data-testid="copy-markdown" on:click=copy>
                        {move || if copied.get() { app.t().columns.copied } else { app.t().export.copy }}
                    </button>
                </Show>
            </div>
        </div>
    }
}
