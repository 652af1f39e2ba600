//! A small table without edges and keys: a pixel for each number, as large as its style makes it.

use std::sync::Arc;

use leptos::html::Canvas;
use leptos::prelude::*;

use super::tone;
use crate::browser::canvas;
use crate::state::app::App;
use crate::state::heatmap::Grid;
use crate::state::heatmap::paint::paint;
use crate::state::heatmap::palette::Palette;
use crate::state::heatmap::viewport::Viewport;

#[component]
pub(crate) fn Cells(#[prop(into)] grid: Signal<Option<Arc<Grid>>>) -> impl IntoView {
    let app = App::get();
    let sheet = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        let Some(sheet) = sheet.get() else { return };
        let tone = tone(app, canvas::system_is_dark());
        grid.with(|grid| {
            let (Some(grid), Some(pen)) = (grid, canvas::pen(&sheet)) else { return };
            canvas::resize(&sheet, grid.columns as u32, grid.rows as u32);
            let palette = Palette::new(tone, grid.scale);
            let size = (grid.columns, grid.rows);
            let pixels = paint(grid, &Viewport::default(), &palette, size, 1.0);
            canvas::put(&pen, &pixels, grid.columns, 0.0, 0.0);
        });
    });
    view! { <canvas class="cells" node_ref=sheet aria-hidden="true"></canvas> }
}
