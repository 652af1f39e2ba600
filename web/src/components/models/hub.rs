//! The public address of a model that this site need not hold: a button that names the host.

use leptos::prelude::*;

use crate::reactive::memo;
use crate::state::app::App;

#[component]
pub(crate) fn HubOffer() -> impl IntoView {
    let app = App::get();
    let offer = memo(move || app.hub_offer());
    move || {
        offer.get().map(|(id, host)| {
            let (named, asked, shown) = (host.clone(), host.clone(), host.clone());
            view! {
                <div class="hub">
                    <p class="hint">{move || (app.t().model.hub_explained)(&named)}</p>
                    <button
                        type="button"
                        class="plain"
                        data-testid="load-hub"
                        data-host=shown
                        disabled=move || app.library.with(|library| library.is_loading())
                        on:click=move |_| app.load_from_hub(id.clone(), asked.clone())
                    >
                        {move || (app.t().model.load_hub)(&host)}
                    </button>
                </div>
            }
        })
    }
}
