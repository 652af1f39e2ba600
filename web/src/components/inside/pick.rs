//! Layer and head, as numbers that are walked with a slider, buttons or arrow keys.

use leptos::prelude::*;

use crate::reactive::memo;
use crate::state::app::App;

/// A slider over whole numbers with its value beside it.
#[component]
pub(crate) fn Walk(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<u32>,
    /// How many there are.
    #[prop(into)]
    count: Signal<u32>,
    on_change: Callback<u32>,
    test_id: &'static str,
) -> impl IntoView {
    let last = move || count.get().saturating_sub(1);
    let go = move |to: u32| on_change.run(to.min(count.get_untracked().saturating_sub(1)));
    view! {
        <label class="walk">
            <span class="field-name">{move || label.get()}</span>
            <input
                type="range"
                min="0"
                max=last
                step="1"
                data-testid=test_id
                data-value=move || value.get()
                prop:value=move || value.get().to_string()
                on:input=move |event| {
                    if let Ok(to) = event_target_value(&event).parse() {
                        go(to);
                    }
                }
            />
            <output class="walk-value">
                {move || value.get()}<span class="hint">" / "{last}</span>
            </output>
        </label>
    }
}

#[component]
pub(crate) fn LayerPick() -> impl IntoView {
    let app = App::get();
    let value = memo(move || app.selection().layer);
    let count = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.layers))
    });
    view! {
        <Walk
            label=Signal::derive(move || app.t().inside.layer.to_owned())
            value=value
            count=count
            on_change=Callback::new(move |layer| app.select(|view| view.layer = Some(layer)))
            test_id="inside-layer"
        />
    }
}

#[component]
pub(crate) fn HeadPick() -> impl IntoView {
    let app = App::get();
    let value = memo(move || app.selection().head);
    let count = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.heads))
    });
    view! {
        <Walk
            label=Signal::derive(move || app.t().inside.head.to_owned())
            value=value
            count=count
            on_change=Callback::new(move |head| app.select(|view| view.head = Some(head)))
            test_id="inside-head"
        />
    }
}

/// One of a few: radio buttons in a line.
#[component]
pub(crate) fn Choice<T>(
    #[prop(into)] label: Signal<String>,
    options: Vec<T>,
    /// The value of an option in test hooks.
    code: fn(T) -> &'static str,
    /// An option in words.
    name: Callback<T, String>,
    #[prop(into)] value: Signal<T>,
    on_change: Callback<T>,
    /// Name of the group, and test hook.
    test_id: &'static str,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <fieldset class="choices">
            <legend class="field-name">{move || label.get()}</legend>
            {options
                .into_iter()
                .map(|option| {
                    view! {
                        <label class="choice">
                            <input
                                type="radio"
                                name=test_id
                                data-testid=test_id
                                data-value=code(option)
                                prop:checked=move || value.get() == option
                                on:change=move |_| on_change.run(option)
                            />
                            <span>{move || name.run(option)}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
