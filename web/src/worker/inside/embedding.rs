//! Rows of the embedding table, and which of them are alike.

use engine::{Trace, TraceRequest};

use super::rank;
use super::refuse;
use super::residual::stream;
use super::work::{Work, below};
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, MAX_EMBEDDING_ROWS, MAX_NEAREST};
use crate::worker::clock;

/// Rows of the table that are read between two pauses.
const ROWS: usize = 1024;

/// Length of every row of a model's embedding table, once it was asked for: (vocab).
#[derive(Debug, Default)]
pub(crate) struct Norms(Option<Vec<f32>>);

impl Work<'_> {
    pub(super) async fn embedding_rows(&mut self, ids: &[u32]) -> Result<Option<Answer>, Failure> {
        if ids.len() > MAX_EMBEDDING_ROWS {
            return refuse(format!("{} rows; at most {MAX_EMBEDDING_ROWS}", ids.len()));
        }
        let engine = &mut self.session.engine;
        let (width, rows) = (engine.d_model(), engine.embedding(ids).await?);
        Ok(Some(Answer::EmbeddingRows { width, rows }))
    }

    pub(super) async fn nearest(&mut self, id: u32, count: u32) -> Result<Option<Answer>, Failure> {
        let own = below("token id", id, self.session.engine.vocab())?;
        if !self.read_norms().await? {
            return Ok(None);
        }
        let vector = self.session.engine.embedding(&[id]).await?;
        let mut cosines = self.cosines(&vector).await?;
        if let Some(cosine) = cosines.get_mut(own) {
            *cosine = f32::NEG_INFINITY;
        }
        Ok(Some(self.best(&cosines, count)))
    }

    /// Rows of the table that point most nearly as a token's residual vector does after so many blocks.
    pub(super) async fn nearest_after(
        &mut self,
        blocks: u32,
        token: u32,
        count: u32,
    ) -> Result<Option<Answer>, Failure> {
        let (own, at) = (self.blocks(blocks)?, self.token(token)?);
        if !self.read_norms().await? {
            return Ok(None);
        }
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let layers = self.session.engine.layers() as usize;
        let mut vector = Vec::new();
        let see = |_: usize, trace: &Trace| vector = stream(trace, own, layers).to_vec();
        if !self.watch(at, at + 1, 1, &request, see).await? {
            return Ok(None);
        }
        let cosines = self.cosines(&vector).await?;
        Ok(Some(self.best(&cosines, count)))
    }

    /// Of a vector with every row of the table, once their lengths have been read: (vocab).
    async fn cosines(&mut self, vector: &[f32]) -> Result<Vec<f32>, Failure> {
        let products = self.session.engine.similar(vector).await?;
        let length = length(vector);
        let scale = self.session.engine.shape().embedding_scale;
        let norms = self.session.norms.0.as_deref().unwrap_or_default();
        let pairs = products.iter().zip(norms);
        Ok(pairs.map(|(dot, norm)| cosine(*dot, norm / scale, length)).collect())
    }

    fn best(&self, cosines: &[f32], count: u32) -> Answer {
        let best = rank::largest(cosines, count.min(MAX_NEAREST) as usize);
        let tokens = best.into_iter().map(|id| self.value(id as u32, cosines[id])).collect();
        Answer::Nearest { tokens }
    }

    /// Reads the whole table once. False: stopped.
    async fn read_norms(&mut self) -> Result<bool, Failure> {
        if self.session.norms.0.is_some() {
            return Ok(true);
        }
        let vocab = self.session.engine.vocab();
        let width = self.session.engine.d_model().max(1) as usize;
        let mut norms = Vec::with_capacity(vocab as usize);
        for first in (0..vocab).step_by(ROWS) {
            if self.ticket.stopped() {
                return Ok(false);
            }
            let ids: Vec<u32> = (first..vocab.min(first.saturating_add(ROWS as u32))).collect();
            let rows = self.session.engine.embedding(&ids).await?;
            norms.extend(rows.chunks_exact(width).map(length));
            self.progress(norms.len(), vocab as usize);
            clock::pause().await;
        }
        self.session.norms = Norms(Some(norms));
        Ok(true)
    }
}

/// Length of a vector.
pub(super) fn length(vector: &[f32]) -> f32 {
    vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32
}

/// Cosine of two vectors from their product and lengths; 0 where one has no direction.
fn cosine(product: f32, a: f32, b: f32) -> f32 {
    let cosine = product / (a * b);
    if cosine.is_finite() { cosine.clamp(-1.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_is_a_product_over_lengths() {
        assert_eq!(length(&[3.0, 4.0]), 5.0);
        assert_eq!(cosine(6.0, 3.0, 4.0), 0.5);
        assert_eq!(cosine(0.0, 0.0, 4.0), 0.0);
    }
}
