//! All examples, by shelf, each with what to look for.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::state::app::App;
use crate::state::gallery::{self, Example, Shelf};

/// The button, and the dialog it opens.
#[component]
pub(crate) fn AllExamples() -> impl IntoView {
    let app = App::get();
    let dialog = NodeRef::<Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            // Fails only for a dialog that is open or not in the document.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let shelves =
        gallery::shelves().iter().map(|shelf| shelf_view(app, shelf, close)).collect_view();
    view! {
        <button type="button" class="quiet" aria-haspopup="dialog" data-testid="all-examples" on:click=open>
            {move || app.t().gallery.all}
        </button>
        <dialog class="gallery" node_ref=dialog data-testid="gallery" aria-labelledby="gallery-title">
            <div class="gallery-head">
                <h2 id="gallery-title">{move || app.t().gallery.title}</h2>
                <button type="button" class="quiet" on:click=move |_| close()>
                    {move || app.t().gallery.close}
                </button>
            </div>
            {shelves}
        </dialog>
    }
}

fn shelf_view(
    app: App,
    shelf: &'static Shelf,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let examples = shelf.examples.iter().map(|example| card(app, example, close)).collect_view();
    view! {
        <section class="shelf">
            <h3>{move || shelf.title.get(app.language.get()).clone()}</h3>
            <ul>{examples}</ul>
        </section>
    }
}

fn card(
    app: App,
    example: &'static Example,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let pick = move |_| {
        close();
        app.pick_example(&example.id);
    };
    view! {
        <li>
            <button
                type="button"
                class="card"
                data-testid="gallery-example"
                data-id=example.id.clone()
                on:click=pick
            >
                <span class="card-prompt">
                    {move || example.prompt.get(app.language.get()).clone()}
                </span>
                <span class="card-look">
                    {move || example.look.get(app.language.get()).clone()}
                </span>
            </button>
        </li>
    }
}
