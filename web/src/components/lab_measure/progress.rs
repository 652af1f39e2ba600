//! The run: how far it is, how long it may take, and how it is held, stopped and gone on with.

use lab::experiment::{Progress, Status, When};
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::components::lab_answers::Badge;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::language;
use crate::state::lab::measured::Measured;
use crate::state::lab::tally::{time, width};
use crate::state::lab::waits::{Waits, Whose};

/// What is shown of a run while it goes on.
#[derive(Clone, PartialEq)]
struct Shown {
    progress: Progress,
    status: Status,
    replayed: bool,
    id: String,
    title: String,
    made_with: Vec<(String, String)>,
}

#[component]
pub(super) fn RunView() -> impl IntoView {
    let app = App::get();
    let shown = memo(move || {
        let language = language(app.language.get());
        app.lab.run.with(|run| {
            let Measured { run, replayed, .. } = run.as_ref()?;
            let made = run.made_with().iter();
            Some(Shown {
                progress: run.progress(),
                status: run.status(),
                replayed: *replayed,
                id: run.experiment().id.clone(),
                title: run.experiment().title.get(language).to_owned(),
                made_with: made.map(|(name, value)| (name.clone(), value.clone())).collect(),
            })
        })
    });
    view! {
        <section class="run" aria-labelledby="run-title">
            <h3 id="run-title">
                {move || app.t().lab.run.title}
                {move || {
                    let title = shown.with(|shown| {
                        shown.as_ref().map(|it| it.title.clone()).filter(|title| !title.is_empty())
                    });
                    title.map(|title| format!(" · {title}"))
                }}
            </h3>
            <WaitsLine/>
            <Show when=move || shown.with(Option::is_some)>
                <RunLine shown=shown/>
            </Show>
            <RunWeights/>
        </section>
    }
}

/// What is waited for. Batches are seen in the progress.
#[component]
fn WaitsLine() -> impl IntoView {
    let app = App::get();
    let sentence = move || {
        let words = &app.t().lab.run;
        app.lab.waits.with(|waits| match waits {
            Waits::Model(model) => Some((words.loading)(&app.model_name(model))),
            Waits::File => Some(words.preparing.to_owned()),
            Waits::Weights { whose: Whose::Measure, .. } => Some(words.weighing.to_owned()),
            _ => None,
        })
    };
    view! { <p class="hint" role="status">{sentence}</p> }
}

/// The value of `data-state`.
fn code(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Paused => "paused",
        Status::Cancelled => "cancelled",
        Status::Finished => "finished",
    }
}

