//! How a column's run went: its end, its reward, what can be done with the answer.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::chip::chip_id;
use crate::components::flow::Show;
use crate::i18n::Strings;
use crate::protocol::Prompt;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::format;
use crate::state::lane::Lane;
use crate::state::rubric::{self, Line};
use crate::state::run::{Phase, Run};

/// How long the copy button says that it copied.
const COPIED: Duration = Duration::from_millis(1500);

#[component]
pub(crate) fn Foot(lane: Lane, hidden: Memo<bool>) -> impl IntoView {
    let app = App::get();
    let phase = memo(move || lane.run.with(|run| run.phase));
    let forks = memo(move || lane.run.with(|run| run.forks().len()));
    let has_text = memo(move || lane.run.with(|run| !run.text.is_empty()));
    let can_copy = dom::has_clipboard();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        app.copy_answer(lane.number, move || {
            copied.set(true);
            set_timeout(move || copied.set(false), COPIED);
        });
    };
    let go_to_fork = move |_| {
        if let Some(spot) = app.next_fork(lane.number) {
            app.lock(spot);
            dom::focus(&chip_id(spot.lane, spot.place));
        }
    };
    view! {
        <div class="column-foot">
            <p class="hint run-state">
                {move || lane.run.with(|run| describe(app.t(), run))}
            </p>
            <Show when=move || forks.get() != 0>
                <button type="button" class="quiet" data-testid="forks" on:click=go_to_fork>
                    {move || (app.t().columns.forks)(forks.get())}
                </button>
            </Show>
            <Show when=move || can_copy && has_text.get()>
                <button type="button" class="quiet" data-testid="copy-answer" on:click=copy>
                    {move || if copied.get() { app.t().columns.copied } else { app.t().columns.copy }}
                </button>
            </Show>
            // Rewards would tell who is who.
            <Show when=move || !hidden.get()>
                <RewardLine lane=lane/>
            </Show>
            // A screen reader hears the whole answer once, not every token.
            <p class="visually-hidden" role="status">
                {move || {
                    (phase.get() == Phase::Finished).then(|| lane.run.with(|run| run.text.clone()))
                }}
            </p>
        </div>
    }
}

/// The reward model's verdict, with the lines of the rubric it learned from.
#[component]
fn RewardLine(lane: Lane) -> impl IntoView {
    let app = App::get();
    let reward = memo(move || lane.run.with(|run| run.reward));
    let lines = memo(move || lane.run.with(|run| judged(app, run)));
    let standardized = move |reward: f32| {
        lane.run.with(|run| {
            let model = &run.asked.as_ref()?.model;
            app.with_manifest(model, |entry| catalogue::standardized(entry, reward)).flatten()
        })
    };
    let label = move |reward: f32| match standardized(reward) {
        Some(value) => (app.t().columns.reward_sd)(&format::signed(value)),
        None => (app.t().columns.reward)(&format::signed(reward)),
    };
    view! {
        {move || reward.get().map(|reward| view! {
            <details class="reward" data-part="reward" data-testid="reward" data-reward=reward>
                <summary>{label(reward)}</summary>
                <p class="hint">{app.t().columns.rubric}</p>
                <ul class="rubric">
                    {move || lines.get().into_iter().map(|line| rubric_line(app, line)).collect_view()}
                </ul>
            </details>
        })}
    }
}

/// Tracks.
fn judged(app: App, run: &Run) -> Vec<(Line, bool)> {
    let Some(asked) = run.asked.as_ref().filter(|_| run.reward.is_some()) else {
        return Vec::new();
    };
    let question = match &asked.prompt {
        Prompt::Raw { text } => text.as_str(),
        Prompt::Chat { messages } => messages.last().map_or("", |message| message.content.as_str()),
        // Columns are not asked so.
        Prompt::Parts { .. } => "",
    };
    let accept = app.accepted_answers(run);
    rubric::judge(rubric::Answer {
        question,
        text: &run.text,
        tokens: run.tokens.iter().filter(|token| !token.token.special).count(),
        ended: run.ended(),
        accept: &accept,
    })
}

/// Tracks the language.
fn rubric_line(app: App, (line, met): (Line, bool)) -> impl IntoView {
    let words = &app.t().columns;
    view! {
        <li data-met=if met { "true" } else { "false" }>
            <span aria-hidden="true">{if met { "✓" } else { "–" }}</span>
            <span>{(words.rubric_line)(line)}</span>
            <span class="visually-hidden">{if met { words.met } else { words.not_met }}</span>
            <span class="mono">{if met { line.points() } else { 0.0 }}</span>
        </li>
    }
}

fn describe(words: &Strings, run: &Run) -> String {
    let words = &words.columns;
    let tokens = run.tokens.len();
    match (run.phase, run.prefill) {
        (Phase::Idle, _) => String::new(),
        (Phase::Prefill, (_, 0)) => words.starting.to_owned(),
        (Phase::Prefill, (done, total)) => (words.prefill)(done, total),
        (Phase::Running, _) => (words.running)(tokens),
        (Phase::Finished, _) => {
            run.reason.map(|reason| (words.finished)(tokens, reason)).unwrap_or_default()
        }
    }
}
