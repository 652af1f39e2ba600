//! Which answer is better? Votes, kept in this browser and taken away as preference data.

use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::scene;
use crate::state::votes::Verdict;

#[component]
pub(crate) fn VoteTool() -> impl IntoView {
    let app = App::get();
    let blind = memo(move || app.blind.get());
    let is_done = memo(move || blind.get().voted);
    let can_vote = memo(move || app.can_vote() && !is_done.get());
    view! {
        <div class="vote-tool" data-part="vote">
            <p class="tool-intro">{move || app.t().vote.intro}</p>
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="blind"
                    prop:checked=move || blind.get().on
                    on:change=move |event| app.set_blind(event_target_checked(&event))
                />
                <span>{move || app.t().vote.blind}</span>
            </label>
            <Show
                when=move || can_vote.get()
                fallback=move || view! {
                    <p class="hint">
                        {move || if is_done.get() { "" } else { app.t().vote.not_yet }}
                    </p>
                }
            >
                <Verdicts/>
            </Show>
            <Show when=move || is_done.get()>
                <p role="status" data-testid="voted">{move || app.t().vote.thanks}</p>
            </Show>
            <Kept/>
        </div>
    }
}

#[component]
fn Verdicts() -> impl IntoView {
    let app = App::get();
    let count = memo(move || app.shown.with(Vec::len));
    let letters = move || (0..count.get()).collect::<Vec<_>>();
    view! {
        <div class="buttons" role="group" aria-label=move || app.t().vote.title>
            <For
                each=letters
                key=|at: &usize| *at
                children=move |at: usize| view! {
                    <button
                        type="button"
                        class="plain"
                        data-testid="vote"
                        data-verdict=at
                        on:click=move |_| app.vote(Verdict::Best(at))
                    >
                        {move || (app.t().vote.best)(scene::letter(at), count.get())}
                    </button>
                }
            />
            <button
                type="button"
                class="plain"
                data-testid="vote"
                data-verdict="tie"
                on:click=move |_| app.vote(Verdict::Tie)
            >
                {move || app.t().vote.tie}
            </button>
            <button
                type="button"
                class="plain"
                data-testid="vote"
                data-verdict="bad"
                on:click=move |_| app.vote(Verdict::AllBad)
            >
                {move || (app.t().vote.all_bad)(count.get())}
            </button>
        </div>
    }
}

/// What is kept, and a way to take it away.
#[component]
fn Kept() -> impl IntoView {
    let app = App::get();
    let counts = memo(move || app.ballot.with(|ballot| (ballot.votes.len(), ballot.signals.len())));
    let wins = move || {
        app.ballot.with(|ballot| {
            let stages = ballot.stages();
            stages
                .into_iter()
                .map(|(model, stage)| {
                    let (won, of) = ballot.wins(&model, &stage);
                    (app.t().vote.wins)(&app.stage_name(&model, &stage), won, of)
                })
                .map(|line| view! { <li>{line}</li> })
                .collect_view()
        })
    };
    view! {
        <p class="hint" data-testid="votes" data-votes=move || counts.get().0 data-signals=move || counts.get().1>
            {move || (app.t().vote.kept)(counts.get().0, counts.get().1)}
        </p>
        <Show when=move || counts.get() != (0, 0)>
            <ul class="wins">{wins}</ul>
            <div class="buttons">
                <button
                    type="button"
                    class="plain"
                    data-testid="export-votes"
                    on:click=move |_| app.export_votes()
                >
                    {move || app.t().vote.export}
                </button>
                <Show when=move || counts.get().1 != 0>
                    <button
                        type="button"
                        class="plain"
                        data-testid="export-signals"
                        on:click=move |_| app.export_signals()
                    >
                        {move || app.t().vote.export_signals}
                    </button>
                </Show>
                <button
                    type="button"
                    class="quiet"
                    data-testid="clear-votes"
                    on:click=move |_| app.clear_ballot()
                >
                    {move || app.t().vote.clear}
                </button>
            </div>
        </Show>
    }
}
