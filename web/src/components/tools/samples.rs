//! Why is the answer different each time? Many answers from one column, counted.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::{App, Work};
use crate::state::format;
use crate::state::samples::{Draw, FEWEST, Group, MOST};

use super::{ColumnChoice, first_choice};

/// How many answers at first.
const AT_FIRST: u32 = 16;

#[component]
pub(crate) fn SamplesTool() -> impl IntoView {
    let app = App::get();
    let chosen = first_choice(app);
    let count = RwSignal::new(AT_FIRST);
    let is_busy = memo(move || app.is_busy());
    let is_drawing = memo(move || matches!(app.work.get(), Some(Work::Samples(_))));
    let draw =
        move |greedy: bool| app.draw_samples(chosen.get_untracked(), count.get_untracked(), greedy);
    view! {
        <div class="samples-tool" data-part="samples">
            <p class="tool-intro">{move || app.t().samples.intro}</p>
            <div class="tool-row">
                <ColumnChoice chosen=chosen test_id="sample-column"/>
                <label class="field">
                    <span class="field-name">
                        {move || (app.t().samples.count)(count.get())}
                    </span>
                    <input
                        type="range"
                        min=FEWEST
                        max=MOST
                        step="1"
                        data-testid="sample-count"
                        prop:value=move || count.get().to_string()
                        on:input=move |event| {
                            if let Ok(value) = event_target_value(&event).parse::<u32>() {
                                count.set(value.clamp(FEWEST, MOST));
                            }
                        }
                    />
                </label>
                <div class="buttons">
                    <button
                        type="button"
                        class="plain"
                        data-testid="draw"
                        disabled=move || is_busy.get()
                        on:click=move |_| draw(false)
                    >
                        {move || (app.t().samples.draw)(count.get())}
                    </button>
                    <button
                        type="button"
                        class="plain"
                        data-testid="draw-greedy"
                        disabled=move || is_busy.get()
                        on:click=move |_| draw(true)
                    >
                        {move || (app.t().samples.draw_greedy)(count.get())}
                    </button>
                    <Show when=move || is_drawing.get()>
                        <button type="button" class="quiet" on:click=move |_| app.stop()>
                            {move || app.t().prompt.stop}
                        </button>
                    </Show>
                </div>
            </div>
            <div class="draws">
                {move || {
                    app.draws.get().into_iter().map(|draw| draw_view(app, draw)).collect_view()
                }}
            </div>
        </div>
    }
}

/// Tracks the language.
fn draw_view(app: App, draw: Draw) -> impl IntoView {
    let words = &app.t().samples;
    let groups = draw.groups();
    let title = if draw.is_greedy() {
        words.title_greedy.to_owned()
    } else {
        (words.title)(draw.request.sampler.temperature)
    };
    let stage = app.stage_name(&draw.request.model, &draw.request.stage);
    let came = draw.samples.len();
    let mean = |total: usize| if came == 0 { 0.0 } else { total as f64 / came as f64 };
    let length = mean(draw.samples.iter().map(|sample| sample.tokens).sum());
    let summary = (words.summary)(groups.len(), came, draw.request.count, length);
    let (ended, is_greedy, count) = (draw.ended, draw.is_greedy(), groups.len());
    let groups = groups.into_iter().map(|group| group_view(app, group)).collect_view();
    view! {
        <section
            class="draw"
            data-testid="samples"
            data-greedy=is_greedy.then_some("")
            data-came=came
            data-groups=count
            data-ended=ended.then_some("")
        >
            <h3>{title}" · "{stage}</h3>
            <p class="hint" role="status">{summary}</p>
            <ol class="groups">{groups}</ol>
        </section>
    }
}

/// Tracks the language.
fn group_view(app: App, group: Group) -> impl IntoView {
    let words = &app.t().samples;
    let Group { text, count, share, logprob, reason } = group;
    let shown = if text.is_empty() { words.nothing.to_owned() } else { text };
    let probability = (words.probability)(&format::percent(f64::from(logprob).exp()));
    let ended = (app.t().columns.ending)(reason);
    view! {
        <li class="group" data-testid="sample-group" data-count=count>
            <span class="group-count">{(words.times)(count)}</span>
            <span class="bar-pair" aria-hidden="true">
                <span class="bar-raw" style:width=format!("{:.2}%", share * 100.0)></span>
            </span>
            <span class="group-text">{shown}</span>
            <span class="hint">{format::percent(share)}" · "{probability}" · "{ended}</span>
        </li>
    }
}
