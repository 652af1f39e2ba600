//! A tree of thoughts, drawn.

use lab::technique::Thought;
use leptos::prelude::*;

use crate::state::app::App;
use crate::state::lab::thoughts::{Node, tree};

#[component]
pub(super) fn Thoughts(thoughts: Vec<Thought>, best: Option<usize>) -> impl IntoView {
    let app = App::get();
    let roots = tree(&thoughts, best);
    view! {
        <div class="detail">
            <h5>{move || app.t().lab.answers.tree}</h5>
            <p class="hint">{move || app.t().lab.answers.tree_explained}</p>
            {branch(app, roots)}
        </div>
    }
}

fn branch(app: App, nodes: Vec<Node>) -> AnyView {
    let nodes = nodes.into_iter().map(|node| node_view(app, node)).collect_view();
    view! { <ul class="thoughts" data-testid="lab-tree">{nodes}</ul> }.into_any()
}

fn node_view(app: App, Node { thought, best, children }: Node) -> AnyView {
    let (score, kept) = (thought.score, thought.kept);
    let state = match (best, kept) {
        (true, _) => "best",
        (false, true) => "kept",
        (false, false) => "dropped",
    };
    view! {
        <li class="thought" data-testid="lab-thought" data-state=state>
            <div class="thought-box">
                <p class="thought-text">{thought.text}</p>
                <p class="hint">
                    {move || match score {
                        Some(score) => (app.t().lab.answers.score)(score),
                        None => app.t().lab.answers.no_score.to_owned(),
                    }}
                    " · "
                    {move || match (best, kept) {
                        (true, _) => app.t().lab.answers.best,
                        (false, true) => app.t().lab.answers.kept,
                        (false, false) => app.t().lab.answers.dropped,
                    }}
                </p>
            </div>
            {(!children.is_empty()).then(|| branch(app, children))}
        </li>
    }
    .into_any()
}
