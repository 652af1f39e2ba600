//! A question of a lesson: answered, and graded against the reader's own run.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use share::lesson::{Answer, Ask, Question};

use crate::components::chip::draw;
use crate::components::flow::Show;
use crate::components::markdown::inlines;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lessons::course::{Said, Spot};
use crate::state::token;

/// A number as people type it.
fn number(text: &str) -> Option<f64> {
    let text = text.trim().replace('，', ",");
    let comma = if has_thousands(&text) { "" } else { "." };
    let number: f64 = text.replace(',', comma).parse().ok()?;
    number.is_finite().then_some(number)
}

/// Does each comma stand before three digits of a large number? Otherwise it is a decimal point.
fn has_thousands(text: &str) -> bool {
    let mut groups = text.trim_start_matches(['-', '+']).split(',');
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_head = |head: &str| (1..=3).contains(&head.len()) && head != "0" && is_digits(head);
    groups.next().is_some_and(is_head) && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[component]
pub(crate) fn QuestionCard(spot: Spot, question: Question) -> impl IntoView {
    let app = App::get();
    let chosen = RwSignal::new(None::<String>);
    let typed = RwSignal::new(String::new());
    let is_no_number = RwSignal::new(false);
    let by_run =
        matches!(question.answer, Ask::Text { .. } | Ask::Number { .. } | Ask::Which { .. });
    let takes_number = matches!(question.answer, Ask::Number { .. } | Ask::Value { .. });
    let ask = inlines(&question.ask);
    let answer = question.answer.clone();
    let options = memo(move || match &answer {
        Ask::Pick { options, .. } | Ask::Which { options, .. } => options.clone(),
        // While it is written, a run has no options yet that stay.
        Ask::Text { of } if !app.is_busy() => of.options(&app.observed()),
        _ => Vec::new(),
    });
    let is_text = matches!(question.answer, Ask::Text { .. });
    let place = spot.clone();
    let check = move |event: SubmitEvent| {
        event.prevent_default();
        let answer = if takes_number {
            let number = typed.with_untracked(|text| number(text));
            is_no_number.set(number.is_none());
            number.map(Answer::Number)
        } else {
            chosen.get_untracked().and_then(|text| {
                let at = options.with_untracked(|options| options.iter().position(|o| *o == text));
                if is_text { Some(Answer::Text(text)) } else { at.map(Answer::Option) }
            })
        };
        if let Some(answer) = answer {
            app.answer_question(place.clone(), &answer);
        }
    };
    let is_ready = move || takes_number || chosen.with(Option::is_some);
    let Spot { lesson, step, question: nth } = spot.clone();
    let name = format!("{lesson}-{step}-{nth}");
    view! {
        <form class="question" data-testid="question" autocomplete="off" on:submit=check>
            <p class="question-title">
                {move || app.t().lessons.question.title}
                {by_run.then(|| view! {
                    <span class="hint">" · "{move || app.t().lessons.question.by_run}</span>
                })}
            </p>
            <div class="question-ask">{ask}</div>
            {if takes_number {
                view! { <NumberField typed=typed is_no_number=is_no_number/> }.into_any()
            } else {
                view! { <Options options=options chosen=chosen name=name is_text=is_text/> }.into_any()
            }}
            <button
                type="submit"
                class="plain"
                data-testid="check"
                disabled=move || !is_ready()
            >
                {move || app.t().lessons.question.check}
            </button>
            <Verdict spot=spot question=question/>
        </form>
    }
}

#[component]
fn NumberField(typed: RwSignal<String>, is_no_number: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    view! {
        <label class="field question-number">
            <span class="field-name">{move || app.t().lessons.question.number}</span>
            <input
                type="text"
                inputmode="decimal"
                data-testid="question-number"
                aria-invalid=move || if is_no_number.get() { "true" } else { "false" }
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </label>
        <p class="problem" role="status">
            {move || is_no_number.get().then(|| app.t().lessons.question.no_number)}
        </p>
    }
}

/// What can be chosen. `is_text`: pieces of the run, drawn as tokens are.
#[component]
fn Options(
    options: Memo<Vec<String>>,
    chosen: RwSignal<Option<String>>,
    name: String,
    is_text: bool,
) -> impl IntoView {
    let app = App::get();
    let option = move |text: String| {
        let (own, value, label) = (text.clone(), text.clone(), text.clone());
        let name = name.clone();
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name
                    data-testid="question-option"
                    data-value=value
                    prop:checked=move || chosen.with(|chosen| chosen.as_ref() == Some(&own))
                    on:change=move |_| chosen.set(Some(text.clone()))
                />
                {if is_text {
                    view! { <span class="question-token">{draw(token::pieces(&piece(label)))}</span> }
                        .into_any()
                } else {
                    view! { <span>{label}</span> }.into_any()
                }}
            </label>
        }
    };
    view! {
        <fieldset class="question-options" data-kind=if is_text { "tokens" } else { "words" }>
            <legend class="visually-hidden">{move || app.t().lessons.question.title}</legend>
            {move || options.get().into_iter().map(&option).collect_view()}
        </fieldset>
        <Show when=move || options.with(Vec::is_empty)>
            <p class="hint">{move || app.t().lessons.question.waits}</p>
        </Show>
    }
}

/// A text of the run as if it were a token, to be drawn like one.
fn piece(text: String) -> TokenView {
    TokenView { id: 0, bytes: text.clone().into_bytes(), text, special: false }
}

/// What is said to the answer.
#[component]
fn Verdict(spot: Spot, question: Question) -> impl IntoView {
    let app = App::get();
    let said = memo(move || app.lessons.course.with(|course| course.said(&spot).cloned()));
    let text = move || {
        let words = &app.t().lessons.question;
        let (first, rest) = match said.get()? {
            Said::Praise => (words.right.to_owned(), inlines(&question.because)),
            Said::Nudge => (words.nudge.to_owned(), inlines(&question.nudge)),
            Said::Reveal(right) => ((words.reveal)(right.trim()), inlines(&question.because)),
            Said::RunFirst => (words.run_first.to_owned(), Vec::new()),
            Said::NotShown => (words.not_shown.to_owned(), Vec::new()),
        };
        Some(view! { <b>{first}</b>" "{rest} })
    };
    view! {
        <div
            class="verdict"
            role="status"
            data-testid="verdict"
            data-said=move || said.get().as_ref().map(code)
        >
            {text}
        </div>
    }
}

/// The value of `data-said`.
fn code(said: &Said) -> &'static str {
    match said {
        Said::Praise => "right",
        Said::Nudge => "nudge",
        Said::Reveal(_) => "reveal",
        Said::RunFirst => "run-first",
        Said::NotShown => "not-shown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(number(" 69,5 "), Some(69.5));
        assert_eq!(number("-3"), Some(-3.0));
        assert_eq!(number("294,912"), Some(294_912.0));
        assert_eq!(number("4，008，384"), Some(4_008_384.0));
        assert_eq!(number("-1,000"), Some(-1000.0));
        assert_eq!(
            [number("0,125"), number("7,1416"), number("12，5")],
            [Some(0.125), Some(7.1416), Some(12.5)]
        );
        for text in ["", "two", "inf", "NaN", "1,000.5", "1,2,3", "1,00,000", ",", "，，"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
