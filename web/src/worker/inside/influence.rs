//! What mattered: the text again, each time without one of its tokens.

use super::refuse;
use super::work::{Work, below};
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, Occlusion};
use crate::worker::measure::Distribution;

impl Work<'_> {
    pub(super) async fn influence(
        &mut self,
        token: u32,
        target: u32,
        tokens: &[u32],
        occlusion: Occlusion,
    ) -> Result<Option<Answer>, Failure> {
        let end = self.token(token)? + 1;
        let vocab = self.session.engine.vocab();
        below("token id", target, vocab)?;
        if let Occlusion::Replace { id } = occlusion {
            below("token id", id, vocab)?;
        }
        if let Some(beyond) = tokens.iter().find(|other| **other as usize >= end) {
            return refuse(format!("token {beyond} comes after token {token}"));
        }
        let whole = self.tokens[..end].to_vec();
        let Some(untouched) = self.probability(&whole, target).await? else { return Ok(None) };
        for (done, &token) in tokens.iter().enumerate() {
            let without = occluded(&whole, token as usize, occlusion);
            // A text of one token has nothing left without it.
            if !without.is_empty() {
                let Some(probability) = self.probability(&without, target).await? else {
                    return Ok(None);
                };
                self.tell(Answer::Influence { untouched, token, probability });
            }
            self.progress(done + 1, tokens.len());
        }
        Ok(Some(Answer::Ended { stopped: false }))
    }

    /// Probability of a token after others; `None`: stopped.
    async fn probability(&mut self, tokens: &[u32], target: u32) -> Result<Option<f32>, Failure> {
        if self.ticket.stopped() {
            return Ok(None);
        }
        let logits = self.logits_after(tokens).await?;
        Ok(logits.map(|logits| Distribution::new(&logits).logprob(target).exp() as f32))
    }
}

/// The tokens without the one at `at`.
fn occluded(tokens: &[u32], at: usize, occlusion: Occlusion) -> Vec<u32> {
    let mut tokens = tokens.to_vec();
    if at < tokens.len() {
        match occlusion {
            Occlusion::Drop => {
                tokens.remove(at);
            }
            Occlusion::Replace { id } => tokens[at] = id,
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_is_dropped_or_replaced() {
        assert_eq!(occluded(&[1, 2, 3], 1, Occlusion::Drop), [1, 3]);
        assert_eq!(occluded(&[1, 2, 3], 2, Occlusion::Replace { id: 9 }), [1, 2, 9]);
        assert!(occluded(&[1], 0, Occlusion::Drop).is_empty());
    }
}
