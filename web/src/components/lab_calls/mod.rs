//! The calls of an answer: what each was asked, with its parts in their colours, and what it said.

use std::collections::BTreeMap;

use lab::technique::CallRecord;
use leptos::prelude::*;

use crate::protocol::lab::CallTokens;
use crate::state::app::App;
use crate::state::format;
use crate::state::lab::parts::code;
use crate::state::lab::pieces::{self, Block, Piece};

/// A prompt as text. Parts have their colours; roles of a chat stand before their messages.
#[component]
pub(crate) fn PromptText(
    #[prop(into)] blocks: Signal<Vec<Block>>,
    #[prop(optional)] test_id: &'static str,
) -> impl IntoView {
    let app = App::get();
    let shown = move || {
        let blocks = blocks.get();
        let is_chat = blocks.iter().any(|block| !block.role.is_empty());
        let ends_as_assistant = blocks.last().is_some_and(|block| block.role == "assistant");
        let list = blocks.into_iter().map(|block| block_view(app, block)).collect_view();
        // The template opens the assistant's turn after the last message of the user.
        let turn = (is_chat && !ends_as_assistant).then(|| (app.t().lab.parts.role)("assistant"));
        view! {
            {list}
            <p class="answer-here">
                {turn.map(|role| view! { <span class="turn-role">{role}</span>" " })}
                <span class="caret" aria-hidden="true">"▸"</span>
                <span class="hint">{app.t().lab.parts.begins}</span>
            </p>
        }
    };
    let test_id = (!test_id.is_empty()).then_some(test_id);
    view! { <div class="prompt-text" data-testid=test_id>{shown}</div> }
}

/// Tracks the language.
fn block_view(app: App, Block { role, pieces }: Block) -> impl IntoView {
    let role = (!role.is_empty()).then(|| (app.t().lab.parts.role)(&role));
    let pieces = pieces.into_iter().map(|piece| piece_view(app, piece)).collect_view();
    view! {
        <div class="turn">
            {role.map(|role| view! { <span class="turn-role">{role}</span> })}
            <p class="turn-text">{pieces}</p>
        </div>
    }
}

fn piece_view(app: App, Piece { text, part }: Piece) -> impl IntoView {
    let Some(part) = part else { return view! { <span>{text}</span> }.into_any() };
    let title = (app.t().lab.parts.numbered)(part.kind, part.number);
    view! {
        <span class="piece" data-part=code(part.kind) data-index=part.index title=title>{text}</span>
    }
    .into_any()
}

/// All calls of an answer, folded.
#[component]
pub(crate) fn Calls(
    records: Vec<CallRecord>,
    #[prop(optional)] tokens: BTreeMap<usize, CallTokens>,
    /// Unfolded from the beginning.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let app = App::get();
    let count = records.len();
    let list = records
        .into_iter()
        .enumerate()
        .map(|(at, record)| {
            let (number, tokens) = (at + 1, tokens.get(&at).cloned());
            view! { <CallView number=number of=count record=record tokens=tokens/> }
        })
        .collect_view();
    view! {
        <details class="calls" data-testid="lab-calls" data-calls=count open=open>
            <summary>{move || (app.t().lab.answers.calls)(count)}</summary>
            <ol class="call-list">{list}</ol>
        </details>
    }
}

#[component]
fn CallView(
    number: usize,
    of: usize,
    record: CallRecord,
    tokens: Option<CallTokens>,
) -> impl IntoView {
    let app = App::get();
    let CallRecord { call, reply } = record;
    let purpose = call.purpose;
    let blocks = pieces::blocks(&call.input, &call.segments);
    let (prompt_tokens, reused, written) = (reply.prompt_tokens, reply.reused_tokens, reply.tokens);
    let (cut_off, seconds) = (!reply.ended, reply.seconds);
    let speaker = call.speaker.clone();
    let said = if reply.text.is_empty() { None } else { Some(reply.text) };
    let ids = tokens.map(|tokens| {
        let ids = tokens.answer.iter().map(|token| token.id.to_string());
        ids.collect::<Vec<_>>().join(" ")
    });
    view! {
        <li class="call" data-testid="lab-call">
            <p class="call-head">
                {(of > 1).then(|| view! { <b class="call-number">{number}</b>" " })}
                {speaker.map(|speaker| view! { <b>{speaker}</b>" " })}
                <span>{move || (app.t().lab.answers.purpose)(purpose)}</span>
                " "
                <span class="hint">
                    {move || (app.t().lab.answers.call_tokens)(prompt_tokens, reused, written)}
                    {(seconds > 0.0).then(|| format!(" · {}", format::duration(seconds * 1000.0)))}
                    {move || cut_off.then(|| format!(" · {}", app.t().lab.answers.cut_off))}
                </span>
            </p>
            <div class="call-pair">
                <div>
                    <span class="field-name">{move || app.t().lab.answers.prompt}</span>
                    <PromptText blocks=Signal::stored(blocks)/>
                </div>
                <div>
                    <span class="field-name">{move || app.t().lab.answers.reply}</span>
                    <p class="said" title=ids>
                        {move || said.clone().unwrap_or_else(|| app.t().lab.answers.nothing.to_owned())}
                    </p>
                </div>
            </div>
        </li>
    }
}
