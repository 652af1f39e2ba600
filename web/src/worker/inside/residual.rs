//! The residual stream: its vectors, their lengths, what they would say, and what makes a logit.

use engine::{Trace, TraceRequest};

use super::embedding::length;
use super::rank;
use super::refuse;
use super::work::{Work, below};
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, Contributions, LensRow, MAX_LENS_TOKENS};
use crate::worker::clock;
use crate::worker::measure::Distribution;
use crate::worker::views;

/// Vectors whose logits are computed between two pauses.
const VECTORS: usize = 4;

impl Work<'_> {
    pub(super) async fn residual(&mut self, blocks: u32) -> Result<Option<Answer>, Failure> {
        let own = self.blocks(blocks)?;
        let tokens = self.tokens.len();
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let layers = self.session.engine.layers() as usize;
        let mut rows = Vec::new();
        let see = |_: usize, trace: &Trace| rows.extend_from_slice(stream(trace, own, layers));
        if !self.watch(0, tokens, usize::MAX, &request, see).await? {
            return Ok(None);
        }
        let width = self.session.engine.d_model();
        Ok(Some(Answer::Residual { blocks, width, rows }))
    }

    pub(super) async fn norms(&mut self) -> Result<Option<Answer>, Failure> {
        let engine = &self.session.engine;
        let (layers, width) = (engine.layers() as usize, engine.d_model().max(1) as usize);
        let tokens = self.tokens.len();
        let mut residual = vec![Vec::new(); layers + 1];
        let mut parts = [vec![Vec::new(); layers], vec![Vec::new(); layers]];
        let request =
            TraceRequest { residual: true, contributions: true, ..TraceRequest::default() };
        let see = |_: usize, trace: &Trace| {
            for (blocks, lengths) in residual.iter_mut().enumerate() {
                let rows = stream(trace, blocks, layers).chunks_exact(width);
                lengths.extend(rows.map(length));
            }
            for (layer, both) in trace.contributions.iter().enumerate() {
                for (part, added) in parts.iter_mut().zip(both) {
                    part[layer].extend(added.chunks_exact(width).map(length));
                }
            }
        };
        if !self.watch(0, tokens, usize::MAX, &request, see).await? {
            return Ok(None);
        }
        let [attention, feed_forward] = parts.map(|part| part.concat());
        Ok(Some(Answer::Norms { residual: residual.concat(), attention, feed_forward }))
    }

    pub(super) async fn lens(
        &mut self,
        first: u32,
        count: u32,
        target: Option<u32>,
    ) -> Result<Option<Answer>, Failure> {
        let from = self.token(first)?;
        let to = (from + count.min(MAX_LENS_TOKENS) as usize).min(self.tokens.len());
        if let Some(target) = target {
            below("token id", target, self.session.engine.vocab())?;
        }
        let layers = self.session.engine.layers() as usize;
        let mut streams = vec![Vec::new(); layers + 1];
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let see = |_: usize, trace: &Trace| {
            for (blocks, vectors) in streams.iter_mut().enumerate() {
                vectors.extend_from_slice(stream(trace, blocks, layers));
            }
        };
        if from < to && !self.watch(from, to, usize::MAX, &request, see).await? {
            return Ok(None);
        }
        let total = streams.len() * (to - from);
        for (blocks, vectors) in streams.iter().enumerate() {
            let mut row = LensRow {
                blocks: blocks as u32,
                first,
                top: Vec::new(),
                probabilities: Vec::new(),
                logits: Vec::new(),
                log_sums: Vec::new(),
                target_ranks: Vec::new(),
                target_probabilities: Vec::new(),
            };
            let width = self.session.engine.d_model().max(1) as usize;
            for some in vectors.chunks(VECTORS * width) {
                if self.ticket.stopped() {
                    return Ok(None);
                }
                self.read_lens(&mut row, some, target).await?;
                self.progress(blocks * (to - from) + row.top.len(), total);
                clock::pause().await;
            }
            self.tell(Answer::Lens(row));
        }
        Ok(Some(Answer::Ended { stopped: false }))
    }

    /// What some vectors would say.
    async fn read_lens(
        &mut self,
        row: &mut LensRow,
        vectors: &[f32],
        target: Option<u32>,
    ) -> Result<(), Failure> {
        let vocab = self.session.engine.vocab().max(1) as usize;
        let logits = self.session.engine.lens(vectors).await?;
        for logits in logits.chunks_exact(vocab) {
            let distribution = Distribution::new(logits);
            let probability = |id: u32| distribution.logprob(id).exp() as f32;
            let best = rank::largest(logits, 1).first().copied().unwrap_or(0) as u32;
            row.top.push(views::alone(&self.session.tokenizer, best));
            row.probabilities.push(probability(best));
            let logit = logits.get(best as usize).copied().unwrap_or_default();
            row.logits.push(logit);
            row.log_sums.push((f64::from(logit) - distribution.logprob(best)) as f32);
            if let Some(target) = target {
                row.target_ranks.push(distribution.rank(target));
                row.target_probabilities.push(probability(target));
            }
        }
        Ok(())
    }

    pub(super) async fn contributions(
        &mut self,
        token: u32,
        target: u32,
    ) -> Result<Option<Answer>, Failure> {
        let at = self.token(token)?;
        below("token id", target, self.session.engine.vocab())?;
        let request =
            TraceRequest { residual: true, contributions: true, ..TraceRequest::default() };
        let mut found = Trace::default();
        let see = |_: usize, trace: &Trace| found = trace.clone();
        if !self.watch(at, at + 1, 1, &request, see).await? {
            return Ok(None);
        }
        let Some(embedding) = found.residual.first() else {
            return refuse("there is no residual stream");
        };
        let engine = &mut self.session.engine;
        let direction = engine.logit_direction(target).await?;
        let logits = engine.lens(&found.last).await?;
        let divisor = f64::from(engine.divisor(&found.last));
        let part = |vector: &[f32]| {
            let pairs = vector.iter().zip(&direction);
            let sum: f64 = pairs.map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
            (sum / divisor) as f32
        };
        let distribution = Distribution::new(&logits);
        Ok(Some(Answer::Contributions(Contributions {
            token,
            target: views::alone(&self.session.tokenizer, target),
            embedding: part(embedding),
            attention: found.contributions.iter().map(|both| part(&both[0])).collect(),
            feed_forward: found.contributions.iter().map(|both| part(&both[1])).collect(),
            logit: logits.get(target as usize).copied().unwrap_or_default(),
            probability: distribution.logprob(target).exp() as f32,
        })))
    }

    /// A number of blocks that a vector has gone through.
    pub(super) fn blocks(&self, blocks: u32) -> Result<usize, Failure> {
        below("block", blocks, self.session.engine.layers().saturating_add(1))
    }
}

/// Residual vectors (rows, d_model) after so many of `layers` blocks.
pub(super) fn stream(trace: &Trace, blocks: usize, layers: usize) -> &[f32] {
    if blocks >= layers {
        return &trace.last;
    }
    trace.residual.get(blocks).map(Vec::as_slice).unwrap_or_default()
}
