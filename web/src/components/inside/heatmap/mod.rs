//! A table of numbers as a picture that can be looked at closely: hover or arrow keys preview, click or Enter locks,
//! Escape frees; pinch, Ctrl and wheel, + and − come closer. Saves as PNG, CSV and, while small, SVG.
//!
//! ```ignore
//! let grid: Memo<Option<Arc<Grid>>> = …;            // rows, columns, values, scale, names, texts, what is absent
//! let hovered = RwSignal::new(None::<Cell>);        // the preview; read it beside the picture
//! view! {
//!     <Heatmap grid=grid caption=caption describe=describe hovered=hovered locked=locked on_lock=on_lock
//!              file="glassbox-lens" test_id="lens" row_height=22.0/>
//! }
//! ```

mod cells;
mod draw;
mod foot;
mod hands;

use std::sync::Arc;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use crate::browser::canvas::{self, Watch};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::heatmap::grip::Grip;
use crate::state::heatmap::layout::{Layout, Place};
use crate::state::heatmap::viewport::Viewport;
use crate::state::heatmap::{Cell, Grid, Tone};
use crate::state::preferences::Theme;

pub(crate) use cells::Cells;
use foot::Foot;

/// One step closer.
const CLOSER: f64 = 1.5;

/// What the parts of the picture share.
#[derive(Clone, Copy)]
struct Look {
    grid: Signal<Option<Arc<Grid>>>,
    layout: Memo<Option<Layout>>,
    view: RwSignal<Viewport>,
    hovered: RwSignal<Option<Cell>>,
    locked: Signal<Option<Cell>>,
    on_lock: Callback<Option<Cell>>,
    grip: StoredValue<Grip>,
}

/// Light or dark, as the page is drawn. Tracks.
pub(crate) fn tone(app: App, system_is_dark: bool) -> Tone {
    match app.theme.get() {
        Theme::Light => Tone::Light,
        Theme::Dark => Tone::Dark,
        Theme::System if system_is_dark => Tone::Dark,
        Theme::System => Tone::Light,
    }
}

