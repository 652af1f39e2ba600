//! Vectors of all tokens before the first block and after each, seen from their two widest directions. The same token
//! at two places begins as the same vector: blocks move it apart.

use leptos::prelude::*;

use super::super::pick::Walk;
use super::super::scatter::Scatter;
use super::super::strip::name_of;
use super::super::waiting::Waiting;
use super::followed_id;
use crate::protocol::TokenView;
use crate::protocol::inside::{Answer, Ask, TokenValue};
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::row;
use crate::state::inside::embedding::{as_long_as, points};
use crate::state::inside::pca::{Projection, cosine, project};
use crate::state::inside::question::{Reply, Standing, ask};
use crate::state::token::spoken;

/// Tokens in the picture; a longer text shows its last ones.
const MOST: usize = 160;
/// Neighbours of the followed token's vector from the vocabulary.
const NEIGHBOURS: u32 = 8;

/// What the picture is drawn from.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    projection: Projection,
    tokens: Vec<TokenView>,
    /// The first token in the picture.
    first: u32,
    neighbours: Vec<TokenView>,
    blocks: u32,
}

/// Is all that was asked answered? Tracks.
fn is_settled(reply: Reply) -> bool {
    reply.standing.get() == Standing::Quiet
}

#[component]
pub(super) fn Cloud() -> impl IntoView {
    let app = App::get();
    let layers = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.layers))
    });
    let wish = RwSignal::new(0u32);
    let blocks = memo(move || wish.get().min(layers.get()));
    let reply =
        ask(app, move || Some((app.inside.ready()?.0, Ask::Residual { blocks: blocks.get() })));
    let token = memo(move || app.selection().token);
    // Before the first block the vector is a row of the table, and its own nearest.
    let near = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let (token, count) = (token.get(), NEIGHBOURS);
        let what = match blocks.get() {
            0 => Ask::Nearest { id: followed_id(app)?, count },
            blocks => Ask::NearestAfter { blocks, token, count },
        };
        Some((text, what))
    });
    let nearest = memo(move || {
        if !is_settled(near) {
            return None;
        }
        near.one(|answer| match answer {
            Answer::Nearest { tokens } => Some(tokens.clone()),
            _ => None,
        })
    });
    let near_rows = ask(app, move || {
        let ids: Vec<u32> = nearest.get()?.iter().map(|near| near.token.id).collect();
        let (text, _) = app.inside.ready()?;
        (!ids.is_empty()).then_some((text, Ask::EmbeddingRows { ids }))
    });
    let drawn = memo(move || {
        let facts = app.inside.facts.get()?;
        let first = facts.tokens.len().saturating_sub(MOST);
        let tokens = facts.tokens[first..].to_vec();
        // Of the same vector as the picture, or none.
        let is_settled = is_settled(near_rows) && is_settled(reply);
        let extra = near_rows.one(|answer| match answer {
            Answer::EmbeddingRows { rows, .. } if is_settled => Some(rows.clone()),
            _ => None,
        });
        let names: Vec<TokenView> =
            nearest.get().unwrap_or_default().into_iter().map(|near| near.token).collect();
        reply.one(|answer| match answer {
            Answer::Residual { blocks, width, rows } => {
                let (all, own) = (rows, row(rows, *width, token.get()));
                let width = *width as usize;
                let mut rows = all.get(first * width..)?.to_vec();
                if rows.len() != tokens.len() * width {
                    return None;
                }
                let extra = extra.unwrap_or_default();
                let fits = own.len() == width && extra.len() == names.len() * width;
                let neighbours = if fits { names } else { Vec::new() };
                // Blocks make vectors longer, and rows are near by where they point.
                if fits && *blocks > 0 {
                    rows.extend(as_long_as(own, &extra));
                } else if fits {
                    rows.extend_from_slice(&extra);
                }
                let projection = project(&rows, width)?;
                Some(Drawn { projection, tokens, first: first as u32, neighbours, blocks: *blocks })
            }
            _ => None,
        })
    });
    let shown = memo(move || {
        drawn.with(|drawn| {
            drawn.as_ref().map_or_else(Vec::new, |drawn| {
                let mut all = points(&drawn.projection, &drawn.tokens, &drawn.neighbours);
                for point in &mut all {
                    point.token = point.token.map(|token| token + drawn.first);
                }
                all
            })
        })
    });
    let said = move || {
        let at = token.get();
        let own = app.inside.facts.with(|facts| facts.as_ref().map(|facts| name_of(facts, at)))?;
        let list: Vec<String> = nearest.get()?.iter().map(named).collect();
        Some((app.t().inside_embedding.near_after)(&own, blocks.get(), &list.join(", ")))
    };
    let caption = Signal::derive(move || {
        drawn.with(|drawn| {
            drawn.as_ref().map_or_else(String::new, |drawn| {
                let shares = drawn.projection.shares;
                let share = format::percent(f64::from(shares[0] + shares[1]));
                (app.t().inside_embedding.cloud)(drawn.blocks, &share, drawn.neighbours.len())
            })
        })
    });
    // The same token elsewhere in the text: how far apart the blocks have moved the two.
    let twins = move || {
        let facts = app.inside.facts.get()?;
        let at = token.get();
        let id = facts.tokens.get(at as usize)?.id;
        let name = name_of(&facts, at);
        let others: Vec<u32> = (0u32..)
            .zip(&facts.tokens)
            .filter(|(other, view)| *other != at && view.id == id)
            .map(|(other, _)| other)
            .take(4)
            .collect();
        reply.one(|answer| match answer {
            Answer::Residual { blocks, width, rows } => {
                let own = row(rows, *width, at);
                let lines = others
                    .iter()
                    .map(|other| {
                        let cosine = cosine(own, row(rows, *width, *other));
                        let said = (app.t().inside_embedding.twin)(
                            &name,
                            at,
                            *other,
                            *blocks,
                            &format!("{cosine:.3}"),
                        );
                        view! { <li data-testid="twin" data-other=*other data-cosine=cosine>{said}</li> }
                    })
                    .collect_view();
                Some(lines)
            }
            _ => None,
        })
    };
    view! {
        <section class="inside-part" data-testid="cloud" data-blocks=move || drawn.with(|d| d.as_ref().map(|d| d.blocks))>
            <h3>{move || app.t().inside_embedding.cloud_title}</h3>
            <p class="hint">{move || app.t().inside_embedding.cloud_explained}</p>
            <Walk
                label=Signal::derive(move || app.t().inside_embedding.blocks.to_owned())
                value=blocks
                count=Signal::derive(move || layers.get() + 1)
                on_change=Callback::new(move |blocks| wish.set(blocks))
                test_id="cloud-blocks"
            />
            <Waiting reply=reply/>
            <Scatter points=shown token=token caption=caption/>
            <Waiting reply=near/>
            <p class="hint" data-testid="cloud-near" data-ids=move || nearest.get().map(|near| ids(&near))>{said}</p>
            <ul class="hint">{twins}</ul>
        </section>
    }
}

/// A neighbour with its cosine.
fn named(near: &TokenValue) -> String {
    format!("“{}” {:.3}", spoken(&near.token), near.value)
}

/// Ids of neighbours, the nearest first.
fn ids(near: &[TokenValue]) -> String {
    near.iter().map(|near| near.token.id.to_string()).collect::<Vec<_>>().join(" ")
}
