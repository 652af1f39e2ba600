//! How an answer was found, beyond its calls.

use lab::technique::{Detail, SubAnswer, Turn};
use leptos::prelude::*;

use crate::state::app::App;

use super::thoughts::Thoughts;
use super::votes::Votes;

#[component]
pub(crate) fn DetailView(detail: Detail) -> impl IntoView {
    match detail {
        Detail::Reply => ().into_any(),
        Detail::Votes { votes } => view! { <Votes votes=votes/> }.into_any(),
        Detail::Tree { thoughts, best } => {
            view! { <Thoughts thoughts=thoughts best=best/> }.into_any()
        }
        Detail::Discussion { turns } => view! { <Discussion turns=turns/> }.into_any(),
        Detail::SubQuestions { answers } => view! { <SubQuestions answers=answers/> }.into_any(),
        Detail::Revision { drafts } => view! { <Drafts drafts=drafts/> }.into_any(),
        Detail::Program { source, value, error } => {
            let error = error.map(|error| error.to_string());
            view! { <Program source=source value=value error=error/> }.into_any()
        }
    }
}

/// Who said what, round by round.
#[component]
fn Discussion(turns: Vec<Turn>) -> impl IntoView {
    let app = App::get();
    let last = turns.iter().map(|turn| turn.round).max().unwrap_or(0);
    let lines = turns
        .into_iter()
        .map(|turn| {
            let round = turn.round;
            let speaker = turn.speaker;
            view! {
                <li class="talk-turn" data-testid="lab-turn" data-round=round>
                    <p class="hint">
                        {move || if round == last {
                            app.t().lab.answers.judge.to_owned()
                        } else {
                            (app.t().lab.answers.round)(round)
                        }}
                        {(!speaker.is_empty()).then(|| view! { " · "<b>{speaker}</b> })}
                    </p>
                    <p class="said">{turn.text}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.discussion}</h5>
            <ol class="talk" data-testid="lab-discussion">{lines}</ol>
        </div>
    }
}

#[component]
fn SubQuestions(answers: Vec<SubAnswer>) -> impl IntoView {
    let app = App::get();
    let lines = answers
        .into_iter()
        .map(|SubAnswer { question, answer }| {
            view! {
                <li><p><b>{question}</b></p><p class="said">{answer}</p></li>
            }
        })
        .collect_view();
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.sub_questions}</h5>
            <ol class="talk">{lines}</ol>
        </div>
    }
}

#[component]
fn Drafts(drafts: Vec<String>) -> impl IntoView {
    let app = App::get();
    let lines = drafts
        .into_iter()
        .enumerate()
        .map(|(at, draft)| {
            view! {
                <li>
                    <p class="hint">{move || (app.t().lab.answers.draft)(at + 1)}</p>
                    <p class="said">{draft}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.drafts}</h5>
            <ol class="talk">{lines}</ol>
        </div>
    }
}

/// The program that the model wrote, and what the calculator made of it.
#[component]
fn Program(source: String, value: Option<String>, error: Option<String>) -> impl IntoView {
    let app = App::get();
    let is_there = !source.trim().is_empty();
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.program}</h5>
            {is_there.then(|| view! { <pre class="program" data-testid="lab-program">{source}</pre> })}
            {(!is_there).then(|| view! { <p class="hint">{move || app.t().lab.answers.no_program}</p> })}
            {value.map(|value| view! {
                <p data-testid="lab-program-value">{move || (app.t().lab.answers.value)(&value)}</p>
            })}
            {error.filter(|_| is_there).map(|error| view! { <p class="problem">{error}</p> })}
        </div>
    }
}
