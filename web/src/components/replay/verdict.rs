//! "Same text", or where it became another one, and why that can happen.

use leptos::prelude::*;
use share::replay::{Divergence, Replay};

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::{App, Tool};
use crate::state::scene;
use crate::state::sharing::opened::{Opened, Play, Replaying, verdict_code};

#[component]
pub(crate) fn Verdicts() -> impl IntoView {
    let app = App::get();
    let verdicts = memo(move || app.verdicts());
    let lost = memo(move || {
        app.sharing.opened.with(|opened| match opened {
            Some(Opened::Scene(opening)) if opening.phase != Replaying::Waits => opening
                .plays
                .iter()
                .filter(|play| play.lost)
                .map(|play| play.column)
                .collect::<Vec<usize>>(),
            _ => Vec::new(),
        })
    });
    let lost_row = move |column: usize| {
        view! {
            <p data-testid="branch-lost">
                {move || (app.t().share.opened.lost)(scene::letter(column))}
            </p>
        }
    };
    let is_there = move || verdicts.with(|v| !v.is_empty()) || lost.with(|lost| !lost.is_empty());
    view! {
        <Show when=is_there>
            <div class="notice calm replay" data-testid="replay" data-state=move || state(&verdicts.get())>
                <p class="notice-sentence">{move || headline(app, &verdicts.get())}</p>
                {move || lost.get().into_iter().map(lost_row).collect_view()}
                {move || verdicts
                    .get()
                    .into_iter()
                    .map(|(play, verdict)| view! { <Verdict play=play verdict=verdict/> })
                    .collect_view()}
                <div class="notice-buttons">
                    <button
                        type="button"
                        class="quiet"
                        data-testid="dismiss-replay"
                        on:click=move |_| app.dismiss_opened()
                    >
                        {move || app.t().share.opened.dismiss}
                    </button>
                </div>
            </div>
        </Show>
    }
}

/// What all columns say together: `same` only if all are, `diverged` as soon as one has.
fn state(verdicts: &[(Play, Replay)]) -> &'static str {
    let any = |code: &str| verdicts.iter().any(|(_, verdict)| verdict_code(verdict) == code);
    if any("diverged") {
        "diverged"
    } else if any("so_far") {
        "so_far"
    } else {
        "same"
    }
}

fn headline(app: App, verdicts: &[(Play, Replay)]) -> &'static str {
    let words = &app.t().share.opened;
    match state(verdicts) {
        "same" if !verdicts.is_empty() => (words.same)(verdicts.len()),
        "so_far" => words.replaying,
        _ => "",
    }
}

/// One column, where all are not the same.
#[component]
fn Verdict(play: Play, verdict: Replay) -> impl IntoView {
    let app = App::get();
    let code = verdict_code(&verdict);
    let column = play.column;
    let body = match verdict {
        Replay::Diverged(divergence) => Some(
            view! { <Parting play=play divergence=divergence/> }.into_any(),
        ),
        Replay::Same => Some(
            view! {
                <p class="hint">{move || (app.t().share.opened.same_column)(scene::letter(column))}</p>
            }
            .into_any(),
        ),
        Replay::SoFar { .. } => None,
    };
    view! {
        <div class="verdict" data-testid="verdict" data-column=column data-verdict=code>
            {body}
        </div>
    }
}

/// Where the texts part, and why that can be.
#[component]
fn Parting(play: Play, divergence: Divergence) -> impl IntoView {
    let app = App::get();
    let Divergence { at, expected, actual, reasons } = divergence;
    let sentence = move || {
        let words = &app.t().share.opened;
        let token = |id: Option<u32>| match id {
            None => words.the_end.to_owned(),
            Some(id) => match text_of(app, &play, at, id) {
                Some(text) => (words.token)(&text),
                None => (words.token_id)(id),
            },
        };
        (words.diverged)(scene::letter(play.column), at + 1, &token(expected), &token(actual))
    };
    let reasons = reasons
        .into_iter()
        .map(|reason| view! { <li>{move || (app.t().share.opened.reason)(reason)}</li> })
        .collect_view();
    view! {
        <p data-at=at data-testid="diverged-at">{sentence}</p>
        <ul class="reasons">{reasons}</ul>
        <button
            type="button"
            class="quiet"
            data-testid="show-parting"
            on:click=move |_| {
                app.look_at(play.lane, at);
                app.tool.set(Some(Tool::Token));
            }
        >
            {move || app.t().share.opened.show}
        </button>
    }
}

/// The text of a token, if it is the one that came or among those that could have come. Tracks.
fn text_of(app: App, play: &Play, at: usize, id: u32) -> Option<String> {
    app.lanes.get(play.lane)?.run.with(|run| {
        let place = run.tokens.get(at)?;
        let found =
            std::iter::once(&place.token).chain(&place.alternatives).find(|t| t.id == id)?;
        (!found.text.is_empty()).then(|| found.text.clone())
    })
}
