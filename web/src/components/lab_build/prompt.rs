//! What goes in: the assembled text and its tokens, each part in its colour.

use lab::prompt::{Input, PartKind, Stretch};
use leptos::prelude::*;

use crate::components::chip::draw;
use crate::components::flow::Show;
use crate::components::lab_calls::PromptText;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::parts::code;
use crate::state::lab::{Tokens, pieces};
use crate::state::token;

#[component]
pub(super) fn PromptView() -> impl IntoView {
    let app = App::get();
    let as_tokens = RwSignal::new(false);
    let call = memo(move || app.lab_first_call().map(|(_, call)| call));
    // Tokens of another prompt are not shown as those of this one.
    let tokens = memo(move || {
        let input = call.with(|call| call.as_ref().map(|call| call.input.clone()))?;
        app.lab.tokens.with(|tokens| tokens.clone().filter(|tokens| tokens.input == input))
    });
    let is_several = memo(move || app.lab.build.with(|build| build.is_several()));
    let choice = move |tokens: bool, test_id: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="lab-prompt-as"
                    data-testid=test_id
                    prop:checked=move || as_tokens.get() == tokens
                    on:change=move |_| as_tokens.set(tokens)
                />
                <span>
                    {move || if tokens { app.t().lab.parts.as_tokens } else { app.t().lab.parts.as_text }}
                </span>
            </label>
        }
    };
    let text = move || {
        call.with(|call| call.as_ref().map(|call| pieces::blocks(&call.input, &call.segments)))
            .unwrap_or_default()
    };
    view! {
        <section class="assembled" aria-labelledby="assembled-title">
            <div class="assembled-head">
                <h3 id="assembled-title">
                    {move || if is_several.get() {
                        app.t().lab.parts.assembled_first
                    } else {
                        app.t().lab.parts.assembled
                    }}
                </h3>
                <div class="choices">
                    {choice(false, "lab-as-text")}
                    {choice(true, "lab-as-tokens")}
                </div>
                <TokenCounts tokens=tokens/>
            </div>
            <Show
                when=move || as_tokens.get() && tokens.with(Option::is_some)
                fallback=move || view! { <PromptText blocks=Signal::derive(text) test_id="lab-prompt"/> }
            >
                {move || tokens.get().map(|tokens| view! { <TokenList tokens=tokens/> })}
            </Show>
        </section>
    }
}

/// How many tokens each part takes.
#[component]
fn TokenCounts(tokens: Memo<Option<Tokens>>) -> impl IntoView {
    let app = App::get();
    let counts = move || {
        let words = &app.t().lab.parts;
        tokens.with(|tokens| {
            let Some(tokens) = tokens else {
                return view! { <span class="hint">{words.no_tokens}</span> }.into_any();
            };
            let of = |stretch: Option<usize>| {
                tokens.parts.iter().filter(|part| **part == stretch).count()
            };
            let parts = tokens.stretches.iter().enumerate().map(|(at, stretch)| {
                let name = (words.numbered)(stretch.kind, stretch.number);
                view! {
                    <li class="part-mark" data-part=code(stretch.kind)>
                        {(words.part_tokens)(&name, of(Some(at)))}
                    </li>
                }
            });
            let rest = of(None);
            let is_chat = matches!(tokens.input, Input::Chat { .. });
            view! {
                <ul class="token-counts" data-testid="lab-tokens" data-tokens=tokens.tokens.len()>
                    <li><b>{(words.tokens)(tokens.tokens.len())}</b></li>
                    {parts.collect_view()}
                    {(rest > 0 && is_chat).then(|| view! {
                        <li class="hint">{(words.part_tokens)(words.template, rest)}</li>
                    })}
                </ul>
            }
            .into_any()
        })
    };
    view! { <div class="token-count-line">{counts}</div> }
}

/// The tokens of a prompt as chips.
#[component]
fn TokenList(tokens: Tokens) -> impl IntoView {
    let app = App::get();
    let Tokens { tokens, parts, stretches, .. } = tokens;
    let chips = tokens
        .into_iter()
        .zip(parts.into_iter().chain(std::iter::repeat(None)))
        .map(|(token, part)| {
            let stretch = part.and_then(|part| stretches.get(part).copied());
            token_chip(app, &token, stretch)
        })
        .collect_view();
    view! { <p class="prompt-tokens" data-testid="lab-prompt-tokens">{chips}</p> }
}

fn token_chip(app: App, token: &TokenView, stretch: Option<Stretch>) -> impl IntoView + use<> {
    let kind: Option<PartKind> = stretch.map(|stretch| stretch.kind);
    let words = &app.t().lab.parts;
    let part = stretch.map_or_else(
        || words.template.to_owned(),
        |stretch| (words.numbered)(stretch.kind, stretch.number),
    );
    let breaks = (0..token::newlines(token)).map(|_| view! { <br/> }).collect_view();
    view! {
        <span
            class=if token.special { "chip special" } else { "chip" }
            data-part=kind.map(code)
            data-id=token.id
            title=format!("{part} · {}", token.id)
        >
            {draw(token::pieces(token))}
        </span>
        {breaks}
    }
}
