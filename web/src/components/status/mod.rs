//! What runs on what and how fast. Every figure was measured or counted in the worker.

use leptos::prelude::*;

use crate::protocol::RunStats;
use crate::state::app::App;
use crate::state::format;

#[component]
pub(crate) fn StatusLine() -> impl IntoView {
    let app = App::get();
    let stats = Memo::new(move |_| app.run.with(|run| run.stats));
    let is_gpu = Memo::new(move |_| app.load.with(|load| load.info().map(|info| info.backend.gpu)));
    let json = move || stats.get().and_then(|stats| serde_json::to_string(&stats.counters).ok());
    view! {
        <footer
            class="status"
            aria-label=move || app.t().status.title
            data-testid="status"
            data-backend=move || is_gpu.get().map(|gpu| if gpu { "gpu" } else { "cpu" })
            data-first-token-ms=move || stats.get().map(|stats| stats.first_token_ms)
            data-tokens-per-second=move || stats.get().map(|stats| stats.tokens_per_second)
            data-counters=json
        >
            <Show
                when=move || is_gpu.get().is_some()
                fallback=move || view! {
                    <p class="hint">
                        {move || if app.load.with(|load| load.is_loading()) {
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
                        <dd>{move || backend(app)}</dd>
                    </div>
                    <div>
                        <dt>{move || app.t().status.model}</dt>
                        <dd>{move || app.load.with(|load| load.info().map(|info| info.id.clone()))}</dd>
                    </div>
                    {move || stats.get().map(|stats| view! { <Speed stats=stats/> })}
                </dl>
                {move || stats.get().map(|stats| view! { <Work stats=stats/> })}
            </Show>
        </footer>
    }
}

/// `WebGPU: adapter` or `CPU`.
fn backend(app: App) -> Option<String> {
    app.load.with(|load| {
        let backend = &load.info()?.backend;
        Some(match (backend.gpu, backend.adapter.is_empty()) {
            (true, false) => format!("WebGPU: {}", backend.adapter),
            (true, true) => "WebGPU".to_owned(),
            (false, _) => "CPU".to_owned(),
        })
    })
}

#[component]
fn Speed(stats: RunStats) -> impl IntoView {
    let app = App::get();
    let first = (stats.new_tokens > 0).then(|| format::duration(stats.first_token_ms));
    let speed = (stats.new_tokens > 1).then(|| format::speed(stats.tokens_per_second));
    view! {
        {first.map(|first| view! {
            <div>
                <dt>{move || app.t().status.first_token}</dt>
                <dd>{first}</dd>
            </div>
        })}
        {speed.map(|speed| view! {
            <div>
                <dt>{move || app.t().status.speed}</dt>
                <dd>{move || (app.t().status.tokens_per_second)(&speed)}</dd>
            </div>
        })}
        <div>
            <dt>{move || app.t().status.tokens}</dt>
            <dd>{move || (app.t().status.token_counts)(stats.prompt_tokens, stats.new_tokens)}</dd>
        </div>
    }
}

/// The engine's counters of the last run.
#[component]
fn Work(stats: RunStats) -> impl IntoView {
    let app = App::get();
    let rows = move || {
        let words = &app.t().status;
        let counters = stats.counters;
        let new = stats.new_tokens;
        let count = |value: f64| format::grouped(value.round() as u64);
        let size = |value: f64| format::bytes(value.round() as u64);
        [
            row(words.dispatches, counters.dispatches, new, count),
            row(words.submits, counters.submits, new, count),
            row(words.objects, counters.objects_created, new, count),
            row(words.read_back, counters.bytes_read_back, new, size),
            row(words.uploaded, counters.bytes_uploaded, new, size),
            // Held, not done: nothing to divide.
            row(words.weights, counters.weight_bytes, 0, size),
        ]
        .collect_view()
    };
    view! {
        <details class="work">
            <summary>{move || app.t().status.counters}</summary>
            <p class="hint">{move || app.t().status.counters_explained}</p>
            <table class="work-table">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{move || app.t().status.whole_run}</th>
                        <th scope="col">{move || app.t().status.per_token}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

/// A counter, and its share per new token (none without tokens to share it).
fn row(name: &'static str, total: u64, new: u32, show: fn(f64) -> String) -> impl IntoView {
    let share = if new > 0 { show(total as f64 / f64::from(new)) } else { String::new() };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number">{show(total as f64)}</td>
            <td class="number">{share}</td>
        </tr>
    }
}
