//! The exact text and ids that went in.

use leptos::prelude::*;

use crate::components::chip::draw;
use crate::components::flow::Show;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lane::Lane;
use crate::state::scene;
use crate::state::token;

#[component]
pub(crate) fn ExactPrompt(lane: Lane) -> impl IntoView {
    let app = App::get();
    let exact = memo(move || app.scene.with(|scene| scene::view(scene).exact));
    // The prompt of a run does not change once it is there; the run does, with every token.
    let prompt = memo(move || lane.run.with(|run| (run.id, run.prompt.len())));
    // The template would tell an assistant from a base model.
    let hides = memo(move || app.blind.with(|blind| blind.hides()));
    let text = move || {
        prompt.track();
        lane.run.with_untracked(|run| run.prompt_text.clone())
    };
    let tokens = move || {
        prompt.track();
        lane.run.with_untracked(|run| run.prompt.iter().map(given).collect_view())
    };
    view! {
        <Show when=move || exact.get() && !hides.get() && prompt.get().1 != 0>
            <div class="exact" data-part="exact">
                <p class="hint">{move || (app.t().columns.went_in)(prompt.get().1)}</p>
                // Long prompts scroll, which keys have to reach.
                <pre class="exact-text" tabindex="0" data-testid="exact-text">{text}</pre>
                <p class="exact-tokens" tabindex="0">{tokens}</p>
            </div>
        </Show>
    }
}

/// A token of the prompt with its id.
fn given(given: &TokenView) -> impl IntoView + use<> {
    view! {
        <span
            class=if given.special { "given special" } else { "given" }
            data-testid="prompt-token"
            data-id=given.id
        >
            <span class="given-text">{draw(token::pieces(given))}</span>
            <span class="given-id mono">{given.id}</span>
        </span>
    }
}
