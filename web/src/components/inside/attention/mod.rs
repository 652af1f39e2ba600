//! Attention: the table of any layer and head, how a weight comes about, all heads at a glance, where attention goes
//! in the prompt, and how stages differ.

mod changes;
mod lines;
mod looks;
mod mass;
mod note;
mod pair;
mod stages;
mod thumbs;
mod too_long;
mod values;

use leptos::prelude::*;

use super::heatmap::Heatmap;
use super::pick::{Choice, HeadPick, LayerPick};
use super::waiting::Waiting;
use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Cell;
use crate::state::inside::attention::{STEPS, Step};

use changes::{Against, Changes};
use lines::Lines;
use looks::{Drawn, Looks, MODES, Mode, lock, locked, told};
use mass::Masses;
use note::{Note, Roles};
use pair::PairSteps;
use stages::Stages;
use thumbs::Thumbs;
pub(crate) use too_long::TooLong;

#[component]
pub(super) fn AttentionPanel() -> impl IntoView {
    let app = App::get();
    let looks = Looks::new(app);
    let is_head = memo(move || looks.mode.get() == Mode::Head);
    // Lines draw the weights of one head or layer, no differences.
    let is_difference = memo(move || looks.mode.get() == Mode::Difference);
    let as_lines = memo(move || looks.lines.get() && !is_difference.get());
    let is_layered = memo(move || matches!(looks.mode.get(), Mode::Head | Mode::Difference));
    let place = memo(move || {
        let selection = app.selection();
        (selection.layer, selection.head)
    });
    view! {
        <div
            class="inside-body"
            data-testid="attention"
            data-mode=move || looks.mode.get().code()
            data-step=move || looks.step.get().code()
            data-layer=move || place.get().0
            data-head=move || place.get().1
            data-waiting=move || looks.reply.is_waiting().then_some("")
        >
            <p class="tool-intro">{move || app.t().inside_attention.intro}</p>
            <div class="tool-row">
                <LayerPick/>
                <Show when=move || is_layered.get()><HeadPick/></Show>
                <Choice
                    label=Signal::derive(move || app.t().inside_attention.what.to_owned())
                    options=MODES.to_vec()
                    code=Mode::code
                    name=Callback::new(move |mode: Mode| mode_name(app, mode).to_owned())
                    value=looks.mode
                    on_change=Callback::new(move |mode| looks.mode.set(mode))
                    test_id="attention-mode"
                />
            </div>
            <Show when=move || looks.mode.get() == Mode::Difference><Against/><Waiting reply=looks.other/></Show>
            <TooLong/>
            <div class="attention-pair">
                <div class="attention-picture" data-part="matrix">
                    <div class="tool-row">
                        <Show when=move || is_head.get()>
                            <Choice
                                label=Signal::derive(move || app.t().inside_attention.step.to_owned())
                                options=STEPS.to_vec()
                                code=Step::code
                                name=Callback::new(move |step: Step| step_name(app, step).to_owned())
                                value=looks.step
                                on_change=Callback::new(move |step| looks.step.set(step))
                                test_id="attention-step"
                            />
                        </Show>
                        <Toggle
                            test_id="attention-root"
                            value=looks.root
                            label=Signal::derive(move || app.t().inside_attention.root)
                        />
                        <Show when=move || !is_difference.get()>
                            <Toggle
                                test_id="attention-lines"
                                value=looks.lines
                                label=Signal::derive(move || app.t().inside_attention.lines)
                            />
                        </Show>
                    </div>
                    <Waiting reply=looks.reply/>
                    <Show when=move || !as_lines.get() fallback=move || view! { <Lines looks=looks/> }>
                        <Picture looks=looks/>
                    </Show>
                </div>
                <div class="attention-words" data-old=move || looks.is_old().then_some("")>
                    <Show when=move || is_head.get()>
                        <Roles looks=looks/>
                    </Show>
                    <PairSteps looks=looks/>
                    <Masses looks=looks/>
                    <Note/>
                </div>
            </div>
            <Stages looks=looks/>
            <Thumbs/>
            <Changes/>
        </div>
    }
}

fn mode_name(app: App, mode: Mode) -> &'static str {
    let words = &app.t().inside_attention;
    match mode {
        Mode::Head => words.mode_head,
        Mode::Mean => words.mode_mean,
        Mode::Rollout => words.mode_rollout,
        Mode::Difference => words.mode_difference,
    }
}

fn step_name(app: App, step: Step) -> &'static str {
    let words = &app.t().inside_attention;
    match step {
        Step::Score => words.step_score,
        Step::Scaled => words.step_scaled,
        Step::Weight => words.step_weight,
    }
}

#[component]
fn Toggle(
    test_id: &'static str,
    value: RwSignal<bool>,
    label: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                data-testid=test_id
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>{move || label.get()}</span>
        </label>
    }
}

/// The table. A click locks query and key, which all panels share.
#[component]
fn Picture(looks: Looks) -> impl IntoView {
    let app = App::get();
    let caption = Signal::derive(move || {
        let words = &app.t().inside_attention;
        let Some(Drawn { mode, layer, head, against }) = looks.drawn.get() else {
            return String::new();
        };
        match mode {
            Mode::Head => (words.caption_head)(layer, head, step_name(app, looks.step.get())),
            Mode::Mean => (words.caption_mean)(layer),
            Mode::Rollout => (words.caption_rollout)(layer),
            Mode::Difference => {
                let name = against.map(|(model, stage)| app.stage_label(&model, &stage));
                (words.caption_difference)(layer, head, &name.unwrap_or_default())
            }
        }
    });
    let describe = Callback::new(move |cell: Cell| {
        let value = looks.grid.with(|grid| grid.as_ref().and_then(|grid| grid.value(cell)));
        let mode = looks.drawn.with(|drawn| drawn.as_ref().map(|drawn| drawn.mode));
        let value = value.map(|value| match (mode, looks.step.get()) {
            (Some(Mode::Head), Step::Score | Step::Scaled) => format::number(value),
            (Some(Mode::Difference), _) => format::signed(value * 100.0) + " %",
            _ => format::percent(f64::from(value)),
        });
        told(app, cell, value.as_deref())
    });
    let on_lock = Callback::new(move |cell: Option<Cell>| lock(app, cell));
    view! {
        <Heatmap
            grid=looks.grid
            caption=caption
            describe=describe
            hovered=looks.hovered
            locked=Signal::derive(move || locked(app))
            on_lock=on_lock
            file="glassbox-attention"
            test_id="attention-map"
        />
    }
}
