//! The same text in another stage: which one, and the heads that changed most.

use leptos::prelude::*;

use super::super::files::SaveBar;
use super::super::waiting::Waiting;
use crate::components::flow::{For, Show};
use crate::protocol::inside::{Answer, Ask, HeadChange};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::chart::{Chart, Ink, Series, Unit, file};
use crate::state::inside::question::ask;
use crate::state::inside::sketch::Saved;

/// Heads in the list.
const MOST: usize = 12;

/// Chooses the stage that is compared with, of all that the model has.
#[component]
pub(super) fn Against() -> impl IntoView {
    let app = App::get();
    let model = memo(move || {
        app.inside
            .text
            .with(|text| text.as_ref().map(|text| text.model.clone()))
            .unwrap_or_default()
    });
    let options = memo(move || {
        let own = app.inside.text.with(|text| text.as_ref().map(|text| text.stage.clone()));
        let stages = app.stages_inside().into_iter();
        stages.filter(|stage| Some(stage) != own.as_ref()).collect::<Vec<_>>()
    });
    let current = memo(move || app.text_against().map(|text| text.stage));
    let choose = move |stage: String| {
        app.select(|view| {
            view.versus = Some(stage);
            view.against = None;
        });
    };
    // Something to compare with, as soon as it is asked for.
    effect(move || {
        let options = options.get();
        let is_there = options.iter().any(|stage| Some(stage) == current.get().as_ref());
        if let Some(first) = options.first().filter(|_| !is_there) {
            choose(first.clone());
        }
    });
    view! {
        <label class="field against">
            <span class="field-name">{move || app.t().inside_attention.against}</span>
            <select
                data-testid="attention-against"
                on:change=move |event| choose(event_target_value(&event))
            >
                <For
                    each=move || options.get()
                    key=|stage: &String| stage.clone()
                    children=move |stage: String| {
                        let (value, own, name) = (stage.clone(), stage.clone(), stage);
                        view! {
                            <option value=value prop:selected=move || current.get().as_ref() == Some(&own)>
                                {move || app.stage_label(&model.get(), &name)}
                            </option>
                        }
                    }
                />
            </select>
        </label>
        <Show when=move || options.with(Vec::is_empty)>
            <p class="hint">{move || app.t().inside_attention.no_other_stage}</p>
        </Show>
    }
}

#[component]
pub(super) fn Changes() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        Some((text, Ask::HeadChanges { against: app.inside.against.get()? }))
    });
    // Those of another stage would stand under this one's name.
    let heads = memo(move || {
        let against = app.inside.against.get()?;
        let is_it = |ask: &Ask| matches!(ask, Ask::HeadChanges { against: own } if *own == against);
        reply.about(|_, ask| is_it(ask).then_some(()))?;
        reply.one(|answer| match answer {
            Answer::HeadChanges { heads } => Some(heads.clone()),
            _ => None,
        })
    });
    let is_there = Signal::derive(move || heads.with(Option::is_some));
    // The file has the heads that are listed, its table all of them.
    let made = Callback::new(move |()| {
        let heads = heads.get()?;
        let listed = heads.get(..MOST).unwrap_or(&heads);
        let caption = app.t().inside_attention.changes;
        let svg = file::svg(&chart(app, listed), caption);
        Some(Saved { svg, csv: file::csv(&chart(app, &heads)) })
    });
    let rows = move || {
        let heads = heads.get()?;
        let most = heads.first().map_or(0.0, |head| head.difference).max(f32::MIN_POSITIVE);
        let rows = heads
            .into_iter()
            .take(MOST)
            .map(|change| {
                let share = f64::from(change.difference / most) * 100.0;
                let go = move |_| {
                    app.select(|view| {
                        view.layer = Some(change.layer);
                        view.head = Some(change.head);
                    });
                };
                view! {
                    <li
                        data-testid="head-change"
                        data-layer=change.layer
                        data-head=change.head
                        data-difference=change.difference
                    >
                        <button type="button" class="near" on:click=go>
                            <span>{(app.t().inside_attention.head_at)(change.layer, change.head)}</span>
                            <span class="near-bar" aria-hidden="true">
                                <i style:width=format!("{share:.1}%")></i>
                            </span>
                            <span class="bar-number">{format::number(change.difference)}</span>
                        </button>
                    </li>
                }
            })
            .collect_view();
        Some(rows)
    };
    view! {
        <Show when=move || app.inside.against.with(Option::is_some)>
            <section class="inside-part" data-testid="head-changes" data-part="difference">
                <h3>{move || app.t().inside_attention.changes}</h3>
                <p class="hint">{move || app.t().inside_attention.changes_explained}</p>
                <Waiting reply=reply hides_old=true/>
                <ol class="near-list">{rows}</ol>
                <SaveBar is_there=is_there made=made file="glassbox-head-changes"/>
            </section>
        </Show>
    }
}

/// Heads and how much they changed, as bars for a file. Tracks the language.
fn chart(app: App, heads: &[HeadChange]) -> Chart {
    let words = &app.t().inside_attention;
    let name = words.mode_difference.to_owned();
    let series = Series { name, ink: Ink::Attention, unit: Unit::Number };
    let row = |head: &HeadChange| ((words.head_at)(head.layer, head.head), head.difference);
    Chart::of_one(series, heads.iter().map(row))
}
