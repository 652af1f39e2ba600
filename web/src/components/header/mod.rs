//! Name, one sentence, language and theme.

use leptos::prelude::*;

use crate::state::app::App;
use crate::state::preferences::other;

#[component]
pub(crate) fn Header() -> impl IntoView {
    let app = App::get();
    view! {
        <header class="masthead">
            <div>
                <h1>"Glassbox"</h1>
                <p class="tagline">{move || app.t().header.tagline}</p>
            </div>
            <div class="toggles">
                <button
                    type="button"
                    class="quiet"
                    data-testid="language"
                    data-value=move || app.language.get().code()
                    title=move || app.t().header.switch_language
                    on:click=move |_| app.switch_language()
                >
                    <span lang=move || other(app.language.get()).code()>
                        {move || app.t().header.other_language}
                    </span>
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="theme"
                    data-value=move || app.theme.get().code()
                    title=move || app.t().header.switch_theme
                    on:click=move |_| app.switch_theme()
                >
                    <span class="theme-mark" aria-hidden="true"></span>
                    {move || (app.t().header.theme)(app.theme.get())}
                </button>
            </div>
        </header>
    }
}
