//! Attention as lines from each query on the left to its keys on the right. The followed token's are strong.

use leptos::prelude::*;

use super::looks::{Looks, Weights};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::{row, strongest};

/// Tokens on show; of a longer text the last ones.
const MOST: u32 = 80;
/// Weights below this draw no line.
const FAINTEST: f32 = 0.05;
/// Lines of one query.
const PER_QUERY: usize = 6;
/// Height of a token's line.
const LINE: f64 = 18.0;
const WIDTH: f64 = 420.0;
const NAMES: f64 = 110.0;

#[component]
pub(super) fn Lines(looks: Looks) -> impl IntoView {
    let app = App::get();
    let token = Memo::new(move |_| app.selection().token);
    let drawn = move || {
        let weights = looks.weights.get()?;
        let names = looks.names.get();
        (names.len() == weights.tokens as usize)
            .then(|| picture(app, &weights, &names, token.get()))
    };
    let caption = move || {
        let weights = looks.weights.get()?;
        let names = looks.names.get();
        let at = token.get();
        let best = strongest(&weights.weights, weights.tokens, at, 3);
        let said: Vec<String> = best
            .into_iter()
            .filter_map(|(key, weight)| {
                Some(format!(
                    "“{}” {}",
                    names.get(key as usize)?,
                    format::percent(f64::from(weight))
                ))
            })
            .collect();
        Some((app.t().inside_attention.lines_caption)(names.get(at as usize)?, &said.join(", ")))
    };
    view! {
        <figure class="attention-lines" data-testid="attention-lines-picture">
            {drawn}
            <figcaption aria-live="polite">{caption}</figcaption>
        </figure>
    }
}

fn picture(app: App, weights: &Weights, names: &[String], token: u32) -> impl IntoView + use<> {
    let first = weights.tokens.saturating_sub(MOST).min(token);
    let shown = first..(first + MOST).min(weights.tokens);
    let height = f64::from(shown.end - shown.start) * LINE;
    let middle = move |at: u32| (f64::from(at - first) + 0.5) * LINE;
    let lines = shown
        .clone()
        .flat_map(|query| {
            let is_own = query == token;
            let keys = if is_own {
                (0..).zip(row(&weights.weights, weights.tokens, query).iter().copied()).collect()
            } else {
                strongest(&weights.weights, weights.tokens, query, PER_QUERY)
            };
            let least = if is_own { 0.005 } else { FAINTEST };
            keys.into_iter()
                .filter(move |(key, weight)| *key >= first && *key <= query && *weight >= least)
                .map(move |(key, weight)| (query, key, weight, is_own))
        })
        .map(|(query, key, weight, is_own)| {
            view! {
                <line
                    class=if is_own { "own" } else { "" }
                    x1=NAMES
                    y1=middle(query)
                    x2=WIDTH - NAMES
                    y2=middle(key)
                    stroke-opacity=format!("{:.3}", if is_own { weight.max(0.06) } else { weight * 0.35 })
                    stroke-width=format!("{:.2}", 0.5 + 3.0 * f64::from(weight))
                ></line>
            }
        })
        .collect_view();
    let labels = shown
        .map(|at| {
            let name = names.get(at as usize).cloned().unwrap_or_default();
            let select = move |_| app.select(|view| view.token = Some(at));
            view! {
                <text
                    class=if at == token { "own" } else { "" }
                    x=NAMES - 6.0
                    y=middle(at)
                    text-anchor="end"
                    data-testid="lines-query"
                    data-place=at
                    on:click=select
                >
                    {name.clone()}
                </text>
                <text x=WIDTH - NAMES + 6.0 y=middle(at)>{name}</text>
            }
        })
        .collect_view();
    view! {
        <svg viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true">
            <g class="attention-line">{lines}</g>
            <g class="attention-label">{labels}</g>
        </svg>
    }
}
