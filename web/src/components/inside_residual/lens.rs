//! The logit lens: token by token, after so many blocks, what the model would say if it ended there.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::save;
use crate::components::flow::Show;
use crate::components::inside::heatmap::Heatmap;
use crate::components::inside::pick::Choice;
use crate::components::inside::strip::{axis_names, name_of};
use crate::components::inside::waiting::Waiting;
use crate::components::inside_target::Targets;
use crate::protocol::inside::Ask;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::heatmap::Cell;
use crate::state::inside::formulas;
use crate::state::inside::question::ask;
use crate::state::inside::residual::{Lens, LensMode, Seen, WINDOW, window_from};
use crate::state::token;

/// Height of a row in pixels.
const ROW_HEIGHT: f64 = 24.0;

fn mode_code(mode: LensMode) -> &'static str {
    match mode {
        LensMode::Top => "top",
        LensMode::Target => "target",
    }
}

#[component]
pub(super) fn LensPart(targets: Targets) -> impl IntoView {
    let app = App::get();
    let mode = RwSignal::new(LensMode::Top);
    let length = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.tokens.len() as u32))
    });
    let range = Memo::new(move |before: Option<&(u32, u32)>| {
        window_from(before.copied(), app.selection().token, length.get())
    });
    let reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let (first, count) = range.get();
        // Ranks cost nothing more, but a text's end has no target until its distribution has come.
        let target = if mode.get() == LensMode::Target { targets.target.get() } else { None };
        Some((text, Ask::Lens { first, count, target }))
    });
    let lens = memo(move || {
        let (_, facts) = app.inside.ready()?;
        reply.parts.with(|parts| Lens::of(parts, facts.shape.layers)).map(Arc::new)
    });
    // The target that its ranks are of.
    let target = memo(move || {
        reply.about(|_, ask| match ask {
            Ask::Lens { target, .. } => *target,
            _ => None,
        })
    });
    let grid = memo(move || {
        let (_, facts) = app.inside.ready()?;
        let embedding = app.t().inside_residual.embedding_short;
        lens.get()?.grid(mode.get(), &axis_names(&facts), embedding).map(Arc::new)
    });
    let blocks = RwSignal::new(None::<usize>);
    let hovered = RwSignal::new(None::<Cell>);
    let locked = Signal::derive(move || {
        let selection = app.selection();
        let blocks = blocks.get().filter(|_| selection.is_locked)?;
        lens.get()?.cell(selection.token, blocks)
    });
    let on_lock = Callback::new(move |cell: Option<Cell>| {
        let first = lens.with_untracked(|lens| lens.as_ref().map_or(0, |lens| lens.first));
        blocks.set(cell.map(|cell| cell.column));
        app.select(|view| {
            view.token = cell.map(|cell| first + cell.row as u32);
            // A block's row of the lens is what stands after the layer before it.
            let layer = cell.and_then(|cell| cell.column.checked_sub(1));
            view.layer = layer.map_or(view.layer, |layer| Some(layer as u32));
        });
    });
    let named = move || target.get().map(|id| targets.name(app, id)).unwrap_or_default();
    let describe = Callback::new(move |cell: Cell| describe(app, named, lens, cell));
    let caption = Signal::derive(move || {
        let words = &app.t().inside_residual;
        match mode.get() {
            LensMode::Top => words.lens_caption.to_owned(),
            LensMode::Target if target.get().is_none() => String::new(),
            LensMode::Target => (words.lens_target_caption)(&named()),
        }
    });
    // The cell that is pointed at, else the locked one, else the model's own output at the followed token.
    let written = memo(move || {
        let (selection, lens) = (app.selection(), lens.get()?);
        let cell = hovered.get().or_else(|| locked.get());
        let cell = cell.or_else(|| lens.cell(selection.token, lens.blocks - 1))?;
        let seen = lens.seen(cell.row, cell.column)?;
        let said = (app.t().inside_more.numbers.lens)(&token::spoken(seen.top));
        Some((formulas::softmax(&seen), said))
    });
    let settled = move || {
        let (selection, lens) = (app.selection(), lens.get()?);
        let row = lens.cell(selection.token, 0)?.row;
        let blocks = lens.settles(row)?;
        let top = token::spoken(lens.seen(row, blocks)?.top);
        Some((app.t().inside_residual.settles)(&top, blocks, lens.blocks - 1))
    };
    view! {
        <section
            class="inside-part"
            data-testid="lens-part"
            data-part="lens"
            data-come=move || lens.get().map(|lens| lens.come())
            data-first=move || range.get().0
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <h3>{move || app.t().inside_residual.lens}</h3>
            <p class="hint">{move || app.t().inside_residual.lens_explained}</p>
            <div class="tool-row">
                <Choice
                    label=Signal::derive(move || app.t().inside_residual.cells.to_owned())
                    options=vec![LensMode::Top, LensMode::Target]
                    code=mode_code
                    name=Callback::new(move |mode: LensMode| {
                        let words = &app.t().inside_residual;
                        let name = match mode {
                            LensMode::Top => words.cells_top,
                            LensMode::Target => words.cells_target,
                        };
                        name.to_owned()
                    })
                    value=mode
                    on_change=Callback::new(move |choice| mode.set(choice))
                    test_id="lens-mode"
                />
                <Show when=move || { length.get() > WINDOW }><Pages range=range length=length/></Show>
            </div>
            <Waiting reply=reply/>
            <Heatmap
                grid=grid
                caption=caption
                describe=describe
                hovered=hovered
                locked=locked
                on_lock=on_lock
                file="glassbox-lens"
                test_id="lens"
                row_height=ROW_HEIGHT
            />
            <p class="formula" data-testid="lens-formula">
                {move || written.get().map(|(formula, _)| formula)}
            </p>
            <p class="hint">{move || written.get().map(|(_, said)| said)}</p>
            <p class="summary" aria-live="polite" data-testid="lens-settles">{settled}</p>
            <p>
                <button
                    type="button"
                    class="quiet"
                    data-testid="lens-table"
                    on:click=move |_| {
                        let table = lens.get_untracked().zip(app.inside.facts.get_untracked());
                        if let Some((lens, facts)) = table {
                            save::text(
                                "glassbox-lens-table.csv",
                                "text/csv",
                                &lens.csv(&axis_names(&facts)),
                            );
                        }
                    }
                >
                    {move || app.t().inside_residual.lens_table}
                </button>
            </p>
        </section>
    }
}

