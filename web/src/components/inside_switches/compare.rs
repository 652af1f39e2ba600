//! The untouched run beside the changed one: what comes next, and how both go on.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::chip::draw;
use crate::components::inside_chart::BarPicture;
use crate::protocol::inside::SwitchedRun;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::formulas;
use crate::state::inside::switches::Comparison;
use crate::state::token;

#[component]
pub(super) fn ComparePart(comparison: Memo<Option<Comparison>>) -> impl IntoView {
    let app = App::get();
    let chart = memo(move || {
        let words = &app.t().inside_switches;
        comparison.with(|comparison| {
            let chart = comparison.as_ref()?.chart([words.untouched, words.changed]);
            Some(Arc::new(chart))
        })
    });
    let divergence = memo(move || {
        comparison.with(|comparison| comparison.as_ref().and_then(Comparison::divergence))
    });
    let moved =
        memo(move || comparison.with(|comparison| comparison.as_ref().and_then(Comparison::moved)));
    let parts_at = memo(move || {
        comparison.with(|comparison| comparison.as_ref().and_then(Comparison::parts_at))
    });
    let said = move || {
        let divergence = divergence.get()?;
        let words = &app.t().inside_switches;
        Some(match parts_at.get() {
            Some(place) => (words.differs)(&format::bits(divergence), place + 1),
            None => (words.same)(&format::bits(divergence)),
        })
    };
    let written =
        move || comparison.with(|comparison| comparison.as_ref().and_then(formulas::divergence));
    let text = move |changed: bool| {
        comparison.with(|comparison| {
            let comparison = comparison.as_ref()?;
            let run = if changed { &comparison.changed } else { &comparison.untouched };
            Some(continued(run, comparison.parts_at()))
        })
    };
    view! {
        <div
            class="compared"
            data-testid="compared"
            data-divergence=move || divergence.get()
            data-parts-at=move || parts_at.get()
        >
            <BarPicture
                chart=chart
                caption=Signal::derive(move || app.t().inside_switches.chart_caption.to_owned())
                file="glassbox-switches"
                test_id="switches-chart"
            />
            <p class="summary" aria-live="polite">{said}</p>
            <p class="summary" data-testid="switches-moved" data-moved=move || moved.get()>
                {move || moved.get().map(|moved| (app.t().inside_switches.moved)(&format!("{moved:.2}")))}
            </p>
            <p class="hint">{move || app.t().inside_more.numbers.divergence}</p>
            <p class="formula" data-testid="divergence-formula">{written}</p>
            <div class="continued">
                <div>
                    <h4>{move || app.t().inside_switches.untouched}</h4>
                    <p class="continued-text" data-testid="text-untouched">{move || text(false)}</p>
                </div>
                <div>
                    <h4>{move || app.t().inside_switches.changed}</h4>
                    <p class="continued-text" data-testid="text-changed">{move || text(true)}</p>
                </div>
            </div>
            <p class="hint">{move || app.t().inside_switches.greedy}</p>
        </div>
    }
}

/// A continuation; from `parts_at` on it is another than its neighbour.
fn continued(run: &SwitchedRun, parts_at: Option<usize>) -> impl IntoView + use<> {
    run.continuation
        .iter()
        .enumerate()
        .map(|(at, view)| {
            let differs = parts_at.is_some_and(|place| at >= place);
            let breaks = (0..token::newlines(view)).map(|_| view! { <br/> }).collect_view();
            view! {
                <span
                    class=if view.special { "written special" } else { "written" }
                    class:differs=differs
                    data-id=view.id
                >
                    {draw(token::pieces(view))}
                </span>
                {breaks}
            }
        })
        .collect_view()
}
