//! The parts of the page, and what can be done with all of it: undo, keep, share, present.

use leptos::prelude::*;

use crate::browser::dom;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::sharing::signals::Pane;
use crate::state::sharing::tab::{Tab, step, tabs};

#[component]
pub(crate) fn Nav() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="nav">
            <nav class="parts" aria-label=move || app.t().share.nav.title>
                {tabs().map(|tab| view! { <TabButton tab=tab/> }).collect_view()}
                <LessonsButton/>
            </nav>
            <div class="deeds" role="group" aria-label=move || app.t().share.nav.tools>
                <UndoButtons/>
                <button
                    type="button"
                    class="quiet"
                    data-testid="scenes"
                    aria-haspopup="dialog"
                    on:click=move |_| app.show_pane(Some(Pane::Scenes))
                >
                    {move || app.t().share.nav.scenes}
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="present"
                    title=move || app.t().share.nav.present_explained
                    on:click=move |_| app.set_presenter(true)
                >
                    {move || app.t().share.nav.present}
                </button>
                <button
                    type="button"
                    class="plain"
                    data-testid="share"
                    aria-haspopup="dialog"
                    on:click=move |_| app.show_pane(Some(Pane::Share))
                >
                    {move || app.t().share.nav.share}
                </button>
            </div>
        </div>
    }
}

fn tab_id(tab: Tab) -> String {
    format!("tab-{}", tab.code())
}

/// One part of the page. The arrow keys go to its neighbours.
#[component]
fn TabButton(tab: Tab) -> impl IntoView {
    let app = App::get();
    let is_open = memo(move || app.tab() == tab);
    let on_key = move |event: web_sys::KeyboardEvent| {
        let all: Vec<Tab> = tabs().collect();
        let at = all.iter().position(|other| *other == tab);
        let to = at.and_then(|at| step(&event.key(), at, all.len())).and_then(|to| all.get(to));
        if let Some(to) = to {
            event.prevent_default();
            app.open_tab(*to);
            dom::focus(&tab_id(*to));
        }
    };
    view! {
        <button
            type="button"
            id=tab_id(tab)
            class="part"
            data-testid="tab"
            data-tab=tab.code()
            aria-current=move || is_open.get().then_some("page")
            on:click=move |_| app.open_tab(tab)
            on:keydown=on_key
        >
            {move || (app.t().share.nav.tab)(tab)}
        </button>
    }
}

/// The lessons open beside whatever part is open.
#[component]
fn LessonsButton() -> impl IntoView {
    let app = App::get();
    view! {
        <button
            type="button"
            class="part"
            data-testid="lessons"
            aria-expanded=move || if app.lessons.open.get() { "true" } else { "false" }
            on:click=move |_| app.toggle_lessons()
        >
            {move || app.t().lessons.title}
        </button>
    }
}

#[component]
fn UndoButtons() -> impl IntoView {
    let app = App::get();
    let history = app.sharing.history;
    let can_undo = memo(move || history.with(|history| history.can_undo()));
    let can_redo = memo(move || history.with(|history| history.can_redo()));
    view! {
        <button
            type="button"
            class="quiet glyph"
            data-testid="undo"
            disabled=move || !can_undo.get()
            aria-keyshortcuts="Control+Z Meta+Z"
            aria-label=move || app.t().share.nav.undo
            title=move || app.t().share.nav.undo
            on:click=move |_| app.undo()
        >
            <span aria-hidden="true">"↶"</span>
        </button>
        <button
            type="button"
            class="quiet glyph"
            data-testid="redo"
            disabled=move || !can_redo.get()
            aria-keyshortcuts="Control+Shift+Z Meta+Shift+Z"
            aria-label=move || app.t().share.nav.redo
            title=move || app.t().share.nav.redo
            on:click=move |_| app.redo()
        >
            <span aria-hidden="true">"↷"</span>
        </button>
    }
}
