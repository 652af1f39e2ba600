//! Numbers of an experiment, and how its answers are read.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::plan::{Figure, RULES, Rule};

#[component]
pub(super) fn FigureField(figure: Figure) -> impl IntoView {
    let app = App::get();
    view! {
        <label class="field small-field">
            <span class="field-name">{move || (app.t().lab.plan.figure)(figure)}</span>
            <input
                type="text"
                inputmode="decimal"
                data-testid="lab-figure"
                data-figure=figure.name()
                prop:value=move || app.lab.plan.with(|plan| plan.figure(figure).to_owned())
                on:input=move |event| {
                    let text = event_target_value(&event);
                    app.lab.plan.update(|plan| plan.set_figure(figure, text));
                }
            />
        </label>
    }
}

#[component]
pub(super) fn RuleField() -> impl IntoView {
    let app = App::get();
    let rule = memo(move || app.lab.plan.with(|plan| plan.rule));
    let choose = move |code: String| {
        if let Some(rule) = RULES.into_iter().find(|rule| rule.code() == code) {
            app.lab.plan.update(|plan| plan.rule = rule);
        }
    };
    view! {
        <label class="field">
            <span class="field-name">{move || app.t().lab.plan.rule_title}</span>
            <select data-testid="lab-rule" on:change=move |event| choose(event_target_value(&event))>
                {RULES
                    .map(|own| view! {
                        <option value=own.code() prop:selected=move || rule.get() == own>
                            {move || (app.t().lab.plan.rule)(own)}
                        </option>
                    })
                    .collect_view()}
            </select>
        </label>
        <Show when=move || rule.get() == Rule::Pattern>
            <label class="field">
                <span class="field-name">{move || app.t().lab.plan.pattern}</span>
                <input
                    type="text"
                    class="mono"
                    spellcheck="false"
                    data-testid="lab-pattern"
                    prop:value=move || app.lab.plan.with(|plan| plan.pattern.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        app.lab.plan.update(|plan| plan.pattern = text);
                    }
                />
            </label>
        </Show>
    }
}
