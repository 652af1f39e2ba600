//! The row of the embedding table that a token's id points to, and the rows that point nearly the same way.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::files::SaveBar;
use super::super::heatmap::Heatmap;
use super::super::strip::name_of;
use super::super::waiting::Waiting;
use super::followed_id;
use crate::components::chip::draw;
use crate::protocol::inside::{Answer, Ask};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::{Cell, Grid};
use crate::state::inside::attention::row;
use crate::state::inside::chart::{Chart, Ink, Series, Unit};
use crate::state::inside::embedding::strip;
use crate::state::inside::formulas;
use crate::state::inside::pca::Angle;
use crate::state::inside::question::ask;
use crate::state::inside::sketch::Saved;
use crate::state::token;

/// Neighbours in the list.
const NEIGHBOURS: u32 = 12;
/// Height of a line of cells.
const LINE_HEIGHT: f64 = 16.0;

#[component]
pub(super) fn Row() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        Some((text, Ask::EmbeddingRows { ids: vec![followed_id(app)?] }))
    });
    let grid = memo(move || {
        reply
            .one(|answer| match answer {
                Answer::EmbeddingRows { rows, .. } => strip(rows),
                _ => None,
            })
            .map(Arc::new)
    });
    let hovered = RwSignal::new(None::<Cell>);
    let locked = RwSignal::new(None::<Cell>);
    let caption = Signal::derive(move || {
        // The token whose row is on show.
        let id = reply.about(|_, ask| match ask {
            Ask::EmbeddingRows { ids } => ids.first().copied(),
            _ => None,
        });
        let about = app.inside.facts.with(|facts| {
            let facts = facts.as_ref()?;
            let own = facts.tokens.iter().find(|token| Some(token.id) == id)?;
            Some((token::spoken(own), facts.shape.d_model, facts.shape.vocab))
        });
        about.map_or_else(String::new, |(name, width, vocab)| {
            (app.t().inside_embedding.row)(&name, width, &format::grouped(u64::from(vocab)))
        })
    });
    let describe = Callback::new(move |cell: Cell| {
        let found = grid.with(|grid| grid.as_ref().and_then(|grid| component(grid, cell)));
        found.map_or_else(String::new, |(at, value)| {
            (app.t().inside_embedding.component)(at, &format::number(value))
        })
    });
    view! {
        <section class="inside-part">
            <h3>{move || app.t().inside_embedding.row_title}</h3>
            <Waiting reply=reply/>
            <Heatmap
                grid=grid
                caption=caption
                describe=describe
                hovered=hovered
                locked=locked
                on_lock=Callback::new(move |cell| locked.set(cell))
                file="glassbox-embedding-row"
                test_id="embedding-row"
                row_height=LINE_HEIGHT
            />
        </section>
    }
}

/// The place of a cell in the row, and its number.
fn component(grid: &Grid, cell: Cell) -> Option<(usize, f32)> {
    Some((cell.row * grid.columns + cell.column, grid.value(cell)?))
}

#[component]
pub(super) fn Nearest() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        Some((text, Ask::Nearest { id: followed_id(app)?, count: NEIGHBOURS }))
    });
    // The neighbour whose numbers are written out: the nearest until the reader chooses.
    let wish = RwSignal::new(None::<u32>);
    let chosen = memo(move || {
        let wish = wish.get();
        reply.one(|answer| match answer {
            Answer::Nearest { tokens } => {
                let ids = || tokens.iter().map(|near| near.token.id);
                ids().find(|id| Some(*id) == wish).or_else(|| ids().next())
            }
            _ => None,
        })
    });
    let both = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let own = followed_id(app)?;
        // Standing first: it tells when the answer to what is asked now has come.
        let is_waiting = reply.is_waiting();
        let is_own = !is_waiting && reply.is_about(&text);
        let ids = vec![own, chosen.get().filter(|_| is_own)?];
        Some((text, Ask::EmbeddingRows { ids }))
    });
    let written = memo(move || {
        if both.is_waiting() {
            return None;
        }
        let at = app.selection().token;
        let own = app.inside.facts.with(|facts| facts.as_ref().map(|facts| name_of(facts, at)))?;
        let id = chosen.get()?;
        let other = reply.one(|answer| match answer {
            Answer::Nearest { tokens } => tokens.iter().find(|near| near.token.id == id).cloned(),
            _ => None,
        })?;
        let ids = [followed_id(app)?, id];
        both.about(|_, ask| {
            matches!(ask, Ask::EmbeddingRows { ids: own } if *own == ids).then_some(())
        })?;
        let formula = both.one(|answer| match answer {
            Answer::EmbeddingRows { width, rows } => {
                Some(formulas::cosine(&Angle::of(row(rows, *width, 0), row(rows, *width, 1))))
            }
            _ => None,
        })?;
        let said = (app.t().inside_more.numbers.cosine)(&own, &token::spoken(&other.token));
        Some((formula, said))
    });
    let rows = move || {
        reply.one(|answer| match answer {
            Answer::Nearest { tokens } => Some(
                tokens
                    .iter()
                    .map(|near| {
                        let share = f64::from(near.value.clamp(0.0, 1.0)) * 100.0;
                        let id = near.token.id;
                        view! {
                            <li data-testid="near" data-id=id data-value=near.value>
                                <button
                                    type="button"
                                    class="near"
                                    aria-pressed=move || if chosen.get() == Some(id) { "true" } else { "false" }
                                    on:click=move |_| wish.set(Some(id))
                                >
                                    <span class="bar-token">{draw(token::pieces(&near.token))}</span>
                                    <span class="near-bar" aria-hidden="true">
                                        <i style:width=format!("{share:.1}%")></i>
                                    </span>
                                    <span class="bar-number">{format!("{:.3}", near.value)}</span>
                                </button>
                            </li>
                        }
                    })
                    .collect_view(),
            ),
            _ => None,
        })
    };
    let is_there = Signal::derive(move || reply.parts.with(|parts| !parts.is_empty()));
    let made = Callback::new(move |()| {
        let words = &app.t().inside_embedding;
        let name = words.cosine.to_owned();
        let series = Series { name, ink: Ink::Attention, unit: Unit::Number };
        reply.one(|answer| match answer {
            Answer::Nearest { tokens } => {
                let rows = tokens.iter().map(|near| (token::spoken(&near.token), near.value));
                Some(Saved::of(&Chart::of_one(series, rows), words.nearest))
            }
            _ => None,
        })
    });
    view! {
        <section class="inside-part">
            <h3>{move || app.t().inside_embedding.nearest}</h3>
            <p class="hint">{move || app.t().inside_embedding.nearest_explained}</p>
            <Waiting reply=reply/>
            <ol class="near-list">{rows}</ol>
            <SaveBar is_there=is_there made=made file="glassbox-nearest"/>
            <p class="formula" data-testid="near-formula">
                {move || written.get().map(|(formula, _)| formula)}
            </p>
            <p class="hint">{move || written.get().map(|(_, said)| said)}</p>
        </section>
    }
}
