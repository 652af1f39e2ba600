//! The difference between two shares of the same problems.

use serde::{Deserialize, Serialize};

use super::wilson::wilson;

/// How two techniques fared on the same problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    /// Solved by both.
    pub both: u64,
    /// Solved by the first only.
    pub only_first: u64,
    /// Solved by the second only.
    pub only_second: u64,
    /// Solved by neither.
    pub neither: u64,
}

/// A difference of two shares, first minus second, with its 95 % interval. All are between −1 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Problems that both answered.
    pub n: u64,
    /// Share of the first minus share of the second.
    pub difference: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Pairs {
    /// Counts one problem.
    pub fn count(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.only_first += 1,
            (false, true) => self.only_second += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// All problems.
    pub fn n(self) -> u64 {
        [self.only_first, self.only_second, self.neither]
            .iter()
            .fold(self.both, |sum, &count| sum.saturating_add(count))
    }
}

/// Newcombe's square-and-add interval at 95 % (method 10 of R. G. Newcombe, "Improved confidence intervals for the
/// difference between binomial proportions based on paired data", Statistics in Medicine 17, 1998, pp. 2635–2650). Of
/// no problems nothing is known: −1 to 1.
pub fn paired_difference(pairs: Pairs) -> Difference {
    let n = pairs.n();
    if n == 0 {
        return Difference { n, difference: 0.0, low: -1.0, high: 1.0 };
    }
    let first = wilson(pairs.both.saturating_add(pairs.only_first), n);
    let second = wilson(pairs.both.saturating_add(pairs.only_second), n);
    let difference = (pairs.only_first as f64 - pairs.only_second as f64) / n as f64;
    let phi = correlation(pairs);
    let spread = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    let below = spread(first.share - first.low, second.high - second.share);
    let above = spread(second.share - second.low, first.high - first.share);
    Difference {
        n,
        difference,
        low: (difference - below).max(-1.0),
        high: (difference + above).min(1.0),
    }
}

/// The correlation of the two, moved towards 0 where it is positive (the paper's continuity correction).
fn correlation(pairs: Pairs) -> f64 {
    let [e, f, g, h] =
        [pairs.both, pairs.only_first, pairs.only_second, pairs.neither].map(|count| count as f64);
    let product = (e + f) * (g + h) * (e + g) * (f + h);
    if product <= 0.0 {
        return 0.0;
    }
    let (covariance, n) = (e * h - f * g, e + f + g + h);
    let corrected = if covariance > 0.0 { (covariance - n / 2.0).max(0.0) } else { covariance };
    corrected / product.sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::Z_95;

    /// The interval by another method (Bonett & Price, Statistics in Medicine 31, 2012).
    fn bonett_price(pairs: Pairs) -> (f64, f64) {
        let n = pairs.n() as f64 + 2.0;
        let (p, q) = ((pairs.only_first as f64 + 1.0) / n, (pairs.only_second as f64 + 1.0) / n);
        let half = Z_95 * ((p + q - (p - q) * (p - q)) / n).sqrt();
        (p - q - half, p - q + half)
    }

    #[test]
    fn published_intervals() {
        // Cavo et al. 2012, as in Fagerland, Lydersen & Laake, "Statistical analysis of contingency tables", 2017,
        // chapter 8, and its R package.
        let cavo = Pairs { both: 59, only_first: 6, only_second: 16, neither: 80 };
        let found = paired_difference(cavo);
        assert!((found.difference - -0.0621).abs() < 5e-5, "{found:?}");
        assert!((found.low - -0.1186).abs() < 5e-5, "{found:?}");
        assert!((found.high - -0.0046).abs() < 5e-5, "{found:?}");
        let (low, high) = bonett_price(cavo);
        assert!((low - -0.1195).abs() < 5e-5 && (high - -0.0032).abs() < 5e-5);
    }

    #[test]
    fn of_none_nothing_is_known() {
        let none = paired_difference(Pairs::default());
        assert_eq!((none.n, none.low, none.high), (0, -1.0, 1.0));
    }

    proptest! {
        #[test]
        fn the_difference_lies_inside(counts in prop::array::uniform4(0_u64..500)) {
            let [both, only_first, only_second, neither] = counts;
            let pairs = Pairs { both, only_first, only_second, neither };
            let found = paired_difference(pairs);
            prop_assert!(found.low <= found.difference + 1e-12 && found.difference <= found.high + 1e-12);
            let swapped = Pairs { only_first: only_second, only_second: only_first, ..pairs };
            let other = paired_difference(swapped);
            prop_assert!((found.low + other.high).abs() < 1e-9);
        }

        #[test]
        fn two_methods_agree_on_many_problems(counts in prop::array::uniform4(100_u64..2000)) {
            let [both, only_first, only_second, neither] = counts;
            let pairs = Pairs { both, only_first, only_second, neither };
            let found = paired_difference(pairs);
            let (low, high) = bonett_price(pairs);
            prop_assert!((found.low - low).abs() < 0.002 && (found.high - high).abs() < 0.002);
        }
    }
}
