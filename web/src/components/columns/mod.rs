//! The columns side by side: what they are, how the prompt goes in, and a way to add one.

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::column::{ColumnCard, column_id};
use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::format;
use crate::state::gallery;
use crate::state::library::Then;
use crate::state::scene::{self, MAX_COLUMNS};

#[component]
pub(crate) fn Columns() -> impl IntoView {
    let app = App::get();
    view! {
        <section class="compare" aria-labelledby="compare-title">
            <h2 id="compare-title" class="compare-line" data-testid="stage-line">
                {move || stage_line(app)}
            </h2>
            <LookFor/>
            <ColumnTabs/>
            <div class="columns" data-count=move || app.shown.with(Vec::len)>
                <For
                    each=move || app.shown.get()
                    key=|lane: &usize| *lane
                    children=move |lane: usize| view! { <ColumnCard lane=app.lanes[lane]/> }
                />
            </div>
            <div class="columns-foot">
                <Legend/>
                <div class="buttons">
                    <AddColumn/>
                    <LargerTrios/>
                </div>
            </div>
        </section>
    }
}

/// One line that says what the columns are. Tracks.
fn stage_line(app: App) -> String {
    let words = &app.t().columns;
    let columns = app.scene.with(|scene| scene.columns.clone());
    if app.blind.with(|blind| blind.hides()) {
        return (words.line_blind)(columns.len());
    }
    let stages: Vec<&str> = columns.iter().map(|column| column.stage.as_str()).collect();
    let one_model = columns.windows(2).all(|pair| pair[0].model == pair[1].model);
    if stages == ["base", "sft", "rlhf"] && one_model {
        return words.line_trio.to_owned();
    }
    (words.line_other)(columns.len())
}

/// What to look for in the example that stands there, and whether it holds for what came out.
#[component]
fn LookFor() -> impl IntoView {
    let app = App::get();
    let example = memo(move || app.shown_example().map(|example| example.id.as_str()));
    let holds = memo(move || app.example_holds());
    let sentence = move || {
        let example = gallery::find(example.get()?)?;
        Some(example.look.get(app.language.get()).clone())
    };
    view! {
        <Show when=move || example.get().is_some()>
            <p
                class="look-for"
                data-testid="look-for"
                data-example=move || example.get()
                data-holds=move || holds.get().map(|held| if held { "true" } else { "false" })
            >
                <b>{move || app.t().columns.look_for}</b>" "{sentence}" "
                <span class="look-verdict" role="status">
                    {move || match holds.get() {
                        Some(true) => app.t().columns.look_holds,
                        Some(false) => app.t().columns.look_fails,
                        None => "",
                    }}
                </span>
            </p>
        </Show>
    }
}

/// On a phone: the letters of the columns, to go to one without swiping.
#[component]
fn ColumnTabs() -> impl IntoView {
    let app = App::get();
    view! {
        <nav class="column-tabs" aria-label=move || app.t().columns.tabs>
            <For
                each=move || app.numbered_lanes()
                key=|entry: &(usize, usize)| *entry
                children=move |(at, lane): (usize, usize)| {
                    let letter = scene::letter(at);
                    view! {
                        <button type="button" class="quiet" on:click=move |_| dom::show(&column_id(lane))>
                            {move || (app.t().columns.column)(letter)}
                        </button>
                    }
                }
            />
        </nav>
    }
}

#[component]
fn AddColumn() -> impl IntoView {
    let app = App::get();
    let count = memo(move || app.shown.with(Vec::len));
    view! {
        <Show when=move || (1..MAX_COLUMNS).contains(&count.get())>
            <button
                type="button"
                class="plain"
                data-testid="add-column"
                on:click=move |_| app.add_column()
            >
                {move || app.t().columns.add}
            </button>
        </Show>
    }
}

/// The same with a larger model: one button, with its size on it.
#[component]
fn LargerTrios() -> impl IntoView {
    let app = App::get();
    let trios = memo(move || {
        let language = app.language.get();
        app.catalogue.with(|entries| {
            catalogue::larger_trios(entries.as_deref().unwrap_or_default())
                .into_iter()
                .filter(|entry| {
                    app.library.with(|library| {
                        library.info(&entry.id).is_none()
                            && library.loading() != Some(entry.id.as_str())
                    })
                })
                .map(|entry| {
                    let size = format::bytes(catalogue::bytes(entry));
                    (entry.id.clone(), catalogue::short_name(entry, language), size)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <For
            each=move || trios.get()
            key=|entry: &(String, String, String)| entry.clone()
            children=move |(id, name, size): (String, String, String)| {
                let model = id.clone();
                view! {
                    <button
                        type="button"
                        class="plain"
                        data-testid="load-trio"
                        data-model=id
                        on:click=move |_| app.load(&model, Then { show: true, run: true })
                    >
                        {move || (app.t().columns.larger)(&name, &size)}
                    </button>
                }
            }
        />
    }
}

/// The scale of the shading, what the marks mean, and what the keys do.
#[component]
fn Legend() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="legend">
            <p class="legend-scale">
                <span>{move || app.t().columns.legend}</span>
                <span class="hint">{move || app.t().columns.legend_low}</span>
                <span class="swatches" aria-hidden="true">
                    {(0u8..=8).map(|shade| view! { <i data-shade=shade></i> }).collect_view()}
                </span>
                <span class="hint">{move || app.t().columns.legend_high}</span>
                <span class="legend-mark">
                    <i class="mark-fork" aria-hidden="true"></i>
                    {move || app.t().columns.legend_fork}
                </span>
                <span class="legend-mark">
                    <i class="mark-diverge" aria-hidden="true"></i>
                    {move || app.t().columns.legend_diverge}
                </span>
            </p>
            <p class="hint" id="output-keys">{move || app.t().columns.keys}</p>
        </div>
    }
}
