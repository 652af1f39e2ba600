//! The earlier turns of a chat, as plain text.

use leptos::prelude::*;
use text::Message;

use crate::state::app::App;

#[component]
pub(crate) fn EarlierTurns() -> impl IntoView {
    let app = App::get();
    let turns = move || {
        app.conversation.with(|chat| chat.turns().iter().cloned().enumerate().collect::<Vec<_>>())
    };
    view! {
        <ol class="turns">
            <For
                each=turns
                key=|(place, turn): &(usize, Message)| (*place, turn.content.clone())
                children=move |(_, turn): (usize, Message)| view! { <Turn turn=turn/> }
            />
        </ol>
    }
}

#[component]
fn Turn(turn: Message) -> impl IntoView {
    let app = App::get();
    let is_reader = turn.role == "user";
    view! {
        <li class="turn" data-role=turn.role>
            <span class="turn-who">
                {move || if is_reader { app.t().output.you } else { app.t().output.answer }}
            </span>
            <p>{turn.content}</p>
        </li>
    }
}
