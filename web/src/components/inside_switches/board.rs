//! The model as a board: a row for each layer, its heads, its attention and its feed-forward. A click switches a part
//! off or on again; the arrow keys walk.

use leptos::prelude::*;
use share::scene::SwitchPart;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::heatmap::{Cell, Grid, Scale};

/// The element id of a button.
fn cell_id(layer: u32, column: u32) -> String {
    format!("switch-{layer}-{column}")
}

/// What a column stands for: the heads, then attention and feed-forward.
fn part_of(column: u32, heads: u32) -> (SwitchPart, u32) {
    match column {
        column if column < heads => (SwitchPart::Head, column),
        column if column == heads => (SwitchPart::Attention, 0),
        _ => (SwitchPart::FeedForward, 0),
    }
}

/// The name of a part in test hooks.
fn code(part: SwitchPart) -> &'static str {
    match part {
        SwitchPart::Head => "head",
        SwitchPart::Attention => "attention",
        SwitchPart::FeedForward => "feed_forward",
        SwitchPart::Neuron => "neuron",
    }
}

#[component]
pub(super) fn Board() -> impl IntoView {
    let app = App::get();
    let size = memo(move || {
        app.inside.facts.with(|facts| {
            facts.as_ref().map_or((0, 0), |facts| (facts.shape.layers, facts.shape.heads))
        })
    });
    let cursor = RwSignal::new((0, 0));
    let at_cursor = Selector::new(move || cursor.get());
    let step = move |event: KeyboardEvent| {
        let ((layers, heads), (layer, column)) = (size.get_untracked(), cursor.get_untracked());
        let cells = vec![0.0; layers as usize * (heads as usize + 2)];
        let grid = Grid::new(layers as usize, heads as usize + 2, cells, Scale::default());
        let from = Cell { row: layer as usize, column: column as usize };
        if let Some(to) = grid.and_then(|grid| grid.step(&event.key(), from)) {
            event.prevent_default();
            event.stop_propagation();
            let to = (to.row as u32, to.column as u32);
            cursor.set(to);
            dom::focus(&cell_id(to.0, to.1));
        }
    };
    let rows = move || {
        let (layers, heads) = size.get();
        (0..layers)
            .map(|layer| {
                let cells = (0..heads + 2)
                    .map(|column| cell(app, layer, column, heads, cursor, at_cursor.clone()))
                    .collect_view();
                view! {
                    <tr>
                        <th scope="row">{layer}</th>
                        {cells}
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <section>
            <h3>{move || app.t().inside_switches.board}</h3>
            <p class="hint">{move || app.t().inside_switches.board_explained}</p>
            <div class="table-scroll board-scroll" tabindex="0" role="group" aria-label=move || app.t().inside_switches.board>
                <table class="board" data-testid="board" on:keydown=step>
                    <caption class="visually-hidden">
                        {move || app.t().inside_switches.board_explained}
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">{move || app.t().inside_switches.layer}</th>
                            <th scope="colgroup" colspan=move || size.get().1>
                                {move || app.t().inside_switches.heads}
                            </th>
                            <th scope="col">{move || app.t().inside_switches.attention}</th>
                            <th scope="col">{move || app.t().inside_switches.feed_forward}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn cell(
    app: App,
    layer: u32,
    column: u32,
    heads: u32,
    cursor: RwSignal<(u32, u32)>,
    at_cursor: Selector<(u32, u32)>,
) -> impl IntoView + use<> {
    let (part, index) = part_of(column, heads);
    let scale = memo(move || app.switch(part, layer, index));
    let text = move || match (part, scale.get()) {
        (_, 0.0) => "×".to_owned(),
        (_, scale) if scale != 1.0 => scale.to_string(),
        (SwitchPart::Head, _) => index.to_string(),
        _ => "●".to_owned(),
    };
    let name = move || {
        let words = &app.t().inside_switches;
        format!("{}: {}", (words.part)(part, layer, index), (words.scaled)(scale.get()))
    };
    let toggle = move |_| {
        cursor.set((layer, column));
        app.toggle_switch(part, layer, index);
    };
    view! {
        <td>
            <button
                type="button"
                class="board-cell"
                id=cell_id(layer, column)
                data-testid="board-cell"
                data-part=code(part)
                data-layer=layer
                data-index=index
                data-scale=move || scale.get()
                data-state=move || match scale.get() {
                    0.0 => "off",
                    1.0 => "on",
                    _ => "scaled",
                }
                tabindex=move || if at_cursor.selected(&(layer, column)) { "0" } else { "-1" }
                aria-pressed=move || if scale.get() == 1.0 { "false" } else { "true" }
                aria-label=name
                title=name
                on:click=toggle
            >
                {text}
            </button>
        </td>
    }
}
