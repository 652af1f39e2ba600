//! The text as a line of token chips, cut into its segments. A click selects the token that all panels follow.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::components::chip::draw;
use crate::protocol::TokenView;
use crate::protocol::inside::{Segment, SegmentKind, TextFacts};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::select::walk;
use crate::state::lab::parts::code;
use crate::state::token;

/// The element id of a token's chip.
fn chip_id(token: u32) -> String {
    format!("inside-token-{token}")
}

/// The tokens' names for the edges of pictures, spaces made visible.
pub(crate) fn axis_names(facts: &TextFacts) -> Vec<String> {
    facts.tokens.iter().map(|view| token::spoken(view).replace(' ', "·")).collect()
}

/// A token in words, for a sentence. Tracks nothing.
pub(crate) fn name_of(facts: &TextFacts, at: u32) -> String {
    facts.tokens.get(at as usize).map(token::spoken).unwrap_or_default()
}

#[component]
pub(crate) fn Strip() -> impl IntoView {
    let app = App::get();
    let token = memo(move || app.selection().token);
    let key = memo(move || app.selection().key);
    let selected = Selector::new(move || token.get());
    let keyed = Selector::new(move || key.get());
    let step = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let count = app
            .inside
            .facts
            .with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.tokens.len() as u32));
        if let Some(to) = walk(&event.key(), token.get_untracked(), count) {
            event.prevent_default();
            app.select(|view| view.token = Some(to));
            dom::focus(&chip_id(to));
        }
    };
    view! {
        <div
            class="strip"
            role="group"
            data-testid="inside-strip"
            aria-label=move || app.t().inside.strip
            on:keydown=step
        >
            {move || app.inside.facts.get().map(|facts| {
                segments(app, &facts, &selected, &keyed)
            })}
        </div>
    }
}

/// Tracks the language.
fn segments(
    app: App,
    facts: &Arc<TextFacts>,
    selected: &Selector<u32>,
    keyed: &Selector<Option<u32>>,
) -> impl IntoView + use<> {
    let words = &app.t().inside;
    facts
        .segments
        .iter()
        .map(|Segment { kind, start, end }| {
            let chips = (*start..*end)
                .filter_map(|at| {
                    let view = facts.tokens.get(at as usize)?;
                    Some(chip(app, at, view, selected.clone(), keyed.clone()))
                })
                .collect_view();
            view! {
                <span class="strip-segment" data-kind=segment_code(*kind) data-part=part_code(*kind)>
                    <span class="strip-name">{(words.segment)(*kind)}</span>
                    {chips}
                </span>
            }
        })
        .collect_view()
}

fn segment_code(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Template => "template",
        SegmentKind::System => "system",
        SegmentKind::Example { .. } => "example",
        SegmentKind::Question => "question",
        SegmentKind::Raw => "raw",
        SegmentKind::Part { .. } => "part",
        SegmentKind::Rest => "rest",
        SegmentKind::Answer => "answer",
    }
}

/// The part of a prompt of the lab, which gives a segment its colour.
pub(super) fn part_code(kind: SegmentKind) -> Option<&'static str> {
    match kind {
        SegmentKind::Part { part, .. } => Some(code(part)),
        _ => None,
    }
}

fn chip(
    app: App,
    at: u32,
    view: &TokenView,
    selected: Selector<u32>,
    keyed: Selector<Option<u32>>,
) -> impl IntoView + use<> {
    let id = view.id;
    let name = view.text.trim().is_empty().then(|| format!("“{}”", token::spoken(view)));
    let is_current = selected.clone();
    let lock = move |_| {
        app.select(|view| {
            view.token = if view.token == Some(at) { None } else { Some(at) };
        });
    };
    view! {
        <button
            type="button"
            class=if view.special { "chip special" } else { "chip" }
            id=chip_id(at)
            data-testid="inside-token"
            data-place=at
            data-id=id
            data-mark=move || keyed.selected(&Some(at)).then_some("key")
            title=format!("{at} · id {id}")
            tabindex=move || if is_current.selected(&at) { "0" } else { "-1" }
            aria-pressed=move || if selected.selected(&at) { "true" } else { "false" }
            aria-label=name
            on:click=lock
        >
            {draw(token::pieces(view))}
        </button>
    }
}
