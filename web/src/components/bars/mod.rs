//! The ten most likely tokens at the place that all columns show. Clicking one takes it.

use leptos::prelude::*;

use crate::components::chip::draw;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inspect::Spot;
use crate::state::lane::Lane;
use crate::state::panel::{Choice, Row};
use crate::state::token;

/// What a column shows at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Here {
    pub(crate) spot: Spot,
    pub(crate) token: TokenView,
    pub(crate) choice: Choice,
}

/// What stands at a spot, as it is tuned if it is. Tracks.
pub(crate) fn at(app: App, spot: Spot) -> Option<Here> {
    let lane = app.lanes.get(spot.lane)?;
    lane.run.with(|run| {
        let generated = run.tokens.get(spot.place)?;
        let asked = run.asked.as_ref()?;
        let tuned = app.tuner.with(|tuner| {
            let tuner = tuner.as_ref().filter(|tuner| tuner.spot == spot)?;
            Some((tuner.tuned()?.report.clone(), *tuner.settings()))
        });
        let seen = run.before(spot.place);
        let choice = match &tuned {
            Some((report, settings)) => Choice::of(generated, report, settings, &seen),
            None => Choice::of(generated, &generated.report, &asked.sampler, &seen),
        };
        Some(Here { spot, token: generated.token.clone(), choice })
    })
}

#[component]
pub(crate) fn Bars(lane: Lane) -> impl IntoView {
    let app = App::get();
    let place = memo(move || app.inspect.with(|inspect| inspect.place()));
    let here = memo(move || at(app, Spot { lane: lane.number, place: place.get() }));
    let has_text = memo(move || lane.run.with(|run| !run.tokens.is_empty()));
    view! {
        <section
            class="bars"
            data-testid="alternatives"
            data-part="alternatives"
            data-place=move || here.with(|here| here.as_ref().map(|here| here.spot.place))
            aria-label=move || app.t().panel.caption
        >
            {move || match here.get() {
                None if has_text.get() => {
                    view! { <p class="hint">{app.t().panel.no_token_here}</p> }.into_any()
                }
                None => ().into_any(),
                Some(here) => about(app, here).into_any(),
            }}
        </section>
    }
}

/// Tracks the language.
fn about(app: App, here: Here) -> impl IntoView {
    let words = &app.t().panel;
    let Here { spot, token, choice } = here;
    let figures = (words.figures)(&format::bits(choice.surprisal), &format::bits(choice.entropy));
    let place = (words.place)(spot.place + 1);
    let by_reader = choice.by_reader.then_some(words.by_reader);
    let (rest, rest_filtered) = choice.rest;
    let rows = choice.rows.into_iter().map(|row| bar(app, spot, row)).collect_view();
    view! {
        <p class="bars-head">
            <span class="hint">{place}</span>
            <span class="bars-token">{draw(token::pieces(&token))}</span>
            <span class="hint">{by_reader}</span>
        </p>
        <p class="hint figures-line">{figures}</p>
        <ol class="bar-list">
            {rows}
            <li class="bar rest">
                <span class="bar-token">{words.rest}</span>
                {shares(rest, rest_filtered)}
                <span class="bar-number">{format::percent(rest)}</span>
            </li>
        </ol>
    }
}

/// Tracks the language.
fn bar(app: App, spot: Spot, row: Row) -> impl IntoView {
    let words = &app.t().panel;
    let Row { token, probability, filtered, chosen, .. } = row;
    let id = token.id;
    let name = (words.take)(
        &token::spoken(&token),
        &format::percent(probability),
        &format::percent(filtered),
        chosen,
    );
    view! {
        <li
            data-testid="alternative"
            data-id=id
            data-probability=probability
            data-filtered=filtered
            data-chosen=chosen.then_some("")
        >
            <button
                type="button"
                class="bar"
                class:chosen=chosen
                class:out={filtered <= 0.0}
                aria-label=name.clone()
                title=name
                on:click=move |_| app.take_alternative(spot, id)
            >
                <span class="bar-token">{draw(token::pieces(&token))}</span>
                {shares(probability, filtered)}
                <span class="bar-number">{format::percent(probability)}</span>
            </button>
        </li>
    }
}

/// Two bars over each other: before the filters and after them.
pub(crate) fn shares(probability: f64, filtered: f64) -> impl IntoView {
    let width = |share: f64| format!("{:.3}%", share.clamp(0.0, 1.0) * 100.0);
    view! {
        <span class="bar-pair" aria-hidden="true">
            <span class="bar-raw" style:width=width(probability)></span>
            <span class="bar-filtered" style:width=width(filtered)></span>
        </span>
    }
}
