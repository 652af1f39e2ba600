//! A set of scenes: where the reader is in it, and the way on.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::sharing::steps::Steps;

#[component]
pub(crate) fn SetBar() -> impl IntoView {
    let app = App::get();
    let steps = app.sharing.steps;
    let name = memo(move || {
        steps.with(|steps| {
            let steps = steps.as_ref()?;
            Some(steps.now().map(|scene| scene.name.clone()).unwrap_or_default())
        })
    });
    let title = move || {
        let given = steps.with(|s| s.as_ref().map(|s| s.collection().title.clone()));
        given
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| app.t().share.opened.set.to_owned())
    };
    let place = memo(move || steps.with(|s| s.as_ref().map(Steps::place)));
    let turn = move |forward: bool, hook: &'static str| {
        view! {
            <button
                type="button"
                class="plain"
                data-testid=hook
                disabled=move || !steps.with(|s| s.as_ref().is_some_and(|s| s.has(forward)))
                on:click=move |_| {
                    app.turn_scene(forward);
                }
            >
                {move || if forward {
                    app.t().share.opened.next
                } else {
                    app.t().share.opened.back
                }}
            </button>
        }
    };
    view! {
        <Show when=move || name.with(Option::is_some)>
            <section
                class="set-bar"
                aria-label=title
                data-testid="set"
                data-place=move || place.get().map(|(at, _)| at)
                data-count=move || place.get().map(|(_, count)| count)
            >
                <p>
                    <b>{title}</b> " · "
                    <span data-testid="set-name">{move || name.get()}</span> " "
                    <span class="hint">
                        {move || place
                            .get()
                            .map(|(at, count)| (app.t().share.opened.set_place)(at, count))}
                    </span>
                </p>
                <div class="buttons">
                    {turn(false, "set-back")}
                    {turn(true, "set-next")}
                    <button
                        type="button"
                        class="quiet"
                        data-testid="set-keep"
                        on:click=move |_| app.keep_set()
                    >
                        {move || app.t().share.opened.keep_set}
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="set-close"
                        on:click=move |_| app.close_set()
                    >
                        {move || app.t().share.opened.close_set}
                    </button>
                </div>
            </section>
        </Show>
    }
}
