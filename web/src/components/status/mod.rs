//! What runs on what and how fast. Every figure was measured or counted in the worker.

use engine::Counters;
use leptos::prelude::*;

use crate::components::flow::Show;
use crate::protocol::{BackendInfo, RunStats};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::scene;

/// A column's letter and figures.
type Figures = (char, RunStats);

#[component]
pub(crate) fn StatusLine() -> impl IntoView {
    let app = App::get();
    let backend = memo(move || backend(app));
    let figures = memo(move || {
        let columns = app.columns();
        let stats = columns.iter().map(|lane| lane.run.with(|run| run.stats));
        let figures = stats.enumerate().filter_map(|(at, stats)| Some((scene::letter(at), stats?)));
        figures.collect::<Vec<Figures>>()
    });
    // A column's counters are those of the whole batch while it ran: the last one to end has seen all of it.
    let last = memo(move || {
        let figures = figures.get().into_iter().map(|(_, stats)| stats);
        figures.max_by_key(|stats| stats.counters.dispatches)
    });
    let first_token = move || {
        let times = figures.get().into_iter().map(|(_, stats)| stats.first_token_ms);
        times.reduce(f64::min)
    };
    let json = move || last.get().and_then(|stats| serde_json::to_string(&stats.counters).ok());
    view! {
        <footer
            class="status"
            aria-label=move || app.t().status.title
            data-testid="status"
            data-backend=move || {
                backend.with(|backend| backend.as_ref().map(|(gpu, _)| if *gpu { "gpu" } else { "cpu" }))
            }
            data-first-token-ms=first_token
            data-tokens-per-second=move || last.get().map(|stats| stats.tokens_per_second)
            data-steps=move || app.totals.get().map(|totals| totals.steps)
            data-counters=json
        >
            <Show
                when=move || backend.with(Option::is_some)
                fallback=move || view! {
                    <p class="hint">
                        {move || if app.library.with(|library| library.is_loading()) {
                            app.t().status.loading
                        } else {
                            app.t().status.no_model
                        }}
                    </p>
                }
            >
                <dl class="figures">
                    <div>
                        <dt>{move || app.t().status.backend}</dt>
                        <dd>
                            {move || backend.get().map(|(_, name)| name)}
                        </dd>
                    </div>
                    {move || first_token().map(|ms| view! {
                        <div>
                            <dt>{app.t().status.first_token}</dt>
                            <dd>{format::duration(ms)}</dd>
                        </div>
                    })}
                    {move || figures.get().into_iter().map(|figures| column(app, figures)).collect_view()}
                </dl>
                {move || work(app, last.get())}
            </Show>
            <p class="hint">{move || app.t().status.privacy}</p>
        </footer>
    }
}

/// What the models of the columns run on: whether that is a GPU, and its name. Tracks.
fn backend(app: App) -> Option<(bool, String)> {
    let models: Vec<String> =
        app.scene.with(|scene| scene.columns.iter().map(|column| column.model.clone()).collect());
    app.library.with(|library| {
        let of_columns = models.iter().find_map(|model| library.info(model));
        let BackendInfo { gpu, adapter, .. } = &of_columns.or(library.models().last())?.backend;
        Some((
            *gpu,
            match (*gpu, adapter.is_empty()) {
                (true, false) => format!("WebGPU: {adapter}"),
                (true, true) => "WebGPU".to_owned(),
                (false, _) => "CPU".to_owned(),
            },
        ))
    })
}

/// Tracks the language.
fn column(app: App, (letter, stats): Figures) -> impl IntoView {
    let words = &app.t().status;
    let tokens = (words.token_counts)(stats.prompt_tokens, stats.new_tokens);
    let speed = (stats.new_tokens > 1)
        .then(|| (words.tokens_per_second)(&format::speed(stats.tokens_per_second)));
    view! {
        <div>
            <dt>{letter}</dt>
            <dd>{tokens}{speed.map(|speed| format!(" · {speed}"))}</dd>
        </div>
    }
}

/// The engine's counters of the last run, all columns together. Tracks.
fn work(app: App, last: Option<RunStats>) -> Option<impl IntoView> {
    let words = &app.t().status;
    let last = last?;
    let (steps, counters) = match app.totals.get() {
        Some(totals) => (totals.steps, totals.counters),
        None => (last.new_tokens, last.counters),
    };
    let Counters {
        dispatches,
        submits,
        objects_created,
        bytes_read_back,
        bytes_uploaded,
        weight_bytes,
    } = counters;
    let count = |value: f64| format::grouped(value.round() as u64);
    let size = |value: f64| format::bytes(value.round() as u64);
    let rows = [
        row(words.dispatches, dispatches, steps, count),
        row(words.submits, submits, steps, count),
        row(words.objects, objects_created, steps, count),
        row(words.read_back, bytes_read_back, steps, size),
        row(words.uploaded, bytes_uploaded, steps, size),
        // Held, not done: nothing to divide.
        row(words.weights, weight_bytes, 0, size),
    ]
    .collect_view();
    Some(view! {
        <details class="work">
            <summary>{words.counters}</summary>
            <p class="hint">{words.counters_explained}</p>
            <table class="work-table">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{words.whole_run}</th>
                        <th scope="col">{(words.per_step)(steps)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    })
}

/// A counter, and its share per step (none without steps to share it).
fn row(name: &'static str, total: u64, steps: u32, show: fn(f64) -> String) -> impl IntoView {
    let share = if steps > 0 { show(total as f64 / f64::from(steps)) } else { String::new() };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number">{show(total as f64)}</td>
            <td class="number">{share}</td>
        </tr>
    }
}
