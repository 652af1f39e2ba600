//! What a head was measured to do, and the reminder that attention is not an explanation, with the button that shows
//! what is.

use leptos::prelude::*;
use share::scene::{Panel, SwitchPart};

use super::looks::Looks;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::roles;

#[component]
pub(super) fn Roles(looks: Looks) -> impl IntoView {
    let app = App::get();
    let found = memo(move || {
        looks.head.with(|head| head.as_ref().map(|head| roles(&head.stats)).unwrap_or_default())
    });
    view! {
        <ul class="roles" data-testid="roles">
            {move || {
                found
                    .get()
                    .into_iter()
                    .map(|(role, stat)| {
                        let share = format::percent(f64::from(stat.share));
                        let said = (app.t().inside_attention.role)(role, &share, stat.queries);
                        view! { <li data-testid="role" data-share=stat.share>{said}</li> }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

#[component]
pub(super) fn Note() -> impl IntoView {
    let app = App::get();
    let switch_off = move |_| {
        let selection = untrack(|| app.selection());
        let (layer, head) = (selection.layer, selection.head);
        // Where no further part can be changed, the panel says so.
        app.set_switch(SwitchPart::Head, layer, head, 0.0);
        app.select(|view| view.panel = Panel::Switches);
    };
    view! {
        <aside class="attention-note">
            <p>{move || app.t().inside_attention.reminder}</p>
            <button type="button" class="plain" data-testid="switch-head-off" on:click=switch_off>
                {move || {
                    let selection = app.selection();
                    (app.t().inside_attention.switch_off)(selection.layer, selection.head)
                }}
            </button>
        </aside>
    }
}
