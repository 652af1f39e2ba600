//! Where questions and examples come from: classic prompts, and generators.

use lab::problems::Kind;
use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::{language, shipped};

#[component]
pub(super) fn SourceBar() -> impl IntoView {
    let app = App::get();
    let takes_examples = memo(move || {
        app.lab.build.with(|build| {
            build.parts.iter().any(|part| part.kind == lab::prompt::PartKind::Example)
        })
    });
    let choose = move |id: String| {
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.id() == id) {
            let language = language(app.language.get_untracked());
            app.lab.build.update(|build| build.set_kind(kind, language));
        }
    };
    view! {
        <div class="source-bar">
            <label class="field">
                <span class="field-name">{move || app.t().lab.parts.questions_from}</span>
                <select
                    data-testid="lab-kind"
                    on:change=move |event| choose(event_target_value(&event))
                >
                    {Kind::ALL
                        .map(|kind| view! {
                            <option
                                value=kind.id()
                                prop:selected=move || app.lab.build.with(|build| build.kind) == kind
                            >
                                {move || kind.name().get(language(app.language.get()))}
                            </option>
                        })
                        .collect_view()}
                </select>
            </label>
            <div class="buttons">
                <button
                    type="button"
                    class="plain"
                    data-testid="lab-draw"
                    on:click=move |_| app.lab_draw_question()
                >
                    {move || app.t().lab.parts.another_question}
                </button>
                <Show when=move || takes_examples.get()>
                    <button
                        type="button"
                        class="plain"
                        data-testid="lab-draw-examples"
                        on:click=move |_| app.lab.build.update(|build| build.draw_examples())
                    >
                        {move || app.t().lab.parts.other_examples}
                    </button>
                </Show>
            </div>
            <Classics/>
        </div>
    }
}

/// Prompts that come with the page: the same question before and after.
#[component]
fn Classics() -> impl IntoView {
    let app = App::get();
    let list = move || {
        let language = language(app.language.get());
        shipped::prompts()
            .iter()
            .map(|own| {
                let variants = own.prompts_in(language).enumerate();
                let variants = variants.map(|(at, variant)| {
                    let technique = crate::state::lab::knobs::offered(&variant.technique);
                    let name = technique
                        .map_or(variant.technique.as_str(), |it| it.info().name.get(language));
                    view! {
                        <button
                            type="button"
                            class="quiet"
                            data-testid="lab-classic"
                            data-id=own.id.clone()
                            data-variant=at
                            on:click=move |_| {
                                app.lab.trouble.set(None);
                                app.lab.build.update(|build| build.show(variant));
                            }
                        >
                            {name}
                        </button>
                    }
                });
                view! {
                    <li class="classic">
                        <span class="classic-title" title=own.look_for.get(language)>
                            {own.title.get(language)}
                        </span>
                        <span class="classic-ways">{variants.collect_view()}</span>
                        <span class="hint">{own.look_for.get(language)}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details class="classics">
            <summary>{move || app.t().lab.parts.try_these}</summary>
            <ul>{list}</ul>
        </details>
    }
}
