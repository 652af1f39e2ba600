//! Attention: single heads in full, all of them small, and what they have in common.

use engine::{Trace, TraceRequest};

use super::maps::{HeadTally, Thumbnail, followers, identity, roll};
use super::refuse;
use super::work::{Work, below};
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, AttentionHead, MAX_MAP_TOKENS, THUMBNAIL, Thumbnails};
use crate::worker::clock;

/// Attention weights of one piece of a text, and mean maps, take at most so many bytes.
const BUDGET: usize = 48 << 20;

/// Weights of a layer for a piece of a text: (rows, heads, context).
pub(super) struct Weights<'a> {
    weights: &'a [f32],
    heads: usize,
    context: usize,
}

impl<'a> Weights<'a> {
    pub(super) fn of(trace: &'a Trace, layer: usize, heads: usize, context: usize) -> Option<Self> {
        let (_, weights) = trace.attention.iter().find(|(own, _)| *own == layer)?;
        Some(Self { weights, heads, context })
    }

    pub(super) fn rows(&self) -> usize {
        self.weights.len() / (self.heads * self.context).max(1)
    }

    /// Weights of the piece's `row`-th query, whose place in the text is `query`, on keys up to itself.
    pub(super) fn row(&self, row: usize, head: usize, query: usize) -> &'a [f32] {
        let at = (row * self.heads + head) * self.context;
        self.weights.get(at..=at + query).unwrap_or_default()
    }
}

pub(super) fn attention_of(layers: Vec<usize>) -> TraceRequest {
    TraceRequest { attention_layers: layers, ..TraceRequest::default() }
}

