//! Attention as lines from each query on the left to its keys on the right. The followed token's are strong.

use std::ops::Range;

use leptos::prelude::*;

use super::looks::{Looks, Weights};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::{row, strongest};

/// Tokens on show at most.
const MOST: u32 = 80;
/// Weights below this draw no line.
const FAINTEST: f32 = 0.05;
/// Lines of one query.
const PER_QUERY: usize = 6;
/// Height of a token's line.
const LINE: f64 = 18.0;
const WIDTH: f64 = 420.0;
const NAMES: f64 = 110.0;

/// The tokens on show: the last ones, or those up to the followed one if it comes before them.
fn shown(tokens: u32, token: u32) -> Range<u32> {
    let tail = tokens.saturating_sub(MOST);
    let first = if token < tail { (token + 1).saturating_sub(MOST) } else { tail };
    first..(first + MOST).min(tokens)
}

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
        let best = strongest(weights.weights(), weights.tokens, at, 3);
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
        let words = app.t();
        let mut caption =
            (words.inside_attention.lines_caption)(names.get(at as usize)?, &said.join(", "));
        let shown = shown(weights.tokens, at);
        if shown.end - shown.start < weights.tokens {
            let last = shown.end.saturating_sub(1);
            caption.push(' ');
            caption.push_str(&(words.inside_residual.shown)(shown.start, last, weights.tokens));
        }
        Some(caption)
    };
    view! {
        <figure class="attention-lines" data-testid="attention-lines-picture">
            {drawn}
            <figcaption aria-live="polite">{caption}</figcaption>
        </figure>
    }
}

fn picture(app: App, weights: &Weights, names: &[String], token: u32) -> impl IntoView + use<> {
    let shown = shown(weights.tokens, token);
    let first = shown.start;
    let height = f64::from(shown.end - shown.start) * LINE;
    let middle = move |at: u32| (f64::from(at - first) + 0.5) * LINE;
    let lines = shown
        .clone()
        .flat_map(|query| {
            let is_own = query == token;
            let keys = if is_own {
                (0..).zip(row(weights.weights(), weights.tokens, query).iter().copied()).collect()
            } else {
                strongest(weights.weights(), weights.tokens, query, PER_QUERY)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_followed_token_is_on_show_with_the_keys_before_it() {
        assert_eq!(shown(50, 3), 0..50);
        assert_eq!(shown(200, 150), 120..200, "the end of the text");
        assert_eq!(shown(200, 100), 21..101, "what comes before it, and itself");
        assert_eq!(shown(200, 5), 0..80);
        assert_eq!(shown(200, 120), 120..200);
    }
}
