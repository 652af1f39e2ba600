//! The way from text to next token. One text, token, layer and head are selected across all panels, which open in
//! place, one at a time; what is closed asks nothing.

pub(crate) mod attention;
mod embedding;
pub(crate) mod files;
pub(crate) mod heatmap;
pub(crate) mod pick;
mod pipeline;
mod scatter;
pub(crate) mod strip;
mod tokens;
pub(crate) mod waiting;

use std::sync::Arc;

use leptos::prelude::*;
use share::scene::{Panel, View};
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::components::flow::{For, Show};
use crate::components::inside_feed_forward::FeedForwardPanel;
use crate::components::inside_influence::InfluencePanel;
use crate::components::inside_output::OutputPanel;
use crate::components::inside_residual::ResidualPanel;
use crate::components::inside_switches::SwitchesPanel;
use crate::protocol::inside::{Answer, Ask};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::inside::question::ask;
use crate::state::scene;

use attention::AttentionPanel;
use embedding::EmbeddingPanel;
use pipeline::{Pipeline, panel_code, tab_id};
use strip::Strip;
use tokens::TokensPanel;
use waiting::Waiting;

#[component]
pub(crate) fn InsidePage() -> impl IntoView {
    let app = App::get();
    follow_text(app);
    let reply = ask(app, move || Some((app.inside.text.get()?, Ask::Text)));
    effect(move || {
        let facts = reply.one(|answer| match answer {
            Answer::Text(facts) => Some(facts.clone()),
            _ => None,
        });
        let is_current = app
            .inside
            .text
            .with_untracked(|text| text.as_ref().is_some_and(|text| reply.is_about(text)));
        if let Some(facts) = facts.filter(|_| is_current) {
            app.inside.facts.set(Some(Arc::new(facts)));
        }
    });
    let panel = memo(move || app.selection().panel);
    let has_facts = memo(move || app.inside.facts.with(Option::is_some));
    let is_asked = memo(move || is_asked(app));
    let about = memo(move || {
        app.inside.text.with(|text| text.as_ref().map(|t| (t.model.clone(), t.stage.clone())))
    });
    view! {
        <section
            class="inside"
            aria-labelledby="inside-title"
            data-testid="inside"
            data-panel=move || panel_code(panel.get())
            data-model=move || about.get().map(|(model, _)| model)
            data-stage=move || about.get().map(|(_, stage)| stage)
            data-ready=move || has_facts.get().then_some("")
            on:keydown=move |event| free(app, &event)
        >
            <div class="inside-head">
                <h2 id="inside-title">
                    {move || match about.get() {
                        Some((model, stage)) => {
                            (app.t().inside.title)(&app.stage_name(&model, &stage))
                        }
                        None => app.t().inside.no_text.to_owned(),
                    }}
                </h2>
                <ColumnPick/>
                <button
                    type="button"
                    class="quiet"
                    data-testid="close-inside"
                    on:click=move |_| app.close_inside()
                >
                    {move || if is_asked.get() { app.t().inside.back_to_lab } else { app.t().inside.back }}
                </button>
            </div>
            <Show when=move || is_asked.get()>
                <p class="hint" data-testid="inside-lab-prompt">
                    {move || app.t().inside.lab_prompt}
                    " "
                    <button
                        type="button"
                        class="quiet"
                        data-testid="inside-to-columns"
                        on:click=move |_| app.look_into_columns()
                    >
                        {move || app.t().inside.to_columns}
                    </button>
                </p>
            </Show>
            <Show when=move || about.get().is_some()>
                <Strip/>
                <Waiting reply=reply hides_old=true/>
                <Pipeline/>
                <div
                    class="inside-panel"
                    id="inside-panel"
                    data-part="panel"
                    role="tabpanel"
                    aria-labelledby=move || tab_id(panel.get())
                >
                    <Show when=move || has_facts.get()>
                        {move || match panel.get() {
                            Panel::Tokens => view! { <TokensPanel/> }.into_any(),
                            Panel::Embedding => view! { <EmbeddingPanel/> }.into_any(),
                            Panel::Attention => view! { <AttentionPanel/> }.into_any(),
                            Panel::FeedForward => view! { <FeedForwardPanel/> }.into_any(),
                            Panel::Residual => view! { <ResidualPanel/> }.into_any(),
                            Panel::Output => view! { <OutputPanel/> }.into_any(),
                            Panel::Influence => view! { <InfluencePanel/> }.into_any(),
                            Panel::Switches => view! { <SwitchesPanel/> }.into_any(),
                        }}
                    </Show>
                </div>
            </Show>
        </section>
    }
}

/// Escape frees token and key, except where it belongs to a field or to an input method.
fn free(app: App, event: &KeyboardEvent) {
    if event.key() == "Escape" && !event.is_composing() && !dom::is_field(event) {
        app.select(|view| {
            view.token = None;
            view.key = None;
        });
    }
}

/// Is a prompt of the lab looked into? Tracks.
fn is_asked(app: App) -> bool {
    app.scene.with(|scene| match &scene.view {
        View::Inside(view) => view.asked.is_some(),
        View::Compare(_) | View::Lab(_) => false,
    })
}

/// Keeps the text, and its twin in another stage, up to date. The facts of another text say nothing of this one.
fn follow_text(app: App) {
    effect(move || {
        let before = app.inside.text.get_untracked();
        let text = app.text_inside(before.as_ref());
        if text != before {
            app.inside.facts.set(None);
            app.inside.text.set(text);
        }
    });
    effect(move || {
        let against = app.text_against();
        if against != app.inside.against.get_untracked() {
            app.inside.against.set(against);
        }
    });
}

/// Which column's text is looked into, where there are several.
#[component]
fn ColumnPick() -> impl IntoView {
    let app = App::get();
    let columns = memo(move || {
        app.scene.with(|scene| {
            let columns = scene.columns.iter().enumerate();
            columns.map(|(at, c)| (at, c.model.clone(), c.stage.clone())).collect::<Vec<_>>()
        })
    });
    let current = memo(move || {
        let last = columns.with(|columns| columns.len().saturating_sub(1));
        app.scene.with(|scene| (crate::state::inside::view(scene).column as usize).min(last))
    });
    let is_asked = memo(move || is_asked(app));
    let is_current = move |at: usize| current.get() == at && !is_asked.get();
    let choose = move |at: usize| {
        app.select(|view| {
            view.column = at as u32;
            view.asked = None;
            view.against = view.against.filter(|against| *against != at as u32);
        });
        dom::focus(&format!("inside-column-{at}"));
    };
    view! {
        <Show when=move || columns.with(|columns| columns.len() > 1)>
            <div class="inside-columns" role="group" aria-label=move || app.t().inside.which_column>
                <For
                    each=move || columns.get()
                    key=|column: &(usize, String, String)| column.clone()
                    children=move |(at, model, stage): (usize, String, String)| { let code = stage.clone(); view! {
                        <button
                            type="button"
                            class="inside-column"
                            id=format!("inside-column-{at}")
                            data-testid="inside-column"
                            data-stage=code
                            aria-pressed=move || if is_current(at) { "true" } else { "false" }
                            on:click=move |_| choose(at)
                        >
                            <span class="letter" aria-hidden="true">{scene::letter(at).to_string()}</span>
                            {move || app.stage_label(&model, &stage)}
                        </button>
                    }}
                />
            </div>
        </Show>
    }
}
