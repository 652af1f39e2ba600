//! Two words change places: the same rows of the table go in, and yet other vectors come out. That is what places do.

use leptos::prelude::*;

use super::super::strip::name_of;
use super::super::waiting::Waiting;
use crate::components::flow::For;
use crate::protocol::inside::{Answer, Ask, InsideText};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::attention::row;
use crate::state::inside::pca::cosine;
use crate::state::inside::question::{Reply, ask};
use crate::state::inside::rope::{swapped, swapped_prompt};

/// A token changes places with one that is not further away.
const NEARBY: u32 = 48;

fn residual(reply: Reply) -> Option<(u32, Vec<f32>)> {
    reply.one(|answer| match answer {
        Answer::Residual { width, rows, .. } => Some((*width, rows.clone())),
        _ => None,
    })
}

#[component]
pub(super) fn Swap() -> impl IntoView {
    let app = App::get();
    let wish = RwSignal::new(None::<u32>);
    let token = memo(move || app.selection().token);
    // Tokens that the followed one can change places with.
    let partners = memo(move || {
        let (text, facts) = app.inside.ready()?;
        let at = token.get();
        let fits = |other: &u32| {
            swapped_prompt(&text.prompt, &facts, at, *other)
                .is_some_and(|prompt| prompt != text.prompt)
        };
        let nearby = at.saturating_sub(NEARBY)..(at + NEARBY).min(facts.tokens.len() as u32);
        let partners = nearby.filter(|other| *other != at).filter(fits);
        Some(partners.map(|other| (other, name_of(&facts, other))).collect::<Vec<_>>())
    });
    let other = memo(move || {
        let wish = wish.get()?;
        partners.with(|partners| {
            partners.as_ref()?.iter().find(|(other, _)| *other == wish).map(|(other, _)| *other)
        })
    });
    let after = memo(move || {
        let (text, facts) = app.inside.ready()?;
        let prompt = swapped_prompt(&text.prompt, &facts, token.get(), other.get()?)?;
        Some(InsideText { prompt, ..text })
    });
    // What the tokenizer makes of it, and the last layer's vectors of both texts.
    let facts_after = ask(app, move || Some((after.get()?, Ask::Text)));
    let fits = memo(move || {
        let (_, facts) = app.inside.ready()?;
        let ids: Vec<u32> = facts.tokens.iter().map(|token| token.id).collect();
        let expected = swapped(&ids, token.get() as usize, other.get()? as usize)?;
        let is_about = after.with(|after| Some(facts_after.is_about(after.as_ref()?)))?;
        facts_after.one(|answer| match answer {
            Answer::Text(facts) if is_about => {
                Some(facts.tokens.iter().map(|token| token.id).eq(expected))
            }
            _ => None,
        })
    });
    let blocks = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.layers))
    });
    let before_reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        (fits.get() == Some(true)).then_some((text, Ask::Residual { blocks: blocks.get() }))
    });
    let after_reply = ask(app, move || {
        let text = after.get()?;
        (fits.get() == Some(true)).then_some((text, Ask::Residual { blocks: blocks.get() }))
    });
    let result = move || {
        let (one, other) = (token.get(), other.get()?);
        if fits.get()? {
            let (text, facts) = app.inside.ready()?;
            let is_both = before_reply.is_about(&text) && after_reply.is_about(&after.get()?);
            if !is_both {
                return None;
            }
            let ((width, before), (_, after)) = (residual(before_reply)?, residual(after_reply)?);
            let last = facts.tokens.len().saturating_sub(1) as u32;
            // The two tokens met again at their new places, and the end of the text, which stayed.
            let lines = [(one, other), (other, one), (last, last)]
                .into_iter()
                .take(if last == one || last == other { 2 } else { 3 })
                .map(|(from, to)| {
                    let cosine = cosine(row(&before, width, from), row(&after, width, to));
                    let said = (app.t().inside_embedding.swapped)(
                        &name_of(&facts, from),
                        from,
                        to,
                        blocks.get(),
                        &format!("{cosine:.3}"),
                    );
                    view! { <li data-testid="swapped" data-from=from data-to=to data-cosine=cosine>{said}</li> }
                })
                .collect_view();
            Some(view! { <ul>{lines}</ul> }.into_any())
        } else {
            Some(view! { <p class="hint">{app.t().inside_embedding.swap_recut}</p> }.into_any())
        }
    };
    view! {
        <section class="inside-part" data-testid="swap">
            <h3>{move || app.t().inside_embedding.swap}</h3>
            <p class="hint">{move || app.t().inside_embedding.swap_explained}</p>
            <label class="field">
                <span class="field-name">{move || app.t().inside_embedding.swap_with}</span>
                <select
                    data-testid="swap-with"
                    on:change=move |event| wish.set(event_target_value(&event).parse().ok())
                >
                    <option value="" prop:selected=move || other.get().is_none()>"–"</option>
                    <For
                        each=move || partners.get().unwrap_or_default()
                        key=|partner: &(u32, String)| partner.clone()
                        children=move |(at, name): (u32, String)| view! {
                            <option value=at prop:selected=move || other.get() == Some(at)>
                                {format!("{at} · {name}")}
                            </option>
                        }
                    />
                </select>
            </label>
            <Waiting reply=after_reply hides_old=true/>
            <div role="status">{result}</div>
        </section>
    }
}
