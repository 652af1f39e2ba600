//! Each token of a scored text with the stages' surprise under it, and the divergence between them.

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::chip::draw;
use crate::state::app::App;
use crate::state::format;
use crate::state::score::{Cell, Scored};
use crate::state::token;

#[component]
pub(crate) fn Stacks(scored: Scored, stages: Vec<String>) -> impl IntoView {
    let app = App::get();
    let largest = scored.largest_kl();
    // Where the first two stages differ most is worth a first look.
    let at = RwSignal::new(scored.widest(0).unwrap_or(0));
    let tokens =
        (0..scored.tokens.len()).map(|place| stack(&scored, place, largest, at)).collect_view();
    let legend = stages.join(" · ");
    let scored = StoredValue::new(scored);
    let stages = StoredValue::new(stages);
    let detail = move || {
        scored
            .with_value(|scored| stages.with_value(|stages| detail(app, scored, stages, at.get())))
    };
    view! {
        <p class="hint">{move || (app.t().score.legend)(&legend)}</p>
        <div
            class="stacks"
            role="group"
            aria-label=move || app.t().score.tokens
            on:mouseover=move |event| {
                if let Some(place) = dom::token_place(&event) {
                    at.set(place);
                }
            }
            on:focusin=move |event| {
                if let Some(place) = dom::token_place(&event) {
                    at.set(place);
                }
            }
        >
            {tokens}
        </div>
        <div class="stack-detail" data-testid="score-detail" aria-live="polite">{detail}</div>
    }
}

fn stack(
    scored: &Scored,
    place: usize,
    largest: f64,
    at: RwSignal<usize>,
) -> impl IntoView + use<> {
    let cells: Vec<Cell> =
        (0..scored.stages.len()).filter_map(|stage| scored.cell(stage, place)).collect();
    let joined = |values: Vec<String>| values.join(" ");
    let bits = joined(cells.iter().map(|cell| format!("{:.4}", cell.bits)).collect());
    let kl = joined(cells.iter().filter_map(|cell| cell.kl.map(|kl| kl.to_string())).collect());
    let token = &scored.tokens[place];
    // White space alone would be a button without a name.
    let name = token.text.trim().is_empty().then(|| format!("“{}”", token::spoken(token)));
    let marks = cells
        .into_iter()
        .map(|cell| {
            let share = cell.kl.map(|kl| if largest > 0.0 { kl / largest } else { 0.0 });
            view! {
                <span class="stack-bits" data-shade=format::shade(cell.bits)></span>
                {share.map(|share| view! {
                    <span class="stack-kl">
                        <i style:width=format!("{:.1}%", share * 100.0)></i>
                    </span>
                })}
            }
        })
        .collect_view();
    view! {
        <button
            type="button"
            class="stack"
            data-testid="scored-token"
            data-place=place
            data-bits=bits
            data-kl=kl
            aria-pressed=move || if at.get() == place { "true" } else { "false" }
            aria-label=name
        >
            <span class="stack-token">{draw(token::pieces(token))}</span>
            {marks}
        </button>
    }
}

/// One token in words and numbers. Tracks the language.
fn detail(app: App, scored: &Scored, stages: &[String], place: usize) -> impl IntoView + use<> {
    let words = &app.t().score;
    let token = scored.tokens.get(place).map(token::spoken).unwrap_or_default();
    let lines = stages
        .iter()
        .enumerate()
        .filter_map(|(at, stage)| {
            let Cell { bits, probability, rank, entropy, kl } = scored.cell(at, place)?;
            let line = (words.line)(
                stage,
                &format::percent(probability),
                &format::bits(bits),
                rank,
                &format::bits(entropy),
            );
            let kl = kl.map(|kl| (words.to_next)(&format::bits(kl)));
            Some(view! { <li>{line}{kl}</li> })
        })
        .collect_view();
    view! {
        <p class="subject-token">"“"{token}"”"</p>
        <ul>{lines}</ul>
    }
}
