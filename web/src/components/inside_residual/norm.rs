//! The norms: before attention and feed-forward of a layer read a vector of the stream, and before the output matrix
//! does, it is divided by its size.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::components::inside::heatmap::Heatmap;
use crate::components::inside::pick::{Choice, LayerPick};
use crate::components::inside::strip::name_of;
use crate::components::inside::waiting::Waiting;
use crate::protocol::inside::{Answer, Ask, NormPlace, Normed};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Cell;
use crate::state::inside::normed::{PLACES, code, component, divisor, grid, largest, mean_square};
use crate::state::inside::question::ask;

/// Height of a row in pixels.
const ROW_HEIGHT: f64 = 20.0;

#[component]
pub(super) fn NormPart() -> impl IntoView {
    let app = App::get();
    let place = RwSignal::new(NormPlace::Final);
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let selection = app.selection();
        let place = place.get();
        let layer = if place == NormPlace::Final { 0 } else { selection.layer };
        Some((text, Ask::Normed { token: selection.token, place, layer }))
    });
    let normed = memo(move || {
        reply.one(|answer| match answer {
            Answer::Normed(normed) => Some(Arc::new(normed.clone())),
            _ => None,
        })
    });
    let picture = memo(move || {
        grid(normed.get()?.as_ref(), app.t().inside_more.numbers.norm_rows).map(Arc::new)
    });
    let hovered = RwSignal::new(None::<Cell>);
    let locked = RwSignal::new(None::<Cell>);
    // Until the reader points, the component that comes out largest.
    let shown = memo(move || {
        let normed = normed.get()?;
        let pointed = hovered.get().or_else(|| locked.get()).map(|cell| cell.column);
        pointed.filter(|at| *at < normed.x.len()).or_else(|| largest(&normed))
    });
    let formula = move || Some(formula(normed.get()?.as_ref(), shown.get()?));
    let describe = Callback::new(move |cell: Cell| {
        let found = normed.get().and_then(|normed| component(&normed, cell.column));
        found.map_or_else(String::new, |found| {
            (app.t().inside_more.numbers.norm_cell)(
                found.at,
                &format::number(found.x),
                &format::number(found.weight),
                &format::number(found.y),
            )
        })
    });
    let caption = Signal::derive(move || {
        let about = normed.get().zip(app.inside.facts.get());
        about.map_or_else(String::new, |(normed, facts)| {
            let name = name_of(&facts, normed.token);
            let layer = normed.layer;
            (app.t().inside_more.numbers.norm_caption)(normed.place, layer, &name, normed.token)
        })
    });
    let of_layer = memo(move || place.get() != NormPlace::Final);
    let at_shown = move || Some((normed.get()?, shown.get()?));
    view! {
        <section
            class="inside-part"
            data-testid="norm"
            data-place=move || normed.with(|normed| normed.as_ref().map(|normed| code(normed.place)))
            data-token=move || normed.with(|normed| normed.as_ref().map(|normed| normed.token))
            data-divisor=move || normed.with(|normed| normed.as_ref().map(|normed| divisor(normed)))
            data-component=move || shown.get()
            data-result=move || at_shown().and_then(|(normed, at)| component(&normed, at)).map(|it| it.y)
        >
            <h3>{move || app.t().inside_more.numbers.norm_title}</h3>
            <p class="hint">{move || app.t().inside_more.numbers.norm_explained}</p>
            <div class="tool-row">
                <Choice
                    label=Signal::derive(move || app.t().inside_more.numbers.norm_before.to_owned())
                    options=PLACES.to_vec()
                    code=code
                    name=Callback::new(move |place: NormPlace| {
                        (app.t().inside_more.numbers.norm_place)(place).to_owned()
                    })
                    value=place
                    on_change=Callback::new(move |choice| place.set(choice))
                    test_id="norm-place"
                />
                <Show when=move || of_layer.get()><LayerPick/></Show>
            </div>
            <Waiting reply=reply/>
            <p class="formula" data-testid="norm-formula">{formula}</p>
            <Heatmap
                grid=picture
                caption=caption
                describe=describe
                hovered=hovered
                locked=locked
                on_lock=Callback::new(move |cell| locked.set(cell))
                file="glassbox-norm"
                test_id="norm-picture"
                row_height=ROW_HEIGHT
            />
        </section>
    }
}

/// One component with its operands.
fn formula(normed: &Normed, at: usize) -> String {
    let Some(found) = component(normed, at) else { return String::new() };
    let [x, weight, y] = [found.x, found.weight, found.y].map(format::number);
    let mean = format::number(mean_square(normed) as f32);
    let epsilon = format::number(normed.epsilon);
    let divisor = format::number(divisor(normed) as f32);
    format!(
        "y[{at}] = x[{at}] ÷ √(Σ x² ÷ n + ε) × w[{at}] = {x} ÷ √({mean} + {epsilon}) × {weight} = {x} ÷ {divisor} × {weight} = {y}"
    )
}
