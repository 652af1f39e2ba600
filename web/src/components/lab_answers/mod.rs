//! What was asked while building: each answer with its verdict, what it took, and how it was found.

mod detail;
mod thoughts;
mod votes;
mod weights;

use lab::grade::Verdict;
use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::components::lab_calls::Calls;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::lab::asked::{Asked, Cost};
use crate::state::lab::language;
use crate::state::lab::tally::Answer;

pub(crate) use detail::DetailView;
pub(crate) use weights::Badge;
use weights::WeightsBadge;

#[component]
pub(crate) fn Answers() -> impl IntoView {
    let app = App::get();
    let round = app.lab.round;
    // An answer is drawn again only when something of it has come.
    let shown = memo(move || {
        round.with(|round| {
            let state = |one: &Asked| {
                (one.number, one.records().len(), one.is_settled(), one.failed.is_some())
            };
            round.asked.iter().map(state).collect::<Vec<_>>()
        })
    });
    view! {
        <section class="answers" aria-labelledby="answers-title">
            <div class="answers-head">
                <h3 id="answers-title">{move || app.t().lab.answers.title}</h3>
                <WeightsBadge/>
                <Show when=move || shown.with(|shown| !shown.is_empty())>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="lab-clear"
                        on:click=move |_| round.update(|round| round.clear())
                    >
                        {move || app.t().lab.answers.clear}
                    </button>
                </Show>
            </div>
            <Show
                when=move || shown.with(|shown| !shown.is_empty())
                fallback=move || view! { <p class="hint">{move || app.t().lab.answers.none}</p> }
            >
                <div class="answer-cards">
                    <For
                        each=move || shown.get()
                        key=|state: &(usize, usize, bool, bool)| *state
                        children=move |(number, ..): (usize, usize, bool, bool)| {
                            let one = round.with_untracked(|round| {
                                round.asked.iter().find(|one| one.number == number).cloned()
                            });
                            one.map(|one| view! { <AnswerCard one=one/> })
                        }
                    />
                </div>
            </Show>
        </section>
    }
}

#[component]
fn AnswerCard(one: Asked) -> impl IntoView {
    let app = App::get();
    let number = one.number;
    let info = one.technique.info();
    let (settled, edited) = (one.is_settled(), one.edited);
    let seat = one.seat.clone();
    let question = one.question().to_owned();
    let outcome = one.outcome().cloned();
    let verdict = one.verdict();
    let failed = one.failed.clone();
    let cost = one.cost();
    let detail = outcome.as_ref().map(|outcome| outcome.detail.clone());
    let text = outcome.map(|outcome| outcome.text);
    let shown_text = text.clone();
    let state = match (settled, &verdict) {
        (false, _) => "working",
        (true, None) => "failed",
        (true, Some(_)) => "done",
    };
    let right = verdict.as_ref().and_then(Verdict::counts);
    let verdict_code = right.map(|right| if right { "right" } else { "wrong" });
    let records = one.records().to_vec();
    view! {
        <article
            class="answer"
            data-testid="lab-answer"
            data-technique=info.id
            data-model=one.seat.model.clone()
            data-stage=one.seat.stage.clone()
            data-state=state
            data-verdict=verdict_code
            data-text=shown_text
        >
            <header class="answer-head">
                <h4>
                    {move || info.name.get(language(app.language.get()))}
                    {move || edited.then(|| format!(" ({})", app.t().lab.techniques.edited))}
                    " · "
                    <span class="answer-seat">{move || app.lab_seat_name(&seat)}</span>
                </h4>
                <button
                    type="button"
                    class="quiet"
                    disabled=!settled
                    aria-label=move || app.t().lab.answers.dismiss
                    on:click=move |_| app.lab.round.update(|round| round.dismiss(number))
                >
                    "×"
                </button>
            </header>
            <p class="answer-question hint">{question}</p>
            {text.map(|text| view! { <AnswerText text=text verdict=verdict.clone()/> })}
            {failed.map(|why| view! {
                <p class="problem">{move || (app.t().lab.results.failed)(&why)}</p>
            })}
            {(!settled).then(|| view! {
                <p class="hint" role="status">{move || app.t().lab.answers.working}</p>
            })}
            {verdict.map(|verdict| view! { <VerdictLine verdict=verdict/> })}
            {detail.map(|detail| view! { <DetailView detail=detail/> })}
            {(cost.calls > 0).then(|| view! { <CostLine cost=cost/> })}
            {(!records.is_empty()).then(|| view! {
                <p>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="lab-look-inside"
                        on:click=move |_| app.lab_look_inside(number)
                    >
                        {move || app.t().inside.open}
                    </button>
                </p>
            })}
            {(!records.is_empty()).then(|| view! { <Calls records=records tokens=one.tokens/> })}
        </article>
    }
}

/// The answer, with the words that were read marked in it.
#[component]
fn AnswerText(text: String, verdict: Option<Verdict>) -> impl IntoView {
    let app = App::get();
    let reading = verdict.and_then(|verdict| verdict.reading);
    let range = reading.map(|reading| (reading.start, reading.end));
    let is_empty = text.trim().is_empty();
    let Answer { before, read, after } = Answer::marked(&text, range);
    let marked = (!read.is_empty()).then(|| view! { <mark>{read}</mark> });
    view! {
        <p class="answer-text">
            {before}{marked}{after}
            {is_empty.then(|| view! { <span class="hint">{move || app.t().lab.answers.nothing}</span> })}
        </p>
    }
}

/// Right or wrong, and which words say so.
#[component]
pub(crate) fn VerdictLine(verdict: Verdict) -> impl IntoView {
    let app = App::get();
    let counts = verdict.counts();
    let code = match counts {
        Some(true) => "right",
        Some(false) => "wrong",
        None => "none",
    };
    let reading = verdict.reading;
    view! {
        <p class="verdict-line" data-verdict=code>
            <b class="verdict">
                {move || match counts {
                    Some(true) => app.t().lab.answers.right,
                    Some(false) => app.t().lab.answers.wrong,
                    None => app.t().lab.answers.no_right,
                }}
            </b>
            " · "
            <span class="hint">
                {move || match &reading {
                    Some(reading) => (app.t().lab.answers.read)(&reading.text, reading.rule),
                    None => app.t().lab.answers.nothing_read.to_owned(),
                }}
            </span>
        </p>
    }
}

#[component]
fn CostLine(cost: Cost) -> impl IntoView {
    let app = App::get();
    let Cost { calls, tokens, prompt_tokens, reused_tokens, seconds } = cost;
    let seconds = format::duration(seconds * 1000.0);
    view! {
        <p class="hint">
            {move || (app.t().lab.answers.cost)(calls, prompt_tokens, tokens, &seconds)}
        </p>
        {(reused_tokens > 0).then(|| view! {
            <p class="hint" data-testid="lab-saved" data-reused=reused_tokens>
                {move || (app.t().lab.answers.saved)(reused_tokens, prompt_tokens)}
            </p>
        })}
    }
}
