//! Characters per token: of this text, of the same sentence in English and Chinese, and with another tokenizer.

use leptos::prelude::*;

use crate::components::chip::draw;
use crate::components::flow::{For, Show};
use crate::protocol::inside::{Answer, Ask, InsideText};
use crate::protocol::{Prompt, TokenView};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::question::{Reply, ask};
use crate::state::inside::tokens::{Packing, first_difference};
use crate::state::token;

use super::super::waiting::Waiting;

/// A text that is compared is not longer.
const LONGEST: usize = 400;

/// The same sentence twice. Not translated: what is compared are the languages.
const ENGLISH: &str = "The weather is nice today, so we are going to the park.";
const CHINESE: &str = "今天天气很好，所以我们去公园。";

fn encoded(reply: Reply) -> Option<Vec<TokenView>> {
    reply.one(|answer| match answer {
        Answer::Encoded { tokens } => Some(tokens.clone()),
        _ => None,
    })
}

/// Asks how the tokenizer of the text's model cuts this.
fn ask_encoded(app: App, text: impl Fn() -> Option<String> + Send + Sync + 'static) -> Reply {
    ask(app, move || {
        let (about, _) = app.inside.ready()?;
        let text = text().filter(|text| !text.is_empty())?;
        Some((about, Ask::Encode { text }))
    })
}

#[component]
pub(super) fn Pack() -> impl IntoView {
    let app = App::get();
    let english = ask_encoded(app, || Some(ENGLISH.to_owned()));
    let chinese = ask_encoded(app, || Some(CHINESE.to_owned()));
    let whole = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map(|facts| Packing::of(&facts.tokens)))
    });
    let row = move |name: fn(App) -> &'static str,
                    text: Option<&'static str>,
                    packing: Option<Packing>| {
        packing.map(|packing| view! {
            <tr data-testid="packing" data-tokens=packing.tokens data-characters=packing.characters>
                <th scope="row">{name(app)}</th>
                <td class="number">{packing.characters}</td>
                <td class="number">{packing.tokens}</td>
                <td class="number">
                    {packing.characters_per_token().map(|ratio| format!("{ratio:.2}"))}
                </td>
                <td class="packing-text">{text}</td>
            </tr>
        })
    };
    let of = |reply: Reply| encoded(reply).map(|tokens| Packing::of(&tokens));
    view! {
        <section class="inside-part">
            <h3>{move || app.t().inside_tokens.packing}</h3>
            <p class="hint">{move || app.t().inside_tokens.packing_explained}</p>
            <div class="table-scroll" tabindex="0" role="group" aria-label=move || app.t().inside_tokens.packing>
                <table class="figures-table">
                    <thead>
                        <tr>
                            <th scope="col">{move || app.t().inside_tokens.text}</th>
                            <th scope="col" class="number">{move || app.t().inside_tokens.characters}</th>
                            <th scope="col" class="number">{move || app.t().inside_tokens.tokens}</th>
                            <th scope="col" class="number">{move || app.t().inside_tokens.ratio}</th>
                            <th scope="col"></th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || row(|app| app.t().inside_tokens.this_text, None, whole.get())}
                        {move || row(|app| app.t().inside_tokens.english, Some(ENGLISH), of(english))}
                        {move || row(|app| app.t().inside_tokens.chinese, Some(CHINESE), of(chinese))}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// The same text through the tokenizer of another loaded model.
#[component]
pub(super) fn Rival() -> impl IntoView {
    let app = App::get();
    let chosen = RwSignal::new(None::<String>);
    let typed = RwSignal::new(None::<String>);
    let about = memo(move || app.inside.text.with(|text| text.as_ref().map(|t| t.model.clone())));
    let others = memo(move || {
        let own = about.get();
        app.library.with(|library| {
            let models = library.models().map(|info| info.id.clone());
            models.filter(|id| Some(id) != own.as_ref()).collect::<Vec<_>>()
        })
    });
    let rival = memo(move || {
        let others = others.get();
        chosen.get().filter(|id| others.contains(id)).or_else(|| others.first().cloned())
    });
    let plain = memo(move || app.scene.with(|scene| scene.prompt.text.clone()));
    let text =
        memo(move || typed.get().unwrap_or_else(|| plain.get().chars().take(LONGEST).collect()));
    let own = ask_encoded(app, move || rival.get().map(|_| text.get()));
    let other = ask(app, move || {
        let model = rival.get()?;
        let stage = app
            .library
            .with(|library| library.info(&model)?.stages.first().map(|stage| stage.id.clone()))?;
        let text = text.get();
        let prompt = Prompt::Raw { text: text.clone() };
        let about = InsideText { model, stage, prompt, answer: Vec::new() };
        (!text.is_empty()).then_some((about, Ask::Encode { text }))
    });
    // The other model that was answered for: the choice may be ahead.
    let rival_shown = move || other.about(|about, _| Some(about.model.clone()));
    let parts_at = move || {
        let text_of = |reply: Reply| {
            reply.about(|_, ask| match ask {
                Ask::Encode { text } => Some(text.clone()),
                _ => None,
            })
        };
        if text_of(own) != text_of(other) {
            return None;
        }
        let (own, other) = (encoded(own)?, encoded(other)?);
        Some((app.t().inside_tokens.parts)(first_difference(&own, &other)))
    };
    view! {
        <section class="inside-part" data-testid="rival" data-model=move || rival.get()>
            <h3>{move || app.t().inside_tokens.rival}</h3>
            <Show
                when=move || rival.get().is_some()
                fallback=move || view! { <p class="hint">{move || app.t().inside_tokens.no_rival}</p> }
            >
                <div class="tool-row">
                    <label class="field">
                        <span class="field-name">{move || app.t().inside_tokens.rival_model}</span>
                        <select
                            data-testid="rival-model"
                            on:change=move |event| chosen.set(Some(event_target_value(&event)))
                        >
                            <For
                                each=move || others.get()
                                key=|id: &String| id.clone()
                                children=move |id: String| {
                                    let own = id.clone();
                                    let value = id.clone();
                                    view! {
                                        <option value=value prop:selected=move || rival.get().as_ref() == Some(&own)>
                                            {move || app.model_name(&id)}
                                        </option>
                                    }
                                }
                            />
                        </select>
                    </label>
                    <label class="field rival-text">
                        <span class="field-name">{move || app.t().inside_tokens.text}</span>
                        <input
                            type="text"
                            data-testid="rival-text"
                            maxlength=LONGEST
                            prop:value=move || text.get()
                            on:input=move |event| typed.set(Some(event_target_value(&event)))
                        />
                    </label>
                </div>
                <Waiting reply=other/>
                {move || about.get().map(|model| cut(app, &model, encoded(own)))}
                {move || rival_shown().map(|model| cut(app, &model, encoded(other)))}
                <p class="hint" role="status">{parts_at}</p>
            </Show>
        </section>
    }
}

/// A text as a tokenizer cuts it. Tracks the language.
fn cut(app: App, model: &str, tokens: Option<Vec<TokenView>>) -> impl IntoView + use<> {
    let name = app.model_name(model);
    tokens.map(|tokens| {
        let packing = Packing::of(&tokens);
        let line =
            (app.t().inside_tokens.cut)(&name, packing.tokens, packing.characters_per_token());
        let chips = tokens
            .iter()
            .map(|view| view! { <span class="chip">{draw(token::pieces(view))}</span> })
            .collect_view();
        view! {
            <p class="hint">{line}</p>
            <p class="rival-chips" data-testid="rival-cut" data-tokens=packing.tokens>{chips}</p>
        }
    })
}