/// The windows before and after the one on show: their tokens are followed.
#[component]
fn Pages(range: Memo<(u32, u32)>, length: Memo<u32>) -> impl IntoView {
    let app = App::get();
    let go = move |token: u32| app.select(|view| view.token = Some(token));
    let first = move || range.get().0;
    let end = move || range.get().0 + range.get().1;
    let is_last = move || end() >= length.get();
    view! {
        <div class="buttons">
            <button
                type="button"
                class="quiet"
                data-testid="lens-earlier"
                disabled=move || first() == 0
                on:click=move |_| go(range.get_untracked().0.saturating_sub(1))
            >
                {move || app.t().inside_residual.earlier}
            </button>
            <span class="hint">
                {move || (app.t().inside_residual.shown)(first(), end().saturating_sub(1), length.get())}
            </span>
            <button
                type="button"
                class="quiet"
                data-testid="lens-later"
                disabled=is_last
                on:click=move |_| {
                    let (first, count) = range.get_untracked();
                    go(first + count);
                }
            >
                {move || app.t().inside_residual.later}
            </button>
        </div>
    }
}

/// A cell in words; `target` names what its rank is of.
fn describe(
    app: App,
    target: impl Fn() -> String,
    lens: Memo<Option<Arc<Lens>>>,
    cell: Cell,
) -> String {
    let words = &app.t().inside_residual;
    let Some((lens, facts)) = lens.get().zip(app.inside.facts.get()) else {
        return String::new();
    };
    let place = lens.first + cell.row as u32;
    let name = name_of(&facts, place);
    let Some(Seen { top, probability, target: ranked, .. }) = lens.seen(cell.row, cell.column)
    else {
        return words.not_yet.to_owned();
    };
    let percent = |share: f32| format::percent(f64::from(share));
    let mut said =
        (words.lens_cell)(&name, place, cell.column, &token::spoken(top), &percent(probability));
    if let Some((rank, share)) = ranked {
        said.push(' ');
        said.push_str(&(words.lens_rank)(&target(), rank, &percent(share)));
    }
    said
}
