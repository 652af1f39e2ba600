//! The reader's own scenes: save, open, name, copy, delete, take away, bring in.

mod row;

use leptos::html::Dialog;
use leptos::prelude::*;
use share::store::{Listing, SavedScene};
use wasm_bindgen_futures::spawn_local;

use crate::browser::dom;
use crate::components::dialog;
use crate::components::flow::{For, Show};
use crate::components::share::picked;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::sharing::signals::Pane;

use row::SceneRow;

#[component]
pub(crate) fn ScenesDialog() -> impl IntoView {
    let app = App::get();
    let node = NodeRef::<Dialog>::new();
    let is_open = memo(move || app.sharing.pane.get() == Some(Pane::Scenes));
    dialog::follow(node, move || is_open.get());
    view! {
        <dialog
            class="pane scenes-pane"
            node_ref=node
            data-testid="scenes-dialog"
            aria-labelledby="scenes-title"
            on:close=move |_| {
                if dialog::is_closed(node)
                    && app.sharing.pane.get_untracked() == Some(Pane::Scenes)
                {
                    app.show_pane(None);
                }
            }
        >
            <div class="pane-head">
                <h2 id="scenes-title">{move || app.t().share.scenes.title}</h2>
                <button
                    type="button"
                    class="quiet"
                    data-testid="scenes-close"
                    on:click=move |_| app.show_pane(None)
                >
                    {move || app.t().share.dialog.close}
                </button>
            </div>
            <p class="hint">{move || app.t().share.scenes.intro}</p>
            <Show when=move || is_open.get()>
                <SaveForm/>
                <Messages/>
                <List/>
                <AllOfThem/>
            </Show>
        </dialog>
    }
}

/// What stands on the page, under a name.
#[component]
fn SaveForm() -> impl IntoView {
    let app = App::get();
    let name = RwSignal::new(untrack(|| app.suggested_name()));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        app.save_scene(&name.get_untracked());
    };
    view! {
        <form class="save-scene" on:submit=save>
            <label class="field">
                <span class="field-name">{move || app.t().share.scenes.name}</span>
                <input
                    type="text"
                    maxlength=share::MAX_NAME
                    autocomplete="off"
                    data-testid="scene-name"
                    prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </label>
            <button type="submit" class="main" data-testid="save-scene">
                {move || app.t().share.scenes.save}
            </button>
        </form>
    }
}

/// What went wrong, what came in, what can be had back.
#[component]
fn Messages() -> impl IntoView {
    let app = App::get();
    let trouble = move || {
        let error = app.sharing.trouble.get();
        let error = error.or_else(|| app.sharing.saved.with(|saved| saved.as_ref().err().cloned()));
        error.map(|error| (app.t().share.scenes.trouble)(&error))
    };
    let imported =
        move || app.sharing.imported.get().map(|count| (app.t().share.scenes.imported)(count));
    let unreadable = move || {
        let listing =
            app.sharing.saved.with(|saved| saved.as_ref().map(|l| l.unreadable.len()).ok());
        let count = listing.filter(|count| *count > 0)?;
        Some((app.t().share.scenes.unreadable)(count))
    };
    let deleted = memo(move || {
        app.sharing.deleted.with(|deleted| deleted.as_ref().map(|saved| saved.name.clone()))
    });
    view! {
        <div role="status" data-testid="scenes-message">
            <p class="problem">{trouble}</p>
            <p>{imported}</p>
            <p class="hint">{unreadable}</p>
            {move || deleted.get().map(|name| view! {
                <p>
                    {move || (app.t().share.scenes.deleted)(&name)} " "
                    <button
                        type="button"
                        class="plain"
                        data-testid="restore-scene"
                        on:click=move |_| app.restore_scene()
                    >
                        {move || app.t().share.scenes.restore}
                    </button>
                </p>
            })}
        </div>
    }
}

#[component]
fn List() -> impl IntoView {
    let app = App::get();
    let scenes =
        memo(move || app.sharing.saved.with(|saved| saved.as_ref().map(rows).unwrap_or_default()));
    view! {
        <Show
            when=move || scenes.with(|scenes| !scenes.is_empty())
            fallback=move || view! { <p class="hint">{move || app.t().share.scenes.none}</p> }
        >
            <ul class="saved">
                <For
                    each=move || scenes.get()
                    key=|row: &(u64, String, u64)| row.clone()
                    children=move |(id, name, saved): (u64, String, u64)| {
                        view! { <SceneRow id=id name=name saved=saved/> }
                    }
                />
            </ul>
        </Show>
    }
}

/// Number, name and time of each.
fn rows(listing: &Listing) -> Vec<(u64, String, u64)> {
    let row = |saved: &SavedScene| (saved.id, saved.name.clone(), saved.saved);
    listing.scenes.iter().map(row).collect()
}

/// What is done with all of them.
#[component]
fn AllOfThem() -> impl IntoView {
    let app = App::get();
    let copied = RwSignal::new(false);
    let has_any = memo(move || {
        app.sharing.saved.with(|saved| saved.as_ref().is_ok_and(|list| !list.scenes.is_empty()))
    });
    let copy = move |_| {
        let scenes = app.saved_set();
        match app.link_to_set(scenes) {
            Ok(link) => spawn_local(async move {
                copied.set(dom::copy(&link.url).await);
            }),
            Err(error) => app.sharing.trouble.set(Some(error.into())),
        }
    };
    let import = move |event: web_sys::Event| {
        if let Some(file) = picked(&event) {
            app.import_scenes(file);
        }
    };
    view! {
        <div class="buttons scenes-all">
            <button
                type="button"
                class="plain"
                data-testid="present-scenes"
                disabled=move || !has_any.get()
                on:click=move |_| app.present_saved()
            >
                {move || app.t().share.scenes.step_through}
            </button>
            <button
                type="button"
                class="plain"
                data-testid="share-scenes"
                disabled=move || !has_any.get()
                on:click=copy
            >
                {move || if copied.get() {
                    app.t().share.dialog.copied
                } else {
                    app.t().share.scenes.share_all
                }}
            </button>
            <button
                type="button"
                class="plain"
                data-testid="export-scenes"
                disabled=move || !has_any.get()
                on:click=move |_| app.export_scenes()
            >
                {move || app.t().share.scenes.export}
            </button>
            <label class="file-button">
                <input type="file" accept=".json" data-testid="import-scenes" on:change=import/>
                <span>{move || app.t().share.scenes.import}</span>
            </label>
        </div>
    }
}
