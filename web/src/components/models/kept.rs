//! The files that this browser keeps, with their sizes and a way to remove them.

use leptos::prelude::*;

use crate::components::flow::For;
use crate::protocol::StoredFile;
use crate::state::app::App;
use crate::state::format;

#[component]
pub(crate) fn KeptFiles() -> impl IntoView {
    let app = App::get();
    let total = move || app.stored.with(|files| files.iter().map(|file| file.bytes).sum::<u64>());
    view! {
        <details id="stored" class="kept">
            <summary>{move || (app.t().model.kept)(&format::bytes(total()))}</summary>
            <p class="hint">
                {move || if app.stored.with(Vec::is_empty) {
                    app.t().model.kept_nothing
                } else {
                    app.t().model.kept_explained
                }}
            </p>
            <ul data-testid="stored">
                <For
                    each=move || app.stored.get()
                    key=|file: &StoredFile| (file.name.clone(), file.bytes, file.complete)
                    children=move |file: StoredFile| view! { <KeptFile file=file/> }
                />
            </ul>
        </details>
    }
}

#[component]
fn KeptFile(file: StoredFile) -> impl IntoView {
    let app = App::get();
    let StoredFile { name, bytes, complete } = file;
    let label = name.clone();
    let to_remove = name.clone();
    view! {
        <li
            data-testid="stored-file"
            data-name=name.clone()
            data-bytes=bytes
            data-complete=if complete { "true" } else { "false" }
        >
            <span class="mono kept-name">{name.clone()}</span>
            <span class="kept-size">
                {format::bytes(bytes)}
                {(!complete).then(|| view! {
                    <span class="hint">" · "{move || app.t().model.kept_part}</span>
                })}
            </span>
            <button
                type="button"
                class="quiet"
                data-testid="remove-stored"
                aria-label=move || (app.t().model.remove_named)(&label)
                on:click=move |_| app.remove_stored(to_remove.clone())
            >
                {move || app.t().model.remove}
            </button>
        </li>
    }
}
