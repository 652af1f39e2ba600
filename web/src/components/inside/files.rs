//! The buttons that save a picture as PNG, SVG and CSV.

use leptos::prelude::*;

use crate::browser::{picture, save};
use crate::components::flow::Show;
use crate::state::app::App;
use crate::state::inside::sketch::Saved;

#[component]
pub(crate) fn SaveBar(
    /// Is there anything to save?
    #[prop(into)]
    is_there: Signal<bool>,
    /// The picture and its numbers, made when they are asked for.
    made: Callback<(), Option<Saved>>,
    /// Files are named so, without their ending.
    file: &'static str,
) -> impl IntoView {
    let app = App::get();
    let saves = move |format: &'static str| {
        let Some(Saved { svg, csv }) = untrack(|| made.run(())) else { return };
        let name = format!("{file}.{}", format.to_ascii_lowercase());
        match format {
            "PNG" => picture::save_svg(&name, &svg),
            "SVG" => save::text(&name, "image/svg+xml", &svg),
            _ => save::text(&name, "text/csv", &csv),
        }
    };
    view! {
        <Show when=move || is_there.get()>
            <p class="chart-files">
                {["PNG", "SVG", "CSV"]
                    .map(|format| view! {
                        <button
                            type="button"
                            class="quiet"
                            data-testid="picture-save"
                            data-format=format.to_ascii_lowercase()
                            aria-label=move || (app.t().export.save)(format)
                            on:click=move |_| saves(format)
                        >
                            {format}
                        </button>
                    })
                    .collect_view()}
            </p>
        </Show>
    }
}
