//! The token whose logit is explained: the reader's choice, else the one that stands next in the text, else the
//! likeliest.

use crate::protocol::TokenView;
use crate::protocol::inside::{Answer, TextFacts};
use crate::state::inside::select::Selection;

/// How many of the likeliest tokens are offered.
pub(crate) const OFFERED: usize = 12;

/// The token that stands after `token` in the text.
pub(crate) fn next_in_text(facts: &TextFacts, token: u32) -> Option<&TokenView> {
    facts.tokens.get(token as usize + 1)
}

/// The id that is explained. `likeliest`: of the distribution after the selected token, if it is there.
pub(crate) fn target(
    selection: &Selection,
    facts: &TextFacts,
    likeliest: Option<u32>,
) -> Option<u32> {
    selection
        .target
        .or_else(|| next_in_text(facts, selection.token).map(|next| next.id))
        .or(likeliest)
}

/// The distribution after a token, read out of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Likely {
    /// The token it follows.
    pub(crate) token: u32,
    /// The likeliest tokens with their probabilities over the full vocabulary, best first.
    pub(crate) tokens: Vec<(TokenView, f64)>,
}

impl Likely {
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let Answer::Logits { token, logits, top } = answer else { return None };
        let total = Total::of(logits)?;
        let share = |view: &TokenView| {
            let logit = *logits.get(view.id as usize)?;
            Some((view.clone(), total.probability(logit)))
        };
        let token = *token;
        Some(Self { token, tokens: top.iter().take(OFFERED).filter_map(share).collect() })
    }

    pub(crate) fn best(&self) -> Option<u32> {
        self.tokens.first().map(|(token, _)| token.id)
    }
}

/// What a softmax divides by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Total {
    highest: f64,
    sum: f64,
}

impl Total {
    /// `None` for no logits.
    pub(crate) fn of(logits: &[f32]) -> Option<Self> {
        let highest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        let sum: f64 = logits.iter().map(|logit| (f64::from(*logit) - highest).exp()).sum();
        (highest.is_finite() && sum > 0.0).then_some(Self { highest, sum })
    }

    pub(crate) fn probability(self, logit: f32) -> f64 {
        (f64::from(logit) - self.highest).exp() / self.sum
    }

    /// Natural logarithm of the probability.
    pub(crate) fn logprob(self, logit: f32) -> f64 {
        f64::from(logit) - self.highest - self.sum.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{facts, token};
    use share::scene::InsideView;

    fn selection(view: &InsideView) -> Selection {
        Selection::of(view, Some(&facts(&["a", "b", "c"])))
    }

    #[test]
    fn the_reader_s_choice_comes_before_the_text_and_the_text_before_the_likeliest() {
        let facts = facts(&["a", "b", "c"]);
        let first = InsideView { token: Some(0), ..InsideView::default() };
        assert_eq!(target(&selection(&first), &facts, Some(9)), Some(1));
        let chosen = InsideView { target: Some(7), ..first };
        assert_eq!(target(&selection(&chosen), &facts, Some(9)), Some(7));
        let last = InsideView { token: Some(2), ..InsideView::default() };
        assert_eq!(target(&selection(&last), &facts, Some(9)), Some(9));
        assert_eq!(target(&selection(&last), &facts, None), None);
    }

    #[test]
    fn probabilities_are_of_the_full_vocabulary() {
        let logits = vec![2f32.ln(), 0.0, 5f32.ln()];
        let answer =
            Answer::Logits { token: 0, logits, top: vec![token(2, "best"), token(0, "second")] };
        let likely = Likely::of(&answer).expect("logits");
        assert_eq!(likely.best(), Some(2));
        let shares: Vec<f64> = likely.tokens.iter().map(|(_, share)| *share).collect();
        assert!((shares[0] - 0.625).abs() < 1e-6 && (shares[1] - 0.25).abs() < 1e-6);
        assert_eq!(Likely::of(&Answer::Ended { stopped: true }), None);
    }

    #[test]
    fn large_logits_do_not_overflow() {
        let total = Total::of(&[500.0, 500.0]).expect("two");
        assert!((total.probability(500.0) - 0.5).abs() < 1e-12);
        assert!((total.logprob(500.0) + 2f64.ln()).abs() < 1e-12);
        assert_eq!(Total::of(&[]), None);
    }
}
