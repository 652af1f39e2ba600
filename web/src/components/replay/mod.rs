//! What came in a link or a file: whether it opened, what it needs, and whether it comes out as it did there.

mod set;
mod verdict;

use leptos::prelude::*;
use share::ShareError;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::format;
use crate::state::library::Then;
use crate::state::sharing::opened::{Opened, refusal_code};
use crate::state::sharing::origin::Difference;

use set::SetBar;
use verdict::Verdicts;

#[component]
pub(crate) fn OpenedBar() -> impl IntoView {
    let app = App::get();
    let refused = memo(move || {
        app.sharing.opened.with(|opened| match opened {
            Some(Opened::Refused(error)) => Some(error.clone()),
            _ => None,
        })
    });
    view! {
        <div class="opened" role="status" aria-label=move || app.t().share.opened.title>
            <SetBar/>
            {move || refused.get().map(|error| view! { <Refusal error=error/> })}
            <Differences/>
            <Offers/>
            <Verdicts/>
        </div>
    }
}

/// It did not open: why, and that nothing is lost.
#[component]
fn Refusal(error: ShareError) -> impl IntoView {
    let app = App::get();
    let kind = refusal_code(&error);
    let detail = error.to_string();
    view! {
        <div class="notice" data-testid="link-refused" data-kind=kind>
            <p class="notice-sentence">
                {move || (app.t().share.opened.refused)(&error)} " "
                {move || app.t().share.opened.refused_on}
            </p>
            <details class="notice-detail">
                <summary>{move || app.t().share.opened.detail}</summary>
                <p class="mono">{detail}</p>
            </details>
            <div class="notice-buttons">
                <button
                    type="button"
                    class="quiet"
                    data-testid="dismiss-link"
                    on:click=move |_| app.dismiss_opened()
                >
                    {move || app.t().share.opened.dismiss}
                </button>
            </div>
        </div>
    }
}

/// What is not here as it was there.
#[component]
fn Differences() -> impl IntoView {
    let app = App::get();
    let found = memo(move || {
        app.sharing.opened.with(|opened| match opened {
            Some(Opened::Scene(opening)) => opening.differences.clone(),
            _ => Vec::new(),
        })
    });
    let row = move |difference: Difference| {
        let kind = difference.code();
        let needs_file = matches!(difference, Difference::NoModel(_));
        view! {
            <div class="notice calm" data-testid="difference" data-kind=kind>
                <p class="notice-sentence">{move || sentence(app, &difference)}</p>
                <div class="notice-buttons">
                    {needs_file.then(|| view! {
                        <button
                            type="button"
                            class="plain"
                            on:click=move |_| dom::click("open-file")
                        >
                            {move || app.t().share.opened.pick_file}
                        </button>
                    })}
                    <button
                        type="button"
                        class="quiet"
                        on:click=move |_| app.dismiss_opened()
                    >
                        {move || app.t().share.opened.dismiss}
                    </button>
                </div>
            </div>
        }
    };
    move || found.get().into_iter().map(row).collect_view()
}

/// A difference in words. Tracks.
fn sentence(app: App, difference: &Difference) -> String {
    let name = match difference {
        Difference::NoModel(model) => model.clone(),
        Difference::File(model) => app.model_name(model),
        Difference::NoStage(model, stage) | Difference::Adapter(model, stage) => {
            let known = app.stage_name(model, stage);
            if (app.t().columns.stage)(stage).is_some() {
                known
            } else {
                format!("{known}: {stage}")
            }
        }
    };
    (app.t().share.opened.difference)(difference, &name)
}

/// Models that the scene needs and that only the reader may have loaded.
#[component]
fn Offers() -> impl IntoView {
    let app = App::get();
    let models = memo(move || app.models_to_offer());
    let button = move |model: String| {
        let name = model.clone();
        let label = move || {
            let size = app.with_manifest(&name, |entry| format::bytes(catalogue::bytes(entry)));
            (app.t().share.opened.load)(&app.model_name(&name), &size.unwrap_or_default())
        };
        let hook = model.clone();
        view! {
            <button
                type="button"
                class="plain"
                data-testid="load-for-link"
                data-model=hook
                on:click=move |_| app.load(&model, Then::default())
            >
                {label}
            </button>
        }
    };
    view! {
        <Show when=move || models.with(|models| !models.is_empty())>
            <div class="notice calm">
                <p class="notice-sentence">{move || app.t().share.opened.needs}</p>
                <div class="notice-buttons">
                    {move || models.get().into_iter().map(button).collect_view()}
                </div>
            </div>
        </Show>
    }
}
