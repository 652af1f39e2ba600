//! The distribution after a token.

use super::rank;
use super::work::Work;
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, MAX_NEAREST};
use crate::worker::views;

impl Work<'_> {
    /// Logits after a token, and the names of the likeliest; `None`: stopped.
    pub(super) async fn logits(&mut self, token: u32) -> Result<Option<Answer>, Failure> {
        let at = self.token(token)?;
        let before = self.tokens[..=at].to_vec();
        let Some(logits) = self.logits_after(&before).await? else { return Ok(None) };
        let best = rank::largest(&logits, MAX_NEAREST as usize);
        let top = best.into_iter().map(|id| views::alone(&self.session.tokenizer, id as u32));
        let top = top.collect();
        Ok(Some(Answer::Logits { token, logits, top }))
    }
}
