//! The ten most likely tokens as bars with numbers, before and after the filters.

use leptos::prelude::*;

use crate::components::output::draw;
use crate::state::app::App;
use crate::state::format;
use crate::state::panel::{Choice, Row};
use crate::state::token;

/// Tracks the language. The roles say again what the elements are: a grid row is no row to some
/// screen readers.
pub(crate) fn alternative_table(app: App, choice: Choice) -> impl IntoView {
    let words = &app.t().panel;
    let (rest_probability, rest_filtered) = choice.rest;
    let rows = choice.rows.into_iter().map(|row| alternative_row(app, row)).collect_view();
    view! {
        <table class="bars" role="table">
            <caption class="visually-hidden">{words.caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">{words.token}</th>
                    <th scope="col" role="columnheader" title=words.probability_explained>
                        <i class="key-raw" aria-hidden="true"></i>
                        {words.probability}
                    </th>
                    <th scope="col" role="columnheader" title=words.filtered_explained>
                        <i class="key-filtered" aria-hidden="true"></i>
                        {words.filtered}
                    </th>
                    <th scope="col" role="columnheader">{words.logit}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {rows}
                <tr class="rest" role="row">
                    <th scope="row" role="rowheader">{words.rest}</th>
                    {figures(app, rest_probability, rest_filtered)}
                    <td role="cell"></td>
                </tr>
            </tbody>
        </table>
    }
}

fn alternative_row(app: App, row: Row) -> impl IntoView {
    let Row { token, logit, probability, filtered, chosen } = row;
    view! {
        <tr
            role="row"
            class:chosen=chosen
            class:out={filtered <= 0.0}
            data-testid="alternative"
            data-id=token.id
            data-probability=probability
            data-filtered=filtered
        >
            <th scope="row" role="rowheader">
                <span class="row-token">{draw(token::pieces(&token))}</span>
                {chosen.then(|| view! {
                    <span class="visually-hidden">" ("{app.t().panel.chosen}")"</span>
                })}
            </th>
            {figures(app, probability, filtered)}
            <td class="number" role="cell">{format!("{logit:.2}")}</td>
        </tr>
    }
}

/// Two bars over each other, and their numbers in two cells.
fn figures(app: App, probability: f64, filtered: f64) -> impl IntoView {
    let width = |share: f64| format!("{:.3}%", share.clamp(0.0, 1.0) * 100.0);
    let after = if filtered > 0.0 {
        format::percent(filtered)
    } else {
        app.t().panel.filtered_out.to_owned()
    };
    view! {
        <td class="bar-cell" aria-hidden="true">
            <div class="bar raw" style:width=width(probability)></div>
            <div class="bar filtered" style:width=width(filtered)></div>
        </td>
        <td class="number" role="cell">{format::percent(probability)}</td>
        <td class="number after" role="cell">{after}</td>
    }
}
