//! The feed-forward of a layer at the followed token: gate, up and product, the most active neurons, and what one of
//! them pushes.

mod neuron;

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::inside::heatmap::Heatmap;
use crate::components::inside::pick::LayerPick;
use crate::components::inside::waiting::Waiting;
use crate::components::inside_chart::BarPicture;
use crate::protocol::inside::{Answer, Ask, FeedForwardAt, GateFunction};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Cell;
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::inside::feed_forward::{self, Neuron, most_active, quiet};
use crate::state::inside::question::ask;

use neuron::NeuronPart;

/// Height of the rows for gate, up and product.
const ROW_HEIGHT: f64 = 30.0;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Look {
    at: Memo<Option<Arc<FeedForwardAt>>>,
    gate: Memo<GateFunction>,
    /// The neuron that is looked at: the chosen one, else the most active.
    neuron: Memo<Option<Neuron>>,
}

#[component]
pub(crate) fn FeedForwardPanel() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let selection = app.selection();
        Some((text, Ask::FeedForward { layer: selection.layer, token: selection.token }))
    });
    let at = memo(move || {
        reply.one(|answer| match answer {
            Answer::FeedForward(at) => Some(Arc::new(at.clone())),
            _ => None,
        })
    });
    let gate = memo(move || {
        app.inside
            .facts
            .with(|facts| facts.as_ref().map_or(GateFunction::Silu, |facts| facts.shape.gate))
    });
    let neuron = memo(move || {
        let at = at.get()?;
        let number = app.selection().neuron.or_else(|| at.most_active.first().copied())?;
        feed_forward::neuron(&at, gate.get(), number)
    });
    let look = Look { at, gate, neuron };
    let quiet = move || {
        at.get().map(|at| (app.t().inside_feed_forward.quiet)(quiet(&at), at.product.len()))
    };
    view! {
        <div
            class="inside-body"
            data-testid="feed-forward"
            data-layer=move || at.with(|at| at.as_ref().map(|at| at.layer))
            data-token=move || at.with(|at| at.as_ref().map(|at| at.token))
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <p class="tool-intro">{move || app.t().inside_feed_forward.intro}</p>
            <div class="tool-row"><LayerPick/></div>
            <Waiting reply=reply/>
            <Picture look=look/>
            <p class="hint">{quiet}</p>
            <div class="inside-pair">
                <Active look=look/>
                <NeuronPart look=look/>
            </div>
        </div>
    }
}

/// All neurons, one above the other: gate, up, product. A click chooses a neuron.
#[component]
fn Picture(look: Look) -> impl IntoView {
    let app = App::get();
    let grid = memo(move || {
        let words = &app.t().inside_feed_forward;
        let at = look.at.get()?;
        feed_forward::grid(&at, [words.gate, words.up, words.product])
    });
    let hovered = RwSignal::new(None::<Cell>);
    let locked = Signal::derive(move || {
        app.selection().neuron.map(|neuron| Cell { row: 2, column: neuron as usize })
    });
    let on_lock = Callback::new(move |cell: Option<Cell>| {
        app.select(|view| view.neuron = cell.map(|cell| cell.column as u32));
    });
    let describe = Callback::new(move |cell: Cell| {
        let neuron = look
            .at
            .with(|at| feed_forward::neuron(at.as_ref()?, look.gate.get(), cell.column as u32));
        neuron.map_or_else(String::new, |neuron| {
            (app.t().inside_feed_forward.cell)(
                neuron.number,
                &format::number(neuron.gate),
                &format::number(neuron.up),
                &format::number(neuron.product),
            )
        })
    });
    let caption = Signal::derive(move || {
        let layer = look.at.with(|at| at.as_ref().map(|at| (at.layer, at.product.len())));
        layer.map_or_else(String::new, |(layer, neurons)| {
            (app.t().inside_feed_forward.caption)(layer, neurons)
        })
    });
    view! {
        <Heatmap
            grid=grid
            caption=caption
            describe=describe
            hovered=hovered
            locked=locked
            on_lock=on_lock
            file="glassbox-feed-forward"
            test_id="feed-forward-map"
            row_height=ROW_HEIGHT
        />
    }
}

/// The most active neurons with their products.
#[component]
fn Active(look: Look) -> impl IntoView {
    let app = App::get();
    let listed = memo(move || {
        let at = look.at.get()?;
        Some(most_active(&at, look.gate.get()))
    });
    let chart = memo(move || {
        let words = &app.t().inside_feed_forward;
        let chosen = look.neuron.get().map(|neuron| neuron.number);
        let bars = listed.get()?.into_iter().map(|neuron| Bar {
            name: (words.neuron)(neuron.number),
            values: vec![Some(neuron.product)],
            is_chosen: Some(neuron.number) == chosen,
        });
        Some(Arc::new(Chart {
            series: vec![Series {
                name: words.product.to_owned(),
                ink: Ink::Heat,
                unit: Unit::Signed,
            }],
            bars: bars.collect(),
            apart: false,
        }))
    });
    let pick = Callback::new(move |at: usize| {
        let number = listed.with_untracked(|listed| Some(listed.as_ref()?.get(at)?.number));
        app.select(|view| view.neuron = number);
    });
    view! {
        <section class="inside-part">
            <h3>{move || app.t().inside_feed_forward.active}</h3>
            <BarPicture
                chart=chart
                caption=Signal::derive(move || app.t().inside_feed_forward.active_caption.to_owned())
                file="glassbox-neurons"
                test_id="neurons"
                on_pick=pick
            />
        </section>
    }
}
