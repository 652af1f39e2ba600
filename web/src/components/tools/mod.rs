//! What can be done with the answers: opens in place under the columns, one at a time.

mod export;
mod samples;
mod score;
mod stack;
mod token;
mod vote;

use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::{App, Tool};
use crate::state::scene;

use export::ExportTool;
use samples::SamplesTool;
use score::ScoreTool;
use token::TokenTool;
use vote::VoteTool;

const TOOLS: [Tool; 5] = [Tool::Token, Tool::Samples, Tool::Score, Tool::Vote, Tool::Export];

/// Does it name the stages?
fn names_stages(tool: Tool) -> bool {
    matches!(tool, Tool::Samples | Tool::Score | Tool::Export)
}

/// The test hook of a tool's button.
fn hook(tool: Tool) -> &'static str {
    match tool {
        Tool::Token => "tool-token",
        Tool::Samples => "tool-samples",
        Tool::Score => "tool-score",
        Tool::Vote => "tool-vote",
        Tool::Export => "tool-export",
    }
}

#[component]
pub(crate) fn Tools() -> impl IntoView {
    let app = App::get();
    let hides = memo(move || app.blind.with(|blind| blind.hides()));
    let is_offered = move |tool| !(hides.get() && names_stages(tool));
    view! {
        <section class="tools" aria-label=move || app.t().tools.title>
            <div class="tool-tabs">
                {TOOLS
                    .map(|tool| view! {
                        <Show when=move || is_offered(tool)><ToolButton tool=tool/></Show>
                    })
                    .collect_view()}
                <Show when=move || !hides.get()>
                    <button
                        type="button"
                        class="tool-tab"
                        data-testid="open-inside"
                        on:click=move |_| app.open_inside()
                    >
                        {move || app.t().inside.open}
                    </button>
                </Show>
            </div>
            <div id="tool-body" class="tool-body">
                {move || app.tool.get().filter(|tool| is_offered(*tool)).map(|tool| match tool {
                    Tool::Token => view! { <TokenTool/> }.into_any(),
                    Tool::Samples => view! { <SamplesTool/> }.into_any(),
                    Tool::Score => view! { <ScoreTool/> }.into_any(),
                    Tool::Vote => view! { <VoteTool/> }.into_any(),
                    Tool::Export => view! { <ExportTool/> }.into_any(),
                })}
            </div>
        </section>
    }
}

#[component]
fn ToolButton(tool: Tool) -> impl IntoView {
    let app = App::get();
    let is_open = memo(move || app.tool.get() == Some(tool));
    view! {
        <button
            type="button"
            class="tool-tab"
            data-testid=hook(tool)
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            aria-controls="tool-body"
            on:click=move |_| app.toggle_tool(tool)
        >
            {move || (app.t().tools.name)(tool)}
        </button>
    }
}

/// Which column a tool is about: a letter for each.
#[component]
fn ColumnChoice(chosen: RwSignal<usize>, test_id: &'static str) -> impl IntoView {
    let app = App::get();
    view! {
        <fieldset class="choices column-choice">
            <legend class="field-name">{move || app.t().tools.which_column}</legend>
            <For
                each=move || app.numbered_lanes()
                key=|entry: &(usize, usize)| *entry
                children=move |(at, lane): (usize, usize)| view! {
                    <label class="choice">
                        <input
                            type="radio"
                            name=test_id
                            data-testid=test_id
                            data-value=at
                            prop:checked=move || chosen.get() == lane
                            on:change=move |_| chosen.set(lane)
                        />
                        <span>{scene::letter(at).to_string()}</span>
                    </label>
                }
            />
        </fieldset>
    }
}

/// The lane of a column to begin with: the one of the token that is looked at, else the first assistant.
fn first_choice(app: App) -> RwSignal<usize> {
    let pointed = app.inspect.with_untracked(|inspect| inspect.locked().map(|spot| spot.lane));
    let shown = app.shown.get_untracked();
    let lane = pointed.or_else(|| shown.get(1).copied()).or_else(|| shown.first().copied());
    RwSignal::new(lane.unwrap_or_default())
}
