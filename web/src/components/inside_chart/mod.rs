//! Rows of bars with their numbers. A click picks a row, where rows can be picked. Saves as PNG, SVG and CSV.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::inside::files::SaveBar;
use crate::state::inside::chart::{Bar, Chart, Extent, Series};
use crate::state::inside::sketch::Saved;

#[component]
pub(crate) fn BarPicture(
    /// What is drawn; nothing while it is on its way.
    #[prop(into)]
    chart: Signal<Option<Arc<Chart>>>,
    /// What the picture shows. Stands under it.
    #[prop(into)]
    caption: Signal<String>,
    /// Files are named so, without their ending.
    file: &'static str,
    /// The test hook.
    test_id: &'static str,
    /// What a click on a row does.
    #[prop(optional)]
    on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let is_there = Signal::derive(move || chart.with(Option::is_some));
    let made = Callback::new(move |()| {
        chart.with(|chart| chart.as_ref().map(|chart| Saved::of(chart, &caption.get())))
    });
    view! {
        <figure
            class="chart"
            data-testid=test_id
            data-rows=move || chart.with(|chart| chart.as_ref().map(|chart| chart.bars.len()))
            hidden=move || chart.with(|chart| chart.as_ref().is_none_or(|chart| chart.bars.is_empty()))
        >
            {move || chart.get().map(|chart| legend(&chart))}
            <ol class="chart-rows" aria-label=move || caption.get()>
                {move || chart.get().map(|chart| rows(&chart, on_pick))}
            </ol>
            <figcaption>{move || caption.get()}</figcaption>
            <SaveBar is_there=is_there made=made file=file/>
        </figure>
    }
}

fn legend(chart: &Chart) -> impl IntoView + use<> {
    let series = chart.series.iter();
    let names = series
        .map(|series| {
            view! {
                <span class="chart-series">
                    <i data-ink=series.ink.code() aria-hidden="true"></i>
                    {series.name.clone()}
                </span>
            }
        })
        .collect_view();
    view! { <p class="chart-legend">{names}</p> }
}

fn rows(chart: &Chart, on_pick: Option<Callback<usize>>) -> impl IntoView + use<> {
    let extents: Vec<Extent> = (0..chart.series.len()).map(|at| chart.extent(at)).collect();
    chart
        .bars
        .iter()
        .enumerate()
        .map(|(at, bar)| {
            let said = chart.said(bar);
            let values: Vec<String> = bar
                .values
                .iter()
                .map(|value| value.map_or_else(|| "-".to_owned(), |value| value.to_string()))
                .collect();
            let inside = inside(chart, bar, &extents);
            let row = match on_pick {
                Some(on_pick) => view! {
                    <button
                        type="button"
                        class="chart-row"
                        aria-label=said
                        aria-pressed=if bar.is_chosen { "true" } else { "false" }
                        on:click=move |_| on_pick.run(at)
                    >
                        {inside}
                    </button>
                }
                .into_any(),
                None => view! { <div class="chart-row" class:chosen=bar.is_chosen>{inside}</div> }
                    .into_any(),
            };
            view! {
                <li
                    data-testid="bar"
                    data-place=at
                    data-name=bar.name.clone()
                    data-values=values.join(" ")
                    data-chosen=bar.is_chosen.then_some("")
                >
                    {row}
                </li>
            }
        })
        .collect_view()
}

fn inside(chart: &Chart, bar: &Bar, extents: &[Extent]) -> impl IntoView + use<> {
    let lines = chart
        .series
        .iter()
        .zip(&bar.values)
        .zip(extents)
        .filter_map(|((series, value), extent)| Some(line(series, (*value)?, *extent)))
        .collect_view();
    view! {
        <span class="chart-name">{bar.name.clone()}</span>
        <span class="chart-lines">{lines}</span>
    }
}

fn line(series: &Series, value: f32, extent: Extent) -> impl IntoView + use<> {
    let percent = |share: f64| format!("{:.3}%", share * 100.0);
    let stretch = extent.stretch(value);
    let has_sides = extent.zero() > 0.0;
    view! {
        <span class="chart-line">
            <span class="chart-track" aria-hidden="true">
                {has_sides.then(|| view! {
                    <i class="chart-zero" style:left=percent(extent.zero())></i>
                })}
                <i
                    class="chart-bar"
                    data-ink=series.ink.code()
                    style:left=percent(stretch.from)
                    style:width=percent(stretch.width)
                ></i>
            </span>
            <span class="chart-number">{series.unit.write(value)}</span>
        </span>
    }
}
