//! Shares of right answers with their intervals and their n, beside what was measured before, and what they cost.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::tally::{self, Shown, hundred, mean, share_line, width};
use crate::state::lab::{language, shipped};

#[component]
pub(super) fn Bars() -> impl IntoView {
    let app = App::get();
    let of = move || app.lab.look.get().filter.language;
    let bars = memo(move || {
        let language = language(app.language.get());
        app.lab.run.with(|run| {
            run.as_ref().map(|own| tally::bars(&own.run, of(), language)).unwrap_or_default()
        })
    });
    // The stored run of the same experiment, unless it is itself what is shown.
    let beside = memo(move || {
        let language = language(app.language.get());
        app.lab.stored.with(|stored| {
            let stored = stored.as_ref().and_then(|stored| stored.run.as_ref())?;
            app.lab.run.with(|run| {
                let own = run.as_ref().filter(|own| !own.replayed)?;
                shipped::is_run_of(&own.run, stored.experiment())
                    .then(|| tally::bars(stored, of(), language))
            })
        })
    });
    view! {
        <div class="bars-part">
            <h4>{move || app.t().lab.results.bars}</h4>
            <p class="hint">{move || app.t().lab.results.bars_explained}</p>
            <BarList bars=bars beside=Signal::derive(move || beside.get().unwrap_or_default())/>
            <Agreements/>
            <CostTable bars=bars/>
        </div>
    }
}

/// Bars. `beside` are those of an earlier run, shown under the same techniques.
#[component]
pub(crate) fn BarList(
    #[prop(into)] bars: Signal<Vec<Shown>>,
    #[prop(into)] beside: Signal<Vec<Shown>>,
) -> impl IntoView {
    let app = App::get();
    let list = move || {
        bars.get()
            .into_iter()
            .map(|own| {
                let before = beside.with(|beside| tally::same(beside, &own).cloned());
                bar_view(app, own, before)
            })
            .collect_view()
    };
    view! { <ul class="wilson-list">{list}</ul> }
}

/// Tracks the language.
fn bar_view(app: App, own: Shown, before: Option<Shown>) -> impl IntoView {
    let words = &app.t().lab.results;
    let right = own.bar.right;
    let spoken = (words.bar_summary)(
        &own.name,
        &hundred(right.share),
        &hundred(right.low),
        &hundred(right.high),
        right.hits,
        right.n,
    );
    let ungraded = own.bar.ungraded;
    let line = share_line(&own.bar);
    let before = before.map(|before| {
        let line = (words.stored_line)(&share_line(&before.bar));
        view! {
            <span class="wilson-track before" aria-hidden="true" title=words.stored_beside>
                {interval(&before)}
            </span>
            <span class="wilson-figure hint" data-testid="lab-bar-before">{line}</span>
        }
    });
    view! {
        <li
            class="wilson"
            data-testid="lab-bar"
            data-technique=own.technique.clone()
            data-stage=own.stage.clone()
            data-n=right.n
            data-hits=right.hits
            data-low=format!("{:.6}", right.low)
            data-high=format!("{:.6}", right.high)
        >
            <span class="wilson-name">{own.name.clone()}</span>
            <span class="wilson-track" role="img" aria-label=spoken>{interval(&own)}</span>
            <span class="wilson-figure">{line}</span>
            {before}
            {(ungraded > 0).then(|| view! { <span class="hint wilson-note">{(words.ungraded)(ungraded)}</span> })}
        </li>
    }
}

/// The bar and the line over it.
fn interval(own: &Shown) -> impl IntoView + use<> {
    let right = own.bar.right;
    (right.n > 0).then(|| {
        view! {
            <span class="wilson-bar" style:width=width(right.share)></span>
            <span
                class="wilson-interval"
                style:left=width(right.low)
                style:width=width(right.high - right.low)
            ></span>
        }
    })
}

/// For problems in pairs: how often both got the same answer.
#[component]
fn Agreements() -> impl IntoView {
    let app = App::get();
    let lines = memo(move || {
        let language = language(app.language.get());
        let of = app.lab.look.get().filter.language;
        app.lab.run.with(|run| {
            let Some(own) = run else { return Vec::new() };
            let agreements = own.run.results().agreement(of);
            agreements
                .into_iter()
                .map(|it| {
                    let group = (it.technique, it.stage);
                    let name = tally::group_name(own.run.experiment(), group, language);
                    (name, tally::line_of_share(it.same), it.unread)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <h5>{move || app.t().lab.results.agreement}</h5>
            <ul class="agreements" data-testid="lab-agreement">
                {move || {
                    lines
                        .get()
                        .into_iter()
                        .map(|(name, share, unread)| {
                            view! { <li>{(app.t().lab.results.agreement_line)(&name, &share, unread)}</li> }
                        })
                        .collect_view()
                }}
            </ul>
        </Show>
    }
}

/// Accuracy beside what it costs.
#[component]
fn CostTable(bars: Memo<Vec<Shown>>) -> impl IntoView {
    let app = App::get();
    let rows =
        move || {
            bars.get()
            .into_iter()
            .map(|Shown { name, bar, .. }| view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number">{format!("{} / {}", bar.right.hits, bar.right.n)}</td>
                    <td class="number">{bar.nothing_read}</td>
                    <td class="number">{bar.failed}</td>
                    <td class="number">{mean(bar.calls)}</td>
                    <td class="number">{mean(bar.prompt_tokens)}</td>
                    <td class="number">{mean(bar.reused_tokens)}</td>
                    <td class="number">{mean(bar.tokens)}</td>
                    <td class="number">{format!("{:.2}", bar.seconds)}</td>
                </tr>
            })
            .collect_view()
        };
    let head = move || {
        let words = &app.t().lab.results;
        [
            words.column_right,
            words.column_unread,
            words.column_failed,
            words.column_calls,
            words.column_prompt,
            words.column_reused,
            words.column_tokens,
            words.column_seconds,
        ]
        .map(|name| view! { <th scope="col" class="number">{name}</th> })
        .collect_view()
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=move || app.t().lab.results.cost_explained>
            <table class="figures-table" data-testid="lab-cost">
                <thead>
                    <tr>
                        <th scope="col">{move || app.t().lab.results.column_technique}</th>
                        {head}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="hint">{move || app.t().lab.results.cost_explained}</p>
    }
}
