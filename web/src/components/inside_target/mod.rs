//! Which token is explained: one of the likeliest after the followed token, the one that stands next, or any other.

use leptos::prelude::*;

use crate::components::flow::For;
use crate::protocol::TokenView;
use crate::protocol::inside::{Answer, Ask};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::question::{Heard, ask};
use crate::state::inside::target::{Likely, next_in_text, target};
use crate::state::token;

/// What the panels know about the token that is explained.
#[derive(Clone, Copy)]
pub(crate) struct Targets {
    /// The distribution after the followed token.
    pub(crate) likely: Memo<Option<Likely>>,
    /// The id that is explained.
    pub(crate) target: Memo<Option<u32>>,
    /// Tokens that the reader typed.
    typed: RwSignal<Vec<TokenView>>,
}

impl Targets {
    /// Asks for the distribution after the followed token.
    pub(crate) fn new(app: App) -> Self {
        let reply = ask(app, move || {
            let (text, _) = app.inside.ready()?;
            Some((text, Ask::Logits { token: app.selection().token }))
        });
        let likely = memo(move || {
            let token = app.selection().token;
            reply.one(Likely::of).filter(|likely| likely.token == token)
        });
        let target = memo(move || {
            let (_, facts) = app.inside.ready()?;
            let best = likely.with(|likely| likely.as_ref().and_then(Likely::best));
            target(&app.selection(), &facts, best)
        });
        Self { likely, target, typed: RwSignal::new(Vec::new()) }
    }

    /// A token in words; its number where its text is not known. Tracks.
    pub(crate) fn name(self, app: App, id: u32) -> String {
        let likely = self.likely.with(|likely| {
            let (view, _) = likely.as_ref()?.tokens.iter().find(|(view, _)| view.id == id)?;
            Some(token::spoken(view))
        });
        let of = |views: &[TokenView]| views.iter().find(|view| view.id == id).map(token::spoken);
        likely
            .or_else(|| self.typed.with(|typed| of(typed)))
            .or_else(|| app.inside.facts.with(|facts| of(&facts.as_ref()?.tokens)))
            .unwrap_or_else(|| format!("#{id}"))
    }

    /// Ids and names to choose from: the likeliest, what stands next, what was typed. Tracks.
    fn options(self, app: App) -> Vec<(u32, String)> {
        let mut out = self.likely.with(|likely| {
            let tokens = likely.as_ref().map(|likely| likely.tokens.as_slice()).unwrap_or_default();
            let named = tokens.iter().map(|(view, share)| {
                (view.id, format!("“{}” {}", token::spoken(view), format::percent(*share)))
            });
            named.collect::<Vec<_>>()
        });
        let at = app.selection().token;
        let next = app.inside.facts.with(|facts| {
            facts.as_ref().and_then(|facts| next_in_text(facts, at)).map(|view| view.id)
        });
        let typed = self.typed.with(|typed| typed.iter().map(|view| view.id).collect::<Vec<_>>());
        for id in next.into_iter().chain(typed).chain(self.target.get()) {
            if !out.iter().any(|(other, _)| *other == id) {
                out.push((id, format!("“{}”", self.name(app, id))));
            }
        }
        out
    }

    /// The reader typed a text: its first token is explained from now on.
    fn choose_typed(self, app: App, typed: String) {
        let text = app.inside.text.get_untracked().filter(|_| !typed.is_empty());
        let Some(text) = text else { return };
        let heard = Callback::new(move |(_, heard): (u32, Heard)| {
            if let Heard::Answer(answer) = heard
                && let Answer::Encoded { tokens } = answer.as_ref()
                && let Some(first) = tokens.first().cloned()
            {
                app.select(|view| view.target = Some(first.id));
                self.typed.update(|typed| typed.push(first));
            }
            true
        });
        app.send_inside(text, Ask::Encode { text: typed }, heard);
    }
}

#[component]
pub(crate) fn TargetPick(targets: Targets) -> impl IntoView {
    let app = App::get();
    let chosen = memo(move || app.selection().target);
    let options = memo(move || targets.options(app));
    let choose = move |value: String| app.select(|view| view.target = value.parse().ok());
    view! {
        <label class="field target">
            <span class="field-name">{move || app.t().inside_more.target}</span>
            <select
                data-testid="inside-target"
                data-target=move || targets.target.get()
                on:change=move |event| choose(event_target_value(&event))
            >
                <option value="" prop:selected=move || chosen.get().is_none()>
                    {move || app.t().inside_more.target_auto}
                </option>
                <For
                    each=move || options.get()
                    key=|option: &(u32, String)| option.clone()
                    children=move |(id, name): (u32, String)| view! {
                        <option value=id.to_string() prop:selected=move || chosen.get() == Some(id)>
                            {name}
                        </option>
                    }
                />
            </select>
        </label>
        <label class="field target">
            <span class="field-name">{move || app.t().inside_more.target_other}</span>
            <input
                type="text"
                data-testid="inside-target-text"
                placeholder=move || app.t().inside_more.target_placeholder
                on:change=move |event| targets.choose_typed(app, event_target_value(&event))
            />
        </label>
    }
}
