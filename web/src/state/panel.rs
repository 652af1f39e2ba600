//! What the panel beside the text says about one token. Every figure comes from the step's report.

use crate::protocol::TokenView;
use crate::state::format;
use crate::state::run::{Generated, Item, Run};

/// The panel's content.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panel {
    pub(crate) token: TokenView,
    /// Absent for a token of the prompt: it was given, not predicted.
    pub(crate) choice: Option<Choice>,
}

/// What a generated token was chosen from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// Softmax of the raw logits over the full vocabulary.
    pub(crate) probability: f64,
    /// −log₂ of it, in bits.
    pub(crate) surprisal: f64,
    /// How many tokens the filters left.
    pub(crate) kept: u32,
    /// The most likely tokens, best first.
    pub(crate) rows: Vec<Row>,
    /// Probability of all the tokens that have no row: before and after the filters.
    pub(crate) rest: (f64, f64),
    /// Is the chosen token one of the rows?
    pub(crate) listed: bool,
}

/// One of the most likely tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) token: TokenView,
    pub(crate) logit: f32,
    pub(crate) probability: f64,
    /// After penalty, temperature and filters; 0 if filtered out.
    pub(crate) filtered: f64,
    pub(crate) chosen: bool,
}

impl Panel {
    /// About the item at `index`, if there is one.
    pub(crate) fn of(run: &Run, index: usize) -> Option<Self> {
        Some(match run.item(index)? {
            Item::Prompt(token) => Self { token: token.clone(), choice: None },
            Item::Generated(generated) => {
                Self { token: generated.token.clone(), choice: Some(Choice::of(generated)) }
            }
        })
    }
}

impl Choice {
    fn of(generated: &Generated) -> Self {
        let report = &generated.report;
        let rows: Vec<Row> = report
            .alternatives
            .iter()
            .zip(&generated.alternatives)
            .map(|(figures, token)| Row {
                token: token.clone(),
                logit: figures.logit,
                probability: f64::from(figures.probability),
                filtered: f64::from(figures.filtered),
                chosen: figures.id == report.token,
            })
            .collect();
        let rest = |of: fn(&Row) -> f64| (1.0 - rows.iter().map(of).sum::<f64>()).max(0.0);
        Self {
            probability: f64::from(report.logprob).exp(),
            surprisal: format::surprisal(report.logprob),
            kept: report.kept,
            rest: (rest(|row| row.probability), rest(|row| row.filtered)),
            listed: rows.iter().any(|row| row.chosen),
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::run::tests::generated;
    use crate::state::testing::token;

    fn run() -> Run {
        let mut run = Run::default();
        let id = run.begin();
        run.prompt_tokens(id, vec![token(9, "A")]);
        run.token(id, generated(20, " is"));
        run
    }

    #[test]
    fn a_prompt_token_was_not_chosen() {
        let panel = Panel::of(&run(), 0).expect("an item");
        assert_eq!(panel.token.id, 9);
        assert_eq!(panel.choice, None);
        assert_eq!(Panel::of(&run(), 2), None);
    }

    #[test]
    fn a_generated_token_shows_its_ten_alternatives() {
        let panel = Panel::of(&run(), 1).expect("an item");
        let choice = panel.choice.expect("generated");
        assert!((choice.probability - 0.5).abs() < 1e-6);
        assert!((choice.surprisal - 1.0).abs() < 1e-6);
        assert_eq!(choice.rows.len(), 10);
        assert!(choice.listed && choice.rows[0].chosen && !choice.rows[1].chosen);
        assert!((choice.rest.0 - 0.5f64.powi(10)).abs() < 1e-9, "what the rows leave");
        assert_eq!(choice.rest.1, 0.0);
    }

    #[test]
    fn a_token_beyond_the_ten_is_said_to_be_so() {
        let mut run = run();
        run.tokens[0].report.token = 999;
        let choice = Panel::of(&run, 1).and_then(|panel| panel.choice).expect("generated");
        assert!(!choice.listed);
    }
}
