//! Every answer: what was read, what it is worth, and the exact prompt on demand.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::components::lab_answers::DetailView;
use crate::components::lab_calls::Calls;
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::lab::rows::Rows;
use crate::state::lab::tally::{Answer, Line};
use crate::state::lab::{LINES, language};

use super::filter::FilterBar;

#[component]
pub(super) fn AnswerTable() -> impl IntoView {
    let app = App::get();
    let wanted = memo(move || {
        let look = app.lab.look.get();
        let language = language(app.language.get());
        app.lab.run.with(|run| {
            let rows = run.as_ref().map(|own| Rows::of(&own.run, look, LINES, language));
            rows.unwrap_or_default()
        })
    });
    let skipped = memo(move || wanted.with(|rows| rows.from));
    let shown = RwSignal::new(wanted.get_untracked());
    let goes_on = StoredValue::new(false);
    effect(move || {
        wanted.track();
        step(wanted, shown, goes_on);
    });
    view! {
        <div class="table-part">
            <h4>{move || app.t().lab.results.table}</h4>
            <FilterBar/>
            <div class="table-scroll" tabindex="0" role="group" aria-label=move || app.t().lab.results.table>
                <table
                    class="answer-table"
                    data-testid="lab-table-results"
                    data-lines=move || wanted.with(|rows| rows.count)
                >
                    <thead>
                        <tr>
                            <th scope="col">{move || app.t().lab.results.column_question}</th>
                            <th scope="col">{move || app.t().lab.results.column_technique}</th>
                            <th scope="col">{move || app.t().lab.results.column_answer}</th>
                            <th scope="col">{move || app.t().lab.results.column_read}</th>
                            <th scope="col">{move || app.t().lab.results.column_verdict}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || shown.with(|rows| rows.lines.clone())
                            key=|line: &Line| line.key()
                            children=move |line: Line| view! { <Row line=line skipped=skipped/> }
                        />
                    </tbody>
                </table>
            </div>
            <Pages rows=wanted skipped=skipped/>
        </div>
    }
}

/// One step from what the table shows to what it should show. The browser draws it before the next one.
fn step(wanted: Memo<Rows>, shown: RwSignal<Rows>, goes_on: StoredValue<bool>) {
    let next = wanted.with_untracked(|wanted| shown.with_untracked(|shown| shown.toward(wanted)));
    let Some(next) = next else { return };
    shown.set(next);
    if goes_on.try_update_value(|goes_on| std::mem::replace(goes_on, true)) == Some(false) {
        set_timeout(
            move || {
                // Of a table that is gone nothing is left.
                if goes_on.try_update_value(std::mem::take) == Some(true) {
                    step(wanted, shown, goes_on);
                }
            },
            Duration::ZERO,
        );
    }
}

/// Which lines are shown, and the way to others.
#[component]
fn Pages(rows: Memo<Rows>, skipped: Memo<usize>) -> impl IntoView {
    let app = App::get();
    let shown = move || rows.with(|rows| (rows.lines.len(), rows.count));
    let line = move || {
        let (here, all) = shown();
        (app.t().lab.results.lines)(
            if here == 0 { 0 } else { skipped.get() + 1 },
            skipped.get() + here,
            all,
        )
    };
    let go = move |to: usize| {
        app.lab.look.update(|look| {
            look.from = to;
            look.open = None;
        });
    };
    view! {
        <div class="buttons">
            <span class="hint" role="status">{line}</span>
            <button
                type="button"
                class="quiet"
                disabled=move || skipped.get() == 0
                on:click=move |_| go(skipped.get_untracked().saturating_sub(LINES))
            >
                {move || app.t().lab.results.earlier}
            </button>
            <button
                type="button"
                class="quiet"
                disabled=move || {
                    let (here, all) = shown();
                    skipped.get() + here >= all
                }
                on:click=move |_| go(skipped.get_untracked() + LINES)
            >
                {move || app.t().lab.results.later}
            </button>
        </div>
    }
}

