//! The residual stream: what the model would say after each block (the logit lens), how long the vectors are, and
//! what each part adds to a logit.

use std::sync::Arc;

use crate::protocol::TokenView;
use crate::protocol::inside::{Answer, Contributions, LensRow};
use crate::state::heatmap::{Cell, Grid, Scale, Tint};
use crate::state::inside::chart::file::quoted;
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::token;

/// Tokens of the lens at once: the worker computes a distribution for each after each block.
pub(crate) const WINDOW: u32 = 24;

/// The tokens around `token` that the lens shows: the first, and how many. Neighbours share their window.
fn window(token: u32, length: u32) -> (u32, u32) {
    let first = (token - token % WINDOW).min(length.saturating_sub(WINDOW));
    (first, WINDOW.min(length))
}

/// The window on show, as long as `token` is in it; else another.
pub(crate) fn window_from(before: Option<(u32, u32)>, token: u32, length: u32) -> (u32, u32) {
    let fits = |(first, count): &(u32, u32)| {
        let end = first + count;
        *count == WINDOW.min(length) && end <= length && (*first..end).contains(&token)
    };
    before.filter(fits).unwrap_or_else(|| window(token, length))
}

/// What the lens shows in its cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LensMode {
    /// The likeliest token.
    #[default]
    Top,
    /// The rank of the target.
    Target,
}

/// The lens, as far as it has come: rows are tokens, columns are numbers of blocks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lens {
    pub(crate) first: u32,
    /// Tokens of the window.
    pub(crate) count: usize,
    /// One more than there are layers.
    pub(crate) blocks: usize,
    /// By number of blocks; `None` until it has come.
    rows: Vec<Option<LensRow>>,
}

/// A cell of the lens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen<'a> {
    pub(crate) top: &'a TokenView,
    pub(crate) probability: f32,
    /// The token's logit, and `ln Σ exp` of all.
    pub(crate) logit: f32,
    pub(crate) log_sum: f32,
    /// Rank and probability of the target, if there is one.
    pub(crate) target: Option<(u32, f32)>,
}

impl Lens {
    /// Puts parts together. `None` before the first has come.
    pub(crate) fn of(parts: &[Arc<Answer>], layers: u32) -> Option<Self> {
        let blocks = layers as usize + 1;
        let mut rows = vec![None; blocks];
        let mut size = None;
        for part in parts {
            let Answer::Lens(row) = part.as_ref() else { continue };
            size = Some((row.first, row.top.len()));
            if let Some(place) = rows.get_mut(row.blocks as usize) {
                *place = Some(row.clone());
            }
        }
        let (first, count) = size?;
        Some(Self { first, count, blocks, rows })
    }

    /// What was computed for a row of the picture after so many blocks.
    pub(crate) fn seen(&self, row: usize, blocks: usize) -> Option<Seen<'_>> {
        let found = self.rows.get(blocks)?.as_ref()?;
        let target = found.target_ranks.get(row).zip(found.target_probabilities.get(row));
        Some(Seen {
            top: found.top.get(row)?,
            probability: *found.probabilities.get(row)?,
            logit: *found.logits.get(row)?,
            log_sum: *found.log_sums.get(row)?,
            target: target.map(|(rank, probability)| (*rank, *probability)),
        })
    }

    /// Numbers of blocks that have come.
    pub(crate) fn come(&self) -> usize {
        self.rows.iter().flatten().count()
    }

    /// After how many blocks the likeliest token is what it stays to the end.
    pub(crate) fn settles(&self, row: usize) -> Option<usize> {
        let last = self.seen(row, self.blocks - 1)?.top.id;
        let same = (0..self.blocks)
            .rev()
            .take_while(|blocks| self.seen(row, *blocks).is_some_and(|seen| seen.top.id == last));
        same.last()
    }

    /// As a picture. `names` are those of the tokens of the whole text. What has not come is no number.
    pub(crate) fn grid(&self, mode: LensMode, names: &[String], embedding: &str) -> Option<Grid> {
        let mut values = Vec::with_capacity(self.count * self.blocks);
        let mut texts = Vec::with_capacity(self.count * self.blocks);
        for row in 0..self.count {
            for blocks in 0..self.blocks {
                let seen = self.seen(row, blocks);
                let (value, text) = match (mode, seen) {
                    (_, None) => (f32::NAN, String::new()),
                    (LensMode::Top, Some(seen)) => (seen.probability, written(seen.top)),
                    (LensMode::Target, Some(Seen { target: Some((rank, share)), .. })) => {
                        (share, format!("#{rank}"))
                    }
                    (LensMode::Target, Some(_)) => (f32::NAN, String::new()),
                };
                values.push(value);
                texts.push(text);
            }
        }
        let scale = Scale::Up { top: 1.0, tint: Tint::Heat, root: mode == LensMode::Target };
        let mut grid = Grid::new(self.count, self.blocks, values, scale)?;
        grid.texts = texts;
        grid.row_names = names.iter().skip(self.first as usize).take(self.count).cloned().collect();
        grid.column_names = (0..self.blocks)
            .map(|blocks| if blocks == 0 { embedding.to_owned() } else { blocks.to_string() })
            .collect();
        Some(grid)
    }

    /// Everything as a table: a line for each token and number of blocks.
    pub(crate) fn csv(&self, names: &[String]) -> String {
        let mut out =
            "position,token,blocks,top,top_id,probability,target_rank,target_probability\r\n"
                .to_owned();
        for row in 0..self.count {
            let place = self.first as usize + row;
            let name = names.get(place).map(|name| quoted(name)).unwrap_or_default();
            for blocks in 0..self.blocks {
                let Some(seen) = self.seen(row, blocks) else { continue };
                let (rank, share) = seen.target.map_or_else(Default::default, |(rank, share)| {
                    (rank.to_string(), share.to_string())
                });
                let top = quoted(&token::spoken(seen.top));
                let (id, probability) = (seen.top.id, seen.probability);
                out.push_str(&format!(
                    "{place},{name},{blocks},{top},{id},{probability},{rank},{share}\r\n"
                ));
            }
        }
        out
    }

    /// The cell of a token after so many blocks; `None` outside the window.
    pub(crate) fn cell(&self, place: u32, blocks: usize) -> Option<Cell> {
        let row = place.checked_sub(self.first)? as usize;
        (row < self.count && blocks < self.blocks).then_some(Cell { row, column: blocks })
    }
}

