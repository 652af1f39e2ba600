//! What is inside: attention heads, the logit lens, embedding rows.

use engine::{Trace, TraceRequest};
use share::lesson::{LensLayer, ObservedHead, Similarity};

use super::Sprout;
use super::columns::Run;

impl Sprout {
    /// Every head of the first column, over its prompt.
    pub(crate) fn heads(&mut self, run: &Run) -> Vec<ObservedHead> {
        let layers = 0..self.engine.layers() as usize;
        let request =
            TraceRequest { attention_layers: layers.collect(), ..TraceRequest::default() };
        let trace = self.trace(run, &request);
        let (rows, heads) = (run.prompt.len(), self.engine.heads() as usize);
        let mut found = Vec::new();
        for (layer, weights) in &trace.attention {
            // (rows, heads, context)
            let context = weights.len() / (rows * heads);
            for head in 0..heads {
                let row = |query: usize| {
                    let from = (query * heads + head) * context;
                    weights[from..=from + query].to_vec()
                };
                found.push(ObservedHead {
                    column: 0,
                    layer: *layer as u32,
                    head: head as u32,
                    rows: (0..rows).map(row).collect(),
                });
            }
        }
        found
    }

    /// The logit lens at the last prompt token of the first column.
    pub(crate) fn lens(&mut self, run: &Run) -> Vec<LensLayer> {
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let trace = self.trace(run, &request);
        let width = self.norm.len();
        let last = trace.residual.len() - 1;
        let mut layers = Vec::new();
        // The first entry is the embedding, the last is normalized already.
        for (place, stream) in trace.residual.iter().enumerate().skip(1) {
            let row = &stream[stream.len() - width..];
            let normed = if place == last { row.to_vec() } else { self.normalize(row) };
            layers.push(self.top(&normed));
        }
        layers
    }

    /// How alike two tokens' embedding rows are.
    pub(crate) fn similarity(&self, a: &str, b: &str) -> Similarity {
        let (one, other) = (self.embedding_of(a), self.embedding_of(b));
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let cosine = dot(one, other) / (dot(one, one) * dot(other, other)).sqrt();
        Similarity { a: a.to_owned(), b: b.to_owned(), cosine }
    }

    fn trace(&mut self, run: &Run, request: &TraceRequest) -> Trace {
        self.engine.truncate(0, 0).unwrap();
        let scored = self.engine.score(0, run.adapter, &run.prompt, request, |_, _| {});
        pollster::block_on(scored).unwrap()
    }

    fn embedding_of(&self, text: &str) -> &[f32] {
        let ids = self.tokenizer.encode(text);
        let [id] = ids.as_slice() else { panic!("{text:?} is {} tokens", ids.len()) };
        let width = self.norm.len();
        &self.embedding[*id as usize * width..][..width]
    }

    fn normalize(&self, row: &[f32]) -> Vec<f32> {
        let squares: f32 = row.iter().map(|x| x * x).sum();
        let scale = (squares / row.len() as f32 + self.epsilon).sqrt().recip();
        row.iter().zip(&self.norm).map(|(x, factor)| x * scale * factor).collect()
    }

    /// The token that a normalized row ranks first. The embedding is the output matrix too.
    fn top(&self, normed: &[f32]) -> LensLayer {
        let dot = |row: &[f32]| -> f32 { row.iter().zip(normed).map(|(w, x)| w * x).sum() };
        let logits: Vec<f32> = self.embedding.chunks_exact(self.norm.len()).map(dot).collect();
        let best = (0..logits.len()).reduce(|a, b| if logits[b] > logits[a] { b } else { a });
        let best = best.unwrap();
        let sum: f64 = logits.iter().map(|logit| f64::from(logit - logits[best]).exp()).sum();
        LensLayer { top: self.tokenizer.decode(&[best as u32]), probability: sum.recip() }
    }
}
