//! One token, closely: logit → scaled → filtered → probability, and the temperature that can be moved.

use leptos::prelude::*;

use crate::components::bars::{Here, at, shares};
use crate::components::chip::draw;
use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inspect::{Inspect, Spot};
use crate::state::panel::{Choice, Row};
use crate::state::scene;
use crate::state::token;

/// The slider's range.
const HOTTEST: f32 = 2.0;

/// The token that is looked at: until the reader points, the first of the first column. Tracks.
fn spot(app: App) -> Option<Spot> {
    let pointed = app.inspect.with(Inspect::shown);
    let first = || Some(Spot { lane: app.shown.with(|shown| shown.first().copied())?, place: 0 });
    pointed.or_else(first)
}

#[component]
pub(crate) fn TokenTool() -> impl IntoView {
    let app = App::get();
    let spot = memo(move || spot(app));
    let here = memo(move || at(app, spot.get()?));
    let is_locked = memo(move || app.inspect.with(|inspect| inspect.locked().is_some()));
    view! {
        <div class="token-tool" data-testid="token-tool">
            {move || match here.get() {
                None => view! { <p class="hint">{app.t().panel.empty}</p> }.into_any(),
                Some(here) => closely(app, here).into_any(),
            }}
            <Show when=move || here.with(Option::is_some)>
                <Tuning spot=spot/>
            </Show>
            <p class="hint">
                {move || if is_locked.get() { app.t().panel.locked } else { app.t().panel.how }}
                <Show when=move || is_locked.get()>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="free"
                        on:click=move |_| app.inspect.update(Inspect::free)
                    >
                        {move || app.t().panel.unlock}
                    </button>
                </Show>
            </p>
        </div>
    }
}

/// Tracks the language.
fn closely(app: App, here: Here) -> impl IntoView {
    let words = &app.t().panel;
    let Here { spot, token, choice } = here;
    let column = app.position(spot.lane).map(|at| (app.t().columns.column)(scene::letter(at)));
    let summary = summary(app, &token::spoken(&token), &choice);
    let (rest, rest_filtered) = choice.rest;
    let rows = choice.rows.into_iter().map(|row| row_view(app, row)).collect_view();
    view! {
        <p class="subject">
            <span class="subject-token">{draw(token::pieces(&token))}</span>
            <span class="hint">
                {column}" · "{(words.place)(spot.place + 1)}" · "{words.id}" "
                <b class="mono">{token.id}</b>" · "{words.bytes}" "
                <b class="mono">{format::hex(&token.bytes)}</b>
                {token.special.then(|| format!(" · {}", words.control))}
            </span>
        </p>
        <p class="summary" aria-live="polite">{summary}</p>
        <div class="table-scroll" tabindex="0" role="group" aria-label=words.caption>
            <table class="pipeline">
                <caption class="visually-hidden">{words.caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.token}</th>
                        <th scope="col" class="number">{words.logit}</th>
                        <th scope="col" class="number" title=words.scaled_explained>{words.scaled}</th>
                        <th scope="col" class="number" title=words.probability_explained>
                            {words.probability}
                        </th>
                        <th scope="col" class="number" title=words.filtered_explained>
                            {words.filtered}
                        </th>
                        <th scope="col" class="wide" aria-hidden="true"></th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr class="rest">
                        <th scope="row">{words.rest}</th>
                        <td></td>
                        <td></td>
                        <td class="number">{format::percent(rest)}</td>
                        <td class="number">{after(app, rest_filtered)}</td>
                        <td class="wide">{shares(rest, rest_filtered)}</td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// Tracks the language.
fn row_view(app: App, row: Row) -> impl IntoView {
    let Row { token, logit, scaled, probability, filtered, chosen } = row;
    view! {
        <tr class:chosen=chosen class:out={filtered <= 0.0}>
            <th scope="row">
                <span class="row-token">{draw(token::pieces(&token))}</span>
                {chosen.then(|| view! {
                    <span class="visually-hidden">" ("{app.t().panel.chosen}")"</span>
                })}
            </th>
            <td class="number">{format!("{logit:.2}")}</td>
            <td class="number">{format!("{scaled:.2}")}</td>
            <td class="number">{format::percent(probability)}</td>
            <td class="number">{after(app, filtered)}</td>
            <td class="wide">{shares(probability, filtered)}</td>
        </tr>
    }
}

/// Tracks the language.
fn after(app: App, filtered: f64) -> String {
    if filtered > 0.0 { format::percent(filtered) } else { app.t().panel.filtered_out.to_owned() }
}

/// The picture in words. Tracks the language.
fn summary(app: App, token: &str, choice: &Choice) -> String {
    let words = &app.t().panel;
    let taken = if choice.by_reader { words.summary_taken } else { words.summary };
    let mut summary = taken(
        token,
        &format::percent(choice.probability),
        &format::bits(choice.surprisal),
        &format::bits(choice.entropy),
        &format::grouped(u64::from(choice.kept)),
    );
    if !choice.listed {
        summary.push(' ');
        summary.push_str(words.not_listed);
    }
    summary
}

/// The temperature that can be moved: the distribution is redrawn from its logits, and the model does not run.
#[component]
fn Tuning(spot: Memo<Option<Spot>>) -> impl IntoView {
    let app = App::get();
    let drawn_with = memo(move || {
        let lane = app.lanes.get(spot.get()?.lane)?;
        lane.run.with(|run| run.asked.as_ref().map(|asked| asked.sampler.temperature))
    });
    let tuned = memo(move || {
        app.tuner.with(|tuner| {
            let tuner = tuner.as_ref().filter(|tuner| Some(tuner.spot) == spot.get())?;
            Some((tuner.settings().temperature, tuner.is_ready()))
        })
    });
    let entropy = memo(move || {
        app.tuner.with(|tuner| {
            let tuner = tuner.as_ref().filter(|tuner| Some(tuner.spot) == spot.get())?;
            tuner.tuned().map(|tuned| tuned.entropy)
        })
    });
    let value = move || {
        tuned.get().map(|(value, _)| value).or(drawn_with.get()).unwrap_or_default().min(HOTTEST)
    };
    let slide = move |text: String| {
        if let (Some(spot), Ok(temperature)) = (spot.get_untracked(), text.parse()) {
            app.tune(spot, temperature);
        }
    };
    view! {
        <div class="tuning" data-part="temperature">
            <label class="tuning-slider">
                <span class="field-name">
                    {move || (app.t().panel.tune)(&format!("{:.2}", value()))}
                </span>
                <input
                    type="range"
                    min="0"
                    max=HOTTEST
                    step="0.05"
                    data-testid="tune"
                    data-ready=move || tuned.get().is_some_and(|(_, ready)| ready).then_some("")
                    data-entropy=move || entropy.get()
                    prop:value=move || value().to_string()
                    on:input=move |event| slide(event_target_value(&event))
                />
            </label>
            <p class="hint" role="status">
                {move || match (tuned.get(), entropy.get()) {
                    (None, _) => app.t().panel.tune_explained.to_owned(),
                    (Some(_), Some(bits)) => (app.t().panel.tuned)(&format::bits(bits)),
                    (Some(_), None) => app.t().panel.tune_waits.to_owned(),
                }}
            </p>
            <Show when=move || tuned.get().is_some()>
                <button
                    type="button"
                    class="quiet"
                    data-testid="untune"
                    on:click=move |_| app.untune()
                >
                    {move || app.t().panel.untune}
                </button>
            </Show>
        </div>
    }
}