#[component]
fn RunLine(shown: Memo<Option<Shown>>) -> impl IntoView {
    let app = App::get();
    let progress =
        memo(move || shown.with(|shown| shown.as_ref().map(|it| it.progress).unwrap_or_default()));
    let status =
        memo(move || shown.with(|shown| shown.as_ref().map_or(Status::Finished, |it| it.status)));
    let replayed = memo(move || shown.with(|shown| shown.as_ref().is_some_and(|it| it.replayed)));
    let share = move || {
        let Progress { settled, cells, .. } = progress.get();
        if cells == 0 { 0.0 } else { settled as f64 / cells as f64 }
    };
    let left = move || {
        let left = progress.get().seconds_left.filter(|_| status.get() == Status::Running)?;
        Some(format!(" · {}", (app.t().lab.run.time_left)(time(left))))
    };
    let state = move || match (status.get(), replayed.get()) {
        (_, true) => app.t().lab.run.replayed,
        (Status::Running, _) => app.t().lab.run.running,
        (Status::Paused, _) => app.t().lab.run.paused,
        (Status::Cancelled, _) => app.t().lab.run.cancelled,
        (Status::Finished, _) => app.t().lab.run.finished,
    };
    view! {
        <div
            class="run-line"
            data-testid="lab-progress"
            data-id=move || shown.with(|shown| shown.as_ref().map(|it| it.id.clone()))
            data-state=move || code(status.get())
            data-settled=move || progress.get().settled
            data-cells=move || progress.get().cells
            data-replayed=move || replayed.get().then_some("")
        >
            <div
                class="run-track"
                role="progressbar"
                aria-valuemin="0"
                aria-valuemax=move || progress.get().cells
                aria-valuenow=move || progress.get().settled
                aria-label=move || app.t().lab.run.title
            >
                <span class="run-done" style:width=move || width(share())></span>
            </div>
            <p>
                <b>{state}</b>
                " · "
                {move || {
                    let Progress { settled, cells, .. } = progress.get();
                    (app.t().lab.run.progress)(settled, cells)
                }}
                {left}
            </p>
            <Show when=move || { progress.get().reused_tokens > 0 }>
                <p
                    class="hint"
                    data-testid="lab-run-saved"
                    data-reused=move || progress.get().reused_tokens
                >
                    {move || {
                        let Progress { reused_tokens, prompt_tokens, .. } = progress.get();
                        (app.t().lab.answers.saved)(reused_tokens, prompt_tokens)
                    }}
                </p>
            </Show>
            <RunButtons status=status/>
            <Show when=move || !replayed.get()>
                <p
                    class="hint"
                    data-testid="lab-keeping"
                    data-kept=move || app.lab.keeping.get().then_some("")
                >
                    {move || if app.lab.keeping.get() {
                        app.t().lab.run.kept
                    } else {
                        app.t().lab.run.not_kept
                    }}
                </p>
            </Show>
            <details>
                <summary>{move || app.t().lab.run.made_with}</summary>
                <dl class="made-with">
                    {move || {
                        let made = shown.with(|shown| {
                            shown.as_ref().map(|it| it.made_with.clone()).unwrap_or_default()
                        });
                        made.into_iter()
                            .map(|(name, value)| view! { <dt>{name}</dt><dd class="mono">{value}</dd> })
                            .collect_view()
                    }}
                </dl>
            </details>
        </div>
    }
}

#[component]
fn RunButtons(status: Memo<Status>) -> impl IntoView {
    let app = App::get();
    let is_on = memo(move || status.get() == Status::Running);
    let goes_on = memo(move || matches!(status.get(), Status::Paused | Status::Cancelled));
    view! {
        <div class="buttons">
            <Show when=move || is_on.get()>
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-pause"
                    on:click=move |_| app.lab_pause()
                >
                    {move || app.t().lab.run.pause}
                </button>
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-cancel"
                    on:click=move |_| app.lab_cancel()
                >
                    {move || app.t().lab.run.cancel}
                </button>
            </Show>
            <Show when=move || goes_on.get()>
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-go-on"
                    on:click=move |_| app.lab_go_on()
                >
                    {move || app.t().lab.run.go_on}
                </button>
            </Show>
            <button
                type="button"
                class="quiet"
                data-testid="lab-forget"
                on:click=move |_| app.lab_forget_run()
            >
                {move || app.t().lab.run.forget}
            </button>
        </div>
    }
}

/// The weights before and after, as the log has them.
#[component]
fn RunWeights() -> impl IntoView {
    let app = App::get();
    let sums = memo(move || {
        app.lab.run.with(|run| {
            let Some(measured) = run else { return Vec::new() };
            let weights = measured.run.weights();
            let after = weights.get(&When::After);
            let before = weights.get(&When::Before).into_iter().flatten();
            before
                .map(|(model, sum)| {
                    let bytes = measured.bytes.get(model).copied().unwrap_or(0);
                    let after = after.and_then(|after| after.get(model)).cloned();
                    (model.clone(), sum.clone(), after, bytes)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <For
            each=move || sums.get()
            key=|entry: &(String, String, Option<String>, u64)| entry.clone()
            children=move |(model, before, after, bytes): (String, String, Option<String>, u64)| view! {
                <Badge model=model before=before after=after bytes=bytes/>
            }
        />
    }
}
