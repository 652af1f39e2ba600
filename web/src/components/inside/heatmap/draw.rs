//! Puts a table onto a canvas.

use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::browser::picture::SANS;
use crate::browser::{canvas, picture};
use crate::state::heatmap::file::ROOM;
use crate::state::heatmap::layout::{FONT, Layout, Name, shortened};
use crate::state::heatmap::paint::paint;
use crate::state::heatmap::palette::{Palette, css};
use crate::state::heatmap::viewport::Viewport;
use crate::state::heatmap::{Cell, Grid, Tone};

/// Pixels of a file per pixel of its layout.
const FILE_RATIO: f64 = 2.0;
/// Texts are written into cells that are at least so large.
const TEXT_WIDTH: f64 = 20.0;
const TEXT_HEIGHT: f64 = 13.0;
const GAP: f64 = 6.0;

/// Draws what `view` shows, with `ratio` pixels per pixel of the layout.
pub(super) fn draw(
    canvas: &HtmlCanvasElement,
    grid: &Grid,
    view: &Viewport,
    layout: &Layout,
    tone: Tone,
    ratio: f64,
) {
    let Some(pen) = canvas::pen(canvas) else { return };
    let palette = Palette::new(tone, grid.scale);
    let real = |length: f64| (length * ratio).round();
    let (width, height) = layout.size();
    canvas::resize(canvas, real(width).max(1.0) as u32, real(height).max(1.0) as u32);
    let _ = pen.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    pen.clear_rect(0.0, 0.0, real(width), real(height));

    let size = (real(layout.width).max(1.0) as usize, real(layout.height).max(1.0) as usize);
    let pixels = paint(grid, view, &palette, size, ratio);
    canvas::put(&pen, &pixels, size.0, real(layout.left), real(layout.top));

    let _ = pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    pen.set_font(&format!("{FONT}px {SANS}"));
    pen.set_text_baseline("middle");
    pen.set_fill_style_str(&css(palette.soft));
    write_names(&pen, grid, view, layout);
    write_texts(&pen, grid, view, layout, &palette);
}

fn write_names(pen: &CanvasRenderingContext2d, grid: &Grid, view: &Viewport, layout: &Layout) {
    pen.set_text_align("right");
    for Name { text, at } in layout.row_names(grid, view) {
        let _ = pen.fill_text(&text, layout.left - GAP, layout.top + at);
    }
    for Name { text, at } in layout.column_names(grid, view) {
        let x = layout.left + at;
        if layout.level {
            pen.set_text_align("center");
            let _ = pen.fill_text(&text, x, layout.top - GAP - FONT / 2.0);
        } else {
            pen.set_text_align("left");
            pen.save();
            let _ = pen.translate(x, layout.top - GAP);
            let _ = pen.rotate(-std::f64::consts::FRAC_PI_2);
            let _ = pen.fill_text(&text, 0.0, 0.0);
            pen.restore();
        }
    }
}

/// What stands in the cells, where there is room for it.
fn write_texts(
    pen: &CanvasRenderingContext2d,
    grid: &Grid,
    view: &Viewport,
    layout: &Layout,
    palette: &Palette,
) {
    let (width, height) = layout.cell(grid, view);
    if grid.texts.len() != grid.rows * grid.columns || width < TEXT_WIDTH || height < TEXT_HEIGHT {
        return;
    }
    pen.set_text_align("center");
    let (across, down) = view.extent(grid.rows, grid.columns);
    let rows = (view.top as usize)..((view.top + down).ceil() as usize).min(grid.rows);
    let columns = (view.left as usize)..((view.left + across).ceil() as usize).min(grid.columns);
    for row in rows {
        for column in columns.clone() {
            let cell = Cell { row, column };
            let (Some(value), Some(place)) = (grid.value(cell), layout.place(grid, view, cell))
            else {
                continue;
            };
            // A cell that is cut off at the edge keeps its text to itself.
            if place.width < width * 0.75 || place.height < height * 0.75 {
                continue;
            }
            let text = shortened(&grid.texts[row * grid.columns + column], width - 4.0);
            pen.set_fill_style_str(&css(palette.on(palette.colour(grid.scale, value))));
            let _ = pen.fill_text(
                &text,
                layout.left + place.x + place.width / 2.0,
                layout.top + place.y + place.height / 2.0,
            );
        }
    }
}

/// Offers the whole table as a PNG on light paper.
pub(super) fn save_png(name: &str, grid: &Grid, row_height: Option<f64>) {
    let Some((sheet, _)) = canvas::apart() else { return };
    let layout = Layout::of(grid, ROOM, row_height);
    draw(&sheet, grid, &Viewport::default(), &layout, Tone::Light, FILE_RATIO);
    // Under what is drawn: paper, where the names stand on nothing.
    if let Some(pen) = canvas::pen(&sheet) {
        let paper = Palette::new(Tone::Light, grid.scale).paper;
        let _ = pen.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let _ = pen.set_global_composite_operation("destination-over");
        pen.set_fill_style_str(&css(paper));
        pen.fill_rect(0.0, 0.0, f64::from(sheet.width()), f64::from(sheet.height()));
    }
    picture::offer(&sheet, name);
}
