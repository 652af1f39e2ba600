//! The parts of softmax that run over the whole vocabulary, in loops the compiler turns into vector code.

/// Numbers that are worked on side by side.
const LANES: usize = 8;
/// Numbers summed in single precision before the sum is carried over to double.
const RUN: usize = 512;

/// `e^x` for `x <= 0`, within two units in the last place; 0 below -87, where the least normal number is
/// near. (Cody & Waite's reduction to `|r| <= ln(2) / 2`, then the Taylor polynomial.)
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let clamped = if x < -87.0 { -87.0 } else { x };
    let shifted = clamped * std::f32::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = clamped - n * LN_2_HIGH - n * LN_2_LOW;
    let mut p = 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    // The integer stands in the low bits of `shifted`; the exponent field begins at bit 23.
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { p * power }
}

/// Adding 1.5 * 2^23 rounds to an integer.
const ROUNDER: f32 = 12_582_912.0;
/// ln(2) in two parts; the first has few enough digits that its multiples are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Sum of `e^d`, and of `e^d * d`, over all `d = value - highest`.
pub(super) fn sums(values: &[f32], highest: f32) -> [f64; 2] {
    let mut totals = [0.0; 2];
    for run in values.chunks(RUN) {
        let (mut sums, mut weighted) = ([0.0f32; LANES], [0.0f32; LANES]);
        let mut lane = |i: usize, value: f32| {
            let below = if value < highest - 87.0 { -87.0 } else { value - highest };
            let power = exp(below);
            sums[i] += power;
            weighted[i] += power * below;
        };
        let (eights, rest) = run.as_chunks::<LANES>();
        for eight in eights {
            for (i, value) in eight.iter().enumerate() {
                lane(i, *value);
            }
        }
        rest.iter().enumerate().for_each(|(i, value)| lane(i, *value));
        for (total, lanes) in totals.iter_mut().zip([sums, weighted]) {
            *total += lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>();
        }
    }
    totals
}

/// The largest value; numbers that are not numbers do not count.
pub(super) fn highest(values: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut best = [f32::NEG_INFINITY; LANES];
    let (eights, rest) = values.as_chunks::<LANES>();
    for eight in eights {
        for (best, value) in best.iter_mut().zip(eight) {
            *best = larger(*best, *value);
        }
    }
    best.iter().chain(rest).copied().fold(f32::NEG_INFINITY, larger)
}

/// Indices of the `COUNT` highest values, best first; the lower index wins a tie.
pub(super) fn top<const COUNT: usize>(values: &[f32]) -> Vec<usize> {
    let mut best: Vec<(f32, usize)> = Vec::with_capacity(COUNT + 1);
    let mut least = f32::NEG_INFINITY;
    for (i, value) in values.iter().enumerate() {
        if best.len() == COUNT && (*value <= least || value.is_nan()) {
            continue;
        }
        let at = best.partition_point(|(known, _)| known.total_cmp(value).is_ge());
        best.insert(at, (*value, i));
        best.truncate(COUNT);
        least = best.last().map_or(f32::NEG_INFINITY, |(value, _)| *value);
    }
    best.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::{exp, highest, sums, top};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exp_is_close(x in -100f32..=0.0) {
            let exact = f64::from(x).exp();
            let bound = if x < -87.0 { 2e-38 } else { exact * 3e-7 };
            prop_assert!((f64::from(exp(x)) - exact).abs() <= bound, "{x}: {} {exact}", exp(x));
        }

        #[test]
        fn sums_and_order_hold(values in prop::collection::vec(-30f32..30.0, 1..1500)) {
            let best = highest(&values);
            prop_assert_eq!(best, values.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let exact: f64 = values.iter().map(|v| f64::from(v - best).exp()).sum();
            let weighted: f64 =
                values.iter().map(|v| f64::from(v - best)).map(|d| d.exp() * d).sum();
            let [total, products] = sums(&values, best);
            prop_assert!((total - exact).abs() < 1e-6 * exact);
            prop_assert!((products - weighted).abs() < 1e-5 * (1.0 + weighted.abs()));
            let mut ids: Vec<usize> = (0..values.len()).collect();
            ids.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
            ids.truncate(10);
            prop_assert_eq!(top::<10>(&values), ids);
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        assert!(sums(&[0.0, f32::NAN], 0.0)[0].is_nan());
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
    }
}
