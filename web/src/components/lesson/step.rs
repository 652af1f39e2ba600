//! What a step consists of.

use leptos::prelude::*;
use share::lesson::{Highlight, Step, StepBlock, Widget};

use crate::browser::dom;
use crate::components::markdown;
use crate::components::question::QuestionCard;
use crate::components::widget_data::DataWidget;
use crate::components::widget_lookup::LookupWidget;
use crate::state::app::App;
use crate::state::lessons::course::Spot;
use crate::state::lessons::light;
use crate::state::scene;

#[component]
pub(crate) fn StepBody(lesson: String, at: usize, step: Step) -> impl IntoView {
    let app = App::get();
    let mut questions = 0;
    let blocks: Vec<AnyView> = step
        .blocks
        .into_iter()
        .filter_map(|block| match block {
            StepBlock::Text(block) => Some(markdown::block(&block)),
            StepBlock::Highlight(highlight) => Some(look(app, highlight).into_any()),
            StepBlock::Question(question) => {
                let spot = Spot { lesson: lesson.clone(), step: at, question: questions };
                questions += 1;
                let question = *question;
                Some(view! { <QuestionCard spot=spot question=question/> }.into_any())
            }
            StepBlock::Widget(Widget::Lookup(lookup)) => {
                Some(view! { <LookupWidget lookup=lookup/> }.into_any())
            }
            StepBlock::Widget(Widget::Data { source, search }) => {
                Some(view! { <DataWidget source=source search=search/> }.into_any())
            }
            // The page is set by it, and a claim is for tests.
            StepBlock::Scene(_) | StepBlock::Claim(_) => None,
        })
        .collect();
    view! { <div class="prose step-body">{blocks}</div> }
}

/// What to look at, in words; pressed, it comes into view.
fn look(app: App, highlight: Highlight) -> impl IntoView {
    let column = highlight.column.map(|column| scene::letter(column as usize));
    let token = highlight.token.map(|token| token + 1);
    let show = move |_| dom::show_first(&light::selector(&highlight));
    view! {
        <p class="look">
            <span>{move || app.t().lessons.look_there}</span>
            <button type="button" class="look-place" data-testid="look" on:click=show>
                {move || (app.t().lessons.look)(highlight.place, column, token)}
            </button>
        </p>
    }
}
