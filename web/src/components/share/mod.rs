//! Sharing: the link, its QR code, HTML to embed, a file.

mod copy;
mod file;

use leptos::html::Dialog;
use leptos::prelude::*;
use share::link::{Link, LinkSize};

use crate::components::dialog;
use crate::components::flow::Show;
use crate::components::qr::QrCode;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::sharing::compose::{embed_address, snippet};
use crate::state::sharing::signals::Pane;

pub(crate) use copy::CopyField;
use file::FileButtons;

pub(crate) use file::picked;

#[component]
pub(crate) fn ShareDialog() -> impl IntoView {
    let app = App::get();
    let node = NodeRef::<Dialog>::new();
    let is_open = memo(move || app.sharing.pane.get() == Some(Pane::Share));
    dialog::follow(node, move || is_open.get());
    view! {
        <dialog
            class="pane share-pane"
            node_ref=node
            data-testid="share-dialog"
            aria-labelledby="share-title"
            on:close=move |_| {
                if dialog::is_closed(node)
                    && app.sharing.pane.get_untracked() == Some(Pane::Share)
                {
                    app.show_pane(None);
                }
            }
        >
            <div class="pane-head">
                <h2 id="share-title">{move || app.t().share.dialog.title}</h2>
                <button
                    type="button"
                    class="quiet"
                    data-testid="share-close"
                    on:click=move |_| app.show_pane(None)
                >
                    {move || app.t().share.dialog.close}
                </button>
            </div>
            <Show when=move || is_open.get()>
                <ShareBody/>
            </Show>
        </dialog>
    }
}

/// Made anew whenever the dialog opens, so that nothing is computed while it is closed.
#[component]
fn ShareBody() -> impl IntoView {
    let app = App::get();
    let answers = RwSignal::new(true);
    let presenter = RwSignal::new(app.scene.with_untracked(|scene| scene.presenter));
    let shows_qr = RwSignal::new(false);
    let scene = memo(move || app.composed(answers.get(), presenter.get()));
    let link = memo(move || app.link_to(scene.get()));
    let url = memo(move || {
        link.with(|link| link.as_ref().map(|link| link.url.clone()).unwrap_or_default())
    });
    let embed = memo(move || {
        snippet(&url.with(|url| embed_address(url)), app.t().share.dialog.embed_title)
    });
    view! {
        <p class="hint">{move || app.t().share.dialog.intro}</p>
        <Choices answers=answers presenter=presenter/>
        <CopyField
            id="share-link"
            label=Signal::derive(move || app.t().share.dialog.link)
            text=url
            lines=1
        />
        <Length link=link/>
        <div class="buttons">
            <button
                type="button"
                class="plain"
                data-testid="show-qr"
                aria-expanded=move || if shows_qr.get() { "true" } else { "false" }
                on:click=move |_| shows_qr.update(|shows| *shows = !*shows)
            >
                {move || app.t().share.dialog.qr}
            </button>
            <FileButtons scene=scene/>
        </div>
        <p class="hint">{move || app.t().share.dialog.file_explained}</p>
        <Show when=move || shows_qr.get()>
            <QrCode text=url/>
        </Show>
        <details class="pane-more">
            <summary>{move || app.t().share.dialog.embed}</summary>
            <p class="hint">{move || app.t().share.dialog.embed_explained}</p>
            <CopyField
                id="share-embed"
                label=Signal::derive(move || app.t().share.dialog.embed)
                text=embed
                lines=3
            />
        </details>
    }
}

/// What goes along.
#[component]
fn Choices(answers: RwSignal<bool>, presenter: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    let has_answers = memo(move || app.promise().is_some());
    view! {
        <div class="pane-choices">
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="share-answers"
                    aria-describedby="share-answers-hint"
                    disabled=move || !has_answers.get()
                    prop:checked=move || has_answers.get() && answers.get()
                    on:change=move |event| answers.set(event_target_checked(&event))
                />
                <span>{move || app.t().share.dialog.answers}</span>
            </label>
            <p class="hint" id="share-answers-hint">
                {move || if has_answers.get() {
                    app.t().share.dialog.answers_explained
                } else {
                    app.t().share.dialog.no_answers
                }}
            </p>
            <label class="choice">
                <input
                    type="checkbox"
                    data-testid="share-presenter"
                    prop:checked=move || presenter.get()
                    on:change=move |event| presenter.set(event_target_checked(&event))
                />
                <span>{move || app.t().share.dialog.presenter}</span>
            </label>
        </div>
    }
}

/// How long the link is, and what that means.
#[component]
fn Length(link: Memo<Result<Link, share::ShareError>>) -> impl IntoView {
    let app = App::get();
    let code = move || {
        link.with(|link| match link {
            Ok(link) => match link.size {
                LinkSize::Short => "short",
                LinkSize::Long => "long",
                LinkSize::TooLong => "too_long",
            },
            Err(_) => "none",
        })
    };
    let chars = move || link.with(|link| link.as_ref().map_or(0, |link| link.url.chars().count()));
    let is_warning = move || code() != "short";
    let sentence = move || {
        let words = &app.t().share;
        link.with(|link| match link {
            Ok(link) => (words.dialog.size)(link.size).to_owned(),
            Err(error) => (words.opened.refused)(error),
        })
    };
    view! {
        <p
            class="hint"
            class:warning=is_warning
            role="status"
            data-testid="share-length"
            data-size=code
            data-chars=chars
        >
            {move || (app.t().share.dialog.length)(chars())} " · " {sentence}
        </p>
    }
}
