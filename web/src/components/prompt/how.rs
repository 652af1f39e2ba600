//! How the prompt goes in, and whether that is shown.

use leptos::prelude::*;

use crate::reactive::memo;
use crate::state::app::App;
use crate::state::scene;

#[component]
pub(crate) fn HowPrompt() -> impl IntoView {
    let app = App::get();
    let view = memo(move || app.scene.with(scene::view));
    let choice = move |same_text: bool, test_id: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="mode"
                    data-testid=test_id
                    prop:checked=move || view.with(|view| view.same_text) == same_text
                    on:change=move |_| app.set_same_text(same_text)
                />
                <span>
                    {move || if same_text {
                        app.t().columns.same_text
                    } else {
                        app.t().columns.as_expected
                    }}
                </span>
            </label>
        }
    };
    view! {
        <div class="how-prompt">
            <fieldset class="choices">
                <legend class="visually-hidden">{move || app.t().columns.how}</legend>
                {choice(false, "mode-auto")}
                {choice(true, "mode-raw")}
            </fieldset>
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="exact"
                    prop:checked=move || view.with(|view| view.exact)
                    on:change=move |event| app.set_exact(event_target_checked(&event))
                />
                <span>{move || app.t().columns.exact}</span>
            </label>
        </div>
    }
}
