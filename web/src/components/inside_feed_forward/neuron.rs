//! One neuron: how its product comes about here, and which output tokens it pushes.

use std::sync::Arc;

use leptos::prelude::*;
use share::scene::{Panel, SwitchPart};

use super::Look;
use crate::components::flow::Show;
use crate::components::inside::waiting::Waiting;
use crate::components::inside_chart::BarPicture;
use crate::protocol::inside::{Answer, Ask, GateFunction, TokenValue};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::inside::feed_forward::{Neuron, PUSHED, pushed_here};
use crate::state::inside::question::ask;
use crate::state::token;

/// What a neuron pushes.
#[derive(Clone, Debug, PartialEq)]
struct Pushes {
    layer: u32,
    neuron: u32,
    up: Vec<TokenValue>,
    down: Vec<TokenValue>,
}

#[component]
pub(super) fn NeuronPart(look: Look) -> impl IntoView {
    let app = App::get();
    // Layer and number of what is on show, which the selection may be ahead of.
    let place = memo(move || {
        let layer = look.at.with(|at| at.as_ref().map(|at| at.layer))?;
        Some((layer, look.neuron.get()?.number))
    });
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let (layer, neuron) = place.get()?;
        Some((text, Ask::Neuron { layer, neuron, count: PUSHED }))
    });
    let pushes = memo(move || {
        reply.one(|answer| match answer {
            Answer::Neuron { layer, neuron, up, down } => {
                Some(Pushes { layer: *layer, neuron: *neuron, up: up.clone(), down: down.clone() })
            }
            _ => None,
        })
    });
    // What is pushed up here: a negative product turns the directions around.
    let here = move |is_up: bool| {
        let neuron = look.neuron.get()?;
        let place = place.get()?;
        let pushes = pushes.get().filter(|pushes| (pushes.layer, pushes.neuron) == place)?;
        let (up, down) = pushed_here(&pushes.up, &pushes.down, neuron.product);
        let values = if is_up { up } else { down };
        let bar = |value: &TokenValue| Bar {
            name: token::spoken(&value.token),
            values: vec![Some(value.value * neuron.product)],
            is_chosen: false,
        };
        Some(Arc::new(Chart {
            series: vec![Series {
                name: app.t().inside_feed_forward.push.to_owned(),
                ink: if is_up { Ink::Heat } else { Ink::Part },
                unit: Unit::Signed,
            }],
            bars: values.iter().map(bar).collect(),
            apart: false,
        }))
    };
    let up = memo(move || here(true));
    let down = memo(move || here(false));
    let switch_off = move |_| {
        if let Some((layer, neuron)) = place.get_untracked() {
            app.set_switch(SwitchPart::Neuron, layer, neuron, 0.0);
            app.select(|view| view.panel = Panel::Switches);
        }
    };
    view! {
        <section
            class="inside-part"
            data-testid="neuron"
            data-neuron=move || place.get().map(|(_, neuron)| neuron)
            data-gate=move || look.neuron.get().map(|neuron| neuron.gate)
            data-up=move || look.neuron.get().map(|neuron| neuron.up)
            data-product=move || look.neuron.get().map(|neuron| neuron.product)
        >
            {move || look.neuron.get().map(|neuron| formula(app, look.gate.get(), neuron))}
            <Waiting reply=reply hides_old=true/>
            <div class="pushes">
                <div>
                    <h4>{move || app.t().inside_feed_forward.pushes_up}</h4>
                    <BarPicture
                        chart=up
                        caption=Signal::derive(move || app.t().inside_feed_forward.push_caption.to_owned())
                        file="glassbox-neuron-up"
                        test_id="neuron-up"
                    />
                </div>
                <div>
                    <h4>{move || app.t().inside_feed_forward.pushes_down}</h4>
                    <BarPicture
                        chart=down
                        caption=Signal::derive(move || app.t().inside_feed_forward.push_caption.to_owned())
                        file="glassbox-neuron-down"
                        test_id="neuron-down"
                    />
                </div>
            </div>
            <Show when=move || place.get().is_some()>
                <button type="button" class="plain" data-testid="switch-neuron-off" on:click=switch_off>
                    {move || app.t().inside_feed_forward.switch_off}
                </button>
            </Show>
        </section>
    }
}

/// The product with its operands. Tracks the language.
fn formula(app: App, gate: GateFunction, neuron: Neuron) -> impl IntoView {
    let words = &app.t().inside_feed_forward;
    let function = match gate {
        GateFunction::Silu => "silu",
        GateFunction::Gelu => "gelu",
    };
    let [gate, opened, up, product] =
        [neuron.gate, neuron.opened, neuron.up, neuron.product].map(format::number);
    view! {
        <h3>{(words.neuron)(neuron.number)}</h3>
        <p class="formula">
            {format!("{function}({gate}) × {up} = {opened} × {up} = {product}")}
        </p>
        <p class="hint">{words.formula_explained}</p>
    }
}
