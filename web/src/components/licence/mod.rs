//! A model's terms, shown and accepted once before its first load.

use formats::manifest::Manifest;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser::fetch;
use crate::components::dialog;
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::library::model_of;

/// The terms' text as far as it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Terms {
    #[default]
    Reading,
    Text(String),
    /// Not part of the site, or not readable.
    Absent,
}

#[component]
pub(crate) fn LicenceDialog() -> impl IntoView {
    let app = App::get();
    let node = NodeRef::<leptos::html::Dialog>::new();
    let terms = RwSignal::new(Terms::Reading);

    dialog::follow(node, move || app.asking.with(Option::is_some));
    effect(move || {
        if app.asking.with(Option::is_some) {
            let file = with_asked(app, |entry| entry.licence.terms.clone()).flatten();
            read_terms(terms, file.map(|file| file.local));
        }
    });

    let model = move || {
        with_asked(app, |entry| catalogue::localized(&entry.name, app.language.get()).to_owned())
            .unwrap_or_default()
    };
    let licence = move || {
        with_asked(app, |entry| {
            catalogue::localized(&entry.licence.name, app.language.get()).to_owned()
        })
        .unwrap_or_default()
    };
    let address = move || with_asked(app, |entry| entry.licence.url.clone()).unwrap_or_default();
    let host = move || {
        with_asked(app, |entry| catalogue::licence_host(entry).to_owned()).unwrap_or_default()
    };
    view! {
        <dialog
            class="licence"
            node_ref=node
            data-testid="licence-dialog"
            aria-labelledby="licence-title"
            on:close=move |_| {
                if dialog::is_closed(node) {
                    app.answer_licence(false);
                }
            }
        >
            <h2 id="licence-title">{move || (app.t().licence.title)(&licence())}</h2>
            <p>{move || (app.t().licence.explained)(&model())}</p>
            <div class="licence-text" tabindex="0" role="region" aria-labelledby="licence-title">
                {move || match terms.get() {
                    Terms::Reading => app.t().licence.reading.to_owned(),
                    Terms::Text(text) => text,
                    Terms::Absent => app.t().licence.no_text.to_owned(),
                }}
            </div>
            <p>
                <a href=address target="_blank" rel="noopener noreferrer">
                    {move || (app.t().licence.read_at)(&host())}
                </a>
            </p>
            <div class="buttons">
                <button
                    type="button"
                    class="main"
                    data-testid="licence-accept"
                    on:click=move |_| app.answer_licence(true)
                >
                    {move || app.t().licence.accept}
                </button>
                <button type="button" class="plain" on:click=move |_| app.answer_licence(false)>
                    {move || app.t().licence.not_now}
                </button>
            </div>
        </dialog>
    }
}

/// The manifest of the model whose licence waits for an answer. Tracks.
fn with_asked<T>(app: App, read: impl FnOnce(&Manifest) -> T) -> Option<T> {
    app.asking.with(|asking| app.with_manifest(model_of(&asking.as_ref()?.wanted.source), read))
}

fn read_terms(terms: RwSignal<Terms>, address: Option<String>) {
    let Some(address) = address else {
        return terms.set(Terms::Absent);
    };
    terms.set(Terms::Reading);
    spawn_local(async move {
        terms.set(match fetch::text(&address).await {
            Ok(text) => Terms::Text(text),
            Err(_) => Terms::Absent,
        });
    });
}
