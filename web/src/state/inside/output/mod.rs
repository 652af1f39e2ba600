//! From logits to the next token: penalty and temperature, the filters one after another, the draw. The figures are
//! the sampler's own, over the full vocabulary.

mod draw;
mod strip;

pub(crate) use draw::{Kept, Tally};

use engine::{SamplerSettings, StepReport};

use crate::protocol::TokenView;
use crate::protocol::inside::Answer;
use crate::state::panel;

/// The distribution after a token, as the worker sent it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    /// The token it follows.
    pub(crate) token: u32,
    /// Over the full vocabulary.
    pub(crate) logits: Vec<f32>,
    /// Names of the likeliest tokens.
    pub(crate) top: Vec<TokenView>,
}

/// What a filter left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) all: u32,
    pub(crate) top_k: u32,
    pub(crate) top_p: u32,
    pub(crate) min_p: u32,
}

/// One of the likeliest tokens on its way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) token: TokenView,
    pub(crate) logit: f32,
    /// After penalty and temperature.
    pub(crate) scaled: f32,
    /// Softmax of the raw logits.
    pub(crate) probability: f64,
    /// Softmax after penalty and temperature, before the filters.
    pub(crate) tempered: f64,
    /// Drawn with; 0 if a filter dropped it.
    pub(crate) filtered: f64,
    /// The filter that dropped it.
    pub(crate) dropped_by: Option<Filter>,
}

/// The filters in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    TopK,
    TopP,
    MinP,
}

/// The whole way of a distribution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Way {
    pub(crate) rows: Vec<Row>,
    pub(crate) left: Left,
    /// Probability of all the tokens that have no row: before and after the filters.
    pub(crate) rest: (f64, f64),
    /// Of the raw distribution, in bits.
    pub(crate) entropy: f64,
    /// What the settings' own seed draws.
    own: u32,
}

impl Output {
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let Answer::Logits { token, logits, top } = answer else { return None };
        Some(Self { token: *token, logits: logits.clone(), top: top.clone() })
    }

    /// A token's name; `None` beyond the likeliest.
    pub(crate) fn name(&self, id: u32) -> Option<&TokenView> {
        self.top.iter().find(|token| token.id == id)
    }

    fn report(&self, seen: &[u32], settings: &SamplerSettings) -> Option<StepReport> {
        engine::distribution(&self.logits, seen, settings, self.token)
    }

    /// The way of the likeliest tokens under these settings. `seen`: the tokens up to and with `token`.
    pub(crate) fn way(&self, seen: &[u32], settings: &SamplerSettings) -> Option<Way> {
        let unfiltered = SamplerSettings { top_k: 0, top_p: 1.0, min_p: 0.0, ..*settings };
        let with_k = SamplerSettings { top_k: settings.top_k, ..unfiltered };
        let with_p = SamplerSettings { top_p: settings.top_p, ..with_k };
        let tempered = self.report(seen, &unfiltered)?;
        // A filter that is off changes nothing, and a report over a large vocabulary takes a while.
        let next = |before: (&StepReport, &SamplerSettings), own: &SamplerSettings| {
            if before.1 == own { Some(before.0.clone()) } else { self.report(seen, own) }
        };
        let after_k = next((&tempered, &unfiltered), &with_k)?;
        let after_p = next((&after_k, &with_k), &with_p)?;
        let report = next((&after_p, &with_p), settings)?;
        let is_left = |report: &StepReport, id: u32| {
            report.alternatives.iter().any(|other| other.id == id && other.filtered > 0.0)
        };
        let row = |figures: &engine::Alternative| {
            let id = figures.id;
            let tempered = tempered.alternatives.iter().find(|other| other.id == id)?;
            let dropped_by = if figures.filtered > 0.0 || is_greedy(settings) {
                None
            } else if !is_left(&after_k, id) {
                Some(Filter::TopK)
            } else if !is_left(&after_p, id) {
                Some(Filter::TopP)
            } else {
                Some(Filter::MinP)
            };
            Some(Row {
                token: self.name(id)?.clone(),
                logit: figures.logit,
                scaled: panel::scaled(figures.logit, seen.contains(&id), settings),
                probability: f64::from(figures.probability),
                tempered: f64::from(tempered.filtered),
                filtered: f64::from(figures.filtered),
                dropped_by,
            })
        };
        let rows: Vec<Row> = report.alternatives.iter().filter_map(row).collect();
        let shares = rows.iter().map(|row| (row.probability, row.filtered));
        Some(Way {
            rest: panel::rest(shares, report.kept),
            rows,
            left: Left {
                all: tempered.kept,
                top_k: after_k.kept,
                top_p: after_p.kept,
                min_p: report.kept,
            },
            entropy: panel::bits(report.entropy),
            own: report.token,
        })
    }

    /// What the draw is made from, at the end of its way.
    pub(crate) fn kept(&self, seen: &[u32], settings: &SamplerSettings, way: &Way) -> Kept {
        Kept::new(&self.logits, seen, settings, way.left.min_p as usize, way.own)
    }
}

