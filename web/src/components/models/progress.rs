//! How far a load is: stage, bytes, rate.

use leptos::prelude::*;

use crate::protocol::LoadStage;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::library::Progress;

#[component]
pub(crate) fn LoadProgress() -> impl IntoView {
    let app = App::get();
    let progress = memo(move || app.library.with(|library| library.progress()));
    let number = move |read: fn(Progress) -> u64| progress.get().map_or(0, read);
    let percent = move || progress.get().map_or(0.0, |progress| progress.fraction() * 100.0);
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=move || app.t().model.progress
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", percent())
            aria-valuetext=move || describe(app, progress.get())
            data-testid="progress"
            data-bytes=move || number(|progress| progress.bytes)
            data-total=move || number(|progress| progress.total)
            data-resumed=move || number(|progress| progress.resumed_from)
            data-stage=move || progress.get().map(|progress| stage_code(progress.stage))
        >
            <div class="progress-bar">
                <div class="progress-done" style:width=move || format!("{:.2}%", percent())></div>
            </div>
            <p class="progress-text">{move || describe(app, progress.get())}</p>
        </div>
    }
}

/// `Downloading · 41 MB of 98 MB · 12 MB/s`. Tracks the language.
fn describe(app: App, progress: Option<Progress>) -> String {
    let words = &app.t().model;
    let Some(progress) = progress else {
        return words.starting.to_owned();
    };
    let mut parts = vec![
        (words.stage)(progress.stage).to_owned(),
        (words.amount)(&format::bytes(progress.bytes), &format::bytes(progress.total)),
    ];
    if progress.bytes_per_second > 0.0 && progress.bytes < progress.total {
        parts.push(format::rate(progress.bytes_per_second));
    }
    if progress.resumed_from > 0 {
        parts.push((words.resumed)(&format::bytes(progress.resumed_from)));
    }
    parts.join(" · ")
}

fn stage_code(stage: LoadStage) -> &'static str {
    match stage {
        LoadStage::Downloading => "downloading",
        LoadStage::ReadingStored => "reading_stored",
        LoadStage::ReadingLocal => "reading_local",
        LoadStage::Verifying => "verifying",
        LoadStage::Preparing => "preparing",
    }
}
