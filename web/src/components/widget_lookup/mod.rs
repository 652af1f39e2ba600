//! A soft look-up: a table of keys and values, and a query that can be dragged.

use leptos::prelude::*;
use leptos::svg::Svg;
use share::lesson::Lookup;
use web_sys::PointerEvent;

use crate::browser::dom;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::lessons::lookup::{self, HEIGHT, Reply, Row, WIDTH, plain};

#[component]
pub(crate) fn LookupWidget(lookup: Lookup) -> impl IntoView {
    let app = App::get();
    let query = RwSignal::new(lookup::snap(&lookup, lookup.query));
    let (first, last) = lookup::ends(&lookup);
    let step = lookup::step(&lookup);
    let key_name = lookup.key.clone();
    let value_name = lookup.value.clone();
    let width = lookup.width;
    let lookup = StoredValue::new(lookup);
    let reply = memo(move || lookup.with_value(|lookup| lookup::ask(lookup, query.get())));
    let summary = move || {
        let reply = reply.get();
        let nearest = reply.nearest?;
        Some((app.t().lessons.lookup.summary)(
            &plain(query.get()),
            &plain(reply.answer),
            &plain(nearest.key),
            &format::percent(nearest.weight),
        ))
    };
    view! {
        <section
            class="lookup"
            data-part="widget"
            data-testid="lookup"
            aria-label=move || app.t().lessons.lookup.title
        >
            <Picture lookup=lookup query=query reply=reply/>
            <label class="lookup-slider">
                <span class="field-name">
                    {move || (app.t().lessons.lookup.query)(&key_name, &plain(query.get()))}
                </span>
                <input
                    type="range"
                    min=first
                    max=last
                    step=step
                    data-testid="lookup-query"
                    prop:value=move || query.get().to_string()
                    on:input=move |event| {
                        if let Ok(value) = event_target_value(&event).parse::<f64>() {
                            query.set(value);
                        }
                    }
                />
            </label>
            <p class="hint">
                {move || app.t().lessons.lookup.how}" "
                {move || (app.t().lessons.lookup.width)(&plain(width))}
            </p>
            <Table reply=reply value_name=value_name/>
            <p class="visually-hidden" role="status">{summary}</p>
        </section>
    }
}

/// Keys from left to right, values upwards; the curve has the answers to all queries.
#[component]
fn Picture(lookup: StoredValue<Lookup>, query: RwSignal<f64>, reply: Memo<Reply>) -> impl IntoView {
    let chart = NodeRef::<Svg>::new();
    let x = move |key: f64| lookup.with_value(|lookup| lookup::x(lookup, key));
    let y = move |value: f64| lookup.with_value(|lookup| lookup::y(lookup, value));
    let go = move |event: &PointerEvent| {
        let Some(chart) = chart.get_untracked() else { return };
        if let Some(share) = dom::share_of_width(&chart, event) {
            query.set(lookup.with_value(|lookup| lookup::at_share(lookup, share)));
        }
    };
    let press = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(chart) = chart.get_untracked() {
            // Fails only for a pointer that is gone: then there is nothing to follow.
            let _ = chart.set_pointer_capture(event.pointer_id());
        }
        go(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() & 1 != 0 {
            go(&event);
        }
    };
    let points = move || {
        let point = move |row: Row| {
            let (across, up) = (x(row.key), y(row.value));
            let top = HEIGHT - row.weight * (HEIGHT - up);
            let radius = 3.0 + 5.0 * row.weight.sqrt();
            view! {
                <line class="lookup-weight" x1=across x2=across y1=HEIGHT y2=top/>
                <circle class="lookup-point" cx=across cy=up r=radius/>
            }
        };
        reply.get().rows.into_iter().map(point).collect_view()
    };
    view! {
        <svg
            class="lookup-chart"
            node_ref=chart
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            aria-hidden="true"
            data-testid="lookup-chart"
            on:pointerdown=press
            on:pointermove=drag
        >
            <polyline class="lookup-curve" points=lookup.with_value(lookup::curve)/>
            {points}
            <line
                class="lookup-query"
                x1=move || x(query.get())
                x2=move || x(query.get())
                y1="0"
                y2=HEIGHT
            />
            <line
                class="lookup-answer"
                x1="0"
                x2=move || x(query.get())
                y1=move || y(reply.with(|reply| reply.answer))
                y2=move || y(reply.with(|reply| reply.answer))
            />
            <circle
                class="lookup-here"
                cx=move || x(query.get())
                cy=move || y(reply.with(|reply| reply.answer))
                r="5"
            />
        </svg>
    }
}

#[component]
fn Table(reply: Memo<Reply>, value_name: String) -> impl IntoView {
    let app = App::get();
    let rows = move || reply.get().rows.into_iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0">
            <table class="figures-table lookup-table">
                <thead>
                    <tr>
                        <th scope="col" class="is-key">{move || app.t().lessons.lookup.key}</th>
                        <th scope="col" class="number">{move || app.t().lessons.lookup.score}</th>
                        <th scope="col" class="number is-weight">
                            {move || app.t().lessons.lookup.weight}
                        </th>
                        <th scope="col" class="number is-value">
                            {move || app.t().lessons.lookup.value}
                        </th>
                        <th scope="col" class="number">{move || app.t().lessons.lookup.share}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="4">
                            {move || app.t().lessons.lookup.answer}" ("{value_name}")"
                        </th>
                        <td
                            class="number"
                            data-testid="lookup-answer"
                            data-answer=move || reply.with(|reply| reply.answer)
                        >
                            <b>{move || reply.with(|reply| plain(reply.answer))}</b>
                        </td>
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

fn row(row: Row) -> impl IntoView {
    let Row { key, value, score, weight } = row;
    view! {
        <tr data-testid="lookup-row" data-key=key data-weight=weight>
            <th scope="row" class="is-key">{plain(key)}</th>
            <td class="number">{plain(score)}</td>
            <td class="number is-weight">{format::percent(weight)}</td>
            <td class="number is-value">{plain(value)}</td>
            <td class="number">{plain(weight * value)}</td>
        </tr>
    }
}
