//! Formulas with the numbers that are in them, the same in every language.

use crate::state::format::{number, percent};
use crate::state::inside::chart::Unit;
use crate::state::inside::output::Row;
use crate::state::inside::pca::Angle;
use crate::state::inside::residual::Seen;
use crate::state::inside::rope::Turn;
use crate::state::inside::switches::Comparison;
use crate::state::inside::target::Total;
use crate::state::token;

/// The cosine of two vectors from their product and lengths.
pub(crate) fn cosine(angle: &Angle) -> String {
    let [one, other] = angle.lengths.map(|length| number(length as f32));
    let product = number(angle.product as f32);
    format!("a·b ÷ (|a| × |b|) = {product} ÷ ({one} × {other}) = {:.3}", angle.cosine())
}

/// The angle of a pair at a place.
pub(crate) fn turn(turn: &Turn, width: u32, base: f32, place: u32) -> String {
    format!(
        "{place} × {base}^(−{} / {width}) = {place} × {} = {:.2} rad = {:.1}°",
        2 * turn.pair,
        number(turn.speed as f32),
        turn.angle,
        turn.angle.to_degrees(),
    )
}

/// A number in an exponent: what is cut off would be seen in the result.
fn exponent(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{:.3}", value.abs())
}

/// The same behind a minus.
fn taken(value: f64) -> String {
    if value < 0.0 { format!("({})", exponent(value)) } else { exponent(value) }
}

/// A probability of the lens from its logit.
pub(crate) fn softmax(seen: &Seen<'_>) -> String {
    format!(
        "exp(logit − ln Σ exp) = exp({} − {}) = {}",
        exponent(seen.logit.into()),
        taken(seen.log_sum.into()),
        percent(f64::from(seen.probability)),
    )
}

/// What a token is worth: percentage points of probability.
pub(crate) fn worth(whole: f32, without: f32) -> String {
    let [before, after] = [whole, without].map(|share| percent(f64::from(share)));
    format!("{before} − {after} = {}", Unit::Points.write(whole - without))
}

/// The probability that a token is drawn with. `log_sum`: `ln Σ exp` over the tokens that are left.
pub(crate) fn drawn(row: &Row, temperature: f32, log_sum: f64) -> String {
    let (logit, scaled) = (exponent(row.logit.into()), exponent(row.scaled.into()));
    let is_plain = (row.logit / temperature - row.scaled).abs() <= row.scaled.abs() * 1e-4;
    let cooled = if is_plain {
        format!("{logit} ÷ {} = {scaled}", number(temperature))
    } else {
        // The repeat penalty comes before the temperature.
        format!("{logit} → {scaled}")
    };
    format!("{cooled}, exp({scaled} − {}) = {}", taken(log_sum), percent(row.filtered))
}

/// The largest term of the divergence of two runs, and the sum of all.
pub(crate) fn divergence(comparison: &Comparison) -> Option<String> {
    let (before, after) = (&comparison.untouched.logits, &comparison.changed.logits);
    let totals = (Total::of(before)?, Total::of(after)?);
    let term = |(id, (a, b)): (u32, (&f32, &f32))| {
        let (p, q) = (totals.0.probability(*a), totals.1.probability(*b));
        (id, p, q, p * (totals.0.logprob(*a) - totals.1.logprob(*b)) / std::f64::consts::LN_2)
    };
    let terms = (0u32..).zip(before.iter().zip(after)).map(term);
    let finite = terms.filter(|(.., bits)| bits.is_finite());
    // Where nothing differs, the likeliest.
    let more = |a: &(u32, f64, f64, f64), b: &(u32, f64, f64, f64)| {
        a.3.abs().total_cmp(&b.3.abs()).then(a.1.total_cmp(&b.1))
    };
    let (id, p, q, bits) = finite.max_by(more)?;
    let mut named = comparison.untouched.top.iter().chain(&comparison.changed.top);
    let name = named.find(|value| value.token.id == id);
    let name = name.map_or_else(|| format!("#{id}"), |value| token::spoken(&value.token));
    let (p, q) = (percent(p), percent(q));
    let (bits, sum) = (number(bits as f32), number(comparison.divergence()? as f32));
    Some(format!("“{name}”: {p} × log₂({p} ÷ {q}) = {bits}, Σ = {sum}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FinishReason;
    use crate::protocol::inside::{SwitchedRun, TokenValue};
    use crate::state::inside::rope;
    use crate::state::testing;

    #[test]
    fn a_cosine_is_told_with_product_and_lengths() {
        let angle = Angle::of(&[3.0, 4.0], &[4.0, 3.0]);
        assert_eq!(cosine(&angle), "a·b ÷ (|a| × |b|) = 24.0 ÷ (5.000 × 5.000) = 0.960");
    }

    #[test]
    fn an_angle_is_told_with_its_result() {
        let said = turn(&rope::turn(64, 10_000.0, 3, 0), 64, 10_000.0, 3);
        assert_eq!(said, "3 × 10000^(−0 / 64) = 3 × 1.000 = 3.00 rad = 171.9°");
    }

    #[test]
    fn a_probability_follows_from_what_is_written() {
        let top = testing::token(1, "x");
        let seen = Seen {
            top: &top,
            probability: (-2.0f32).exp(),
            logit: 3.0,
            log_sum: 5.0,
            target: None,
        };
        let share = percent((-2.0f64).exp());
        assert_eq!(softmax(&seen), format!("exp(logit − ln Σ exp) = exp(3.000 − 5.000) = {share}"));
        let below = Seen { logit: -21.37, log_sum: -19.37, ..seen };
        let said = format!("exp(logit − ln Σ exp) = exp(−21.370 − (−19.370)) = {share}");
        assert_eq!(softmax(&below), said);
    }

    #[test]
    fn the_penalty_is_not_hidden_in_the_temperature() {
        let mut row = Row {
            token: testing::token(1, "x"),
            logit: 1.0,
            scaled: 2.0,
            probability: 0.5,
            tempered: 0.5,
            filtered: 1.0,
            dropped_by: None,
        };
        assert_eq!(drawn(&row, 0.5, 2.0), "1.000 ÷ 0.500 = 2.000, exp(2.000 − 2.000) = 100.0%");
        row.scaled = 1.6;
        assert!(drawn(&row, 0.5, 1.6).starts_with("1.000 → 1.600, "));
    }

    #[test]
    fn the_largest_term_is_named() {
        let run = |logits: Vec<f32>| SwitchedRun {
            logits,
            top: vec![TokenValue { token: testing::token(0, "a"), value: 0.5 }],
            continuation: Vec::new(),
            reason: FinishReason::MaxTokens,
        };
        let ln = |shares: [f32; 2]| shares.map(f32::ln).to_vec();
        let comparison =
            Comparison { untouched: run(ln([0.5, 0.5])), changed: run(ln([0.125, 0.875])) };
        let said = divergence(&comparison).expect("two distributions");
        assert!(said.starts_with("“a”: ") && said.contains("= 1.000, Σ = 0.596"), "{said}");
        let same = Comparison { changed: run(ln([0.25, 0.75])), untouched: run(ln([0.25, 0.75])) };
        let said = divergence(&same).expect("two distributions");
        assert!(said.starts_with("“#1”: ") && said.ends_with("= 0, Σ = 0"), "{said}");
    }
}
