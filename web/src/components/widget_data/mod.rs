//! The data that made a stage: pairs, rankings or facts, to be searched.

use leptos::prelude::*;
use share::lesson::DataSource;

use crate::components::flow::Show;
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::lessons::data::{self, Answer, Cell, Entry, Found};
use crate::state::lessons::lookup::plain;
use crate::state::preferences::Language;

/// Entries at first, and with each press of the button.
const FEW: usize = 4;

#[component]
pub(crate) fn DataWidget(source: DataSource, search: String) -> impl IntoView {
    let app = App::get();
    let search = RwSignal::new(search);
    let most = RwSignal::new(FEW);
    effect(move || app.open_data(source));
    let found = memo(move || {
        let entries = app.lessons.data.with(|data| {
            let data = data.as_ref().filter(|data| data.source == source)?;
            data.entries.ready().cloned()
        })?;
        Some(data::find(&entries, &search.get(), app.language.get(), most.get()))
    });
    let failure = memo(move || {
        app.lessons.data.with(|data| {
            let data = data.as_ref().filter(|data| data.source == source)?;
            data.entries.failure().map(str::to_owned)
        })
    });
    let has_more =
        move || found.with(|found| found.as_ref().is_some_and(|f| f.entries.len() < f.total));
    view! {
        <section
            class="lesson-data"
            data-part="widget"
            data-testid="lesson-data"
            data-total=move || found.with(|found| found.as_ref().map(|found| found.total))
            aria-label=move || (app.t().lessons.data.title)(source)
        >
            <h4>{move || (app.t().lessons.data.title)(source)}</h4>
            <p class="hint">{move || (app.t().lessons.data.note)(source)}</p>
            <label class="field">
                <span class="field-name">{move || app.t().lessons.data.search}</span>
                <input
                    type="text"
                    autocomplete="off"
                    data-testid="data-search"
                    prop:value=move || search.get()
                    on:input=move |event| {
                        most.set(FEW);
                        search.set(event_target_value(&event));
                    }
                />
            </label>
            <p class="hint" role="status">{move || state(app, found.get(), failure.get())}</p>
            <Show when=move || failure.with(Option::is_some)>
                <button type="button" class="quiet" on:click=move |_| app.open_data(source)>
                    {move || app.t().lessons.again}
                </button>
            </Show>
            <ul class="data-list">
                {move || {
                    let entries = found.get().unwrap_or_default().entries;
                    entries.into_iter().map(|entry| entry_view(app, entry)).collect_view()
                }}
            </ul>
            <Show when=has_more>
                <button
                    type="button"
                    class="quiet"
                    data-testid="data-more"
                    on:click=move |_| most.update(|most| *most += FEW)
                >
                    {move || app.t().lessons.data.more}
                </button>
            </Show>
        </section>
    }
}

/// How much is shown, in words. Tracks the language.
fn state(app: App, found: Option<Found>, failure: Option<String>) -> String {
    let words = &app.t().lessons;
    match (found, failure) {
        (_, Some(why)) => (words.failed)(&why),
        (None, None) => words.data.reading.to_owned(),
        (Some(found), None) if found.total == 0 => words.data.nothing.to_owned(),
        (Some(found), None) => {
            (words.data.count)(found.entries.len(), &format::grouped(found.total as u64))
        }
    }
}

/// Tracks the language.
fn entry_view(app: App, entry: Entry) -> AnyView {
    match entry {
        Entry::Talk { language, question, answers } => view! {
            <li class="data-talk" lang=language.code() data-testid="data-entry">
                <p class="data-question">{question}</p>
                <ol>{answers.into_iter().map(|answer| answer_view(app, answer)).collect_view()}</ol>
            </li>
        }
        .into_any(),
        Entry::Fact { cells } => {
            let cells = cells.into_iter().map(|cell| cell_view(app, cell)).collect_view();
            view! { <li data-testid="data-entry"><dl class="data-fact">{cells}</dl></li> }
                .into_any()
        }
    }
}

/// Tracks the language.
fn answer_view(app: App, answer: Answer) -> impl IntoView {
    let points = answer.points.map(|points| (app.t().lessons.data.points)(&plain(points)));
    view! {
        <li>
            <span class="data-answer">{answer.text}</span>
            {points.map(|points| view! { <span class="hint data-points">{points}</span> })}
        </li>
    }
}

/// Tracks the language.
fn cell_view(app: App, cell: Cell) -> impl IntoView {
    let name = (app.t().lessons.data.field)(&cell.name).to_owned();
    let text = match app.language.get() {
        Language::En => cell.en,
        Language::Zh => cell.zh,
    };
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{text}</dd>
        </div>
    }
}