/// Is always the likeliest token taken?
pub(crate) fn is_greedy(settings: &SamplerSettings) -> bool {
    settings.temperature < panel::LOWEST_TEMPERATURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::token;

    /// Thirty tokens, each half as likely as the one before.
    pub(super) fn output() -> Output {
        Output {
            token: 5,
            logits: (0..30).map(|n| -(n as f32) * std::f32::consts::LN_2).collect(),
            top: (0..20).map(|id| token(id, &format!("t{id}"))).collect(),
        }
    }

    /// What a distribution is drawn from.
    pub(super) fn kept(output: &Output, seen: &[u32], settings: &SamplerSettings) -> Kept {
        output.kept(seen, settings, &output.way(seen, settings).expect("logits"))
    }

    fn settings() -> SamplerSettings {
        SamplerSettings {
            temperature: 1.0,
            top_k: 6,
            top_p: 0.9,
            min_p: 0.3,
            ..SamplerSettings::default()
        }
    }

    #[test]
    fn each_filter_leaves_fewer() {
        let way = output().way(&[], &settings()).expect("logits");
        // Of six, four reach 90 %; two of them have at least 30 % of the best.
        assert_eq!(way.left, Left { all: 30, top_k: 6, top_p: 4, min_p: 2 });
        let dropped: Vec<_> = way.rows.iter().map(|row| row.dropped_by).collect();
        assert_eq!(dropped[..2], [None, None]);
        assert_eq!(dropped[2..4], [Some(Filter::MinP); 2]);
        assert_eq!(dropped[4..6], [Some(Filter::TopP); 2]);
        assert_eq!(dropped[6..], [Some(Filter::TopK); 4]);
        // Twenty tokens have no row; of those that are drawn from all have one, whatever their sum lacks.
        assert!((way.rest.0 - 1.0 / 1024.0).abs() < 1e-4, "{:?}", way.rest);
        assert_eq!(way.rest.1, 0.0);
        assert!((way.entropy - 2.0).abs() < 1e-3, "a halving distribution has two bits");
    }

    #[test]
    fn a_filter_that_is_off_leaves_all() {
        let only_p = SamplerSettings { top_k: 0, min_p: 0.0, ..settings() };
        let way = output().way(&[], &only_p).expect("logits");
        assert_eq!(way.left, Left { all: 30, top_k: 30, top_p: 4, min_p: 4 });
        assert_eq!(way.rows[4].dropped_by, Some(Filter::TopP));
    }

    #[test]
    fn rows_go_from_logit_to_probability() {
        let halved = SamplerSettings { temperature: 0.5, ..settings() };
        let way = output().way(&[1], &halved).expect("logits");
        let row = &way.rows[1];
        assert!((row.scaled - 2.0 * row.logit).abs() < 1e-6);
        assert!((row.probability - 0.25).abs() < 1e-4);
        assert!((row.tempered - 0.1875).abs() < 1e-4, "a quarter as likely as the best: {row:?}");
        let sum: f64 = way.rows.iter().map(|row| row.filtered).sum();
        assert!((sum - 1.0).abs() < 1e-5, "the filters leave only listed ones");
    }

    #[test]
    fn greedy_has_one_token_left() {
        let greedy = SamplerSettings::greedy();
        let way = output().way(&[], &greedy).expect("logits");
        assert_eq!((way.left.min_p, way.rows[0].token.id), (1, 0));
        assert_eq!(way.rows[0].filtered, 1.0);
        assert!(way.rows.iter().all(|row| row.dropped_by.is_none()), "no filter did it");
    }

    #[test]
    fn without_logits_there_is_no_way() {
        let none = Output { logits: Vec::new(), ..output() };
        assert_eq!(none.way(&[], &settings()), None);
        assert_eq!(Output::of(&Answer::Ended { stopped: false }), None);
    }
}
