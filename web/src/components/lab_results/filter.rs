//! Which answers are shown.

use lab::Language;
use lab::experiment::{Filter, Show as Wanted};
use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::{Look, language};

const SHOWS: [Wanted; 8] = [
    Wanted::All,
    Wanted::TechniquesDiffer,
    Wanted::StagesDiffer,
    Wanted::Right,
    Wanted::Wrong,
    Wanted::NothingRead,
    Wanted::Overruled,
    Wanted::Failed,
];

/// The value of the select's option.
fn code(show: Wanted) -> &'static str {
    match show {
        Wanted::All => "all",
        Wanted::TechniquesDiffer => "techniques_differ",
        Wanted::StagesDiffer => "stages_differ",
        Wanted::Right => "right",
        Wanted::Wrong => "wrong",
        Wanted::NothingRead => "nothing_read",
        Wanted::Overruled => "overruled",
        Wanted::Failed => "failed",
    }
}

#[component]
pub(super) fn FilterBar() -> impl IntoView {
    let app = App::get();
    let filter = memo(move || app.lab.look.get().filter);
    // A filter begins at its first line.
    let set = move |change: &dyn Fn(&mut Filter)| {
        app.lab.look.update(|look| {
            let mut filter = look.filter;
            change(&mut filter);
            *look = Look { filter, ..Look::default() };
        });
    };
    let techniques = memo(move || {
        let language = language(app.language.get());
        app.lab.run.with(|run| {
            let used = run.iter().flat_map(|own| &own.run.experiment().techniques);
            used.map(|used| used.shown_name(language).to_owned()).collect::<Vec<_>>()
        })
    });
    let stages = memo(move || {
        app.lab.run.with(|run| {
            let stages = run.iter().flat_map(|own| &own.run.experiment().stages);
            stages.map(|stage| stage.key.clone()).collect::<Vec<_>>()
        })
    });
    let index = |value: String| value.parse::<usize>().ok();
    view! {
        <div class="tool-row filter-bar">
            <label class="field small-field">
                <span class="field-name">{move || app.t().lab.results.show_label}</span>
                <select
                    data-testid="lab-filter"
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        let show = SHOWS.into_iter().find(|show| code(*show) == value);
                        set(&|filter| filter.show = show.unwrap_or_default());
                    }
                >
                    {SHOWS
                        .map(|show| view! {
                            <option value=code(show) prop:selected=move || filter.get().show == show>
                                {move || (app.t().lab.results.show)(show)}
                            </option>
                        })
                        .collect_view()}
                </select>
            </label>
            <label class="field small-field">
                <span class="field-name">{move || app.t().lab.results.technique_label}</span>
                <select
                    data-testid="lab-filter-technique"
                    on:change=move |event| {
                        let at = index(event_target_value(&event));
                        set(&|filter| filter.technique = at);
                    }
                >
                    <option value="" prop:selected=move || filter.get().technique.is_none()>
                        {move || app.t().lab.results.all}
                    </option>
                    {move || options(techniques.get(), filter.get().technique)}
                </select>
            </label>
            <Show when=move || { stages.with(Vec::len) > 1 }>
                <label class="field small-field">
                    <span class="field-name">{move || app.t().lab.results.stage_label}</span>
                    <select
                        data-testid="lab-filter-stage"
                        on:change=move |event| {
                            let at = index(event_target_value(&event));
                            set(&|filter| filter.stage = at);
                        }
                    >
                        <option value="" prop:selected=move || filter.get().stage.is_none()>
                            {move || app.t().lab.results.all}
                        </option>
                        {move || options(stages.get(), filter.get().stage)}
                    </select>
                </label>
            </Show>
            <LanguageFilter/>
        </div>
    }
}

fn options(names: Vec<String>, chosen: Option<usize>) -> impl IntoView {
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| view! { <option value=at prop:selected=chosen == Some(at)>{name}</option> })
        .collect_view()
}

/// Where there are problems in both languages. The bars follow it too.
#[component]
fn LanguageFilter() -> impl IntoView {
    let app = App::get();
    let has_both = memo(move || {
        app.lab
            .run
            .with(|run| run.as_ref().is_some_and(|own| own.run.experiment().languages.len() > 1))
    });
    let chosen = memo(move || app.lab.look.get().filter.language);
    let choose = move |value: String| {
        let language = Language::ALL.into_iter().find(|language| language.code() == value);
        app.lab.look.update(|look| {
            *look = Look { filter: Filter { language, ..look.filter }, ..Look::default() };
        });
    };
    view! {
        <Show when=move || has_both.get()>
            <label class="field small-field">
                <span class="field-name">{move || app.t().lab.results.language_label}</span>
                <select
                    data-testid="lab-filter-language"
                    on:change=move |event| choose(event_target_value(&event))
                >
                    <option value="" prop:selected=move || chosen.get().is_none()>
                        {move || app.t().lab.results.all}
                    </option>
                    {Language::ALL
                        .map(|own| view! {
                            <option value=own.code() prop:selected=move || chosen.get() == Some(own)>
                                {move || match own {
                                    Language::En => app.t().lab.plan.english,
                                    Language::Zh => app.t().lab.plan.chinese,
                                }}
                            </option>
                        })
                        .collect_view()}
                </select>
            </label>
        </Show>
    }
}
