//! All heads of all layers, small. They are the picker too: arrow keys walk heads and layers.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::super::files::SaveBar;
use super::super::heatmap::Cells;
use super::super::waiting::Waiting;
use crate::browser::dom;
use crate::protocol::inside::{Answer, Ask, HeadStats, Thumbnails};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Grid;
use crate::state::inside::attention::{roles, thumbnail};
use crate::state::inside::heads;
use crate::state::inside::question::ask;

fn thumb_id(layer: u32, head: u32) -> String {
    format!("thumb-{layer}-{head}")
}

/// Where a key leads among the heads.
fn step(key: &str, (layer, head): (u32, u32), layers: u32, heads: u32) -> Option<(u32, u32)> {
    let to = match key {
        "ArrowLeft" => (layer, head.saturating_sub(1)),
        "ArrowRight" => (layer, head + 1),
        "ArrowUp" => (layer.saturating_sub(1), head),
        "ArrowDown" => (layer + 1, head),
        "Home" => (layer, 0),
        "End" => (layer, heads),
        _ => return None,
    };
    Some((to.0.min(layers.saturating_sub(1)), to.1.min(heads.saturating_sub(1))))
}

fn pick(app: App, (layer, head): (u32, u32)) {
    app.select(|view| {
        view.layer = Some(layer);
        view.head = Some(head);
    });
}

#[component]
pub(super) fn Thumbs() -> impl IntoView {
    let app = App::get();
    let reply = ask(app, move || Some((app.inside.ready()?.0, Ask::Thumbnails)));
    let all = memo(move || {
        reply.one(|answer| match answer {
            Answer::Thumbnails(all) => Some(Arc::new(all.clone())),
            _ => None,
        })
    });
    let place = memo(move || {
        let selection = app.selection();
        (selection.layer, selection.head)
    });
    let selected = Selector::new(move || place.get());
    let is_there = Signal::derive(move || all.with(Option::is_some));
    let made = Callback::new(move |()| {
        let caption = app.t().inside_attention.heads;
        all.with(|all| all.as_ref().map(|all| heads::saved(all, caption)))
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(all) = all.get_untracked() else { return };
        if let Some(to) = step(&event.key(), place.get_untracked(), all.layers, all.heads) {
            event.prevent_default();
            pick(app, to);
            dom::focus(&thumb_id(to.0, to.1));
        }
    };
    view! {
        <section
            class="inside-part"
            data-testid="thumbs"
            data-part="heads"
            data-count=move || all.with(|all| all.as_ref().map(|all| all.layers * all.heads))
        >
            <h3>{move || app.t().inside_attention.heads}</h3>
            <p class="hint">{move || app.t().inside_attention.heads_explained}</p>
            <Waiting reply=reply/>
            <div class="thumbs" role="group" aria-label=move || app.t().inside_attention.heads on:keydown=on_key>
                {move || all.get().map(|all| {
                    (0..all.layers)
                        .map(|layer| {
                            let heads = (0..all.heads)
                                .map(|head| thumb(app, &all, layer, head, selected.clone()))
                                .collect_view();
                            view! {
                                <div class="thumb-layer">
                                    <span class="thumb-name hint">{layer}</span>
                                    {heads}
                                </div>
                            }
                        })
                        .collect_view()
                })}
            </div>
            <SaveBar is_there=is_there made=made file="glassbox-attention-heads"/>
        </section>
    }
}

fn thumb(
    app: App,
    all: &Thumbnails,
    layer: u32,
    head: u32,
    selected: Selector<(u32, u32)>,
) -> impl IntoView + use<> {
    let index = (layer * all.heads + head) as usize;
    let grid: Option<Arc<Grid>> = thumbnail(&all.cells, all.size, index);
    let stats: HeadStats = all.stats.get(index).copied().unwrap_or_default();
    let is_pressed = selected.clone();
    let here = (layer, head);
    let name = move || {
        let words = &app.t().inside_attention;
        let place = (words.head_at)(layer, head);
        let role = roles(&stats).first().map(|(role, stat)| {
            (words.role)(*role, &format::percent(f64::from(stat.share)), stat.queries)
        });
        role.map_or_else(|| place.clone(), |role| format!("{place}: {role}"))
    };
    view! {
        <button
            type="button"
            class="thumb"
            id=thumb_id(layer, head)
            data-testid="thumb"
            data-layer=layer
            data-head=head
            title=name
            aria-label=name
            aria-pressed=move || if is_pressed.selected(&here) { "true" } else { "false" }
            tabindex=move || if selected.selected(&here) { "0" } else { "-1" }
            on:click=move |_| pick(app, here)
        >
            <Cells grid=Signal::stored(grid)/>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_heads_and_layers() {
        assert_eq!(step("ArrowRight", (1, 2), 3, 4), Some((1, 3)));
        assert_eq!(step("ArrowDown", (2, 2), 3, 4), Some((2, 2)));
        assert_eq!(step("End", (0, 0), 3, 4), Some((0, 3)));
        assert_eq!(step("Enter", (0, 0), 3, 4), None);
    }
}
