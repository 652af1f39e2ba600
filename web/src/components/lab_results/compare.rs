//! Techniques beside one another on the same problems: is the difference more than chance?

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::language;
use crate::state::lab::tally::{Compared, compared, difference, p_value};

/// Below this, corrected for the number of comparisons, a difference is called more than chance.
const BEYOND_CHANCE: f64 = 0.05;

/// Of the run on the page.
#[component]
pub(super) fn Comparisons() -> impl IntoView {
    let app = App::get();
    let list = memo(move || {
        let language = language(app.language.get());
        let of = app.lab.look.get().filter.language;
        app.lab.run.with(|run| {
            run.as_ref().map(|own| compared(&own.run, of, language)).unwrap_or_default()
        })
    });
    view! { <ComparisonTable list=list/> }
}

#[component]
pub(crate) fn ComparisonTable(list: Memo<Vec<Compared>>) -> impl IntoView {
    let app = App::get();
    let rows = move || list.get().iter().map(|own| row(app, own)).collect_view();
    view! {
        <Show when=move || list.with(|list| !list.is_empty())>
            <div class="tests-part">
                <h4>{move || app.t().lab.results.tests}</h4>
                <p class="hint">{move || app.t().lab.results.tests_explained}</p>
                <div class="table-scroll" tabindex="0" role="group" aria-label=move || app.t().lab.results.tests>
                    <table class="figures-table" data-testid="lab-tests">
                        <thead>
                            <tr>
                                <th scope="col">{move || app.t().lab.results.column_pair}</th>
                                <th scope="col">{move || app.t().lab.results.column_difference}</th>
                                <th scope="col" class="number">{move || app.t().lab.results.column_only}</th>
                                <th scope="col" class="number">{move || app.t().lab.results.column_p}</th>
                                <th scope="col" class="number">{move || app.t().lab.results.column_adjusted}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        </Show>
    }
}

/// Tracks the language.
fn row(app: App, Compared { first, second, it }: &Compared) -> impl IntoView + use<> {
    let words = &app.t().lab.results;
    let (points, low, high) = difference(it);
    let beyond = it.adjusted < BEYOND_CHANCE;
    let verdict = (words.verdict)(first, second, beyond, it.difference.difference > 0.0);
    let points = (words.points)(&points, &low, &high, it.difference.n);
    let only = (words.only)(it.pairs.only_first, it.pairs.only_second);
    view! {
        <tr
            data-testid="lab-comparison"
            data-p=format!("{:.6}", it.test.mid_p)
            data-adjusted=format!("{:.6}", it.adjusted)
            data-beyond=beyond.then_some("")
        >
            <th scope="row">
                {(words.against)(first, second)}
                <span class="hint comparison-verdict">{verdict}</span>
            </th>
            <td>{points}</td>
            <td class="number">{only}</td>
            <td class="number">{p_value(it.test.mid_p)}</td>
            <td class="number">{p_value(it.adjusted)}</td>
        </tr>
    }
}
