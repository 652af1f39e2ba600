//! What a norm gets, and what it multiplies with.

use engine::{Trace, TraceRequest};

use super::refuse;
use super::residual::stream;
use super::work::Work;
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, NormPlace, Normed};

impl Work<'_> {
    pub(super) async fn normed(
        &mut self,
        token: u32,
        place: NormPlace,
        layer: u32,
    ) -> Result<Option<Answer>, Failure> {
        let (at, own) = (self.token(token)?, self.layer(layer)?);
        let layers = self.session.engine.layers() as usize;
        let (blocks, norm) = match place {
            NormPlace::Attention => (own, engine::NormPlace::Attention(layer)),
            NormPlace::FeedForward => (own, engine::NormPlace::FeedForward(layer)),
            NormPlace::Final => (layers, engine::NormPlace::Final),
        };
        let request =
            TraceRequest { residual: true, contributions: true, ..TraceRequest::default() };
        let mut x = Vec::new();
        let see = |_: usize, trace: &Trace| {
            x = stream(trace, blocks, layers).to_vec();
            // The feed-forward reads what attention has added to.
            let added = trace.contributions.get(own).filter(|_| place == NormPlace::FeedForward);
            if let Some([attention, _]) = added {
                x.iter_mut().zip(attention).for_each(|(x, added)| *x += added);
            }
        };
        if !self.watch(at, at + 1, 1, &request, see).await? {
            return Ok(None);
        }
        let Some((weights, epsilon)) = self.session.engine.norm(norm).await? else {
            return refuse("there is no such norm");
        };
        Ok(Some(Answer::Normed(Normed { place, layer, token, epsilon, x, weights })))
    }
}
