//! Where the problems come from: generators, held-out files, the reader's own table.

use lab::problems::Kind;
use leptos::prelude::*;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::language;
use crate::state::lab::plan::{HELD_OUT, ProblemSet};

/// Begins the select's value for a held-out file.
const HELD: &str = "held-out-";
const TABLE: &str = "table";
const FILE_INPUT: &str = "lab-file";

#[component]
pub(super) fn Problems() -> impl IntoView {
    let app = App::get();
    let set = memo(move || app.lab.plan.with(|plan| plan.set.clone()));
    let value = move || match set.get() {
        ProblemSet::Generated(kind) => kind.id().to_owned(),
        ProblemSet::HeldOut { file, .. } => format!("{HELD}{file}"),
        ProblemSet::Table => TABLE.to_owned(),
    };
    let choose = move |value: String| {
        let chosen = if value == TABLE {
            Some(ProblemSet::Table)
        } else if let Some(file) = value.strip_prefix(HELD) {
            let seats = untrack(|| app.lab_planned_seats());
            seats.first().map(|seat| ProblemSet::HeldOut {
                model: seat.model.clone(),
                file: file.to_owned(),
            })
        } else {
            Kind::ALL.into_iter().find(|kind| kind.id() == value).map(ProblemSet::Generated)
        };
        if let Some(chosen) = chosen {
            app.lab.plan.update(|plan| plan.set = chosen);
        }
    };
    // Only trios have held-out files. A link may have chosen one before its model is there.
    let has_files = memo(move || {
        if set.with(|set| matches!(set, ProblemSet::HeldOut { .. })) {
            return true;
        }
        let seats = app.lab_planned_seats();
        let model = seats.first().map(|seat| seat.model.clone()).unwrap_or_default();
        app.with_manifest(&model, |entry| entry.trio.is_some()).unwrap_or(false)
    });
    let table = memo(move || {
        app.lab.plan.with(|plan| {
            let table = &plan.table;
            (!table.problems.is_empty()).then(|| (table.name.clone(), table.problems.len()))
        })
    });
    view! {
        <label class="field">
            <span class="field-name">{move || app.t().lab.plan.problems}</span>
            <select data-testid="lab-set" on:change=move |event| choose(event_target_value(&event))>
                {Kind::ALL
                    .map(|kind| view! {
                        <option value=kind.id() prop:selected=move || value() == kind.id()>
                            {move || kind.name().get(language(app.language.get()))}
                        </option>
                    })
                    .collect_view()}
                <Show when=move || has_files.get()>
                    {HELD_OUT
                        .map(|file| {
                            let own = format!("{HELD}{file}");
                            view! {
                                <option value=own.clone() prop:selected=move || value() == own>
                                    {move || (app.t().lab.plan.held_out)(file)}
                                </option>
                            }
                        })
                        .collect_view()}
                </Show>
                <option value=TABLE prop:selected=move || value() == TABLE>
                    {move || match table.get() {
                        Some((name, rows)) => (app.t().lab.plan.table)(&name, rows),
                        None => app.t().lab.plan.no_table.to_owned(),
                    }}
                </option>
            </select>
        </label>
        <Show when=move || set.with(|set| *set == ProblemSet::Table)>
            <TablePaste/>
        </Show>
    }
}

#[component]
fn TablePaste() -> impl IntoView {
    let app = App::get();
    let typed = RwSignal::new(String::new());
    let is_empty = memo(move || typed.with(|text| text.trim().is_empty()));
    view! {
        <div class="table-paste">
            <label class="field">
                <span class="field-name">{move || app.t().lab.plan.table_paste}</span>
                <textarea
                    class="mono"
                    rows="5"
                    spellcheck="false"
                    data-testid="lab-table"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                ></textarea>
            </label>
            <p class="hint">{move || app.t().lab.plan.table_explained}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-table-use"
                    disabled=move || is_empty.get()
                    on:click=move |_| app.lab_take_text("pasted", &typed.get_untracked())
                >
                    {move || app.t().lab.plan.table_use}
                </button>
                <button type="button" class="quiet" on:click=move |_| dom::click(FILE_INPUT)>
                    {move || app.t().lab.plan.table_pick}
                </button>
            </div>
        </div>
    }
}

/// The input behind all buttons that open a file, and the button for a run.
#[component]
pub(super) fn OpenFile() -> impl IntoView {
    let app = App::get();
    let input = NodeRef::<leptos::html::Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            app.lab_open_file(&file);
        }
        // The same file can be picked again.
        input.set_value("");
    };
    view! {
        <input
            id=FILE_INPUT
            type="file"
            class="visually-hidden"
            tabindex="-1"
            aria-hidden="true"
            accept=".csv,.json,.jsonl,.txt"
            data-testid="lab-open-file"
            node_ref=input
            on:change=picked
        />
        <button type="button" class="plain" on:click=move |_| dom::click(FILE_INPUT)>
            {move || app.t().lab.plan.open_file}
        </button>
    }
}
