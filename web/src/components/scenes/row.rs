//! One saved scene.

use leptos::prelude::*;

use crate::browser::scenes::written;
use crate::components::flow::Show;
use crate::i18n::Scenes;
use crate::state::app::App;

#[component]
pub(crate) fn SceneRow(id: u64, name: String, saved: u64) -> impl IntoView {
    let app = App::get();
    let renames = RwSignal::new(false);
    let name = StoredValue::new(name);
    view! {
        <li data-testid="saved-scene" data-name=move || name.get_value()>
            <Show
                when=move || renames.get()
                fallback=move || view! {
                    <button
                        type="button"
                        class="saved-name"
                        data-testid="open-scene"
                        aria-label=move || (app.t().share.scenes.open)(&name.get_value())
                        on:click=move |_| app.open_saved(id)
                    >
                        {name.get_value()}
                    </button>
                }
            >
                <RenameForm id=id name=name renames=renames/>
            </Show>
            <span class="hint">{move || written(saved, app.t().tag)}</span>
            <span class="saved-deeds">
                {deed(app, name, "update-scene", |words| words.update, move || app.update_scene(id))}
                {deed(app, name, "rename-scene", |words| words.rename, move || {
                    renames.update(|renames| *renames = !*renames);
                })}
                {deed(app, name, "duplicate-scene", |words| words.duplicate, move || {
                    app.duplicate_scene(id);
                })}
                {deed(app, name, "delete-scene", |words| words.delete, move || app.delete_scene(id))}
            </span>
        </li>
    }
}

/// A button, whose name for those who hear it says which scene it is about.
fn deed(
    app: App,
    name: StoredValue<String>,
    hook: &'static str,
    what: fn(&Scenes) -> &'static str,
    act: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let label = move || {
        let words = &app.t().share.scenes;
        (words.with_name)(what(words), &name.get_value())
    };
    view! {
        <button
            type="button"
            class="quiet"
            data-testid=hook
            aria-label=label
            on:click=move |_| act()
        >
            {move || what(&app.t().share.scenes)}
        </button>
    }
}

/// In the place of the name: another one.
#[component]
fn RenameForm(id: u64, name: StoredValue<String>, renames: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    let typed = RwSignal::new(name.get_value());
    let rename = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if app.rename_scene(id, &typed.get_untracked()) {
            renames.set(false);
        }
    };
    view! {
        <form class="rename" on:submit=rename>
            <input
                type="text"
                maxlength=share::MAX_NAME
                autocomplete="off"
                data-testid="new-name"
                aria-label=move || (app.t().share.scenes.rename_to)(&name.get_value())
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <button type="submit" class="plain" data-testid="keep-name">
                {move || app.t().share.scenes.keep_name}
            </button>
        </form>
    }
}
