//! In-context learning is not training: the weights before and after.

use leptos::prelude::*;

use crate::components::flow::For;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::lab::round::Weights;

#[component]
pub(super) fn WeightsBadge() -> impl IntoView {
    let app = App::get();
    let weights = memo(move || app.lab.round.with(|round| round.weights()));
    view! {
        <For
            each=move || weights.get()
            key=|entry: &(String, Weights, Option<Weights>)| entry.clone()
            children=move |(model, before, after): (String, Weights, Option<Weights>)| view! {
                <Badge model=model before=before.sha256 after=after.map(|after| after.sha256) bytes=before.bytes/>
            }
        />
    }
}

/// Says whether the weights of a model stayed as they were; the checksums open under it.
#[component]
pub(crate) fn Badge(
    model: String,
    before: String,
    after: Option<String>,
    bytes: u64,
) -> impl IntoView {
    let app = App::get();
    let same = after.as_ref().map(|after| *after == before);
    let state = match same {
        Some(true) => "same",
        Some(false) => "other",
        None => "before",
    };
    let sums = move || {
        let after = after.as_deref().unwrap_or("…");
        (app.t().lab.answers.weights_sums)(&format::bytes(bytes), &before, after)
    };
    let sentence = move || {
        let name = app.model_name(&model);
        let words = &app.t().lab.answers;
        match same {
            Some(true) => (words.weights_same)(&name),
            Some(false) => (words.weights_other)(&name),
            None => (words.weights_before)(&name),
        }
    };
    view! {
        <details class="badge" data-testid="lab-weights" data-state=state>
            <summary>{sentence}</summary>
            <p class="hint">{move || app.t().lab.answers.weights_explained}</p>
            <p class="mono badge-sums" data-testid="lab-weights-sums">{sums}</p>
        </details>
    }
}
