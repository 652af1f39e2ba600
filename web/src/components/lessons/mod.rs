//! The panel of lessons beside the page: the list, or the lesson that is open.

use leptos::ev;
use leptos::prelude::*;
use share::lesson::IndexEntry;
use web_sys::KeyboardEvent;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::components::lesson::LessonView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::sharing::steps::direction;

#[component]
pub(crate) fn LessonsPanel() -> impl IntoView {
    let app = App::get();
    let is_inside = memo(move || app.scene.with(|scene| scene.lesson.is_some()));
    let is_folded = RwSignal::new(false);
    let _ = window_event_listener(ev::keydown, move |event| {
        if let Some(forward) = turns(app, &event) {
            event.prevent_default();
            app.turn_page(forward);
            request_animation_frame(move || app.show_lit());
        }
    });
    view! {
        <Show when=move || app.shows_lessons()>
            <aside
                id="lessons"
                class="lessons"
                data-testid="lessons-panel"
                data-folded=move || is_folded.get().then_some("")
                aria-label=move || app.t().lessons.title
            >
                <div class="lessons-bar">
                    <button
                        type="button"
                        class="quiet lessons-fold"
                        data-testid="fold-lessons"
                        aria-expanded=move || if is_folded.get() { "false" } else { "true" }
                        on:click=move |_| is_folded.update(|folded| *folded = !*folded)
                    >
                        {move || if is_folded.get() {
                            app.t().lessons.unfold
                        } else {
                            app.t().lessons.fold
                        }}
                    </button>
                    <button
                        type="button"
                        class="quiet lessons-close"
                        data-testid="close-lessons"
                        aria-label=move || app.t().lessons.close
                        title=move || app.t().lessons.close
                        on:click=move |_| app.toggle_lessons()
                    >
                        "×"
                    </button>
                </div>
                <div class="lessons-body">
                    <Show when=move || is_inside.get() fallback=move || view! { <LessonList/> }>
                        <LessonView/>
                    </Show>
                </div>
            </aside>
        </Show>
    }
}

/// Where a presenter's key turns the lesson: forward, back, or nowhere.
fn turns(app: App, event: &KeyboardEvent) -> Option<bool> {
    let presents = app.lessons.open.get_untracked()
        && app.scene.with_untracked(|scene| scene.presenter && scene.lesson.is_some());
    let chord = event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.shift_key()
        || event.default_prevented();
    if !presents || chord || dom::is_field(event) || dom::is_in_dialog(event) {
        return None;
    }
    // A token that is locked goes with the arrow keys; Page Up and Page Down turn the lesson nevertheless.
    let key = event.key();
    let is_locked = app.inspect.with_untracked(|inspect| inspect.locked().is_some());
    if is_locked && key.starts_with("Arrow") {
        return None;
    }
    direction(&key)
}

#[component]
fn LessonList() -> impl IntoView {
    let app = App::get();
    let lessons = move || {
        app.lessons.index.with(|index| {
            let lessons = index.ready().map(|index| index.lessons.clone()).unwrap_or_default();
            lessons.into_iter().map(|entry| card(app, entry)).collect_view()
        })
    };
    let failure = memo(move || app.lessons.index.with(|index| index.failure().map(str::to_owned)));
    let is_reading = move || {
        app.lessons.index.with(|index| index.ready().is_none() && index.failure().is_none())
    };
    view! {
        <h2>{move || app.t().lessons.title}</h2>
        <p class="lessons-intro">{move || app.t().lessons.intro}</p>
        <Show when=is_reading>
            <p class="hint" role="status">{move || app.t().lessons.reading}</p>
        </Show>
        <Show when=move || failure.with(Option::is_some)>
            <p role="alert">{move || failure.get().map(|why| (app.t().lessons.failed)(&why))}</p>
            <button type="button" class="plain" on:click=move |_| app.read_lessons_again()>
                {move || app.t().lessons.again}
            </button>
        </Show>
        <ol class="lesson-list">{lessons}</ol>
    }
}

fn card(app: App, entry: IndexEntry) -> impl IntoView {
    let IndexEntry { id, title, summary, minutes } = entry;
    let own = id.clone();
    let is_done = memo(move || app.lessons.course.with(|course| course.is_done(&own)));
    let opened = id.clone();
    view! {
        <li>
            <button
                type="button"
                class="card"
                data-testid="lesson-card"
                data-id=id
                data-done=move || is_done.get().then_some("")
                on:click=move |_| app.open_lesson(&opened)
            >
                <span class="card-prompt">
                    {move || title.get(app.language.get()).to_owned()}
                </span>
                <span class="card-look">{move || summary.get(app.language.get()).to_owned()}</span>
                <span class="hint">
                    {move || (app.t().lessons.minutes)(minutes)}
                    <Show when=move || is_done.get()>
                        " · ✓ "{move || app.t().lessons.done}
                    </Show>
                </span>
            </button>
        </li>
    }
}
