//! The numbers of a technique, each with a slider, and who takes part in a discussion.

mod panel;

use leptos::prelude::*;

use crate::components::flow::For;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::knobs::{Dial, Knob};
pub(crate) use panel::PanelChoice;

/// Sliders for `dials`; a turn goes to `turn`.
#[component]
pub(crate) fn Knobs(
    /// The knobs as they stand.
    #[prop(into)]
    dials: Signal<Vec<Dial>>,
    /// What a turn does.
    turn: Callback<(Knob, f64)>,
) -> impl IntoView {
    let app = App::get();
    // A slider stays the same element while it is turned.
    let shown = memo(move || {
        dials.with(|dials| {
            let range = |dial: &Dial| (dial.knob, dial.min, dial.max, dial.step);
            dials.iter().map(range).collect::<Vec<_>>()
        })
    });
    let value = move |knob: Knob| {
        dials.with(|dials| {
            dials.iter().find(|dial| dial.knob == knob).map_or(0.0, |dial| dial.value)
        })
    };
    view! {
        <div class="knobs">
            <For
                each=move || shown.get()
                key=|(knob, ..): &(Knob, f64, f64, f64)| *knob
                children=move |(knob, min, max, step): (Knob, f64, f64, f64)| view! {
                    <label class="field knob">
                        <span class="field-name">
                            {move || (app.t().lab.techniques.knob)(knob)}": "
                            <b>{move || (app.t().lab.techniques.value)(knob, value(knob))}</b>
                        </span>
                        <input
                            type="range"
                            min=min
                            max=max
                            step=step
                            data-testid="knob"
                            data-knob=knob.code()
                            aria-valuetext=move || (app.t().lab.techniques.value)(knob, value(knob))
                            prop:value=move || value(knob).to_string()
                            on:input=move |event| {
                                if let Ok(value) = event_target_value(&event).parse::<f64>() {
                                    turn.run((knob, value));
                                }
                            }
                        />
                    </label>
                }
            />
        </div>
    }
}