#[component]
pub(crate) fn Heatmap(
    /// What is drawn; nothing while it is on its way.
    #[prop(into)]
    grid: Signal<Option<Arc<Grid>>>,
    /// One or two sentences: what the picture shows. Stands under it, and is its name for screen readers.
    #[prop(into)]
    caption: Signal<String>,
    /// A cell in words.
    describe: Callback<Cell, String>,
    /// The cell that the reader points at.
    hovered: RwSignal<Option<Cell>>,
    /// The cell that is locked.
    #[prop(into)]
    locked: Signal<Option<Cell>>,
    /// The reader locks a cell, or frees it.
    on_lock: Callback<Option<Cell>>,
    /// Files are named so, without their ending.
    file: &'static str,
    /// The test hook.
    test_id: &'static str,
    /// Height of a row in pixels; without it cells are square.
    #[prop(optional)]
    row_height: Option<f64>,
) -> impl IntoView {
    let app = App::get();
    let frame = NodeRef::<Div>::new();
    let sheet = NodeRef::<Canvas>::new();
    let room = RwSignal::new(0.0);
    let is_dark = RwSignal::new(canvas::system_is_dark());
    let view = RwSignal::new(Viewport::default());
    let layout = memo(move || {
        let room = room.get();
        let fit = |grid: &Arc<Grid>| Layout::of(grid, room, row_height);
        grid.with(|grid| grid.as_ref().filter(|_| room > 0.0).map(fit))
    });
    let look = Look {
        grid,
        layout,
        view,
        hovered,
        locked,
        on_lock,
        grip: StoredValue::new(Grip::default()),
    };

    let watch = StoredValue::new_local(None::<Watch>);
    effect(move || {
        let Some(frame) = frame.get() else { return };
        let element = frame.clone();
        watch.set_value(Some(Watch::new(&frame, move || {
            let _ = room.try_set(f64::from(element.client_width()));
            let _ = is_dark.try_set(canvas::system_is_dark());
        })));
    });
    // Another table is shown whole.
    let shape = memo(move || grid.with(|grid| grid.as_ref().map(|grid| (grid.rows, grid.columns))));
    effect(move || {
        shape.track();
        view.set(Viewport::default());
        hovered.set(None);
    });
    effect(move || {
        let (Some(sheet), Some(layout)) = (sheet.get(), layout.get()) else { return };
        let (view, tone) = (view.get(), tone(app, is_dark.get()));
        grid.with(|grid| {
            if let Some(grid) = grid {
                draw::draw(&sheet, grid, &view, &layout, tone, canvas::ratio());
            }
        });
    });

    let shown = memo(move || hovered.get().or_else(|| locked.get()));
    let said = move || {
        let cell = shown.get().filter(|_| grid.with(Option::is_some));
        cell.map(|cell| describe.run(cell)).unwrap_or_default()
    };
    let size = move |of: fn(&Layout) -> f64| {
        layout.get().map_or_else(|| "0".to_owned(), |layout| format!("{}px", of(&layout)))
    };
    view! {
        <figure
            class="heatmap"
            data-testid=test_id
            data-rows=move || shape.get().map(|(rows, _)| rows)
            data-columns=move || shape.get().map(|(_, columns)| columns)
            data-zoom=move || format!("{:.3}", view.get().zoom)
            data-row=move || shown.get().map(|cell| cell.row)
            data-column=move || shown.get().map(|cell| cell.column)
            data-value=move || {
                let cell = shown.get()?;
                grid.with(|grid| grid.as_ref()?.value(cell)).map(|value| value.to_string())
            }
        >
            <div class="heatmap-frame" node_ref=frame>
                <div
                    class="heatmap-picture"
                    role="application"
                    tabindex="0"
                    aria-roledescription=move || app.t().heatmap.role
                    aria-label=move || caption.get()
                    title=move || app.t().heatmap.keys
                    hidden=move || grid.with(Option::is_none)
                    data-close=move || (!view.get().is_whole()).then_some("")
                    style:width=move || size(|layout| layout.size().0)
                    style:height=move || size(|layout| layout.size().1)
                    on:keydown=move |event| look.on_key(&event)
                >
                    <canvas
                        node_ref=sheet
                        aria-hidden="true"
                        on:pointerdown=move |event| look.on_press(&event)
                        on:pointermove=move |event| look.on_move(&event)
                        on:pointerup=move |event| look.on_release(&event)
                        on:pointercancel=move |_| look.grip.update_value(Grip::lose)
                        on:pointerleave=move |_| hovered.set(None)
                        on:wheel=move |event| look.on_wheel(&event)
                    ></canvas>
                    {outline(look, locked, "heatmap-locked")}
                    {outline(look, Signal::from(hovered), "heatmap-hovered")}
                </div>
            </div>
            <p class="heatmap-said" aria-live="polite">{said}</p>
            <figcaption>{move || caption.get()}</figcaption>
            <Foot look=look tone=Signal::derive(move || tone(app, is_dark.get())) caption=caption file=file row_height=row_height/>
        </figure>
    }
}

/// A frame around a cell.
fn outline(look: Look, cell: Signal<Option<Cell>>, class: &'static str) -> impl IntoView {
    let place = memo(move || {
        let (cell, layout, view) = (cell.get()?, look.layout.get()?, look.view.get());
        let place = look.grid.with(|grid| layout.place(grid.as_ref()?, &view, cell))?;
        Some(Place { x: place.x + layout.left, y: place.y + layout.top, ..place })
    });
    let length = move |of: fn(&Place) -> f64| {
        place.get().map_or_else(|| "0".to_owned(), |place| format!("{:.2}px", of(&place)))
    };
    view! {
        <i
            class=class
            aria-hidden="true"
            hidden=move || place.get().is_none()
            style:left=move || length(|place| place.x)
            style:top=move || length(|place| place.y)
            style:width=move || length(|place| place.width)
            style:height=move || length(|place| place.height)
        ></i>
    }
}
