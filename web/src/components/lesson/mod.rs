//! A lesson, step by step.

mod link;
mod step;

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::dom;
use crate::components::flow::Show;
use crate::components::markdown::blocks;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lessons::Written;

use link::LessonLink;
use step::StepBody;

/// The element id of a step's title: the focus comes here when the step is turned.
const TITLE: &str = "lesson-step";

#[component]
pub(crate) fn LessonView() -> impl IntoView {
    let app = App::get();
    // The page's scene changes with every key that is typed; what is shown here does not.
    let shown =
        memo(move || app.lesson_at().map(|(written, step)| (Arc::as_ptr(&written).addr(), step)));
    let failure = memo(move || app.lessons.text.with(|text| text.failure().map(str::to_owned)));
    let body = move || {
        shown.get()?;
        let (written, at) = untrack(|| app.lesson_at())?;
        Some(lesson(app, &written, at))
    };
    view! {
        <div class="lesson-top">
            <button
                type="button"
                class="quiet"
                data-testid="all-lessons"
                on:click=move |_| app.leave_lesson()
            >
                "← "{move || app.t().lessons.all}
            </button>
        </div>
        {body}
        <Show when=move || shown.with(Option::is_none)>
            <p role="status">
                {move || match failure.get() {
                    Some(why) => (app.t().lessons.failed)(&why),
                    None => app.t().lessons.reading.to_owned(),
                }}
            </p>
        </Show>
        <Show when=move || failure.with(Option::is_some)>
            <button
                type="button"
                class="plain"
                data-testid="read-lesson-again"
                on:click=move |_| app.read_lessons_again()
            >
                {move || app.t().lessons.again}
            </button>
        </Show>
    }
}

fn lesson(app: App, written: &Arc<Written>, at: usize) -> impl IntoView + use<> {
    let lesson = &written.lesson;
    let count = lesson.steps.len();
    let step = lesson.steps.get(at).cloned();
    let title = step.as_ref().map(|step| step.title.clone());
    let intro = (at == 0).then(|| {
        view! { <div class="prose lesson-intro">{blocks(&lesson.intro)}</div> }
    });
    let titles: Vec<String> = lesson.steps.iter().map(|step| step.title.clone()).collect();
    let (id, questions) = (lesson.id.clone(), step.as_ref().map_or(0, |s| s.questions().count()));
    view! {
        <article
            class="lesson"
            lang=lesson.language.code()
            data-testid="lesson"
            data-id=id.clone()
            data-step=at
            data-steps=count
        >
            <h2 class="lesson-title">{lesson.title.clone()}</h2>
            <Dots titles=titles at=at/>
            {intro}
            <h3 id=TITLE class="step-title" tabindex="-1">
                <span class="hint step-count">{move || (app.t().lessons.step)(at + 1, count)}</span>
                {title}
            </h3>
            {step.map(|step| view! { <StepBody lesson=id.clone() at=at step=step/> })}
            <OffCourse/>
            <Turn lesson=id.clone() at=at count=count questions=questions/>
            <button
                type="button"
                class="quiet lesson-save"
                data-testid="save-lesson"
                on:click=move |_| app.save_lesson()
            >
                {move || app.t().lessons.save}
            </button>
            <LessonLink/>
        </article>
    }
}

/// Turns to a step, and brings the reader's focus along.
fn turn(app: App, to: usize) {
    app.go_to_step(to);
    request_animation_frame(move || {
        dom::focus(TITLE);
        app.show_lit();
    });
}

/// One dot for each step: where the reader is, and a way to any other.
#[component]
fn Dots(titles: Vec<String>, at: usize) -> impl IntoView {
    let app = App::get();
    let dots = titles
        .into_iter()
        .enumerate()
        .map(|(to, title)| {
            let name = format!("{}. {title}", to + 1);
            view! {
                <li>
                    <button
                        type="button"
                        class="step-dot"
                        data-testid="step-dot"
                        data-passed=(to < at).then_some("")
                        aria-current=(to == at).then_some("step")
                        aria-label=name.clone()
                        title=name
                        on:click=move |_| turn(app, to)
                    ></button>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=move || app.t().lessons.steps>
            <ol class="step-dots">{dots}</ol>
        </nav>
    }
}

/// The reader has gone another way: that is fine, and the way back is one button.
#[component]
fn OffCourse() -> impl IntoView {
    let app = App::get();
    let is_off = memo(move || app.is_off_course());
    view! {
        <Show when=move || is_off.get()>
            <p class="off-course" data-testid="off-course">
                <span class="hint">{move || app.t().lessons.off_course}</span>
                <button
                    type="button"
                    class="quiet"
                    data-testid="set-again"
                    on:click=move |_| app.set_again()
                >
                    {move || app.t().lessons.set_again}
                </button>
            </p>
        </Show>
    }
}

/// Back and on. On is open once every question of the step was tried; it can be skipped as well.
#[component]
fn Turn(lesson: String, at: usize, count: usize, questions: usize) -> impl IntoView {
    let app = App::get();
    let is_last = at + 1 == count;
    let is_open =
        memo(move || app.lessons.course.with(|course| course.may_go_on(&lesson, at, questions)));
    let on = move |_| if is_last { app.finish_lesson() } else { turn(app, at + 1) };
    let skip = move |_| {
        app.skip_questions();
        if is_last {
            app.finish_lesson();
        } else {
            turn(app, at + 1);
        }
    };
    view! {
        <div class="lesson-turn">
            <button
                type="button"
                class="plain"
                data-testid="step-back"
                disabled={at == 0}
                on:click=move |_| turn(app, at.saturating_sub(1))
            >
                {move || app.t().lessons.back}
            </button>
            <button
                type="button"
                class="main"
                data-testid="step-next"
                data-last=is_last.then_some("")
                disabled=move || !is_open.get()
                on:click=on
            >
                {move || if is_last { app.t().lessons.finish } else { app.t().lessons.next }}
            </button>
            <Show when=move || !is_open.get()>
                <button type="button" class="quiet" data-testid="step-skip" on:click=skip>
                    {move || app.t().lessons.skip}
                </button>
                <p class="hint">{move || app.t().lessons.answer_first}</p>
            </Show>
        </div>
    }
}
