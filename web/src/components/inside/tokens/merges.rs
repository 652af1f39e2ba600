//! How a piece of text was put together: characters or bytes, then one merge after the other.

use leptos::prelude::*;

use crate::protocol::inside::{Answer, Ask, MergePart, MergeStep};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::question::ask;
use crate::state::inside::tokens::piece_around;

use super::super::waiting::Waiting;

/// A piece of the reader's own is not longer.
const LONGEST: usize = 48;

#[component]
pub(super) fn Merges() -> impl IntoView {
    let app = App::get();
    let own = RwSignal::new(None::<String>);
    let around = memo(move || {
        let at = app.selection().token as usize;
        app.inside.facts.with(|facts| facts.as_ref().map(|facts| piece_around(&facts.tokens, at)))
    });
    // Another token, another piece.
    effect(move || {
        around.track();
        own.set(None);
    });
    let piece = memo(move || own.get().or_else(|| around.get()).unwrap_or_default());
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let piece = piece.get();
        (!piece.is_empty()).then_some((text, Ask::Merges { piece }))
    });
    let steps = memo(move || {
        reply.one(|answer| match answer {
            Answer::Merges { steps } => Some(steps.clone()),
            _ => None,
        })
    });
    view! {
        <section class="inside-part" data-testid="merges" data-piece=move || piece.get()>
            <h3>{move || app.t().inside_tokens.merges}</h3>
            <label class="field merges-piece">
                <span class="field-name">{move || app.t().inside_tokens.piece}</span>
                <input
                    type="text"
                    data-testid="merge-piece"
                    maxlength=LONGEST
                    prop:value=move || piece.get()
                    on:input=move |event| own.set(Some(event_target_value(&event)))
                />
            </label>
            <p class="hint">{move || app.t().inside_tokens.merges_explained}</p>
            <Waiting reply=reply/>
            <ol class="merge-steps" tabindex="0" aria-label=move || app.t().inside_tokens.merges>
                {move || steps.get().map(|steps| {
                    steps.iter().enumerate().map(|(at, step)| step_view(app, at, step)).collect_view()
                })}
            </ol>
        </section>
    }
}

/// Tracks the language.
fn step_view(app: App, at: usize, step: &MergeStep) -> impl IntoView + use<> {
    let words = &app.t().inside_tokens;
    let said = match step.rank {
        Some(rank) => (words.merge)(at, &format::grouped(u64::from(rank))),
        None if at == 0 => words.start.to_owned(),
        None => (words.merge_unranked)(at),
    };
    let merged = step.merged;
    let parts = (0u32..)
        .zip(&step.parts)
        .map(|(at, part)| part_view(part, merged == Some(at)))
        .collect_view();
    view! {
        <li class="merge-step" data-testid="merge-step" data-parts=step.parts.len()>
            <span class="merge-rank hint">{said}</span>
            <span class="merge-parts">{parts}</span>
        </li>
    }
}

fn part_view(part: &MergePart, is_new: bool) -> impl IntoView + use<> {
    let text = match std::str::from_utf8(&part.bytes) {
        Ok(text) => text.replace([' ', '\u{2581}'], "·").replace('\n', "↵"),
        Err(_) => format::hex(&part.bytes),
    };
    view! {
        <span class="merge-part" data-new=is_new.then_some("") data-id=part.id>
            <span>{text}</span>
            <span class="mono">{part.id.map(|id| id.to_string())}</span>
        </span>
    }
}
