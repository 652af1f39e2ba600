//! Files: save what stands there, open what was passed on.

use leptos::prelude::*;
use share::Scene;

use crate::state::app::App;

#[component]
pub(crate) fn FileButtons(scene: Memo<Scene>) -> impl IntoView {
    let app = App::get();
    view! {
        <button
            type="button"
            class="plain"
            data-testid="save-file"
            on:click=move |_| app.save_scene_file(scene.get_untracked())
        >
            {move || app.t().share.dialog.save}
        </button>
        <label class="file-button">
            <input
                type="file"
                accept=".json"
                data-testid="open-shared"
                on:change=move |event| {
                    if let Some(file) = picked(&event) {
                        app.show_pane(None);
                        app.open_file(file);
                    }
                }
            />
            <span>{move || app.t().share.dialog.open}</span>
        </label>
    }
}

/// The file that was picked. The field is empty again then, so that the same file can be picked twice.
pub(crate) fn picked(event: &web_sys::Event) -> Option<web_sys::File> {
    let input: web_sys::HtmlInputElement = event_target(event);
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    file
}
