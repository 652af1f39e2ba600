//! The draw: what the filters left, side by side, and a needle that a random number sets.

use std::sync::Arc;

use leptos::prelude::*;

use super::Look;
use crate::components::inside::files::SaveBar;
use crate::components::inside_chart::BarPicture;
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::output::{Kept, Output, Tally};
use crate::state::token;

/// Shares that are drawn; narrower ones are only space.
const DRAWN: usize = 160;
/// A share this wide has its name in it.
const NAMED: f64 = 0.06;
const MANY: u64 = 100;

/// A token's name, or its number where it is none of the likeliest.
fn name(output: &Output, id: u32) -> String {
    output.name(id).map_or_else(|| format!("#{id}"), token::spoken)
}

#[component]
pub(super) fn DrawPart(look: Look) -> impl IntoView {
    let app = App::get();
    let kept = look.kept;
    let tally = RwSignal::new(Tally::default());
    // Another distribution is drawn from anew.
    effect(move || {
        kept.track();
        tally.set(Tally::default());
    });
    let draw = move |count: u64| {
        let (Some(kept), Some(output)) = (kept.get_untracked(), look.output.get_untracked()) else {
            return;
        };
        let seed = look.settings.with_untracked(|settings| settings.seed);
        tally.update(|tally| {
            for _ in 0..count {
                let seed = seed + u64::from(tally.draws);
                tally.add(kept.draw(seed, output.token + 1));
            }
        });
    };
    let last = memo(move || tally.with(|tally| tally.last));
    let chart = memo(move || {
        let (kept, output) = (kept.get()?, look.output.get()?);
        let words = &app.t().inside_output;
        let titles = [words.expected, words.drawn];
        Some(Arc::new(tally.with(|tally| kept.chart(tally, |id| name(&output, id), titles))))
    });
    let is_there = Signal::derive(move || kept.with(Option::is_some));
    let made = Callback::new(move |()| {
        let (kept, output) = (kept.get()?, look.output.get()?);
        Some(kept.saved(last.get(), |id| name(&output, id), app.t().inside_output.draw_title))
    });
    let said = move || {
        let (drawn, output) = (last.get()?, look.output.get()?);
        let share = kept.get()?.share(drawn.id);
        let seed = look.settings.with(|settings| settings.seed);
        let seed = seed + u64::from(tally.with(|tally| tally.draws)).saturating_sub(1);
        Some((app.t().inside_output.drew)(
            &format!("{:.4}", drawn.needle),
            &name(&output, drawn.id),
            &format::percent(share),
            seed,
        ))
    };
    view! {
        <section
            class="inside-part draw"
            data-testid="draw-part"
            data-draws=move || tally.with(|tally| tally.draws)
            data-drawn=move || last.get().map(|drawn| drawn.id)
            data-own=move || kept.with(|kept| kept.as_ref().map(|kept| kept.own))
        >
            <h3>{move || app.t().inside_output.draw_title}</h3>
            <p class="hint">{move || app.t().inside_output.draw_explained}</p>
            <div class="draw-strip" aria-hidden="true">
                {move || {
                    kept.get().zip(look.output.get()).map(|(kept, output)| strip(&kept, &output))
                }}
                <i
                    class="draw-needle"
                    hidden=move || last.get().is_none()
                    style:left=move || {
                        let needle = last.get().map_or(0.0, |drawn| drawn.needle);
                        format!("{:.3}%", needle * 100.0)
                    }
                ></i>
            </div>
            <SaveBar is_there=is_there made=made file="glassbox-draw-strip"/>
            <p class="summary" aria-live="polite" data-testid="draw-said">{said}</p>
            <div class="buttons">
                <button type="button" class="plain" data-testid="draw-one" on:click=move |_| draw(1)>
                    {move || app.t().inside_output.draw}
                </button>
                <button type="button" class="plain" data-testid="draw-many" on:click=move |_| draw(MANY)>
                    {move || (app.t().inside_output.draw_many)(MANY)}
                </button>
                <button
                    type="button"
                    class="quiet"
                    disabled=move || last.get().is_none()
                    on:click=move |_| tally.set(Tally::default())
                >
                    {move || app.t().inside_output.forget}
                </button>
            </div>
            <BarPicture
                chart=chart
                caption=Signal::derive(move || {
                    (app.t().inside_output.draws_caption)(tally.with(|tally| tally.draws))
                })
                file="glassbox-draws"
                test_id="draws-chart"
            />
        </section>
    }
}

/// What is left, in the sampler's order, each as wide as its probability.
fn strip(kept: &Kept, output: &Output) -> impl IntoView + use<> {
    kept.widest(DRAWN)
        .into_iter()
        .enumerate()
        .map(|(at, (id, from, share))| {
            let name = (share >= NAMED).then(|| name(output, id));
            view! {
                <span
                    class="draw-share"
                    class:odd={at % 2 == 1}
                    style:left=format!("{:.3}%", from * 100.0)
                    style:width=format!("{:.3}%", share * 100.0)
                >
                    {name}
                </span>
            }
        })
        .collect_view()
}
