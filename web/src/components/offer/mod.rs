//! What the reader just did says something about the answers. It is kept only if the reader says so.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::votes::Deed;

#[component]
pub(crate) fn Offer() -> impl IntoView {
    let app = App::get();
    let deed = memo(move || app.offer.with(|offer| offer.first().map(|signal| signal.deed)));
    view! {
        <Show when=move || deed.get().is_some()>
            <div class="offer" role="status" data-testid="offer">
                <p class="hint">
                    {move || match deed.get() {
                        Some(Deed::Copied) => app.t().vote.offer_copied,
                        Some(Deed::AskedAgain) => app.t().vote.offer_again,
                        None => "",
                    }}
                </p>
                <button
                    type="button"
                    class="quiet"
                    data-testid="keep-signal"
                    on:click=move |_| app.answer_offer(true)
                >
                    {move || app.t().vote.keep_signal}
                </button>
                <button type="button" class="quiet" on:click=move |_| app.answer_offer(false)>
                    {move || app.t().vote.drop_signal}
                </button>
            </div>
        </Show>
    }
}
