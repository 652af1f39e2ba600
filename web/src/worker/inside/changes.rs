//! Heads that look elsewhere in another text, or in another stage of the model.

use engine::Trace;

use super::attention::{Weights, attention_of};
use super::refuse;
use super::work::Work;
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, HeadChange, InsideText};
use crate::worker::clock;
use crate::worker::session::Session;

impl Work<'_> {
    pub(super) async fn head_changes(
        &mut self,
        against: &InsideText,
    ) -> Result<Option<Answer>, Failure> {
        let adapter = self.session.stages.adapter(&against.stage)?;
        let prompt = self.session.encode(&against.prompt)?;
        let other = self.session.join(&prompt.ids, &against.answer, 0)?;
        let tokens = self.tokens.len();
        if other.len() != tokens {
            return refuse(format!("{} tokens cannot be set against {tokens}", other.len()));
        }
        let sequence = self.session.caches.aside();
        let Some(second) = sequence.checked_sub(1) else { return refuse("there is one sequence") };
        let (heads, context) = self.sizes();
        let layers = self.session.engine.layers() as usize;
        let mut sums = vec![0.0f64; layers * heads];
        let rows = self.rows(2 * layers).clamp(1, self.session.engine.max_rows().max(1) as usize);
        let request = attention_of((0..layers).collect());
        let texts = [(sequence, self.adapter, self.tokens.clone()), (second, adapter, other)];
        // Both run side by side, so that no map is kept.
        for (sequence, adapter, tokens) in &texts {
            let Session { engine, caches, .. } = &mut *self.session;
            caches.prepare(engine, *sequence, *adapter, &tokens[..1])?;
        }
        for first in (0..tokens).step_by(rows) {
            if self.ticket.stopped() {
                self.session.caches.forget();
                return Ok(None);
            }
            let mut traces = Vec::new();
            for (sequence, adapter, ids) in &texts {
                let piece = &ids[first..tokens.min(first + rows)];
                let engine = &mut self.session.engine;
                traces.push(engine.trace(*sequence, *adapter, piece, &request).await?);
            }
            if let [own, other] = &traces[..] {
                add_differences(&mut sums, own, other, first, (heads, context));
            }
            self.progress(first + rows, tokens);
            clock::pause().await;
        }
        for (sequence, adapter, tokens) in &texts {
            self.session.caches.note(*sequence, *adapter, tokens);
        }
        let windows: Vec<Option<u32>> =
            self.session.engine.shape().attention.iter().map(|layer| layer.window).collect();
        let change = |(index, sum): (usize, &f64)| {
            let (layer, head) = (index / heads, index % heads);
            let seen = seen(tokens, windows.get(layer).copied().flatten());
            let difference = (sum / seen as f64) as f32;
            HeadChange { layer: layer as u32, head: head as u32, difference }
        };
        let mut changes: Vec<HeadChange> = sums.iter().enumerate().map(change).collect();
        changes.sort_by(|a, b| b.difference.total_cmp(&a.difference));
        Ok(Some(Answer::HeadChanges { heads: changes }))
    }
}

/// Pairs of query and key that are not masked.
fn seen(tokens: usize, window: Option<u32>) -> usize {
    let window = window.map_or(usize::MAX, |window| window as usize);
    (1..=tokens).map(|keys| keys.min(window)).sum::<usize>().max(1)
}

/// Adds the absolute differences of a piece to the sums (layers, heads). `sizes`: heads, context.
fn add_differences(
    sums: &mut [f64],
    own: &Trace,
    other: &Trace,
    first: usize,
    (heads, context): (usize, usize),
) {
    for (layer, sums) in sums.chunks_exact_mut(heads).enumerate() {
        let of = |trace| Weights::of(trace, layer, heads, context);
        let (Some(own), Some(other)) = (of(own), of(other)) else { continue };
        for row in 0..own.rows() {
            for (head, sum) in sums.iter_mut().enumerate() {
                let (a, b) = (own.row(row, head, first + row), other.row(row, head, first + row));
                *sum += a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_does_not_count() {
        assert_eq!(seen(4, None), 10);
        assert_eq!(seen(4, Some(2)), 7);
        assert_eq!(seen(0, None), 1);
    }

    #[test]
    fn differences_are_added_up_by_head() {
        // One layer, two heads, a context of three; two rows from query 1 on.
        let trace =
            |weights: &[f32]| Trace { attention: vec![(0, weights.to_vec())], ..Trace::default() };
        let own = trace(&[0.5, 0.5, 9.0, 1.0, 0.0, 9.0, 0.2, 0.3, 0.5, 0.0, 0.0, 1.0]);
        let other = trace(&[0.25, 0.75, 0.0, 1.0, 0.0, 0.0, 0.2, 0.3, 0.5, 1.0, 0.0, 0.0]);
        let mut sums = [0.0; 2];
        add_differences(&mut sums, &own, &other, 1, (2, 3));
        assert_eq!(sums, [0.5, 2.0], "keys to come do not count");
    }
}
