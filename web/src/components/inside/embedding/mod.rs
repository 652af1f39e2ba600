//! A token's row of the embedding table, its neighbours, where vectors lie after each block, and how places turn
//! queries and keys.

mod cloud;
mod rope;
mod row;
mod swap;

use leptos::prelude::*;

use crate::state::app::App;

use cloud::Cloud;
use rope::Rope;
use row::{Nearest, Row};
use swap::Swap;

#[component]
pub(super) fn EmbeddingPanel() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="inside-body">
            <p class="tool-intro">{move || app.t().inside_embedding.intro}</p>
            <div class="inside-pair">
                <Row/>
                <Nearest/>
            </div>
            <Cloud/>
            <div class="inside-pair">
                <Rope/>
                <Swap/>
            </div>
        </div>
    }
}

/// The id of the token that is followed. Tracks.
fn followed_id(app: App) -> Option<u32> {
    let at = app.selection().token as usize;
    app.inside.facts.with(|facts| facts.as_ref()?.tokens.get(at).map(|token| token.id))
}