impl Work<'_> {
    /// (heads, context)
    pub(super) fn sizes(&self) -> (usize, usize) {
        let engine = &self.session.engine;
        (engine.heads() as usize, engine.context() as usize)
    }

    /// Tokens of the text, if a map of all their pairs can be kept.
    fn map_tokens(&self) -> Result<usize, Failure> {
        let tokens = self.tokens.len();
        if tokens > MAX_MAP_TOKENS as usize {
            return refuse(format!("a map of {tokens} tokens; at most {MAX_MAP_TOKENS}"));
        }
        Ok(tokens)
    }

    /// Rows of a piece whose weights in so many layers stay within the budget.
    pub(super) fn rows(&self, layers: usize) -> usize {
        let (heads, context) = self.sizes();
        BUDGET / (layers * heads * context * size_of::<f32>()).max(1)
    }

    pub(super) async fn attention(
        &mut self,
        layer: u32,
        head: u32,
    ) -> Result<Option<Answer>, Failure> {
        let (own_layer, own_head) = (self.layer(layer)?, self.head(head)?);
        let shape = self.session.engine.shape();
        let Some(of_layer) = shape.attention.get(own_layer).copied() else {
            return refuse("the layer has no attention");
        };
        let (heads, _) = self.sizes();
        let (kv_heads, width) = (shape.kv_heads as usize, shape.head_width as usize);
        let kv_head = own_head / (heads / kv_heads.max(1)).max(1);
        let tokens = self.map_tokens()?;
        let followers = followers(&self.tokens);
        let mut weights = vec![0.0; tokens * tokens];
        let mut parts: [Vec<f32>; 3] = Default::default();
        // Places of query, key and value among the heads of a row.
        let places = [own_head, heads + kv_head, heads + kv_heads + kv_head];
        let mut tally = HeadTally::default();
        let request = TraceRequest { qkv_layers: vec![own_layer], ..attention_of(vec![own_layer]) };
        let see = |first: usize, trace: &Trace, context: usize| {
            let Some(found) = Weights::of(trace, own_layer, heads, context) else { return };
            for row in 0..found.rows() {
                let query = first + row;
                let own = found.row(row, own_head, query);
                weights[query * tokens..][..own.len()].copy_from_slice(own);
                tally.take(query, own, &followers[query]);
            }
            let own = trace.qkv.iter().find(|(layer, _)| *layer == own_layer);
            let Some((_, qkv)) = own else { return };
            for row in qkv.chunks_exact((heads + 2 * kv_heads) * width) {
                for (part, place) in parts.iter_mut().zip(places) {
                    part.extend_from_slice(&row[place * width..(place + 1) * width]);
                }
            }
        };
        if !self.watch_attention(request, see).await? {
            return Ok(None);
        }
        let [queries, keys, values] = parts;
        Ok(Some(Answer::Attention(AttentionHead {
            layer,
            head,
            kv_head: kv_head as u32,
            tokens: tokens as u32,
            width: width as u32,
            scale: of_layer.scale,
            window: of_layer.window,
            weights,
            queries,
            keys,
            values,
            stats: tally.stats(),
        })))
    }

    pub(super) async fn attention_mean(&mut self, layer: u32) -> Result<Option<Answer>, Failure> {
        let own = self.layer(layer)?;
        let Some(mut maps) = self.means(&[own]).await? else { return Ok(None) };
        let (tokens, weights) = (self.tokens.len() as u32, maps.pop().unwrap_or_default());
        Ok(Some(Answer::AttentionMap { layer, tokens, weights }))
    }

    pub(super) async fn rollout(&mut self, layer: u32) -> Result<Option<Answer>, Failure> {
        let layers: Vec<usize> = (0..=self.layer(layer)?).collect();
        let tokens = self.map_tokens()?;
        let mut weights = identity(tokens);
        // As many maps at once as there is room for: the text runs again for the next.
        let at_once = (BUDGET / (tokens * tokens * size_of::<f32>())).max(1);
        for group in layers.chunks(at_once) {
            let Some(means) = self.means(group).await? else { return Ok(None) };
            for (mean, layer) in means.iter().zip(group) {
                weights = roll(mean, &weights, tokens);
                self.progress(layer + 1, layers.len());
                clock::pause().await;
                if self.ticket.stopped() {
                    return Ok(None);
                }
            }
        }
        Ok(Some(Answer::AttentionMap { layer, tokens: tokens as u32, weights }))
    }

    /// For each of some layers, the mean over its heads: (tokens, tokens).
    async fn means(&mut self, layers: &[usize]) -> Result<Option<Vec<Vec<f32>>>, Failure> {
        let (heads, _) = self.sizes();
        let tokens = self.map_tokens()?;
        let mut maps = vec![vec![0.0; tokens * tokens]; layers.len()];
        let see = |first: usize, trace: &Trace, context: usize| {
            for (map, layer) in maps.iter_mut().zip(layers) {
                let Some(found) = Weights::of(trace, *layer, heads, context) else { continue };
                for (row, head) in (0..found.rows()).flat_map(|r| (0..heads).map(move |h| (r, h))) {
                    let query = first + row;
                    let sums = &mut map[query * tokens..][..=query];
                    let own = found.row(row, head, query);
                    sums.iter_mut()
                        .zip(own)
                        .for_each(|(sum, weight)| *sum += weight / heads as f32);
                }
            }
        };
        let done = self.watch_attention(attention_of(layers.to_vec()), see).await?;
        Ok(done.then_some(maps))
    }

    pub(super) async fn thumbnails(&mut self) -> Result<Option<Answer>, Failure> {
        let (heads, _) = self.sizes();
        let layers = self.session.engine.layers() as usize;
        let tokens = self.tokens.len();
        let followers = followers(&self.tokens);
        let small = || (Thumbnail::new(tokens, THUMBNAIL as usize), HeadTally::default());
        let mut all: Vec<_> = (0..layers * heads).map(|_| small()).collect();
        let see = |first: usize, trace: &Trace, context: usize| {
            for (layer, own) in all.chunks_exact_mut(heads).enumerate() {
                let Some(found) = Weights::of(trace, layer, heads, context) else { continue };
                for row in 0..found.rows() {
                    let query = first + row;
                    for (head, (thumbnail, tally)) in own.iter_mut().enumerate() {
                        let weights = found.row(row, head, query);
                        thumbnail.take(query, weights);
                        tally.take(query, weights, &followers[query]);
                    }
                }
            }
        };
        let request = attention_of((0..layers).collect());
        if !self.watch_attention(request, see).await? {
            return Ok(None);
        }
        Ok(Some(Answer::Thumbnails(Thumbnails {
            layers: layers as u32,
            heads: heads as u32,
            size: THUMBNAIL.min(tokens as u32),
            stats: all.iter().map(|(_, tally)| tally.stats()).collect(),
            cells: all.into_iter().flat_map(|(thumbnail, _)| thumbnail.cells).collect(),
        })))
    }

    fn head(&self, head: u32) -> Result<usize, Failure> {
        below("head", head, self.session.engine.heads())
    }
}
