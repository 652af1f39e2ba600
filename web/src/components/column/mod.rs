//! One column: which stage answers, its text as token chips, and what is known about it.

mod exact;
mod foot;
mod head;
mod tree;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::components::bars::Bars;
use crate::components::chip::{Chip, Marks, chip_id};
use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inspect::Spot;
use crate::state::lane::Lane;
use crate::state::run::reason_code;
use crate::state::scene;

use exact::ExactPrompt;
use foot::Foot;
use head::Head;
use tree::Paths;

/// The element id of a column.
pub(crate) fn column_id(lane: usize) -> String {
    format!("column-{lane}")
}

#[component]
pub(crate) fn ColumnCard(lane: Lane) -> impl IntoView {
    let app = App::get();
    let number = lane.number;
    let position = memo(move || app.position(number));
    let column = memo(move || app.column(number));
    let hidden = memo(move || app.blind.with(|blind| blind.hides()));
    let phase = memo(move || lane.run.with(|run| run.phase));
    let name_of = move |read: fn(&share::scene::Column) -> &String| {
        column.with(|column| column.as_ref().filter(|_| !hidden.get()).map(|c| read(c).clone()))
    };
    view! {
        <article
            class="column"
            id=column_id(number)
            data-testid="column"
            data-part="column"
            data-column=move || position.get()
            data-model=move || name_of(|column| &column.model)
            data-stage=move || name_of(|column| &column.stage)
            data-state=move || phase.get().code()
            aria-label=move || {
                position.get().map(|at| (app.t().columns.column)(scene::letter(at)))
            }
        >
            <Head lane=lane position=position column=column hidden=hidden/>
            <ExactPrompt lane=lane/>
            <Answer lane=lane/>
            <Foot lane=lane hidden=hidden/>
            <Paths lane=lane/>
            <Bars lane=lane/>
        </article>
    }
}

/// The answer. Where the prompt went in as it stands, it leads: the answer goes on from it.
#[component]
fn Answer(lane: Lane) -> impl IntoView {
    let app = App::get();
    let number = lane.number;
    let marks = Marks::new(app, lane);
    let extent = memo(move || lane.run.with(|run| (run.id, run.revealed)));
    let phase = memo(move || lane.run.with(|run| run.phase));
    let lead = memo(move || {
        let exact = app.scene.with(|scene| scene::view(scene).exact);
        // Only a base model's text begins with the prompt: that would tell which it is.
        let hides = app.blind.with(|blind| blind.hides());
        lane.run.with(|run| {
            let leads = run.continues() && !exact && !hides && !run.prompt.is_empty();
            leads.then_some(run.id)
        })
    });
    let lead_text = move || {
        lead.get()?;
        Some(lane.run.with_untracked(|run| run.prompt_text.clone()))
    };
    let chips = move || {
        let (run, revealed) = extent.get();
        (0..revealed).map(|place| (run, place)).collect::<Vec<_>>()
    };
    let spot = move |event: &web_sys::Event| {
        dom::token_place(event).map(|place| Spot { lane: number, place })
    };
    let step = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(from) = spot(&event) else { return };
        if let Some(to) = app.step_token(&event.key(), from) {
            event.prevent_default();
            dom::focus(&chip_id(to.lane, to.place));
        }
    };
    view! {
        <div
            class="tokens"
            role="group"
            aria-label=move || app.t().columns.tokens_label
            aria-describedby="output-keys"
            aria-busy=move || if phase.get().is_busy() { "true" } else { "false" }
            data-testid="output"
            data-state=move || phase.get().code()
            data-reason=move || lane.run.with(|run| run.reason.map(reason_code))
            data-text=move || lane.run.with(|run| run.text.clone())
            on:mouseover=move |event| {
                let hovered = spot(&event);
                app.inspect.update(|inspect| inspect.hover(hovered));
            }
            on:mouseleave=move |_| app.inspect.update(|inspect| inspect.hover(None))
            on:focusin=move |event| {
                if let Some(spot) = spot(&event) {
                    app.inspect.update(|inspect| inspect.focus(spot));
                }
            }
            on:click=move |event| {
                if let Some(spot) = spot(&event) {
                    app.click_token(spot);
                }
            }
            on:keydown=step
        >
            {move || lead_text().map(|text| view! { <span class="lead">{text}</span> })}
            <For
                each=chips
                key=|place: &(u32, usize)| *place
                children=move |(_, place): (u32, usize)| {
                    view! { <Chip lane=lane place=place marks=marks.clone()/> }
                }
            />
            <Show when=move || phase.get().is_busy()>
                <span class="caret" aria-hidden="true"></span>
            </Show>
        </div>
    }
}
