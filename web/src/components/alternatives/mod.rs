//! What the model weighed where a token was drawn.

mod table;

use leptos::prelude::*;

use crate::components::output::draw;
use crate::state::app::App;
use crate::state::format;
use crate::state::inspect::Inspect;
use crate::state::panel::{Choice, Panel};
use crate::state::token;

use table::alternative_table;

#[component]
pub(crate) fn Alternatives() -> impl IntoView {
    let app = App::get();
    let pointed = Memo::new(move |_| app.inspect.with(|inspect| inspect.shown()));
    let is_locked = Memo::new(move |_| app.inspect.with(|inspect| inspect.locked().is_some()));
    // Where the reader points at nothing, the panel follows the newest token.
    let panel = Memo::new(move |_| {
        let pointed = pointed.get();
        app.run.with(|run| Panel::of(run, pointed.or(run.newest())?))
    });
    view! {
        <aside
            class="alternatives"
            data-testid="alternatives"
            aria-labelledby="alternatives-title"
        >
            <div class="alternatives-head">
                <h2 id="alternatives-title">{move || app.t().panel.title}</h2>
                <Show when=move || is_locked.get()>
                    <button
                        type="button"
                        class="quiet"
                        on:click=move |_| app.inspect.update(Inspect::unlock)
                    >
                        {move || app.t().panel.unlock}
                    </button>
                </Show>
            </div>
            {move || match panel.get() {
                None => view! { <p class="hint">{app.t().panel.empty}</p> }.into_any(),
                Some(panel) => {
                    let note = if is_locked.get() {
                        app.t().panel.locked
                    } else if pointed.get().is_none() {
                        app.t().panel.newest
                    } else {
                        ""
                    };
                    about(app, panel, note, pointed.get().is_some()).into_any()
                }
            }}
        </aside>
    }
}

/// One token. `speaks`: the reader chose it, so a screen reader may tell about it. Tracks the
/// language, which a component would not.
fn about(app: App, panel: Panel, note: &'static str, speaks: bool) -> impl IntoView {
    let words = &app.t().panel;
    let Panel { token, choice, .. } = panel;
    let summary = match &choice {
        None => words.given.to_owned(),
        Some(choice) => summary(app, &token::spoken(&token), choice),
    };
    view! {
        <p class="subject">
            <span class="subject-token">{draw(token::pieces(&token))}</span>
            <span class="hint">{note}</span>
        </p>
        <p class="identity">
            {words.id}" "<b class="mono">{token.id}</b>" · "{words.bytes}" "
            <b class="mono">{format::hex(&token.bytes)}</b>
            {token.special.then(|| format!(" · {}", words.control))}
        </p>
        <p class="summary" aria-live=if speaks { "polite" } else { "off" }>{summary}</p>
        {choice.map(|choice| alternative_table(app, choice))}
    }
}

/// The picture in words. Tracks the language.
fn summary(app: App, token: &str, choice: &Choice) -> String {
    let words = &app.t().panel;
    let mut summary = (words.summary)(
        token,
        &format::percent(choice.probability),
        &format!("{:.2}", choice.surprisal),
        &format::grouped(u64::from(choice.kept)),
    );
    if !choice.listed {
        summary.push(' ');
        summary.push_str(words.not_listed);
    }
    summary
}
