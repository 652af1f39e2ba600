//! How much of the attention goes to which part of the text.

use leptos::prelude::*;

use super::super::files::SaveBar;
use super::super::strip::part_code;
use super::looks::Looks;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::inside::segments::{Mass, masses};
use crate::state::inside::sketch::Saved;

#[component]
pub(super) fn Masses(looks: Looks) -> impl IntoView {
    let app = App::get();
    let of = move |query: Option<u32>| {
        let facts = app.inside.facts.get()?;
        let weights = looks.weights.get()?;
        let query = query.map(|query| query as usize);
        Some(masses(weights.weights(), weights.tokens as usize, &facts.segments, query))
    };
    let token = memo(move || {
        let hovered = looks.hovered.get().map(|cell| cell.row as u32);
        hovered.unwrap_or_else(|| app.selection().token)
    });
    let own = memo(move || of(Some(token.get())).unwrap_or_default());
    let all = memo(move || of(None).unwrap_or_default());
    let is_there = Signal::derive(move || own.with(|own| !own.is_empty()));
    let made = Callback::new(move |()| {
        let chart = own.with(|own| all.with(|all| chart(app, token.get(), own, all)));
        Some(Saved::of(&chart, app.t().inside_attention.mass))
    });
    view! {
        <section class="inside-part" data-testid="masses" data-query=move || token.get()>
            <h3>{move || app.t().inside_attention.mass}</h3>
            <p class="hint">{move || (app.t().inside_attention.mass_explained)(token.get())}</p>
            <ul class="masses">
                {move || {
                    let all = all.get();
                    own.get().into_iter().zip(all).map(|(own, all)| bar(app, own, all)).collect_view()
                }}
            </ul>
            <SaveBar is_there=is_there made=made file="glassbox-attention-parts"/>
        </section>
    }
}

/// The same bars for a file. Tracks the language.
fn chart(app: App, query: u32, own: &[Mass], all: &[Mass]) -> Chart {
    let words = &app.t().inside_attention;
    let series = |name: String, ink| Series { name, ink, unit: Unit::Percent };
    let bar = |(own, all): (&Mass, &Mass)| Bar {
        name: (app.t().inside.segment)(own.kind),
        values: vec![Some(own.share), Some(all.share)],
        is_chosen: false,
    };
    Chart {
        series: vec![
            series((words.mass_own)(query), Ink::Attention),
            series(words.mass_all.to_owned(), Ink::Soft),
        ],
        bars: own.iter().zip(all).map(bar).collect(),
        apart: false,
    }
}

/// Tracks the language.
fn bar(app: App, own: Mass, all: Mass) -> impl IntoView {
    let width = |share: f32| format!("{:.1}%", f64::from(share.clamp(0.0, 1.0)) * 100.0);
    view! {
        <li class="mass" data-testid="mass" data-part=part_code(own.kind) data-share=own.share data-mean=all.share>
            <span class="mass-name">{(app.t().inside.segment)(own.kind)}<span class="hint">{format!(" · {}", own.tokens)}</span></span>
            <span class="bar-pair" aria-hidden="true">
                <span class="mass-own" style:width=width(own.share)></span>
                <span class="mass-all" style:width=width(all.share)></span>
            </span>
            <span class="bar-number">{format::percent(f64::from(own.share))}</span>
            <span class="bar-number hint">{format::percent(f64::from(all.share))}</span>
        </li>
    }
}
