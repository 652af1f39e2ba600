//! One text, as surprising as each stage finds it. Identical ids go through all stages.

use crate::protocol::{ScoredStage, TokenView};
use crate::state::format;
use crate::state::panel::bits as bits_of;

/// A text that is being scored, or has been.
#[derive(Clone, Debug)]
pub(crate) struct Scoring {
    /// The number of the request.
    pub(crate) request: u32,
    pub(crate) model: String,
    /// The stage that wrote it.
    pub(crate) writer: String,
    /// Every stage got the same raw text before it.
    pub(crate) same_text: bool,
    pub(crate) result: Option<Scored>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scored {
    pub(crate) tokens: Vec<TokenView>,
    pub(crate) stages: Vec<ScoredStage>,
}

/// A stage's view of the whole text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    /// Of all tokens together.
    pub(crate) bits: f64,
    pub(crate) bits_per_character: f64,
    /// What the text would take if this stage's predictions coded it, in whole bytes.
    pub(crate) compressed: u64,
    /// Bytes of the text in UTF-8.
    pub(crate) plain: u64,
    /// KL divergence to the next stage per token, in bits; `None` for the last stage.
    pub(crate) mean_kl: Option<f64>,
}

/// One token as one stage sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    /// Surprisal in bits.
    pub(crate) bits: f64,
    pub(crate) probability: f64,
    /// Counted from 1: how many tokens the stage thought at least as likely.
    pub(crate) rank: u32,
    /// In bits.
    pub(crate) entropy: f64,
    /// To the next stage, in bits.
    pub(crate) kl: Option<f64>,
}

impl Scored {
    pub(crate) fn cell(&self, stage: usize, place: usize) -> Option<Cell> {
        let position = self.stages.get(stage)?.positions.get(place)?;
        Some(Cell {
            bits: format::surprisal(position.logprob),
            probability: f64::from(position.logprob).exp(),
            rank: position.rank,
            entropy: bits_of(position.entropy),
            kl: position.kl_to_next.map(bits_of),
        })
    }

    pub(crate) fn summary(&self, stage: usize) -> Option<Summary> {
        let scored = self.stages.get(stage)?;
        let bits: f64 = scored.positions.iter().map(|p| format::surprisal(p.logprob)).sum();
        let text = self.tokens.iter().filter(|token| !token.special);
        let plain = text.map(|token| token.bytes.len() as u64).sum();
        let kl: Option<Vec<f64>> =
            scored.positions.iter().map(|position| position.kl_to_next.map(bits_of)).collect();
        let mean = |values: Vec<f64>| {
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        Some(Summary {
            bits,
            bits_per_character: f64::from(scored.bits_per_character),
            compressed: (bits / 8.0).ceil() as u64,
            plain,
            mean_kl: kl.and_then(mean),
        })
    }

    /// The largest divergence of two neighbouring stages, in bits: what bars are drawn against.
    pub(crate) fn largest_kl(&self) -> f64 {
        let all = self.stages.iter().flat_map(|stage| &stage.positions);
        all.filter_map(|position| position.kl_to_next).map(bits_of).fold(0.0, f64::max)
    }

    /// The place where two neighbouring stages, the one at `stage` and the next, differ most.
    pub(crate) fn widest(&self, stage: usize) -> Option<usize> {
        let positions = self.stages.get(stage)?.positions.iter().enumerate();
        let with_kl = positions.filter_map(|(place, p)| Some((place, p.kl_to_next?)));
        with_kl.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocol::ScoredToken;
    use crate::state::testing::token;

    fn position(probability: f32, kl_to_next: Option<f32>) -> ScoredToken {
        ScoredToken {
            logprob: probability.ln(),
            rank: 1,
            entropy: 0.0,
            kl_to_next,
            top: Vec::new(),
        }
    }

    /// "ab" scored by two stages: the first gives each token a quarter, the second a half.
    pub(crate) fn scored() -> Scored {
        let ln2 = std::f32::consts::LN_2;
        let stage = |stage: &str, positions| ScoredStage {
            stage: stage.into(),
            prompt_tokens: 3,
            positions,
            bits_per_character: 2.0,
        };
        Scored {
            tokens: vec![token(1, "a"), token(2, "b")],
            stages: vec![
                stage("base", vec![position(0.25, Some(ln2)), position(0.25, Some(3.0 * ln2))]),
                stage("sft", vec![position(0.5, None), position(0.5, None)]),
            ],
        }
    }

    #[test]
    fn a_text_is_as_long_as_it_is_surprising() {
        let base = scored().summary(0).expect("a stage");
        assert!((base.bits - 4.0).abs() < 1e-5);
        assert_eq!((base.compressed, base.plain), (1, 2));
        assert!((base.mean_kl.expect("a next stage") - 2.0).abs() < 1e-5);
        let sft = scored().summary(1).expect("a stage");
        assert!((sft.bits - 2.0).abs() < 1e-5);
        assert_eq!(sft.mean_kl, None, "nothing comes after the last");
        assert_eq!(scored().summary(2), None);
    }

    #[test]
    fn cells_are_bits_of() {
        let cell = scored().cell(0, 1).expect("a token");
        assert!((cell.bits - 2.0).abs() < 1e-5 && (cell.probability - 0.25).abs() < 1e-6);
        assert!((cell.kl.expect("a next stage") - 3.0).abs() < 1e-5);
        assert_eq!(scored().widest(0), Some(1));
        assert_eq!(scored().widest(1), None);
        assert!((scored().largest_kl() - 3.0).abs() < 1e-5);
        assert_eq!(scored().cell(0, 2), None);
    }
}
