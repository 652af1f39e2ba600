//! Points with names: vectors seen from their two widest directions.

use leptos::prelude::*;

use super::files::SaveBar;
use crate::components::flow::{For, Show};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::embedding::{Point, csv, svg};
use crate::state::inside::sketch::Saved;

/// Names beyond so many points would cover each other; the followed token keeps its own.
const MOST_NAMES: usize = 60;

#[component]
pub(super) fn Scatter(
    points: Memo<Vec<Point>>,
    /// The token that is followed.
    #[prop(into)]
    token: Signal<u32>,
    /// What the picture shows, in a sentence or two.
    #[prop(into)]
    caption: Signal<String>,
) -> impl IntoView {
    let app = App::get();
    let named = memo(move || points.with(|points| points.len() <= MOST_NAMES));
    let is_there = Signal::derive(move || points.with(|points| !points.is_empty()));
    let made = Callback::new(move |()| {
        let caption = caption.get();
        Some(points.with(|points| Saved { svg: svg(points, &caption), csv: csv(points) }))
    });
    view! {
        <figure class="scatter" data-testid="scatter" data-points=move || points.with(Vec::len)>
            <svg viewBox="-4 -4 108 108" role="img" aria-label=move || caption.get()>
                <For
                    each=move || points.get()
                    key=|point: &Point| (point.token, point.id)
                    children=move |point: Point| dot(app, points, token, named, &point)
                />
            </svg>
            <figcaption>{move || caption.get()}</figcaption>
            <SaveBar is_there=is_there made=made file="glassbox-embedding"/>
        </figure>
    }
}

/// A point that moves as its vector does.
fn dot(
    app: App,
    points: Memo<Vec<Point>>,
    followed: Signal<u32>,
    named: Memo<bool>,
    point: &Point,
) -> impl IntoView + use<> {
    let (token, id, name) = (point.token, point.id, point.name.clone());
    let title = name.clone();
    let place = memo(move || {
        points.with(|points| {
            let found = points.iter().find(|point| point.token == token && point.id == id);
            found.map_or((0.0, 0.0), |point| (point.x * 100.0, point.y * 100.0))
        })
    });
    let is_followed = move || token == Some(followed.get());
    let shift = move || {
        let (x, y) = place.get();
        format!("translate({x:.2} {y:.2})")
    };
    let select = move |_| {
        if token.is_some() {
            app.select(|view| view.token = token);
        }
    };
    view! {
        <g
            class="scatter-point"
            data-token=token
            data-neighbour=token.is_none().then_some("")
            data-followed=move || is_followed().then_some("")
            transform=shift
            on:click=select
        >
            <title>{title}</title>
            <circle r="1.1"></circle>
            <Show when=move || named.get() || is_followed()>
                <text x="1.8" y="1">{name.clone()}</text>
            </Show>
        </g>
    }
}
