//! A QR code, drawn here: nothing is asked of anyone.

use leptos::prelude::*;
use share::qr;

use crate::state::app::App;

/// The QR code of a text, or a sentence if it is too long for one.
#[component]
pub(crate) fn QrCode(text: Memo<String>) -> impl IntoView {
    let app = App::get();
    let drawn = move || {
        text.with(|text| match qr::matrix(text) {
            Ok(code) => {
                let width = code.width();
                view! {
                    <svg
                        class="qr"
                        role="img"
                        data-testid="qr"
                        data-modules=code.size
                        aria-label=move || app.t().share.dialog.qr_label
                        viewBox=format!("0 0 {width} {width}")
                        shape-rendering="crispEdges"
                    >
                        <rect class="qr-light" width=width height=width></rect>
                        <path class="qr-dark" d=code.path()></path>
                    </svg>
                }
                .into_any()
            }
            Err(_) => view! {
                <p class="hint" data-testid="qr-too-long">
                    {move || app.t().share.dialog.qr_too_long}
                </p>
            }
            .into_any(),
        })
    };
    view! { <div class="qr-place">{drawn}</div> }
}
