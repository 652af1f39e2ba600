//! One token. Its content never changes; only the marks on it do.

use leptos::prelude::*;

use crate::protocol::TokenView;
use crate::state::app::App;
use crate::state::format;
use crate::state::run::Item;
use crate::state::token::{self, Piece};

/// Which chips are marked. A change wakes the chips it concerns and no others.
#[derive(Clone)]
pub(crate) struct Marks {
    tab_stop: Selector<usize>,
    shown: Selector<Option<usize>>,
    locked: Selector<Option<usize>>,
}

impl Marks {
    /// `first` is the first chip that is visible.
    pub(crate) fn new(app: App, first: impl Fn() -> usize + Copy + Send + Sync + 'static) -> Self {
        Self {
            tab_stop: Selector::new(move || app.inspect.with(|inspect| inspect.tab_stop(first()))),
            shown: Selector::new(move || app.inspect.with(|inspect| inspect.shown())),
            locked: Selector::new(move || app.inspect.with(|inspect| inspect.locked())),
        }
    }
}

/// The element id of a chip.
pub(crate) fn chip_id(index: usize) -> String {
    format!("chip-{index}")
}

/// What a chip draws.
struct Face {
    token: TokenView,
    /// Of the prompt, not generated.
    is_given: bool,
    /// Whole bits of surprisal, at most 8.
    shade: u8,
}

#[component]
pub(crate) fn Chip(index: usize, marks: Marks) -> impl IntoView {
    let app = App::get();
    let face = app.run.with_untracked(|run| {
        run.item(index).map(|item| match item {
            Item::Prompt(token) => Face { token: token.clone(), is_given: true, shade: 0 },
            Item::Generated(generated) => Face {
                token: generated.token.clone(),
                is_given: false,
                shade: format::shade(format::surprisal(generated.report.logprob)),
            },
        })
    });
    face.map(|face| view! { <ChipFace index=index face=face marks=marks/> })
}

#[component]
fn ChipFace(index: usize, face: Face, marks: Marks) -> impl IntoView {
    let Face { token, is_given, shade } = face;
    let pieces = token::pieces(&token);
    // White space alone would be a button without a name.
    let name = token.text.trim().is_empty().then(|| format!("“{}”", token::spoken(&token)));
    let breaks = (0..token::newlines(&token)).map(|_| view! { <br/> }).collect_view();
    let class = match (is_given, token.special) {
        (true, false) => "chip given",
        (true, true) => "chip given special",
        (false, false) => "chip",
        (false, true) => "chip special",
    };
    let Marks { tab_stop, shown, locked } = marks;
    let is_locked = locked.clone();
    view! {
        <span class="token" data-given=is_given.then_some("")>
            <button
                type="button"
                class=class
                id=chip_id(index)
                data-testid=if is_given { "prompt-token" } else { "token" }
                data-index=index
                data-id=token.id
                data-shade=shade
                data-mark=move || {
                    let place = Some(index);
                    if locked.selected(&place) {
                        Some("locked")
                    } else {
                        shown.selected(&place).then_some("shown")
                    }
                }
                tabindex=move || if tab_stop.selected(&index) { "0" } else { "-1" }
                aria-pressed=move || if is_locked.selected(&Some(index)) { "true" } else { "false" }
                aria-label=name
            >
                {draw(pieces)}
            </button>
            {breaks}
        </span>
    }
}

/// The pieces of a token. The real characters stay in the text; CSS draws the marks over them.
pub(crate) fn draw(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.into_any(),
            Piece::Space => view! { <span class="space">" "</span> }.into_any(),
            Piece::Tab => view! { <span class="tab">"\t"</span> }.into_any(),
            Piece::Newline => view! { <span class="newline">"↵"</span> }.into_any(),
            Piece::Hex(hex) => view! { <span class="hex">{hex}</span> }.into_any(),
        })
        .collect_view()
}
