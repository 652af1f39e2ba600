//! The way of the likeliest tokens from logit to probability, filter by filter.

use leptos::prelude::*;

use super::Look;
use crate::components::bars::shares;
use crate::components::chip::draw;
use crate::components::inside::files::SaveBar;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::chart::file::{self, quoted};
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::inside::formulas;
use crate::state::inside::output::{Filter, Left, Row, Way, is_greedy};
use crate::state::inside::sketch::Saved;
use crate::state::token;

#[component]
pub(super) fn WayPart(look: Look) -> impl IntoView {
    let app = App::get();
    // The token that is most likely drawn, with its operands. Where nothing is drawn there are none.
    let written = memo(move || {
        let (way, kept) = (look.way.get()?, look.kept.get()?);
        let settings = look.settings.get();
        if is_greedy(&settings) {
            return None;
        }
        let left = way.rows.iter().filter(|row| row.dropped_by.is_none());
        let row = left.max_by(|a, b| a.filtered.total_cmp(&b.filtered))?;
        let said = (app.t().inside_more.numbers.drawn)(&token::spoken(&row.token));
        Some((formulas::drawn(row, settings.temperature, kept.log_sum), said))
    });
    view! {
        <section class="inside-part" data-testid="way">
            {move || look.way.get().map(|way| {
                let greedy = is_greedy(&look.settings.get());
                way_view(app, way, greedy)
            })}
            <p class="formula" data-testid="way-formula">
                {move || written.get().map(|(formula, _)| formula)}
            </p>
            <p class="hint">{move || written.get().map(|(_, said)| said)}</p>
        </section>
    }
}

/// The filter that dropped a token, by its name in the settings.
fn filter_name(filter: Filter) -> &'static str {
    match filter {
        Filter::TopK => "top_k",
        Filter::TopP => "top_p",
        Filter::MinP => "min_p",
    }
}

/// Tracks the language.
fn way_view(app: App, way: Way, greedy: bool) -> impl IntoView {
    let words = &app.t().inside_output;
    let panel = &app.t().panel;
    let Left { all, top_k, top_p, min_p } = way.left;
    let (rest_raw, rest_filtered) = way.rest;
    let said = if greedy {
        words.greedy.to_owned()
    } else {
        (words.said)(all, top_k, top_p, min_p, &format::bits(way.entropy))
    };
    let kept = way.clone();
    let made = Callback::new(move |()| {
        let svg = file::svg(&chart(app, &kept), app.t().inside_output.table);
        Some(Saved { svg, csv: table(&kept) })
    });
    let rows = way.rows.into_iter().map(|row| row_view(app, row)).collect_view();
    view! {
        <p class="summary" aria-live="polite">{said}</p>
        <div class="table-scroll" tabindex="0" role="group" aria-label=words.table>
            <table class="pipeline">
                <caption class="visually-hidden">{words.table}</caption>
                <thead>
                    <tr>
                        <th scope="col">{panel.token}</th>
                        <th scope="col" class="number">{panel.logit}</th>
                        <th scope="col" class="number" title=panel.probability_explained>
                            {panel.probability}
                        </th>
                        <th scope="col" class="number" title=panel.scaled_explained>{panel.scaled}</th>
                        <th scope="col" class="number" title=words.tempered_explained>{words.tempered}</th>
                        <th scope="col" class="number" title=panel.filtered_explained>{panel.filtered}</th>
                        <th scope="col" class="wide" aria-hidden="true"></th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr class="rest">
                        <th scope="row">{panel.rest}</th>
                        <td></td>
                        <td class="number">{format::percent(rest_raw)}</td>
                        <td></td>
                        <td></td>
                        <td class="number">{format::percent(rest_filtered)}</td>
                        <td class="wide">{shares(rest_raw, rest_filtered)}</td>
                    </tr>
                </tbody>
            </table>
        </div>
        <p class="hint">{words.formula}</p>
        <SaveBar is_there=Signal::stored(true) made=made file="glassbox-output"/>
    }
}

/// Tracks the language.
fn row_view(app: App, row: Row) -> impl IntoView {
    let Row { token, logit, scaled, probability, tempered, filtered, dropped_by } = row;
    let out = dropped_by.map(|filter| (app.t().inside_output.out)(filter_name(filter)));
    let after = out.unwrap_or_else(|| format::percent(filtered));
    view! {
        <tr
            class:out={filtered <= 0.0}
            data-testid="way-row"
            data-id=token.id
            data-logit=logit
            data-scaled=scaled
            data-probability=probability
            data-filtered=filtered
        >
            <th scope="row"><span class="row-token">{draw(token::pieces(&token))}</span></th>
            <td class="number">{format!("{logit:.2}")}</td>
            <td class="number">{format::percent(probability)}</td>
            <td class="number">{format!("{scaled:.2}")}</td>
            <td class="number">{format::percent(tempered)}</td>
            <td class="number">{after}</td>
            <td class="wide">{shares(probability, filtered)}</td>
        </tr>
    }
}

/// The probabilities as bars for a file. Tracks the language.
fn chart(app: App, way: &Way) -> Chart {
    let (words, panel) = (&app.t().inside_output, &app.t().panel);
    let series = |name: &str, ink| Series { name: name.to_owned(), ink, unit: Unit::Percent };
    let bar = |row: &Row| Bar {
        name: token::spoken(&row.token),
        values: [row.probability, row.tempered, row.filtered].map(|p| Some(p as f32)).to_vec(),
        is_chosen: false,
    };
    Chart {
        series: vec![
            series(panel.probability, Ink::Soft),
            series(words.tempered, Ink::Attention),
            series(panel.filtered, Ink::Heat),
        ],
        bars: way.rows.iter().map(bar).collect(),
        apart: false,
    }
}

/// The rows as CSV, with the exact numbers.
fn table(way: &Way) -> String {
    let mut out = "token,id,logit,probability,scaled,tempered,drawn_with\r\n".to_owned();
    for Row { token, logit, scaled, probability, tempered, filtered, .. } in &way.rows {
        let name = quoted(&token::spoken(token));
        let id = token.id;
        out.push_str(&format!(
            "{name},{id},{logit},{probability},{scaled},{tempered},{filtered}\r\n"
        ));
    }
    out
}
