//! Rotary positions: pairs of a query or key as hands that turn with the place, from the fastest to the slowest.

use leptos::prelude::*;

use super::super::files::SaveBar;
use super::super::pick::{LayerPick, Walk};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::formulas;
use crate::state::inside::rope::{self, Turn, turn, turns};

/// Hands on show.
const HANDS: u32 = 16;

#[component]
pub(super) fn Rope() -> impl IntoView {
    let app = App::get();
    // Width of a head, and base of the layer's angles.
    let shape = memo(move || {
        let layer = app.selection().layer as usize;
        app.inside.facts.with(|facts| {
            let shape = &facts.as_ref()?.shape;
            Some((shape.head_width, shape.attention.get(layer)?.rope_base))
        })
    });
    let place = memo(move || app.selection().token);
    let hands = memo(move || {
        let (width, base) = shape.get()?;
        Some(turns(width, base, place.get(), HANDS))
    });
    let wish = RwSignal::new(1u32);
    let pairs = memo(move || shape.get().map_or(0, |(width, _)| width / 2));
    let pair = memo(move || wish.get().min(pairs.get().saturating_sub(1)));
    let result = move || {
        let (width, base) = shape.get()?;
        let (place, pair) = (place.get(), pair.get());
        Some(formulas::turn(&turn(width, base, place, pair), width, base, place))
    };
    let formula = move || {
        let (width, base) = shape.get()?;
        Some((app.t().inside_embedding.rope_formula)(place.get(), width, base))
    };
    let is_there = Signal::derive(move || hands.with(Option::is_some));
    let made = Callback::new(move |()| {
        let caption = app.t().inside_embedding.rope;
        hands.with(|hands| hands.as_ref().map(|hands| rope::saved(hands, caption)))
    });
    view! {
        <section class="inside-part" data-testid="rope" data-place=move || place.get()>
            <h3>{move || app.t().inside_embedding.rope}</h3>
            <p class="hint">{move || app.t().inside_embedding.rope_explained}</p>
            <LayerPick/>
            <p class="formula">{formula}</p>
            <Walk
                label=Signal::derive(move || app.t().inside_more.numbers.pair.to_owned())
                value=pair
                count=pairs
                on_change=Callback::new(move |pair| wish.set(pair))
                test_id="rope-pair"
            />
            <p class="formula" data-testid="rope-result">{result}</p>
            <ol class="hands">
                {move || hands.get().map(|hands| {
                    hands.into_iter().map(|turn| hand(app, turn)).collect_view()
                })}
            </ol>
            <SaveBar is_there=is_there made=made file="glassbox-positions"/>
        </section>
    }
}

/// Tracks the language.
fn hand(app: App, turn: Turn) -> impl IntoView {
    let degrees = turn.degrees();
    let said = (app.t().inside_embedding.hand)(
        turn.pair,
        &format!("{degrees:.0}"),
        &format!("{:.1}", turn.period()),
    );
    // Anticlockwise from the right, as angles are drawn in school.
    let rotation = format!("rotate({:.2})", -degrees);
    let title = said.clone();
    view! {
        <li class="hand" data-testid="hand" data-pair=turn.pair data-degrees=format!("{degrees:.3}") title=title>
            <svg viewBox="-11 -11 22 22" role="img" aria-label=said>
                <circle r="10"></circle>
                <line x1="0" y1="0" x2="9" y2="0" transform=rotation></line>
            </svg>
            <span class="mono">{turn.pair}</span>
        </li>
    }
}
