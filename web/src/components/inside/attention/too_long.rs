//! Why there is no table of attention: the text is too long for one.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::protocol::inside::MAX_MAP_TOKENS;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::attention::is_too_long;

#[component]
pub(crate) fn TooLong() -> impl IntoView {
    let app = App::get();
    let is_too_long = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().is_some_and(|facts| is_too_long(facts)))
    });
    view! {
        <Show when=move || is_too_long.get()>
            <p class="hint" data-testid="attention-too-long">
                {move || (app.t().inside_attention.too_long)(MAX_MAP_TOKENS)}
            </p>
        </Show>
    }
}
