//! Text becomes tokens: chips with their ids, the merges that made one, and how well the text packs.

mod merges;
mod packing;

use leptos::prelude::*;

use crate::components::chip::draw;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::token;

use merges::Merges;
use packing::{Pack, Rival};

#[component]
pub(super) fn TokensPanel() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="inside-body">
            <p class="tool-intro">{move || app.t().inside_tokens.intro}</p>
            <Chips/>
            <Selected/>
            <Merges/>
            <Pack/>
            <Rival/>
        </div>
    }
}

/// Every token with its id under it.
#[component]
fn Chips() -> impl IntoView {
    let app = App::get();
    let chips = move || {
        let facts = app.inside.facts.get()?;
        let chips = facts
            .tokens
            .iter()
            .map(|view| {
                view! {
                    <li class="id-chip" class:special=view.special data-testid="id-chip" data-id=view.id>
                        <span class="id-chip-text">{draw(token::pieces(view))}</span>
                        <span class="mono">{view.id}</span>
                    </li>
                }
            })
            .collect_view();
        Some(chips)
    };
    view! { <ol class="id-chips" aria-label=move || app.t().inside_tokens.chips>{chips}</ol> }
}

/// The token that is followed: text, id, bytes.
#[component]
fn Selected() -> impl IntoView {
    let app = App::get();
    let at = memo(move || app.selection().token);
    let view = memo(move || {
        let at = at.get() as usize;
        app.inside.facts.with(|facts| facts.as_ref()?.tokens.get(at).cloned())
    });
    move || {
        let view = view.get()?;
        let words = &app.t().panel;
        let vocab = app.inside.facts.with(|facts| facts.as_ref().map(|facts| facts.shape.vocab))?;
        Some(view! {
            <p class="subject" data-testid="inside-subject" data-id=view.id>
                <span class="subject-token">{draw(token::pieces(&view))}</span>
                <span class="hint">
                    {(app.t().inside.place)(at.get())}" · "{words.id}" "<b class="mono">{view.id}</b>
                    " · "{words.bytes}" "<b class="mono">{format::hex(&view.bytes)}</b>
                    {view.special.then(|| format!(" · {}", words.control))}
                </span>
            </p>
            <p class="hint">
                {(app.t().inside_tokens.one_of)(&format::grouped(u64::from(vocab)))}
            </p>
        })
    }
}
