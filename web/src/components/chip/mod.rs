//! One token of an answer. Its content never changes; only the marks on it do.

use leptos::prelude::*;

use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::diverge::{Answer, partings};
use crate::state::format;
use crate::state::inspect::Inspect;
use crate::state::lane::Lane;
use crate::state::token::{self, Piece};

/// Which chips of a column are marked. A change wakes the chips it concerns and no others.
#[derive(Clone)]
pub(crate) struct Marks {
    tab_stop: Selector<usize>,
    shown: Selector<usize>,
    locked: Selector<Option<usize>>,
    parts_left: Selector<Option<usize>>,
    parts_right: Selector<Option<usize>>,
}

impl Marks {
    pub(crate) fn new(app: App, lane: Lane) -> Self {
        let parted = memo(move || parted(app, lane));
        let locked = move |inspect: &Inspect| {
            inspect.locked().filter(|spot| spot.lane == lane.number).map(|spot| spot.place)
        };
        Self {
            tab_stop: Selector::new(move || {
                let last = lane.run.with(|run| run.revealed.saturating_sub(1));
                app.inspect.with(|inspect| inspect.tab_stop()).min(last)
            }),
            shown: Selector::new(move || app.inspect.with(|inspect| inspect.place())),
            locked: Selector::new(move || app.inspect.with(locked)),
            parts_left: Selector::new(move || parted.get().0),
            parts_right: Selector::new(move || parted.get().1),
        }
    }
}

/// Where a column parts from its neighbours. Tracks.
fn parted(app: App, lane: Lane) -> (Option<usize>, Option<usize>) {
    let columns = app.columns();
    let answers: Vec<(String, Vec<u32>)> = columns
        .iter()
        .map(|column| {
            column.run.with(|run| {
                let model = run.asked.as_ref().map(|asked| asked.model.clone());
                (model.unwrap_or_default(), run.ids())
            })
        })
        .collect();
    let answers: Vec<Answer<'_>> =
        answers.iter().map(|(model, ids)| Answer { model, ids }).collect();
    columns
        .iter()
        .position(|column| column.number == lane.number)
        .map_or((None, None), |at| partings(&answers, at))
}

/// The element id of a chip.
pub(crate) fn chip_id(lane: usize, place: usize) -> String {
    format!("chip-{lane}-{place}")
}

/// What a chip draws.
struct Face {
    token: TokenView,
    /// Whole bits of surprisal, at most 8.
    shade: u8,
    is_fork: bool,
    is_chosen: bool,
}

#[component]
pub(crate) fn Chip(lane: Lane, place: usize, marks: Marks) -> impl IntoView {
    let face = lane.run.with_untracked(|run| {
        run.tokens.get(place).map(|generated| Face {
            token: generated.token.clone(),
            shade: format::shade(generated.bits()),
            is_fork: generated.is_fork(),
            is_chosen: generated.chosen,
        })
    });
    face.map(|face| view! { <ChipFace lane=lane.number place=place face=face marks=marks/> })
}

#[component]
fn ChipFace(lane: usize, place: usize, face: Face, marks: Marks) -> impl IntoView {
    let Face { token, shade, is_fork, is_chosen } = face;
    let pieces = token::pieces(&token);
    // White space alone would be a button without a name.
    let name = token.text.trim().is_empty().then(|| format!("“{}”", token::spoken(&token)));
    let breaks = (0..token::newlines(&token)).map(|_| view! { <br/> }).collect_view();
    let Marks { tab_stop, shown, locked, parts_left, parts_right } = marks;
    let is_locked = locked.clone();
    view! {
        <button
            type="button"
            class=if token.special { "chip special" } else { "chip" }
            id=chip_id(lane, place)
            data-testid="token"
            data-place=place
            data-id=token.id
            data-shade=shade
            data-fork=is_fork.then_some("")
            data-chosen=is_chosen.then_some("")
            data-diverge=move || {
                let here = Some(place);
                match (parts_left.selected(&here), parts_right.selected(&here)) {
                    (true, true) => Some("both"),
                    (true, false) => Some("left"),
                    (false, true) => Some("right"),
                    (false, false) => None,
                }
            }
            data-mark=move || {
                if locked.selected(&Some(place)) {
                    Some("locked")
                } else {
                    shown.selected(&place).then_some("shown")
                }
            }
            tabindex=move || if tab_stop.selected(&place) { "0" } else { "-1" }
            aria-pressed=move || if is_locked.selected(&Some(place)) { "true" } else { "false" }
            aria-label=name
        >
            {draw(pieces)}
        </button>
        {breaks}
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
