//! How one weight comes about: query times key, scaled and masked, softmax over the row. With the numbers themselves.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::heatmap::Cells;
use super::super::strip::name_of;
use super::looks::{Looks, Mode};
use super::values::value_step;
use crate::components::flow::Show;
use crate::protocol::inside::AttentionHead;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::{Cell, Grid, Scale};
use crate::state::inside::attention::{Pair, row, strongest};

/// The query's numbers over the key's over their products.
fn terms(head: &AttentionHead, query: u32, key: u32) -> Option<Grid> {
    let (q, k) = (row(&head.queries, head.width, query), row(&head.keys, head.width, key));
    let products = q.iter().zip(k).map(|(q, k)| q * k);
    let values: Vec<f32> = q.iter().chain(k).copied().chain(products).collect();
    let mut grid = Grid::new(3, head.width as usize, values, Scale::Signed { top: 1.0 })?;
    grid.scale = Scale::Signed { top: grid.largest() };
    Some(grid)
}

#[component]
pub(super) fn PairSteps(looks: Looks) -> impl IntoView {
    let app = App::get();
    // Until the reader points, the key that the followed token looks at most.
    let cell = memo(move || {
        looks.pair(app).or_else(|| {
            let token = app.selection().token;
            let weights = looks.weights.get()?;
            let (key, _) = *strongest(weights.weights(), weights.tokens, token, 1).first()?;
            Some(Cell { row: token as usize, column: key as usize })
        })
    });
    let is_head = move || matches!(looks.mode.get(), Mode::Head | Mode::Difference);
    let pair = memo(move || {
        let (cell, head) = (cell.get()?, looks.head.get().filter(|_| is_head())?);
        let is_inside = cell.row < head.tokens as usize && cell.column < head.tokens as usize;
        is_inside.then(|| Pair::of(&head, cell.row as u32, cell.column as u32))
    });
    let grid = memo(move || {
        let (pair, head) = (pair.get()?, looks.head.get()?);
        terms(&head, pair.query, pair.key).map(Arc::new)
    });
    view! {
        <section
            class="inside-part pair"
            data-testid="attention-pair"
            data-query=move || pair.get().map(|pair| pair.query)
            data-key=move || pair.get().map(|pair| pair.key)
            data-score=move || pair.get().map(|pair| pair.score)
            data-scaled=move || pair.get().map(|pair| pair.scaled)
            data-weight=move || pair.get().map(|pair| pair.weight)
        >
            <Show when=move || pair.get().is_some()>
                <div class="terms">
                    <p class="terms-names">
                        <span class="is-query">"q"</span>
                        <span class="is-key">"k"</span>
                        <span>"q·k"</span>
                    </p>
                    <Cells grid=grid/>
                </div>
            </Show>
            {move || pair.get().map(|pair| steps(app, looks, pair))}
        </section>
    }
}

/// Tracks the language.
fn steps(app: App, looks: Looks, pair: Pair) -> impl IntoView {
    let words = &app.t().inside_attention;
    let names = app.inside.facts.with(|facts| {
        facts.as_ref().map(|facts| (name_of(facts, pair.query), name_of(facts, pair.key)))
    });
    let (query, key) = names.unwrap_or_default();
    let (width, scale) =
        looks.head.with(|head| head.as_ref().map_or((0, 0.0), |head| (head.width, head.scale)));
    let score = format::number(pair.score);
    let scaled = format::number(pair.scaled);
    let softmax = if pair.is_masked {
        view! { <p class="hint">{words.masked}</p> }.into_any()
    } else {
        let line = format!(
            "exp({scaled} − {}) / {} = {}",
            format::number(pair.largest),
            format::number(pair.sum as f32),
            format::percent(f64::from(pair.weight)),
        );
        view! {
            <p class="formula is-attention">{line}</p>
            <p class="hint">{(words.softmax)(pair.seen)}</p>
        }
        .into_any()
    };
    let value = looks.head.get().map(|head| value_step(app, &head, &pair, &query, &key));
    view! {
        <ol class="pair-steps">
            <li>
                <b>{words.step_score}</b>
                <p class="formula">
                    <span class="is-query">"q"</span>" · "<span class="is-key">"k"</span>
                    {format!(" = Σ qᵢ kᵢ = {score}")}
                </p>
                <p class="hint">{(words.score)(&query, &key, width)}</p>
            </li>
            <li>
                <b>{words.step_scaled}</b>
                <p class="formula">{format!("{score} × {} = {scaled}", format::number(scale))}</p>
                <p class="hint">{words.scaled}</p>
            </li>
            <li>
                <b>{words.step_weight}</b>
                {softmax}
            </li>
            {value}
        </ol>
    }
}
