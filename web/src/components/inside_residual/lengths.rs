//! How long the residual vector of the followed token is after each block, and what the parts of a block add.

use std::sync::Arc;

use leptos::prelude::*;

use super::layer_name;
use crate::components::inside::strip::name_of;
use crate::components::inside::waiting::Waiting;
use crate::components::inside_chart::BarPicture;
use crate::protocol::inside::Ask;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::question::ask;
use crate::state::inside::residual::Lengths;

#[component]
pub(super) fn LengthsPart() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        Some((text, Ask::Norms))
    });
    let chart = memo(move || {
        let words = &app.t().inside_residual;
        let token = app.selection().token;
        let lengths = reply.one(|answer| Lengths::at(answer, token))?;
        let names = [words.stream, words.attention, words.feed_forward, words.embedding];
        Some(Arc::new(lengths.chart(names, |layer| layer_name(app, layer))))
    });
    let caption = Signal::derive(move || {
        let at = app.selection().token;
        let name = app.inside.facts.with(|facts| facts.as_ref().map(|facts| name_of(facts, at)));
        (app.t().inside_residual.lengths_caption)(&name.unwrap_or_default(), at)
    });
    view! {
        <section class="inside-part">
            <h3>{move || app.t().inside_residual.lengths}</h3>
            <p class="hint">{move || app.t().inside_residual.lengths_explained}</p>
            <Waiting reply=reply/>
            <BarPicture chart=chart caption=caption file="glassbox-lengths" test_id="lengths"/>
        </section>
    }
}
