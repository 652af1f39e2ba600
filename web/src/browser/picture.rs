//! Draws the laid out view onto a canvas and offers it as a PNG.

use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

use crate::browser::save;
use crate::state::export::picture::{Font, Mark, Paint, Picture, lay_out};
use crate::state::export::{Snapshot, Words};

/// Pixels of the file per pixel of the layout.
const SCALE: f64 = 2.0;
/// Canvases larger than this are refused by some browsers.
const LARGEST: f64 = 16_000.0;

const SERIF: &str =
    "'Iowan Old Style', Palatino, 'Source Serif 4', Georgia, 'Noto Serif CJK SC', SimSun, serif";
const SANS: &str = "system-ui, 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', sans-serif";

/// Draws the view and saves it.
pub(crate) fn save(name: &str, snapshot: &Snapshot, words: &Words) {
    save_laid_out(name, |measure| lay_out(snapshot, words, measure));
}

/// Draws and saves what is laid out with the width of each text. Where the browser has no canvas, nothing happens.
pub(crate) fn save_laid_out(
    name: &str,
    lay_out: impl FnOnce(&dyn Fn(&str, Font) -> f64) -> Picture,
) {
    let Some((canvas, pen)) = canvas() else { return };
    let measure = |text: &str, font: Font| {
        pen.set_font(&css_font(font));
        pen.measure_text(text).map_or(0.0, |metrics| metrics.width())
    };
    let picture = lay_out(&measure);
    let scale = SCALE.min(LARGEST / picture.width).min(LARGEST / picture.height);
    // A canvas forgets its settings when its size changes.
    canvas.set_width((picture.width * scale) as u32);
    canvas.set_height((picture.height * scale) as u32);
    let _ = pen.scale(scale, scale);
    draw(&pen, &picture);
    let name = name.to_owned();
    let taken = Closure::<dyn FnMut(JsValue)>::new(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            save::file(&name, &blob);
        }
    });
    if canvas.to_blob(taken.as_ref().unchecked_ref()).is_ok() {
        taken.forget();
    }
}

fn canvas() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    let pen = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, pen))
}

fn draw(pen: &CanvasRenderingContext2d, picture: &Picture) {
    pen.set_text_baseline("top");
    for mark in &picture.marks {
        match mark {
            Mark::Box { x, y, width, height, paint } => {
                pen.set_fill_style_str(&css_colour(*paint));
                pen.fill_rect(*x, *y, *width, *height);
            }
            Mark::Text { x, y, text, font, paint } => {
                pen.set_font(&css_font(*font));
                pen.set_fill_style_str(&css_colour(*paint));
                // Fails only for places that are no numbers.
                let _ = pen.fill_text(text, *x, *y);
            }
        }
    }
}

fn css_font(font: Font) -> String {
    let (weight, family) = match font {
        Font::Title => (500, SERIF),
        Font::Name => (600, SANS),
        Font::Body => (400, SERIF),
        Font::Small => (400, SANS),
    };
    format!("{weight} {}px {family}", font.size())
}

/// The colours of the light theme: a picture is most often put on white.
fn css_colour(paint: Paint) -> String {
    match paint {
        Paint::Paper => "#fffefb".to_owned(),
        Paint::Ink => "#1f1d1a".to_owned(),
        Paint::Soft => "#5c574e".to_owned(),
        Paint::Rule => "#8b8478".to_owned(),
        Paint::Heat(bits) => format!("rgb(232 163 60 / {}%)", u32::from(bits) * 8),
    }
}