/// A line, and its calls if they are open. `skipped` is the number of lines before the page.
#[component]
fn Row(line: Line, skipped: Memo<usize>) -> impl IntoView {
    let app = App::get();
    let cell = line.cell;
    let is_open = memo(move || app.lab.look.get().open == Some(cell));
    let counts = line.counts();
    let code = match (&line.failure, counts) {
        (Some(_), _) => "failed",
        (None, Some(true)) => "right",
        (None, Some(false)) => "wrong",
        (None, None) => "none",
    };
    let accepted = line.accept.join(" | ");
    let (rule, failure) = (line.rule, line.failure.clone());
    let Answer { before, read, after } = line.answer.clone();
    let marked = (!read.is_empty()).then(|| view! { <mark>{read}</mark> });
    let Line { question, technique_name, stage, extracted, overruled, .. } = line.clone();
    let Line { calls, tokens, prompt_tokens, reused_tokens, .. } = line;
    let seconds = format::duration(line.seconds * 1000.0);
    let cost = move || (app.t().lab.answers.cost)(calls, prompt_tokens, tokens, &seconds);
    let saved = move || {
        (reused_tokens > 0).then(|| (app.t().lab.answers.saved)(reused_tokens, prompt_tokens))
    };
    let toggle = move |_| {
        let from = skipped.get_untracked();
        app.lab.look.update(|look| {
            // The page stays where it is, also where an open row has held it until now.
            look.from = from;
            look.open = if look.open == Some(cell) { None } else { Some(cell) };
        });
    };
    view! {
        <tr
            class="answer-row"
            data-testid="lab-row"
            data-verdict=code
            data-technique=line.technique.clone()
            data-stage=line.stage.clone()
            data-problem=line.problem.clone()
            data-overruled=overruled.is_some().then_some("")
        >
            <td>
                <p class="row-question">{question}</p>
                <p class="hint">
                    {(!accepted.is_empty()).then_some(move || (app.t().lab.results.accepts)(&accepted))}
                </p>
            </td>
            <td>{technique_name}<p class="hint" title=saved>{stage}" · "{cost}</p></td>
            <td class="row-answer">
                {failure.map(|why| view! {
                    <p class="problem">{move || (app.t().lab.results.failed)(&why)}</p>
                })}
                <p class="row-text">{before}{marked}{after}</p>
                <button
                    type="button"
                    class="quiet row-open"
                    data-testid="lab-row-open"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    on:click=toggle
                >
                    {move || app.t().lab.results.open}
                </button>
            </td>
            <td>
                {extracted.map(|extracted| view! { <b>{extracted}</b> })}
                <p class="hint">
                    {move || match rule {
                        Some(rule) => (app.t().lab.answers.rule)(rule),
                        None => app.t().lab.answers.nothing_read,
                    }}
                </p>
            </td>
            <td><VerdictCell cell=cell counts=counts overruled=overruled.is_some() graded=line.failure.is_none()/></td>
        </tr>
        <Show when=move || is_open.get()>
            <tr class="row-calls">
                <td colspan="5"><CellCalls cell=cell/></td>
            </tr>
        </Show>
    }
}

/// What counts, and the reader's word on it.
#[component]
fn VerdictCell(cell: usize, counts: Option<bool>, overruled: bool, graded: bool) -> impl IntoView {
    let app = App::get();
    let say = move |correct: Option<bool>, test_id: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                data-testid=test_id
                on:click=move |_| app.lab_overrule(cell, correct)
            >
                {move || match correct {
                    Some(true) => app.t().lab.results.say_right,
                    Some(false) => app.t().lab.results.say_wrong,
                    None => app.t().lab.results.say_rule,
                }}
            </button>
        }
    };
    view! {
        <b class="verdict">
            {move || match counts {
                Some(true) => app.t().lab.answers.right,
                Some(false) => app.t().lab.answers.wrong,
                None if graded => app.t().lab.answers.no_right,
                None => "–",
            }}
        </b>
        {overruled.then(|| view! { <p class="hint">{move || app.t().lab.results.overruled}</p> })}
        <span class="verdict-buttons">
            {(graded && counts != Some(true)).then(|| say(Some(true), "lab-say-right"))}
            {(graded && counts != Some(false)).then(|| say(Some(false), "lab-say-wrong"))}
            {overruled.then(|| say(None, "lab-say-rule"))}
        </span>
    }
}

/// Every call of a cell, and how its answer was found.
#[component]
fn CellCalls(cell: usize) -> impl IntoView {
    let app = App::get();
    let found = app.lab.run.with_untracked(|run| {
        let results = run.as_ref()?.run.results();
        let row = results.rows().iter().find(|row| row.cell == cell)?;
        let detail = row.outcome.map(|outcome| outcome.detail.clone());
        Some((row.records.to_vec(), detail))
    });
    found.map(|(records, detail)| {
        view! {
            {detail.map(|detail| view! { <DetailView detail=detail/> })}
            <Calls records=records open=true/>
        }
    })
}
