//! Under the picture: what the colours mean, how close it is, and files.

use leptos::prelude::*;

use super::{CLOSER, Look, draw};
use crate::browser::save;
use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::palette::{Palette, css};
use crate::state::heatmap::viewport::Viewport;
use crate::state::heatmap::{Absent, Grid, Scale, Tone, file};

/// Swatches of the scale.
const SWATCHES: u8 = 16;

#[component]
pub(super) fn Foot(
    look: Look,
    tone: Signal<Tone>,
    caption: Signal<String>,
    file: &'static str,
    row_height: Option<f64>,
) -> impl IntoView {
    let app = App::get();
    let scale =
        memo(move || look.grid.with(|grid| grid.as_ref().map(|grid| (grid.scale, grid.absent))));
    let has_svg =
        memo(move || look.grid.with(|grid| grid.as_ref().is_some_and(|grid| file::has_svg(grid))));
    let is_whole = memo(move || look.view.get().is_whole());
    let png = move |_| {
        with_grid(look, |grid| draw::save_png(&format!("{file}.png"), grid, row_height));
    };
    let svg = move |_| {
        with_grid(look, |grid| {
            if let Some(svg) = file::svg(grid, &caption.get_untracked(), row_height) {
                save::text(&format!("{file}.svg"), "image/svg+xml", &svg);
            }
        });
    };
    let csv = move |_| {
        with_grid(look, |grid| save::text(&format!("{file}.csv"), "text/csv", &file::csv(grid)));
    };
    view! {
        <div class="heatmap-foot">
            {move || scale.get().map(|(scale, absent)| legend(app, scale, absent, tone.get()))}
            <div class="heatmap-buttons">
                <button
                    type="button"
                    class="quiet"
                    aria-label=move || app.t().heatmap.farther
                    title=move || app.t().heatmap.farther
                    disabled=move || is_whole.get()
                    on:click=move |_| look.zoom(1.0 / CLOSER, None)
                >
                    "−"
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label=move || app.t().heatmap.closer
                    title=move || app.t().heatmap.closer
                    on:click=move |_| look.zoom(CLOSER, None)
                >
                    "+"
                </button>
                <Show when=move || !is_whole.get()>
                    <button type="button" class="quiet" on:click=move |_| look.view.set(Viewport::default())>
                        {move || app.t().heatmap.whole}
                    </button>
                </Show>
                {save_button(app, "PNG", png)}
                <Show when=move || has_svg.get()>{save_button(app, "SVG", svg)}</Show>
                {save_button(app, "CSV", csv)}
            </div>
        </div>
    }
}

fn with_grid(look: Look, save: impl FnOnce(&Grid)) {
    look.grid.with_untracked(|grid| {
        if let Some(grid) = grid {
            save(grid);
        }
    });
}

fn save_button(
    app: App,
    format: &'static str,
    save: impl Fn(web_sys::MouseEvent) + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="quiet"
            data-testid="heatmap-save"
            data-format=format.to_ascii_lowercase()
            aria-label=move || (app.t().export.save)(format)
            on:click=save
        >
            {format}
        </button>
    }
}

/// The colours with the numbers at their ends. Tracks the language.
fn legend(app: App, scale: Scale, absent: Absent, tone: Tone) -> impl IntoView {
    let palette = Palette::new(tone, scale);
    let top = scale.top();
    let bottom = if matches!(scale, Scale::Signed { .. }) { -top } else { 0.0 };
    let swatches = (0..=SWATCHES)
        .map(|at| {
            let share = f32::from(at) / f32::from(SWATCHES);
            let colour = css(palette.colour(scale, share.mul_add(top - bottom, bottom)));
            view! { <i style:background=colour></i> }
        })
        .collect_view();
    let hatched = (absent != Absent::None).then(|| {
        view! {
            <span class="heatmap-mask">
                <i class="heatmap-hatch" aria-hidden="true"></i>
                {app.t().heatmap.masked}
            </span>
        }
    });
    view! {
        <p class="heatmap-legend">
            <span>{format::number(bottom)}</span>
            <span class="swatches" aria-hidden="true">{swatches}</span>
            <span>{format::number(top)}</span>
            {hatched}
        </p>
    }
}
