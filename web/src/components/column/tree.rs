//! The paths that were tried in a column, to walk back.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lane::Lane;
use crate::state::token;
use crate::state::tree::Twig;

#[component]
pub(crate) fn Paths(lane: Lane) -> impl IntoView {
    let app = App::get();
    let has_branches = memo(move || lane.tree.with(|tree| tree.has_branches()));
    let twigs = memo(move || {
        if !has_branches.get() {
            return Vec::new();
        }
        lane.run.with(|run| lane.tree.with(|tree| tree.twigs(run)))
    });
    view! {
        <Show when=move || has_branches.get()>
            <nav class="paths" aria-label=move || app.t().columns.paths>
                <p class="hint">{move || app.t().columns.paths}</p>
                <ul>
                    {move || {
                        twigs.get().into_iter().map(|twig| path(app, lane.number, twig)).collect_view()
                    }}
                </ul>
            </nav>
        </Show>
    }
}

/// Tracks the language.
fn path(app: App, lane: usize, twig: Twig) -> impl IntoView {
    let Twig { number, depth, taken, text, is_current } = twig;
    let name = match &taken {
        None => app.t().columns.first_path.to_owned(),
        Some((place, token)) => (app.t().columns.path)(place + 1, &token::spoken(token)),
    };
    view! {
        <li style:padding-inline-start=format!("{depth}em")>
            <button
                type="button"
                class="quiet path"
                data-testid="path"
                data-number=number
                data-depth=depth
                aria-current=is_current.then_some("true")
                on:click=move |_| app.walk(lane, number)
            >
                <span class="path-name">{name}</span>
                <span class="path-text">{text}</span>
            </button>
        </li>
    }
}
