//! Models and files: which are loaded, load another, open a file, see what is kept.

mod hub;
mod kept;
mod pick;
mod progress;

use leptos::prelude::*;

use crate::components::flow::{For, Show};
use crate::protocol::ModelInfo;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;

use hub::HubOffer;
use kept::KeptFiles;
use pick::{ModelFacts, ModelPick};
use progress::LoadProgress;

#[component]
pub(crate) fn Models() -> impl IntoView {
    let app = App::get();
    let is_loading = memo(move || app.library.with(|library| library.is_loading()));
    view! {
        <div class="models">
            // Progress is of interest whether or not the list is open.
            <Show when=move || is_loading.get()>
                <div class="loading-row">
                    <p class="hint">{move || loading(app)}</p>
                    <LoadProgress/>
                    <button
                        type="button"
                        class="plain"
                        data-testid="cancel-load"
                        on:click=move |_| app.cancel_load()
                    >
                        {move || app.t().model.cancel}
                    </button>
                </div>
            </Show>
            <details id="models" class="drawer">
                <summary>
                    {move || app.t().model.title}
                    <span class="drawer-brief">{move || brief(app)}</span>
                </summary>
                <div class="drawer-body">
                    <LoadedModels/>
                    <ModelPick/>
                    <ModelFacts/>
                    <HubOffer/>
                    <OpenFile/>
                    <KeptFiles/>
                </div>
            </details>
        </div>
    }
}

/// The model that is being loaded, in words. Tracks.
fn loading(app: App) -> Option<String> {
    let model = app.library.with(|library| library.loading().map(str::to_owned))?;
    Some((app.t().model.loading)(&app.model_name(&model)))
}

/// The loaded models, for the closed disclosure. Tracks.
fn brief(app: App) -> String {
    let models: Vec<String> =
        app.library.with(|library| library.models().map(|info| info.id.clone()).collect());
    let names: Vec<String> = models.iter().map(|model| app.model_name(model)).collect();
    if names.is_empty() { app.t().model.none.to_owned() } else { names.join(" · ") }
}

#[component]
fn LoadedModels() -> impl IntoView {
    let app = App::get();
    let models = memo(move || {
        let row = |info: &ModelInfo| {
            (info.id.clone(), info.stages.len(), info.weight_bytes + info.adapter_bytes)
        };
        app.library.with(|library| library.models().map(row).collect::<Vec<_>>())
    });
    view! {
        <ul class="loaded">
            <For
                each=move || models.get()
                key=|row: &(String, usize, u64)| row.clone()
                children=move |(id, stages, bytes): (String, usize, u64)| {
                    view! { <LoadedModel id=id stages=stages bytes=bytes/> }
                }
            />
        </ul>
    }
}

#[component]
fn LoadedModel(id: String, stages: usize, bytes: u64) -> impl IntoView {
    let app = App::get();
    let (name, to_show, to_unload) = (id.clone(), id.clone(), id.clone());
    let show = move |_| {
        let info = app.library.with_untracked(|library| library.info(&to_show).cloned());
        if let Some(info) = info {
            app.show_model(&info);
        }
    };
    view! {
        <li data-testid="loaded-model" data-model=id>
            <span>{move || app.model_name(&name)}</span>
            <span class="hint">{move || (app.t().model.loaded)(stages, &format::bytes(bytes))}</span>
            <button type="button" class="quiet" data-testid="show-model" on:click=show>
                {move || app.t().model.show}
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="unload"
                on:click=move |_| app.unload(to_unload.clone())
            >
                {move || app.t().model.unload}
            </button>
        </li>
    }
}

/// A file of the reader's: dropped anywhere, or picked here.
#[component]
fn OpenFile() -> impl IntoView {
    let app = App::get();
    let pick = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let file = input.files().and_then(|files| files.get(0));
        // Empty again, so that the same file can be picked twice.
        input.set_value("");
        if let Some(file) = file {
            app.open_file(file);
        }
    };
    view! {
        <p class="drop-zone" data-testid="drop-zone">
            <span>{move || app.t().model.drop}</span>
            <label class="file-button">
                <input
                    id="open-file"
                    type="file"
                    accept=".gguf"
                    data-testid="open-file"
                    on:change=pick
                />
                <span>{move || app.t().model.pick}</span>
            </label>
        </p>
    }
}
