//! One text, forced through all stages: how surprised would each have been?

use leptos::prelude::*;

use crate::reactive::memo;
use crate::state::app::{App, Work};
use crate::state::format;
use crate::state::score::{Scored, Scoring, Summary};

use super::stack::Stacks;
use super::{ColumnChoice, first_choice};

#[component]
pub(crate) fn ScoreTool() -> impl IntoView {
    let app = App::get();
    let chosen = first_choice(app);
    let is_busy = memo(move || app.is_busy());
    let is_scoring = memo(move || matches!(app.work.get(), Some(Work::Score(_))));
    view! {
        <div class="score-tool" data-part="scores">
            <p class="tool-intro">{move || app.t().score.intro}</p>
            <div class="tool-row">
                <ColumnChoice chosen=chosen test_id="score-column"/>
                <button
                    type="button"
                    class="plain"
                    data-testid="score"
                    disabled=move || is_busy.get()
                    on:click=move |_| app.score(chosen.get_untracked())
                >
                    {move || if is_scoring.get() { app.t().score.working } else { app.t().score.go }}
                </button>
            </div>
            {move || app.scoring.get().and_then(|scoring| result(app, scoring))}
        </div>
    }
}

/// Tracks the language.
fn result(app: App, scoring: Scoring) -> Option<impl IntoView> {
    let words = &app.t().score;
    let Scoring { model, writer, same_text, result, .. } = scoring;
    let scored = result?;
    let name = (words.whose)(&app.stage_name(&model, &writer));
    let note = if same_text { words.same_text } else { words.as_expected };
    let rows = rows(app, &model, &scored);
    let stages: Vec<String> =
        scored.stages.iter().map(|stage| app.stage_name(&model, &stage.stage)).collect();
    Some(view! {
        <div class="scored" data-testid="scored">
            <p>{name}" "<span class="hint">{note}</span></p>
            <div class="table-scroll" tabindex="0" role="group" aria-label=words.table>
                <table class="figures-table">
                    <caption class="visually-hidden">{words.table}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.stage}</th>
                            <th scope="col" class="number" title=words.bits_explained>
                                {words.bits_per_character}
                            </th>
                            <th scope="col" class="number" title=words.compressed_explained>
                                {words.compressed}
                            </th>
                            <th scope="col" class="number" title=words.kl_explained>{words.kl}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="hint">{words.compression}</p>
            <Stacks scored=scored stages=stages/>
        </div>
    })
}

/// A row of figures for each stage. Tracks the language.
fn rows(app: App, model: &str, scored: &Scored) -> Vec<AnyView> {
    let words = &app.t().score;
    let name = |at: usize| scored.stages.get(at).map(|stage| (app.t().columns.short)(&stage.stage));
    (0..scored.stages.len())
        .filter_map(|at| {
            let Summary { bits, bits_per_character, compressed, plain, mean_kl } =
                scored.summary(at)?;
            let stage = app.stage_name(model, &scored.stages[at].stage);
            let kl = mean_kl
                .zip(name(at).zip(name(at + 1)))
                .map(|(kl, (own, next))| (words.kl_between)(&own, &next, &format::bits(kl)));
            let size = (words.size)(compressed, plain);
            Some(
                view! {
                    <tr
                        data-testid="scored-stage"
                        data-stage=scored.stages[at].stage.clone()
                        data-bits=bits
                        data-bits-per-character=bits_per_character
                        data-compressed=compressed
                        data-kl=mean_kl
                    >
                        <th scope="row">{stage}</th>
                        <td class="number">{format::bits(bits_per_character)}</td>
                        <td class="number">{size}</td>
                        <td class="number">{kl}</td>
                    </tr>
                }
                .into_any(),
            )
        })
        .collect()
}