/// A token as it stands in a cell: a space at its beginning says nothing there.
fn written(view: &TokenView) -> String {
    let spoken = token::spoken(view);
    let trimmed = spoken.trim();
    if trimmed.is_empty() { "␣".to_owned() } else { trimmed.to_owned() }
}

/// The parts added up: what the embedding, all attention and all feed-forwards give, and the sum.
pub(crate) fn sums(parts: &Contributions) -> (f32, f32, f32) {
    let attention = parts.attention.iter().sum::<f32>();
    let feed_forward = parts.feed_forward.iter().sum::<f32>();
    (attention, feed_forward, parts.embedding + attention + feed_forward)
}

/// What each part adds to the logit. `names`: embedding, attention, feed-forward. `layer` names a layer.
pub(crate) fn contributions(
    parts: &Contributions,
    names: [&str; 3],
    layer: impl Fn(u32) -> String,
    chosen: u32,
) -> Chart {
    let [embedding, attention, feed_forward] = names;
    let series = |name: &str, ink| Series { name: name.to_owned(), ink, unit: Unit::Signed };
    let of_layer = |(number, (attention, feed_forward)): (u32, (&f32, &f32))| Bar {
        name: layer(number),
        values: vec![Some(*attention), Some(*feed_forward), None],
        is_chosen: number == chosen,
    };
    let layers = (0..).zip(parts.attention.iter().zip(&parts.feed_forward)).map(of_layer);
    let first = Bar {
        name: embedding.to_owned(),
        values: vec![None, None, Some(parts.embedding)],
        is_chosen: false,
    };
    Chart {
        series: vec![
            series(attention, Ink::Attention),
            series(feed_forward, Ink::Heat),
            series(embedding, Ink::Soft),
        ],
        bars: std::iter::once(first).chain(layers).collect(),
        apart: false,
    }
}

/// Lengths of vectors at one token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lengths {
    /// After so many blocks.
    pub(crate) stream: Vec<f32>,
    /// What attention and feed-forward of each layer add.
    pub(crate) attention: Vec<f32>,
    pub(crate) feed_forward: Vec<f32>,
}

impl Lengths {
    /// Those at one token out of the answer for all. `None` if it is another answer, or has no such token.
    pub(crate) fn at(answer: &Answer, token: u32) -> Option<Self> {
        let Answer::Norms { residual, attention, feed_forward } = answer else { return None };
        // There is one more stream than there are layers.
        let tokens = residual.len().saturating_sub(attention.len()).max(1);
        let column = |all: &[f32]| -> Option<Vec<f32>> {
            let rows = all.chunks_exact(tokens);
            rows.map(|row| row.get(token as usize).copied()).collect()
        };
        Some(Self {
            stream: column(residual)?,
            attention: column(attention)?,
            feed_forward: column(feed_forward)?,
        })
    }

    /// `names`: stream, attention, feed-forward, and the embedding's row.
    pub(crate) fn chart(&self, names: [&str; 4], layer: impl Fn(u32) -> String) -> Chart {
        let [stream, attention, feed_forward, embedding] = names;
        let series = |name: &str, ink| Series { name: name.to_owned(), ink, unit: Unit::Number };
        let bar = |(blocks, length): (usize, &f32)| {
            let of = |all: &[f32]| blocks.checked_sub(1).and_then(|at| all.get(at).copied());
            Bar {
                name: blocks
                    .checked_sub(1)
                    .map_or_else(|| embedding.to_owned(), |at| layer(at as u32)),
                values: vec![Some(*length), of(&self.attention), of(&self.feed_forward)],
                is_chosen: false,
            }
        };
        Chart {
            series: vec![
                series(stream, Ink::Soft),
                series(attention, Ink::Attention),
                series(feed_forward, Ink::Heat),
            ],
            bars: self.stream.iter().enumerate().map(bar).collect(),
            apart: false,
        }
    }
}

#[cfg(test)]
mod tests;
