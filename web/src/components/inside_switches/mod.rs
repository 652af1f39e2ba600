//! Switching parts of the model off, scaling them, or giving it a vector from another prompt; and what that changes.

mod board;
mod compare;
mod list;
mod patch;

use leptos::prelude::*;

use crate::components::inside::waiting::Waiting;
use crate::protocol::inside::{Answer, Ask, InsideText};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::question::{Standing, ask};
use crate::state::inside::switches::{self, Comparison, prompt_like, text_to};
use crate::state::inside::view;

use board::Board;
use compare::ComparePart;
use list::List;
use patch::PatchPart;

#[component]
pub(crate) fn SwitchesPanel() -> impl IntoView {
    let app = App::get();
    // The text as far as both runs get it.
    let text = memo(move || {
        let (text, facts) = app.inside.ready()?;
        Some(text_to(&text, &facts, &app.selection()))
    });
    // The other prompt, as the tokenizer has it.
    let source_reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let source = app.scene.with(|scene| view(scene).patch.map(|patch| patch.source))?;
        let prompt = prompt_like(&text.prompt, &source);
        (!source.is_empty())
            .then_some((InsideText { prompt, answer: Vec::new(), ..text }, Ask::Text))
    });
    let source = memo(move || {
        // What was answered for another prompt says nothing of this one.
        if source_reply.standing.get() != Standing::Quiet {
            return None;
        }
        source_reply.one(|answer| match answer {
            Answer::Text(facts) => Some(facts.tokens.clone()),
            _ => None,
        })
    });
    let reply = ask(app, move || {
        // The other prompt's length decides what is asked.
        if source_reply.is_waiting() {
            return None;
        }
        let (text, (_, facts)) = (text.get()?, app.inside.ready()?);
        let length = source.with(|source| source.as_ref().map(|tokens| tokens.len() as u32));
        let ask = app.scene.with(|scene| switches::ask(&view(scene), &text, &facts, length));
        Some((text, ask))
    });
    let comparison = memo(move || reply.one(Comparison::of));
    let changes = memo(move || {
        app.scene.with(|scene| {
            let view = view(scene);
            view.switches.len() + usize::from(view.patch.is_some())
        })
    });
    // Tokens that both runs get.
    let length = memo(move || {
        let (text, (_, facts)) = (text.get()?, app.inside.ready()?);
        Some(facts.prompt_tokens + text.answer.len() as u32)
    });
    let follows = move || {
        let is_prompt = text.with(|text| text.as_ref().map(|text| text.answer.is_empty()))?;
        Some((app.t().inside_switches.follows)(length.get()?, is_prompt))
    };
    view! {
        <div
            class="inside-body"
            data-testid="switches"
            data-part="switches"
            data-changes=move || changes.get()
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <p class="tool-intro">{move || app.t().inside_switches.intro}</p>
            <div class="inside-pair">
                <div class="inside-part">
                    <Board/>
                    <List/>
                    <PatchPart source=source reply=source_reply length=length/>
                </div>
                <div class="inside-part">
                    <p class="hint">{follows}</p>
                    <Waiting reply=reply/>
                    <ComparePart comparison=comparison/>
                </div>
            </div>
        </div>
    }
}
