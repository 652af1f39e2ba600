//! The stations from text to next token, as tabs. Left and right walk them.

use leptos::prelude::*;
use share::scene::Panel;

use crate::browser::dom;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::PANELS;
use crate::state::inside::select::walk;

/// A panel in test hooks and ids.
pub(super) fn panel_code(panel: Panel) -> &'static str {
    match panel {
        Panel::Tokens => "tokens",
        Panel::Embedding => "embedding",
        Panel::Attention => "attention",
        Panel::FeedForward => "feed_forward",
        Panel::Residual => "residual",
        Panel::Output => "output",
        Panel::Influence => "influence",
        Panel::Switches => "switches",
    }
}

/// The element id of a panel's tab.
pub(super) fn tab_id(panel: Panel) -> String {
    format!("inside-tab-{}", panel_code(panel))
}

#[component]
pub(super) fn Pipeline() -> impl IntoView {
    let app = App::get();
    let current = memo(move || app.selection().panel);
    let open = move |panel: Panel| app.select(|view| view.panel = panel);
    let place = |panel: Panel| PANELS.iter().position(|other| *other == panel).unwrap_or_default();
    let step = move |event: web_sys::KeyboardEvent| {
        let at = place(current.get_untracked()) as u32;
        let to = walk(&event.key(), at, PANELS.len() as u32);
        if let Some(panel) = to.and_then(|to| PANELS.get(to as usize).copied()) {
            event.prevent_default();
            open(panel);
            dom::focus(&tab_id(panel));
        }
    };
    view! {
        <div
            class="pipeline-tabs"
            data-part="pipeline"
            role="tablist"
            aria-label=move || app.t().inside.pipeline
            on:keydown=step
        >
            {PANELS
                .map(|panel| {
                    let is_open = move || current.get() == panel;
                    view! {
                        <button
                            type="button"
                            class="pipeline-tab"
                            class:aside=matches!(panel, Panel::Influence | Panel::Switches)
                            id=tab_id(panel)
                            role="tab"
                            data-testid="inside-tab"
                            data-panel=panel_code(panel)
                            aria-controls="inside-panel"
                            aria-selected=move || if is_open() { "true" } else { "false" }
                            tabindex=move || if is_open() { "0" } else { "-1" }
                            on:click=move |_| open(panel)
                        >
                            {move || (app.t().inside.panel)(panel)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
