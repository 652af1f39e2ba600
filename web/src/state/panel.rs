//! What a token was chosen from: logit → scaled → filtered → probability. Every figure comes from the step's
//! report, over the full vocabulary.

use engine::{SamplerSettings, StepReport};

use crate::protocol::TokenView;
use crate::state::run::Generated;

/// Below this, a temperature is greedy, as in the engine.
pub(crate) const LOWEST_TEMPERATURE: f32 = 1e-3;

/// What a token of an answer was chosen from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// Softmax of the raw logits over the full vocabulary.
    pub(crate) probability: f64,
    /// −log₂ of it, in bits.
    pub(crate) surprisal: f64,
    /// Of the distribution over the full vocabulary, in bits.
    pub(crate) entropy: f64,
    /// How many tokens the filters left.
    pub(crate) kept: u32,
    /// The most likely tokens, best first.
    pub(crate) rows: Vec<Row>,
    /// Probability of all the tokens that have no row: before and after the filters.
    pub(crate) rest: (f64, f64),
    /// Is the chosen token one of the rows?
    pub(crate) listed: bool,
    /// Was it taken by the reader?
    pub(crate) by_reader: bool,
}

/// One of the most likely tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) token: TokenView,
    pub(crate) logit: f32,
    /// The logit after penalty and temperature.
    pub(crate) scaled: f32,
    pub(crate) probability: f64,
    /// After penalty, temperature and filters; 0 if filtered out.
    pub(crate) filtered: f64,
    pub(crate) chosen: bool,
}

impl Choice {
    /// What `generated` was chosen from. `report` has the figures to show: its own, or those of other settings at
    /// the same place. `seen` are the tokens before it.
    pub(crate) fn of(
        generated: &Generated,
        report: &StepReport,
        settings: &SamplerSettings,
        seen: &[u32],
    ) -> Self {
        let name = |id: u32| generated.alternatives.iter().find(|token| token.id == id);
        let row = |figures: &engine::Alternative| {
            Some(Row {
                token: name(figures.id)?.clone(),
                logit: figures.logit,
                scaled: scaled(figures.logit, seen.contains(&figures.id), settings),
                probability: f64::from(figures.probability),
                filtered: f64::from(figures.filtered),
                chosen: figures.id == generated.token.id,
            })
        };
        let rows: Vec<Row> = report.alternatives.iter().filter_map(row).collect();
        let shares = rows.iter().map(|row| (row.probability, row.filtered));
        let rest = rest(shares, report.kept);
        Self {
            probability: f64::from(generated.report.logprob).exp(),
            surprisal: generated.bits(),
            entropy: bits(generated.report.entropy),
            kept: report.kept,
            rest,
            listed: rows.iter().any(|row| row.chosen),
            by_reader: generated.chosen,
            rows,
        }
    }
}

/// Probability of all the tokens that have no row, before and after the filters. `rows`: the same two of each row;
/// `kept`: how many tokens the filters left. Where each of those has a row, what the sum lacks is rounding.
pub(crate) fn rest(rows: impl Iterator<Item = (f64, f64)>, kept: u32) -> (f64, f64) {
    let (mut before, mut after, mut drawn_from) = (1.0, 1.0, 0);
    for (probability, filtered) in rows {
        before -= probability;
        after -= filtered;
        drawn_from += u32::from(filtered > 0.0);
    }
    let all_listed = drawn_from >= kept;
    (before.max(0.0), if all_listed { 0.0 } else { after.max(0.0) })
}

/// Nats in bits; rounding below zero is zero.
pub(crate) fn bits(nats: f32) -> f64 {
    (f64::from(nats) / std::f64::consts::LN_2).max(0.0)
}

/// A logit after the repeat penalty and the temperature.
pub(crate) fn scaled(logit: f32, seen: bool, settings: &SamplerSettings) -> f32 {
    let penalized = match seen {
        true if logit > 0.0 => logit / settings.repeat_penalty,
        true => logit * settings.repeat_penalty,
        false => logit,
    };
    if settings.temperature < LOWEST_TEMPERATURE {
        penalized
    } else {
        penalized / settings.temperature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::generated;

    fn choice(generated: &Generated, settings: &SamplerSettings, seen: &[u32]) -> Choice {
        Choice::of(generated, &generated.report, settings, seen)
    }

    #[test]
    fn a_generated_token_shows_its_ten_alternatives() {
        let choice = choice(&generated(20, " is"), &SamplerSettings::default(), &[]);
        assert!((choice.probability - 0.5).abs() < 1e-6);
        assert!((choice.surprisal - 1.0).abs() < 1e-6);
        assert!((choice.entropy - 2.0).abs() < 1e-6, "ln 4 is two bits");
        assert_eq!(choice.rows.len(), 10);
        assert!(choice.listed && choice.rows[0].chosen && !choice.rows[1].chosen);
        assert!((choice.rest.0 - 0.5f64.powi(10)).abs() < 1e-9, "what the rows leave");
        assert_eq!(choice.rest.1, 0.0);
    }

    #[test]
    fn rounding_is_no_share_of_the_tokens_without_a_row() {
        let mut generated = generated(20, " is");
        generated.report.kept = 3;
        let shares = [0.7, 0.2, 0.1];
        for (rank, other) in generated.report.alternatives.iter_mut().enumerate() {
            other.filtered = shares.get(rank).copied().unwrap_or(0.0);
        }
        let sum: f64 = shares.iter().map(|share: &f32| f64::from(*share)).sum();
        assert!(sum < 1.0, "or else there is nothing to see: {sum}");
        assert_eq!(choice(&generated, &SamplerSettings::default(), &[]).rest.1, 0.0);
        generated.report.kept = 4;
        assert!(choice(&generated, &SamplerSettings::default(), &[]).rest.1 > 0.0);
    }

    #[test]
    fn a_token_beyond_the_ten_is_said_to_be_so() {
        let mut generated = generated(20, " is");
        generated.token.id = 999;
        assert!(!choice(&generated, &SamplerSettings::default(), &[]).listed);
    }

    #[test]
    fn scaling_divides_by_temperature_after_the_penalty() {
        let half = SamplerSettings { temperature: 0.5, ..SamplerSettings::default() };
        let rows = choice(&generated(20, " is"), &half, &[]).rows;
        assert_eq!((rows[0].logit, rows[0].scaled), (10.0, 20.0));
        let penalty = SamplerSettings { repeat_penalty: 2.0, temperature: 1.0, ..half };
        let rows = choice(&generated(20, " is"), &penalty, &[20]).rows;
        assert_eq!((rows[0].scaled, rows[1].scaled), (5.0, 9.0), "only what occurred is penalized");
        assert_eq!(scaled(-1.0, true, &penalty), -2.0);
        assert_eq!(
            scaled(3.0, false, &SamplerSettings::greedy()),
            3.0,
            "greedy divides by nothing"
        );
    }
}
