//! What stands around the page in a frame, and on a projector: as little as can be.

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::state::app::App;

/// In a frame: the way to the page itself, with everything that is shown.
#[component]
pub(crate) fn EmbedFoot() -> impl IntoView {
    let app = App::get();
    let address = move || {
        let scene = app.composed(true, false);
        app.link_to(scene).map_or_else(|_| dom::page_address(), |link| link.url)
    };
    view! {
        <Show when=move || app.is_embedded()>
            <p class="embed-foot">
                <a href=address target="_blank" rel="noopener" data-testid="open-page">
                    {move || app.t().share.nav.open_page}
                </a>
            </p>
        </Show>
    }
}

/// On a projector: what the keys do, and the way back.
#[component]
pub(crate) fn PresenterBar() -> impl IntoView {
    let app = App::get();
    let has_steps =
        move || app.sharing.steps.with(Option::is_some) || app.scene.with(|s| s.lesson.is_some());
    view! {
        <Show when=move || app.is_presented() && !app.is_embedded()>
            <div class="presenter-bar" data-testid="presenter">
                <span class="hint">
                    {move || if has_steps() {
                        app.t().share.nav.keys_steps
                    } else {
                        app.t().share.nav.keys
                    }}
                </span>
                <button
                    type="button"
                    class="quiet"
                    data-testid="leave-presenter"
                    on:click=move |_| app.set_presenter(false)
                >
                    {move || app.t().share.nav.leave}
                </button>
            </div>
        </Show>
    }
}
