//! How a question stands: under way, stopped, failed. Nothing where all is answered. What follows it is dimmed while it
//! answers an earlier question.

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::question::{Reply, Standing};

#[component]
pub(crate) fn Waiting(
    reply: Reply,
    /// An earlier answer is not on show.
    #[prop(optional)]
    hides_old: bool,
) -> impl IntoView {
    let app = App::get();
    let standing = memo(move || reply.standing.get());
    let words = move || {
        let words = &app.t().inside;
        match (standing.get(), reply.progress.get()) {
            (Standing::Waiting, Some((done, total))) => (words.progress)(done, total),
            (Standing::Waiting, None) => words.waiting.to_owned(),
            (Standing::Failed, _) => words.failed.to_owned(),
            (Standing::Stopped, _) => words.stopped.to_owned(),
            (Standing::Quiet, _) => String::new(),
        }
    };
    let share = move || {
        let (done, total) = reply.progress.get()?;
        (total > 0).then(|| format!("{:.1}%", f64::from(done) * 100.0 / f64::from(total)))
    };
    let is_old = memo(move || reply.is_old() && !hides_old);
    view! {
        <p
            class="inside-waiting"
            role="status"
            data-waiting=move || reply.is_waiting().then_some("")
            data-old=move || is_old.get().then_some("")
        >
            <span class="hint">{words}</span>
            <Show when=move || is_old.get()>
                <span class="hint">{move || app.t().inside.old}</span>
            </Show>
            <Show when=move || share().is_some()>
                <span class="inside-progress" aria-hidden="true"><i style:width=share></i></span>
            </Show>
            <Show when=move || matches!(standing.get(), Standing::Failed | Standing::Stopped)>
                <button type="button" class="quiet" on:click=move |_| reply.ask_again()>
                    {move || app.t().inside.again}
                </button>
            </Show>
        </p>
    }
}
