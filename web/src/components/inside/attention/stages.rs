//! The same head on the same text in every stage of the model, side by side. Opened when it is wanted: each stage runs
//! the text once.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::heatmap::Heatmap;
use super::super::waiting::Waiting;
use super::looks::{Looks, head_of, lock, locked, told};
use crate::components::flow::{For, Show};
use crate::protocol::inside::{Ask, InsideText};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Cell;
use crate::state::inside::attention::{Step, grid, is_too_long};
use crate::state::inside::question::ask;

#[component]
pub(super) fn Stages(looks: Looks) -> impl IntoView {
    let app = App::get();
    let is_open = RwSignal::new(false);
    let stages = memo(move || app.stages_inside());
    let has_several = memo(move || {
        let fits = app.inside.facts.with(|facts| facts.as_ref().is_some_and(|f| !is_too_long(f)));
        fits && stages.with(|stages| stages.len() > 1)
    });
    view! {
        <Show when=move || has_several.get()>
            <section class="inside-part" data-testid="stages">
                <h3>{move || app.t().inside_more.numbers.stages_title}</h3>
                <p class="hint">{move || app.t().inside_more.numbers.stages_explained}</p>
                <p>
                    <button
                        type="button"
                        class="plain"
                        data-testid="stages-open"
                        aria-expanded=move || if is_open.get() { "true" } else { "false" }
                        on:click=move |_| is_open.update(|open| *open = !*open)
                    >
                        {move || {
                            let words = &app.t().inside_more.numbers;
                            if is_open.get() { words.stages_hide } else { words.stages_show }
                        }}
                    </button>
                </p>
                <Show when=move || is_open.get()>
                    <div class="stage-maps">
                        <For
                            each=move || stages.get()
                            key=|stage: &String| stage.clone()
                            children=move |stage: String| view! { <StageMap stage=stage looks=looks/> }
                        />
                    </div>
                </Show>
            </section>
        </Show>
    }
}

/// The head in one stage. What is pointed at is pointed at in all of them.
#[component]
fn StageMap(stage: String, looks: Looks) -> impl IntoView {
    let app = App::get();
    let stage = StoredValue::new(stage);
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let selection = app.selection();
        let (layer, head) = (selection.layer, selection.head);
        Some((InsideText { stage: stage.get_value(), ..text }, Ask::Attention { layer, head }))
    });
    let head = memo(move || head_of(reply));
    let picture = memo(move || {
        let head = head.get()?;
        looks.names.with(|names| grid(&head, Step::Weight, looks.root.get(), names)).map(Arc::new)
    });
    let name = move || {
        let model = app.inside.text.with(|text| text.as_ref().map(|text| text.model.clone()));
        app.stage_label(&model.unwrap_or_default(), &stage.get_value())
    };
    let caption = Signal::derive(move || {
        let place = head.with(|head| head.as_ref().map(|head| (head.layer, head.head)));
        let said = place
            .map(|(layer, head)| (app.t().inside_more.numbers.stage_caption)(&name(), layer, head));
        said.unwrap_or_else(name)
    });
    let describe = Callback::new(move |cell: Cell| {
        let value = picture.with(|grid| grid.as_ref().and_then(|grid| grid.value(cell)));
        let value = value.map(|value| format::percent(f64::from(value)));
        told(app, cell, value.as_deref())
    });
    view! {
        <div
            class="stage-map"
            data-testid="stage-map"
            data-stage=stage.get_value()
            data-layer=move || head.with(|head| head.as_ref().map(|head| head.layer))
            data-head=move || head.with(|head| head.as_ref().map(|head| head.head))
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <h4>{name}</h4>
            <Waiting reply=reply/>
            <Heatmap
                grid=picture
                caption=caption
                describe=describe
                hovered=looks.hovered
                locked=Signal::derive(move || locked(app))
                on_lock=Callback::new(move |cell: Option<Cell>| lock(app, cell))
                file="glassbox-attention-stage"
                test_id="stage-attention"
            />
        </div>
    }
}
