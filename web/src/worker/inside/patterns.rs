//! Attention that was watched once, kept for the next question about the same text: whoever looks at one head looks at
//! others next, and the model need not run again for them.

use engine::{Trace, TraceRequest};

use super::attention::{Weights, attention_of};
use super::work::Work;
use crate::protocol::Failure;

/// Bytes of all that is kept.
const BUDGET: usize = 64 << 20;

/// The texts that were watched last, the latest at the end.
#[derive(Default)]
pub(in crate::worker) struct Patterns(Vec<Pattern>);

/// Every layer of one text in one stage.
struct Pattern {
    adapter: u32,
    tokens: Vec<u32>,
    bytes: usize,
    /// Weights of shape (tokens, heads, tokens); queries, keys and values.
    trace: Trace,
}

impl Patterns {
    fn find(&mut self, adapter: u32, tokens: &[u32]) -> Option<&Trace> {
        let is_it = |own: &Pattern| own.adapter == adapter && own.tokens == tokens;
        let found = self.0.remove(self.0.iter().position(is_it)?);
        self.0.push(found);
        self.0.last().map(|own| &own.trace)
    }

    fn keep(&mut self, pattern: Pattern) {
        self.0.push(pattern);
        while self.0.iter().map(|own| own.bytes).sum::<usize>() > BUDGET && self.0.len() > 1 {
            self.0.remove(0);
        }
    }
}

impl Work<'_> {
    /// Shows the weights of attention that `request` asks for, piece by piece: the piece's first token, its trace, and
    /// the width of a row of weights. A text that is short enough is watched in all its layers, with queries, keys and
    /// values, and kept. False: stopped.
    pub(super) async fn watch_attention(
        &mut self,
        request: TraceRequest,
        mut see: impl FnMut(usize, &Trace, usize),
    ) -> Result<bool, Failure> {
        let (heads, context) = self.sizes();
        let (layers, tokens) = (self.session.engine.layers() as usize, self.tokens.len());
        if let Some(trace) = self.session.patterns.find(self.adapter, &self.tokens) {
            see(0, trace, tokens);
            return Ok(true);
        }
        let bytes = self.pattern_bytes();
        if bytes > BUDGET {
            let rows = self.rows(request.attention_layers.len());
            let see = |first: usize, trace: &Trace| see(first, trace, context);
            return self.watch(0, tokens, rows, &request, see).await;
        }
        let mut whole = Trace {
            attention: (0..layers)
                .map(|layer| (layer, vec![0.0; tokens * heads * tokens]))
                .collect(),
            qkv: (0..layers).map(|layer| (layer, Vec::new())).collect(),
            ..Trace::default()
        };
        let add = |first: usize, trace: &Trace| {
            for (layer, all) in &mut whole.attention {
                let Some(piece) = Weights::of(trace, *layer, heads, context) else { continue };
                for row in 0..piece.rows() {
                    let query = first + row;
                    for head in 0..heads {
                        let own = piece.row(row, head, query);
                        all[(query * heads + head) * tokens..][..own.len()].copy_from_slice(own);
                    }
                }
            }
            for ((_, all), (_, piece)) in whole.qkv.iter_mut().zip(&trace.qkv) {
                all.extend_from_slice(piece);
            }
        };
        let every = || (0..layers).collect::<Vec<_>>();
        let request = TraceRequest { qkv_layers: every(), ..attention_of(every()) };
        if !self.watch(0, tokens, self.rows(layers), &request, add).await? {
            return Ok(false);
        }
        see(0, &whole, tokens);
        let (adapter, tokens) = (self.adapter, self.tokens.clone());
        self.session.patterns.keep(Pattern { adapter, tokens, bytes, trace: whole });
        Ok(true)
    }

    /// What the text takes when it is kept.
    fn pattern_bytes(&self) -> usize {
        let (heads, _) = self.sizes();
        let shape = self.session.engine.shape();
        let width = shape.head_width as usize * (heads + 2 * shape.kv_heads as usize);
        let (layers, tokens) = (self.session.engine.layers() as usize, self.tokens.len());
        layers * tokens * (heads * tokens + width) * size_of::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(adapter: u32, id: u32, bytes: usize) -> Pattern {
        Pattern { adapter, tokens: vec![id], bytes, trace: Trace::default() }
    }

    #[test]
    fn the_texts_that_were_not_looked_at_for_longest_go_first() {
        let mut patterns = Patterns::default();
        for id in 1..=3 {
            patterns.keep(pattern(0, id, BUDGET / 3));
        }
        assert!(patterns.find(0, &[1]).is_some(), "all three have room");
        assert!(patterns.find(1, &[1]).is_none(), "another stage");
        patterns.keep(pattern(0, 4, BUDGET / 3));
        assert!(patterns.find(0, &[2]).is_none());
        assert!([1, 3, 4].iter().all(|id| patterns.find(0, &[*id]).is_some()));
        patterns.keep(pattern(0, 5, BUDGET));
        assert!(patterns.0.len() == 1 && patterns.find(0, &[5]).is_some());
    }
}
