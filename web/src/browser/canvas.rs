//! Canvases: the pen, real pixels, and when to draw again.

use wasm_bindgen::Clamped;
use wasm_bindgen::prelude::*;
use web_sys::{
    CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData, MediaQueryList, ResizeObserver,
};

const DARK: &str = "(prefers-color-scheme: dark)";

/// What draws on a canvas.
pub(crate) fn pen(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// A canvas that is not on the page.
pub(crate) fn apart() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    let pen = pen(&canvas)?;
    Some((canvas, pen))
}

/// Gives a canvas this many pixels. A canvas forgets its picture when its size is set.
pub(crate) fn resize(canvas: &HtmlCanvasElement, width: u32, height: u32) {
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}

/// Puts pixels of four bytes at a place that is counted in pixels.
pub(crate) fn put(pen: &CanvasRenderingContext2d, pixels: &[u8], width: usize, x: f64, y: f64) {
    // Fails only where the size is none.
    if let Ok(image) = ImageData::new_with_u8_clamped_array(Clamped(pixels), width as u32) {
        let _ = pen.put_image_data(&image, x, y);
    }
}

/// Pixels of the screen per pixel of the page.
pub(crate) fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// Does the system ask for dark pages?
pub(crate) fn system_is_dark() -> bool {
    scheme().is_some_and(|query| query.matches())
}

fn scheme() -> Option<MediaQueryList> {
    web_sys::window()?.match_media(DARK).ok()?
}

/// Calls back when an element changes its size or the system its colours, until it is dropped.
pub(crate) struct Watch {
    observer: Option<ResizeObserver>,
    scheme: Option<MediaQueryList>,
    changed: Closure<dyn FnMut()>,
}

impl Watch {
    pub(crate) fn new(element: &Element, changed: impl FnMut() + 'static) -> Self {
        let changed = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        let scheme = scheme();
        if let Some(scheme) = &scheme {
            let _ =
                scheme.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        }
        Self { observer, scheme, changed }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(scheme) = &self.scheme {
            let _ = scheme.remove_event_listener_with_callback(
                "change",
                self.changed.as_ref().unchecked_ref(),
            );
        }
    }
}
