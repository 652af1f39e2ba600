//! Attention as lines from each query on the left to its keys on the right. The followed token's are strong.

use std::ops::Range;

use leptos::prelude::*;

use super::super::files::SaveBar;
use super::looks::{Looks, Weights};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::layout::shortened;
use crate::state::inside::attention::{row, strongest};
use crate::state::inside::chart::Ink;
use crate::state::inside::chart::file::{Paint, quoted};
use crate::state::inside::sketch::{Anchor, MARGIN, Saved, Sketch};

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
    let token = memo(move || app.selection().token);
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
    let is_there = Signal::derive(move || {
        let tokens = looks.weights.with(|weights| weights.as_ref().map(|w| w.tokens as usize));
        tokens == Some(looks.names.with(Vec::len))
    });
    let made = Callback::new(move |()| {
        let (weights, names) = (looks.weights.get()?, looks.names.get());
        let caption = caption().unwrap_or_default();
        (names.len() == weights.tokens as usize)
            .then(|| saved(&weights, &names, token.get(), &caption))
    });
    view! {
        <figure class="attention-lines" data-testid="attention-lines-picture">
            {drawn}
            <figcaption aria-live="polite">{caption}</figcaption>
            <SaveBar is_there=is_there made=made file="glassbox-attention-lines"/>
        </figure>
    }
}

/// A weight that is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    query: u32,
    key: u32,
    weight: f32,
    /// Of the followed token.
    is_own: bool,
}

impl Link {
    /// Thickness, and strength from 0 to 1.
    fn pen(&self) -> (f64, f64) {
        let weight = f64::from(self.weight);
        (3.0f64.mul_add(weight, 0.5), if self.is_own { weight.max(0.06) } else { weight * 0.35 })
    }
}

/// All weights of the followed token, the largest ones of the others.
fn links(weights: &Weights, shown: &Range<u32>, token: u32) -> Vec<Link> {
    let of_query = |query: u32| {
        let is_own = query == token;
        let keys: Vec<(u32, f32)> = if is_own {
            (0..).zip(row(weights.weights(), weights.tokens, query).iter().copied()).collect()
        } else {
            strongest(weights.weights(), weights.tokens, query, PER_QUERY)
        };
        let (first, least) = (shown.start, if is_own { 0.005 } else { FAINTEST });
        keys.into_iter()
            .filter(move |(key, weight)| *key >= first && *key <= query && *weight >= least)
            .map(move |(key, weight)| Link { query, key, weight, is_own })
    };
    shown.clone().flat_map(of_query).collect()
}

/// The picture for a file, and a line of the table for each of its lines.
fn saved(weights: &Weights, names: &[String], token: u32, caption: &str) -> Saved {
    let shown = shown(weights.tokens, token);
    let name = |at: u32| names.get(at as usize).map(String::as_str).unwrap_or_default();
    let label = |at: u32| shortened(name(at), NAMES - 6.0);
    let middle = |at: u32| MARGIN + (f64::from(at - shown.start) + 0.5) * LINE;
    let (left, right) = (MARGIN + NAMES, MARGIN + WIDTH - NAMES);
    let mut sketch = Sketch::default();
    let mut csv = "query,query_token,key,key_token,weight\r\n".to_owned();
    for link in links(weights, &shown, token) {
        let Link { query, key, weight, is_own } = link;
        let paint = if is_own { Paint::Series(Ink::Attention) } else { Paint::Soft };
        sketch.line((left, middle(query)), (right, middle(key)), paint, link.pen());
        let (query_name, key_name) = (quoted(name(query)), quoted(name(key)));
        csv.push_str(&format!("{query},{query_name},{key},{key_name},{weight}\r\n"));
    }
    for at in shown.clone() {
        let paint = if at == token { Paint::Series(Ink::Attention) } else { Paint::Text };
        sketch.text((left - 6.0, middle(at)), Anchor::End, paint, &label(at));
        sketch.text((right + 6.0, middle(at)), Anchor::Start, Paint::Text, &label(at));
    }
    Saved { svg: sketch.svg(caption), csv }
}

fn picture(app: App, weights: &Weights, names: &[String], token: u32) -> impl IntoView + use<> {
    let shown = shown(weights.tokens, token);
    let first = shown.start;
    let height = f64::from(shown.end - shown.start) * LINE;
    let middle = move |at: u32| (f64::from(at - first) + 0.5) * LINE;
    let lines = links(weights, &shown, token)
        .into_iter()
        .map(|link| {
            let (thickness, strength) = link.pen();
            view! {
                <line
                    class=if link.is_own { "own" } else { "" }
                    x1=NAMES
                    y1=middle(link.query)
                    x2=WIDTH - NAMES
                    y2=middle(link.key)
                    stroke-opacity=format!("{strength:.3}")
                    stroke-width=format!("{thickness:.2}")
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
    fn the_followed_token_and_what_it_looks_at_are_on_show() {
        assert_eq!(shown(5, 1), 0..5);
        assert_eq!(shown(200, 199), 120..200);
        assert_eq!(shown(200, 150), 120..200);
        assert_eq!(shown(200, 100), 21..101);
        assert_eq!(shown(200, 3), 0..80);
    }

    #[test]
    fn the_file_has_the_lines_of_the_picture() {
        let weights = Weights::of_map(2, vec![1.0, 0.0, 0.25, 0.75]);
        let names = ["<a>".to_owned(), "b".to_owned()];
        let Saved { svg, csv } = saved(&weights, &names, 1, "caption");
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[1..],
            ["0,\"<a>\",0,\"<a>\",1", "1,\"b\",0,\"<a>\",0.25", "1,\"b\",1,\"b\",0.75"]
        );
        assert_eq!(svg.matches("<line ").count(), 3);
        assert!(svg.contains("&lt;a&gt;") && svg.contains("<title>caption</title>"), "{svg}");
    }
}
