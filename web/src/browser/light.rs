//! A style sheet of the page's own that changes as it runs: it lights up what a lesson points at.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::CssStyleSheet;

thread_local! {
    static SHEET: RefCell<Option<CssStyleSheet>> = const { RefCell::new(None) };
}

/// These rules take the place of those that were set before. A browser that cannot do so lights up nothing.
pub(crate) fn set(rules: &str) {
    SHEET.with_borrow_mut(|sheet| {
        if sheet.is_none() && !rules.is_empty() {
            *sheet = adopt();
        }
        if let Some(sheet) = sheet {
            let _ = sheet.replace_sync(rules);
        }
    });
}

fn adopt() -> Option<CssStyleSheet> {
    let document = web_sys::window()?.document()?;
    let sheet = CssStyleSheet::new().ok()?;
    let own: JsValue = sheet.clone().into();
    document.set_adopted_style_sheets(&Array::of1(&own));
    Some(sheet)
}
