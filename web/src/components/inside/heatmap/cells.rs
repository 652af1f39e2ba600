//! A small table without edges and keys: a pixel for each number, as large as its style makes it. Where cells are
//! absent, so many pixels that the hatching shows.

use std::sync::Arc;

use leptos::html::Canvas;
use leptos::prelude::*;

use super::tone;
use crate::browser::canvas;
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::heatmap::paint::paint;
use crate::state::heatmap::palette::Palette;
use crate::state::heatmap::viewport::Viewport;
use crate::state::heatmap::{Absent, Grid};

/// Pixels across that hatching needs.
const HATCHED: usize = 32;
/// Pixels of a cell at most: larger ones would have lines between them.
const LARGEST: usize = 6;

/// Width and height in pixels.
fn size(grid: &Grid) -> (usize, usize) {
    let pixels = match grid.absent {
        Absent::None => 1,
        Absent::After | Absent::Beyond(_) => (HATCHED / grid.columns.max(1)).clamp(1, LARGEST),
    };
    (grid.columns * pixels, grid.rows * pixels)
}

#[component]
pub(crate) fn Cells(#[prop(into)] grid: Signal<Option<Arc<Grid>>>) -> impl IntoView {
    let app = App::get();
    let sheet = NodeRef::<Canvas>::new();
    effect(move || {
        let Some(sheet) = sheet.get() else { return };
        let tone = tone(app, canvas::system_is_dark());
        grid.with(|grid| {
            let (Some(grid), Some(pen)) = (grid, canvas::pen(&sheet)) else { return };
            let size = size(grid);
            canvas::resize(&sheet, size.0 as u32, size.1 as u32);
            let palette = Palette::new(tone, grid.scale);
            let pixels = paint(grid, &Viewport::default(), &palette, size, 1.0);
            canvas::put(&pen, &pixels, size.0, 0.0, 0.0);
        });
    });
    view! { <canvas class="cells" node_ref=sheet aria-hidden="true"></canvas> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::Scale;

    #[test]
    fn few_masked_cells_have_room_for_their_hatching() {
        let of = |side: usize, absent| {
            let grid = Grid::new(side, side, vec![0.0; side * side], Scale::default());
            size(&Grid { absent, ..grid.expect("square") })
        };
        assert_eq!(of(4, Absent::None), (4, 4));
        assert_eq!(of(4, Absent::After), (24, 24));
        assert_eq!(of(40, Absent::After), (40, 40));
    }
}
