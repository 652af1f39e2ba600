//! Vectors of all tokens before the first block and after each, seen from their two widest directions. The same token
//! at two places begins as the same vector: blocks move it apart.

use leptos::prelude::*;

use super::super::pick::Walk;
use super::super::scatter::Scatter;
use super::super::strip::name_of;
use super::super::waiting::Waiting;
use super::followed_id;
use crate::protocol::TokenView;
use crate::protocol::inside::{Answer, Ask};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::row;
use crate::state::inside::embedding::points;
use crate::state::inside::pca::{Projection, cosine, project};
use crate::state::inside::question::ask;

/// Tokens in the picture; a longer text shows its last ones.
const MOST: usize = 160;
/// Neighbours from the vocabulary, before the first block.
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

#[component]
pub(super) fn Cloud() -> impl IntoView {
    let app = App::get();
    let layers = Memo::new(move |_| {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.layers))
    });
    let wish = RwSignal::new(0u32);
    let blocks = Memo::new(move |_| wish.get().min(layers.get()));
    let reply =
        ask(app, move || Some((app.inside.ready()?.0, Ask::Residual { blocks: blocks.get() })));
    let near = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        let id = followed_id(app)?;
        (blocks.get() == 0).then_some((text, Ask::Nearest { id, count: NEIGHBOURS }))
    });
    let neighbours = Memo::new(move |_| {
        near.one(|answer| match answer {
            Answer::Nearest { tokens } => {
                Some(tokens.iter().map(|t| t.token.clone()).collect::<Vec<_>>())
            }
            _ => None,
        })
    });
    let near_rows = ask(app, move || {
        let ids: Vec<u32> = neighbours.get()?.iter().map(|token| token.id).collect();
        let (text, _) = app.inside.ready()?;
        (blocks.get() == 0 && !ids.is_empty()).then_some((text, Ask::EmbeddingRows { ids }))
    });
    let drawn = Memo::new(move |_| {
        let facts = app.inside.facts.get()?;
        let first = facts.tokens.len().saturating_sub(MOST);
        let tokens = facts.tokens[first..].to_vec();
        let names = neighbours.get().unwrap_or_default();
        // Rows of earlier neighbours would stand under these names.
        let is_theirs = near_rows.about(|_, ask| match ask {
            Ask::EmbeddingRows { ids } => {
                Some(names.iter().map(|token| token.id).eq(ids.iter().copied()))
            }
            _ => None,
        });
        let extra = near_rows.one(|answer| match answer {
            Answer::EmbeddingRows { rows, .. } if is_theirs == Some(true) => Some(rows.clone()),
            _ => None,
        });
        reply.one(|answer| match answer {
            Answer::Residual { blocks, width, rows } => {
                let width = *width as usize;
                let mut rows = rows.get(first * width..)?.to_vec();
                if rows.len() != tokens.len() * width {
                    return None;
                }
                let extra = extra.filter(|_| *blocks == 0).unwrap_or_default();
                let neighbours =
                    if extra.len() == names.len() * width { names } else { Vec::new() };
                if !neighbours.is_empty() {
                    rows.extend_from_slice(&extra);
                }
                let projection = project(&rows, width)?;
                Some(Drawn { projection, tokens, first: first as u32, neighbours, blocks: *blocks })
            }
            _ => None,
        })
    });
    let shown = Memo::new(move |_| {
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
    let token = Memo::new(move |_| app.selection().token);
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
            <ul class="hint">{twins}</ul>
        </section>
    }
}
