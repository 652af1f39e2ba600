//! Puts laid out bars onto a canvas and offers it as a PNG.

use crate::browser::canvas;
use crate::browser::picture::{self, SANS};
use crate::state::inside::chart::Chart;
use crate::state::inside::chart::file::{FONT, Mark, PAPER, lay_out};

/// Pixels of the file per pixel of the layout.
const RATIO: f64 = 2.0;
/// Canvases larger than this are refused by some browsers.
const LARGEST: f64 = 16_000.0;

/// Draws and saves. Where the browser has no canvas, nothing happens.
pub(super) fn save_png(name: &str, chart: &Chart) {
    let Some((sheet, pen)) = canvas::apart() else { return };
    let laid_out = lay_out(chart);
    let scale = RATIO.min(LARGEST / laid_out.height);
    let (width, height) = (laid_out.width * scale, laid_out.height * scale);
    canvas::resize(&sheet, width as u32, height as u32);
    let _ = pen.scale(scale, scale);
    pen.set_fill_style_str(PAPER);
    pen.fill_rect(0.0, 0.0, laid_out.width, laid_out.height);
    pen.set_font(&format!("{FONT}px {SANS}"));
    pen.set_text_baseline("middle");
    for mark in &laid_out.marks {
        match mark {
            Mark::Box { x, y, width, height, paint } => {
                pen.set_fill_style_str(paint.css());
                pen.fill_rect(*x, *y, *width, *height);
            }
            Mark::Text { x, y, text, to_the_left, paint } => {
                pen.set_fill_style_str(paint.css());
                pen.set_text_align(if *to_the_left { "right" } else { "left" });
                // Fails only for places that are no numbers.
                let _ = pen.fill_text(text, *x, *y);
            }
        }
    }
    picture::offer(&sheet, name);
}
