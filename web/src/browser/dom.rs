//! Focus, root attributes, the address, the clipboard.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The search part of the address, with its question mark.
pub(crate) fn search() -> String {
    web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// The part of the address from `#` on.
pub(crate) fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The page's address without search part and fragment.
pub(crate) fn page_address() -> String {
    let parts = || {
        let location = web_sys::window()?.location();
        Some(format!("{}{}", location.origin().ok()?, location.pathname().ok()?))
    };
    parts().unwrap_or_default()
}

/// The browser's language tag.
pub(crate) fn language_tag() -> String {
    web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default()
}

/// Is the page in a tab that is not shown? Frames do not come then.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Sets an attribute of the document's root element; `None` removes it.
pub(crate) fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

fn by_id(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to an element, if it is there.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.focus();
    }
}

/// Clicks an element, if it is there: a file input opens its dialog.
pub(crate) fn click(id: &str) {
    if let Some(element) = by_id(id) {
        element.click();
    }
}

/// Opens a `<details>` element and moves the focus to its summary's parent.
pub(crate) fn open_details(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.set_attribute("open", "");
        element.scroll_into_view();
    }
}

/// The `data-place` of the token an event happened on.
pub(crate) fn token_place(event: &web_sys::Event) -> Option<usize> {
    let element: Element = event.target()?.dyn_into().ok()?;
    let chip = element.closest("[data-place]").ok()??;
    chip.get_attribute("data-place")?.parse().ok()
}

/// Did a key come to nothing in particular: no field, button or link has the focus?
pub(crate) fn is_idle(event: &web_sys::Event) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_none_or(|element| matches!(element.tag_name().as_str(), "BODY" | "HTML"))
}

/// Did a key go into a field in which the browser itself undoes what was typed?
pub(crate) fn is_typing(event: &web_sys::Event) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|element| match element.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !["checkbox", "radio", "range", "button", "file"].contains(&kind.as_str())
        }
        _ => false,
    })
}

/// Did an event happen within a dialog?
pub(crate) fn is_in_dialog(event: &web_sys::Event) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|element| element.closest("dialog").is_ok_and(|found| found.is_some()))
}

/// Selects the text of a field, if it is there: where copying is forbidden, the reader copies it.
pub(crate) fn select(id: &str) {
    let field = by_id(id);
    if let Some(input) = field.as_ref().and_then(|field| field.dyn_ref::<HtmlInputElement>()) {
        input.select();
    } else if let Some(area) = field.as_ref().and_then(|f| f.dyn_ref::<HtmlTextAreaElement>()) {
        area.select();
    }
}

/// Brings an element into view, if it is there.
pub(crate) fn show(id: &str) {
    if let Some(element) = by_id(id) {
        element.scroll_into_view();
    }
}

/// Does a key belong to the field that has the focus: text, a slider, a choice?
pub(crate) fn is_field(event: &web_sys::Event) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let is_one =
        |element: Element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    target.is_some_and(is_one)
}

/// Brings the first element of a selector into view, if there is one; one that is in view stays where it is.
pub(crate) fn show_first(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Where on an element a pointer is, from its left edge (0) to its right one (1).
pub(crate) fn share_of_width(element: &Element, event: &web_sys::MouseEvent) -> Option<f64> {
    let area = element.get_bounding_client_rect();
    (area.width() > 0.0)
        .then(|| ((f64::from(event.client_x()) - area.left()) / area.width()).clamp(0.0, 1.0))
}

/// The clipboard, which only secure pages have.
pub(crate) fn has_clipboard() -> bool {
    web_sys::window().is_some_and(|window| {
        Reflect::get(&window.navigator(), &JsValue::from_str("clipboard"))
            .is_ok_and(|clipboard| !clipboard.is_undefined())
    })
}

/// Copies text. False if the browser refused.
pub(crate) async fn copy(text: &str) -> bool {
    if !has_clipboard() {
        return false;
    }
    let Some(window) = web_sys::window() else {
        return false;
    };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
