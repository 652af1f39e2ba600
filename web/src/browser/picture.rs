//! Draws the laid out view onto a canvas and offers it as a PNG.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url,
};

use crate::browser::{canvas, save};
use crate::state::export::picture::{Font, Mark, Paint, Picture, lay_out};
use crate::state::export::{Snapshot, Words};

/// Pixels of the file per pixel of the layout.
const SCALE: f64 = 2.0;
/// Canvases larger than this are refused by some browsers.
const LARGEST: f64 = 16_000.0;

const SERIF: &str =
    "'Iowan Old Style', Palatino, 'Source Serif 4', Georgia, 'Noto Serif CJK SC', SimSun, serif";
pub(crate) const SANS: &str =
    "system-ui, 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', sans-serif";

/// Draws the view and saves it.
pub(crate) fn save(name: &str, snapshot: &Snapshot, words: &Words) {
    save_laid_out(name, |measure| lay_out(snapshot, words, measure));
}

/// Draws and saves what is laid out with the width of each text. Where the browser has no canvas, nothing happens.
pub(crate) fn save_laid_out(
    name: &str,
    lay_out: impl FnOnce(&dyn Fn(&str, Font) -> f64) -> Picture,
) {
    let Some((canvas, pen)) = canvas::apart() else { return };
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
    offer(&canvas, name);
}

/// Offers what is on a canvas as a PNG.
pub(crate) fn offer(canvas: &HtmlCanvasElement, name: &str) {
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

/// Draws an SVG and offers it as a PNG. Where the browser cannot, nothing happens.
pub(crate) fn save_svg(name: &str, svg: &str) {
    let (name, svg) = (name.to_owned(), svg.to_owned());
    spawn_local(async move {
        if let Some(canvas) = drawn(&svg).await {
            offer(&canvas, &name);
        }
    });
}

async fn drawn(svg: &str) -> Option<HtmlCanvasElement> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let parts = Array::of1(&JsValue::from_str(svg));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&address);
    let loaded = JsFuture::from(image.decode()).await;
    let _ = Url::revoke_object_url(&address);
    loaded.ok()?;
    let size = [image.natural_width(), image.natural_height()].map(f64::from);
    let scale = size.iter().fold(SCALE, |scale, length| scale.min(LARGEST / length.max(1.0)));
    let [width, height] = size.map(|length| length * scale);
    let (canvas, pen) = canvas::apart()?;
    canvas::resize(&canvas, width as u32, height as u32);
    pen.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    Some(canvas)
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
