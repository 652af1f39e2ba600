//! The text twice, shaded by what each token is worth and by where attention went.

use leptos::prelude::*;

use super::Look;
use crate::browser::dom;
use crate::components::chip::draw;
use crate::components::inside::files::SaveBar;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::chart::Unit;
use crate::state::inside::influence::shade;
use crate::state::inside::influence_file::Measured;
use crate::state::token;

#[component]
pub(super) fn Chips(look: Look) -> impl IntoView {
    let app = App::get();
    let count = memo(move || look.about.get().map_or(0, |(token, _)| token as usize + 1));
    let tokens = memo(move || {
        app.inside.facts.with(|facts| {
            let tokens = facts.as_ref().map(|facts| facts.tokens.as_slice()).unwrap_or_default();
            tokens.iter().take(count.get()).cloned().collect::<Vec<_>>()
        })
    });
    // Whole steps from −8 to 8, and the number itself.
    let worths = move || {
        let influence = look.influence.get();
        let worth = |at: usize| {
            let influence = influence.as_ref()?;
            Some((influence.shade(at)?, Unit::Points.write(influence.worth(at)?)))
        };
        tokens.with(|tokens| line(tokens, (0..tokens.len()).map(worth).collect()))
    };
    let weights = move || {
        let rollout = look.rollout.get();
        let top = rollout.iter().flat_map(|row| row.iter()).fold(0.0f32, |top, w| top.max(*w));
        let weight = |at: usize| {
            let weight = *rollout.as_ref()?.get(at)?;
            Some((shade(weight, top), Unit::Percent.write(weight)))
        };
        tokens.with(|tokens| line(tokens, (0..tokens.len()).map(weight).collect()))
    };
    let point = move |event: &web_sys::Event| {
        let place = dom::token_place(event);
        if look.pointed.get_untracked() != place {
            look.pointed.set(place);
        }
    };
    let is_there = memo(move || tokens.with(|tokens| !tokens.is_empty()));
    let made = Callback::new(move |()| {
        let words = &app.t().inside_influence;
        let (influence, rollout) = (look.influence.get(), look.rollout.get());
        let measured = Measured { influence: influence.as_deref(), rollout: rollout.as_deref() };
        let titles = [words.by_occlusion, words.by_attention];
        Some(tokens.with(|tokens| measured.saved(tokens, titles, words.caption)))
    });
    view! {
        <div
            class="worths"
            on:mouseover=move |event| point(&event)
            on:mouseleave=move |_| look.pointed.set(None)
        >
            <div>
                <h3>{move || app.t().inside_influence.by_occlusion}</h3>
                <p class="worth-text" data-kind="occlusion" data-testid="worths">{worths}</p>
                <p class="hint">{move || app.t().inside_influence.occlusion_explained}</p>
            </div>
            <div>
                <h3>{move || app.t().inside_influence.by_attention}</h3>
                <p class="worth-text" data-kind="attention" data-testid="weights">{weights}</p>
                <p class="hint">{move || app.t().inside_influence.attention_explained}</p>
            </div>
        </div>
        <SaveBar is_there=is_there made=made file="glassbox-influence-text"/>
    }
}

/// The tokens, each with its shade and number where there are any.
fn line(tokens: &[TokenView], shades: Vec<Option<(i8, String)>>) -> impl IntoView + use<> {
    tokens
        .iter()
        .zip(shades)
        .enumerate()
        .map(|(at, (view, shade))| {
            let breaks = (0..token::newlines(view)).map(|_| view! { <br/> }).collect_view();
            let number = shade.as_ref().map(|(_, number)| number.clone());
            let title =
                shade.as_ref().map(|(_, number)| format!("“{}” {number}", token::spoken(view)));
            let step = shade.map(|(step, _)| step);
            view! {
                <span
                    class="worth"
                    data-place=at
                    data-shade=step.map(i8::unsigned_abs)
                    data-sign=step.is_some_and(|step| step < 0).then_some("less")
                    data-number=number
                    title=title
                >
                    {draw(token::pieces(view))}
                </span>
                {breaks}
            }
        })
        .collect_view()
}
