//! The parts of the prompt: edited, moved, switched on and off.

use lab::prompt::{Part, PartKind};
use leptos::prelude::*;

use crate::browser::dom;
use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::lab::parts::{Field, KINDS, Way, code, focused_after, text};

/// The first button that adds a part.
const ADD_ID: &str = "lab-part-add";

/// The element id of a part's text.
fn text_id(at: usize) -> String {
    format!("lab-part-{at}")
}

/// The element id of a button that moves a part.
fn way_id(at: usize, way: Way) -> String {
    match way {
        Way::Up => format!("lab-part-{at}-up"),
        Way::Down => format!("lab-part-{at}-down"),
    }
}

/// The element id of the button that removes a part.
fn remove_id(at: usize) -> String {
    format!("lab-part-{at}-remove")
}

/// Moves the focus to an element that is there once the page has been drawn.
fn focus_then(id: String) {
    request_animation_frame(move || dom::focus(&id));
}

#[component]
pub(super) fn PartList() -> impl IntoView {
    let app = App::get();
    let is_several = memo(move || app.lab.build.with(|build| build.is_several()));
    // A part keeps its element while its text is typed.
    let shown = memo(move || {
        app.lab.build.with(|build| {
            let kinds = build.parts.iter().map(|part| part.kind);
            kinds.enumerate().collect::<Vec<(usize, PartKind)>>()
        })
    });
    let add = move |kind: PartKind| {
        let at = app.lab.build.try_update(|build| build.add(kind));
        if let Some(at) = at {
            focus_then(text_id(at));
        }
    };
    view! {
        <section class="parts" aria-labelledby="parts-title">
            <h3 id="parts-title">{move || app.t().lab.parts.title}</h3>
            <Show when=move || is_several.get()>
                <p class="hint">{move || app.t().lab.parts.several}</p>
            </Show>
            <ol class="part-list" data-part="parts">
                <For
                    each=move || shown.get()
                    key=|entry: &(usize, PartKind)| *entry
                    children=move |(at, kind): (usize, PartKind)| view! { <PartCard at=at kind=kind/> }
                />
            </ol>
            <div class="buttons add-part" role="group" aria-label=move || app.t().lab.parts.add>
                <span class="hint" aria-hidden="true">{move || app.t().lab.parts.add}</span>
                {KINDS
                    .map(|kind| view! {
                        <button
                            type="button"
                            class="quiet part-mark"
                            id=(kind == KINDS[0]).then_some(ADD_ID)
                            data-part=code(kind)
                            data-testid="lab-add-part"
                            data-kind=code(kind)
                            on:click=move |_| add(kind)
                        >
                            {move || (app.t().lab.parts.kind)(kind)}
                        </button>
                    })
                    .collect_view()}
            </div>
        </section>
    }
}

/// Something of the part at a place; the default if it is gone. Tracks.
fn of_part<T: Default>(app: App, at: usize, read: impl FnOnce(&Part) -> T) -> T {
    app.lab.build.with(|build| build.parts.get(at).map(read).unwrap_or_default())
}

#[component]
fn PartCard(at: usize, kind: PartKind) -> impl IntoView {
    let app = App::get();
    let number = memo(move || {
        app.lab
            .build
            .with(|build| build.parts.iter().take(at + 1).filter(|part| part.kind == kind).count())
    });
    let name = move || (app.t().lab.parts.numbered)(kind, number.get());
    let is_off = memo(move || of_part(app, at, |part| part.off));
    let last = move || app.lab.build.with(|build| at + 1 >= build.parts.len());
    // Its element is another one afterwards, and so is that of its neighbour.
    let move_part = move |way: Way| {
        let to = way.leads_to(at);
        app.lab.build.update(|build| build.move_part(at, to));
        let count = app.lab.build.with_untracked(|build| build.parts.len());
        focus_then(way_id(to, way.focused(to, count)));
    };
    let remove = move |_| {
        app.lab.build.update(|build| build.remove(at));
        let left = app.lab.build.with_untracked(|build| build.parts.len());
        focus_then(focused_after(at, left).map_or_else(|| ADD_ID.to_owned(), remove_id));
    };
    view! {
        <li
            class="part"
            class:off=move || is_off.get()
            data-part=code(kind)
            data-testid="lab-part"
            data-kind=code(kind)
            data-off=move || is_off.get().then_some("")
        >
            <div class="part-head">
                <label class="choice">
                    <input
                        type="checkbox"
                        data-testid="lab-part-on"
                        aria-label=move || (app.t().lab.parts.on)(&name())
                        prop:checked=move || !is_off.get()
                        on:change=move |event| {
                            let on = event_target_checked(&event);
                            app.lab.build.update(|build| build.switch(at, on));
                        }
                    />
                    <span class="part-name">{name}</span>
                </label>
                <span class="part-buttons">
                    <button
                        type="button"
                        class="quiet"
                        id=way_id(at, Way::Up)
                        data-testid="lab-part-up"
                        disabled=at == 0
                        aria-label=move || (app.t().lab.parts.up)(&name())
                        on:click=move |_| move_part(Way::Up)
                    >
                        "↑"
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        id=way_id(at, Way::Down)
                        data-testid="lab-part-down"
                        disabled=last
                        aria-label=move || (app.t().lab.parts.down)(&name())
                        on:click=move |_| move_part(Way::Down)
                    >
                        "↓"
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        id=remove_id(at)
                        data-testid="lab-part-remove"
                        aria-label=move || (app.t().lab.parts.remove)(&name())
                        on:click=remove
                    >
                        "×"
                    </button>
                </span>
            </div>
            <PartField at=at kind=kind field=Field::Text/>
            {(kind == PartKind::Example).then(|| view! {
                <PartField at=at kind=kind field=Field::Steps/>
                <PartField at=at kind=kind field=Field::Answer/>
            })}
        </li>
    }
}

#[component]
fn PartField(at: usize, kind: PartKind, field: Field) -> impl IntoView {
    let app = App::get();
    let value = memo(move || of_part(app, at, |part| text(part, field).to_owned()));
    let rows = move || value.with(|text| text.lines().count().clamp(1, 8));
    let placeholder = move || match field {
        Field::Text => (app.t().lab.parts.placeholder)(kind),
        Field::Steps => app.t().lab.parts.steps,
        Field::Answer => app.t().lab.parts.answer,
    };
    let name = move || format!("{} – {}", (app.t().lab.parts.kind)(kind), placeholder());
    let (id, code) = match field {
        Field::Text => (Some(text_id(at)), "text"),
        Field::Steps => (None, "steps"),
        Field::Answer => (None, "answer"),
    };
    view! {
        <textarea
            class="part-field"
            id=id
            data-testid="lab-part-field"
            data-field=code
            spellcheck="false"
            rows=rows
            placeholder=placeholder
            aria-label=name
            prop:value=move || value.get()
            on:input=move |event| {
                let text = event_target_value(&event);
                app.lab.build.update(|build| build.write(at, field, text));
            }
        ></textarea>
    }
}
