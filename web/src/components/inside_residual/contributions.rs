//! Direct logit attribution: what the embedding and each attention and feed-forward add to the logit of a token.

use std::sync::Arc;

use leptos::prelude::*;

use super::layer_name;
use crate::components::inside::strip::name_of;
use crate::components::inside::waiting::Waiting;
use crate::components::inside_chart::BarPicture;
use crate::components::inside_target::Targets;
use crate::protocol::inside::{Answer, Ask, Contributions};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::question::ask;
use crate::state::inside::residual::{contributions, sums};
use crate::state::token;

#[component]
pub(super) fn ContributionsPart(targets: Targets) -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let token = app.selection().token;
        Some((text, Ask::Contributions { token, target: targets.target.get()? }))
    });
    let parts = memo(move || {
        reply.one(|answer| match answer {
            Answer::Contributions(parts) => Some(Arc::new(parts.clone())),
            _ => None,
        })
    });
    let chart = memo(move || {
        let words = &app.t().inside_residual;
        let names = [words.embedding, words.attention, words.feed_forward];
        let layer = app.selection().layer;
        let name = |layer| layer_name(app, layer);
        let parts = parts.get()?;
        Some(Arc::new(contributions(&parts, names, name, layer)))
    });
    // The first row is the embedding.
    let pick = Callback::new(move |row: usize| {
        if let Some(layer) = row.checked_sub(1) {
            app.select(|view| view.layer = Some(layer as u32));
        }
    });
    let caption = Signal::derive(move || {
        let about = parts
            .with(|parts| parts.as_ref().map(|parts| (parts.token, token::spoken(&parts.target))));
        about.map_or_else(String::new, |(place, target)| {
            let name = app.inside.facts.with(|facts| facts.as_ref().map(|f| name_of(f, place)));
            (app.t().inside_residual.contributions_caption)(
                &target,
                &name.unwrap_or_default(),
                place,
            )
        })
    });
    let of = move |read: fn(&Contributions) -> f32| {
        parts.with(|parts| parts.as_ref().map(|parts| read(parts)))
    };
    view! {
        <section
            class="inside-part"
            data-testid="contributions"
            data-token=move || parts.with(|parts| parts.as_ref().map(|parts| parts.token))
            data-target=move || parts.with(|parts| parts.as_ref().map(|parts| parts.target.id))
            data-logit=move || of(|parts| parts.logit)
            data-sum=move || of(|parts| sums(parts).2)
            data-probability=move || of(|parts| parts.probability)
        >
            <h3>{move || app.t().inside_residual.contributions}</h3>
            <p class="hint">{move || app.t().inside_residual.contributions_explained}</p>
            <Waiting reply=reply/>
            {move || parts.get().map(|parts| sum_line(app, &parts))}
            <BarPicture
                chart=chart
                caption=caption
                file="glassbox-contributions"
                test_id="contributions-chart"
                on_pick=pick
            />
        </section>
    }
}

/// The parts added up, with the numbers themselves. Tracks the language.
fn sum_line(app: App, parts: &Contributions) -> impl IntoView + use<> {
    let words = &app.t().inside_residual;
    let (attention, feed_forward, sum) = sums(parts);
    let [embedding, attention, feed_forward, sum, logit] =
        [parts.embedding, attention, feed_forward, sum, parts.logit].map(format::number);
    let percent = format::percent(f64::from(parts.probability));
    view! {
        <p class="formula">
            <span>{embedding}</span>
            " + "
            <span class="is-attention">{attention}</span>
            " + "
            <span class="is-feed-forward">{feed_forward}</span>
            {format!(" = {sum}")}
        </p>
        <p class="hint">{(words.sum)(&logit, &percent)}</p>
    }
}
