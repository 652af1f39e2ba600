//! Votes as bars.

use lab::technique::Vote;
use leptos::prelude::*;

use crate::state::app::App;
use crate::state::lab::tally::width;

#[component]
pub(super) fn Votes(votes: Vec<Vote>) -> impl IntoView {
    let app = App::get();
    let all: usize = votes.iter().map(|vote| vote.samples.len()).sum();
    // The first that is an answer has won.
    let winner = votes.iter().position(|vote| vote.answer.is_some());
    let bars = votes
        .into_iter()
        .enumerate()
        .map(|(at, vote)| {
            let count = vote.samples.len();
            let share = if all == 0 { 0.0 } else { count as f64 / all as f64 };
            let answer = vote.answer;
            let name = move || match &answer {
                Some(answer) => answer.clone(),
                None => app.t().lab.answers.no_answer.to_owned(),
            };
            let spoken = {
                let name = name.clone();
                move || (app.t().lab.answers.vote)(&name(), count, all)
            };
            view! {
                <li
                    class="vote"
                    class:won=winner == Some(at)
                    data-testid="lab-vote"
                    data-votes=count
                    aria-label=spoken
                >
                    <span class="vote-answer">{name}</span>
                    <span class="vote-track" aria-hidden="true">
                        <span class="vote-bar" style:width=width(share)></span>
                    </span>
                    <span class="vote-count">{count}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.votes}</h5>
            <ol class="votes-list" data-testid="lab-votes">{bars}</ol>
        </div>
    }
}
