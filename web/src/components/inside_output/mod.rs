//! The output: logits, temperature, filters, probabilities, and the draw.

mod draw;
mod knobs;
mod way;

use std::sync::Arc;

use engine::SamplerSettings;
use leptos::prelude::*;

use crate::components::inside::strip::name_of;
use crate::components::inside::waiting::Waiting;
use crate::protocol::inside::Ask;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::output::{Kept, Output, Way};
use crate::state::inside::question::ask;
use crate::state::inside::view;
use crate::state::scene;

use draw::DrawPart;
use knobs::Knobs;
use way::WayPart;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Look {
    output: Memo<Option<Arc<Output>>>,
    /// Of the column that is looked into.
    settings: Memo<SamplerSettings>,
    way: Memo<Option<Way>>,
    /// What the draw is made from.
    kept: Memo<Option<Arc<Kept>>>,
}

/// The column that is looked into. Tracks.
fn column(app: App) -> usize {
    app.scene.with(|scene| (view(scene).column as usize).min(scene.columns.len().saturating_sub(1)))
}

#[component]
pub(crate) fn OutputPanel() -> impl IntoView {
    let app = App::get();
    let token = memo(move || app.selection().token);
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        Some((text, Ask::Logits { token: token.get() }))
    });
    let output = memo(move || {
        let output = reply.one(Output::of)?;
        (output.token == token.get()).then(|| Arc::new(output))
    });
    let settings = memo(move || {
        let column = column(app);
        app.scene.with(|scene| scene::settings(&scene.sampler_of(column)))
    });
    // The tokens up to and with the followed one.
    let seen = memo(move || {
        let end = token.get() as usize + 1;
        app.inside.facts.with(|facts| {
            let tokens = facts.as_ref().map(|facts| facts.tokens.as_slice()).unwrap_or_default();
            tokens.iter().take(end).map(|view| view.id).collect::<Vec<_>>()
        })
    });
    let way = memo(move || {
        let output = output.get()?;
        seen.with(|seen| output.way(seen, &settings.get()))
    });
    let kept = memo(move || {
        let output = output.get()?;
        let kept = |way: &Way| seen.with(|seen| output.kept(seen, &settings.get(), way));
        way.with(|way| way.as_ref().map(kept)).map(Arc::new)
    });
    let look = Look { output, settings, way, kept };
    let about = move || {
        let place = token.get();
        app.inside.facts.with(|facts| {
            let facts = facts.as_ref()?;
            Some((app.t().inside_output.about)(&name_of(facts, place), place))
        })
    };
    view! {
        <div
            class="inside-body"
            data-testid="output-panel"
            data-token=move || output.with(|output| output.as_ref().map(|output| output.token))
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <p class="tool-intro">{move || app.t().inside_output.intro}</p>
            <p class="summary">{about}</p>
            <Waiting reply=reply hides_old=true/>
            <Knobs look=look/>
            <WayPart look=look/>
            <DrawPart look=look/>
        </div>
    }
}
