//! The score interval for a share.

use serde::{Deserialize, Serialize};

use super::Z_95;

/// A share of `n`, with its 95 % interval. All three are between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many it is a share of.
    pub n: u64,
    /// How many of them hit.
    pub hits: u64,
    /// `hits / n`; 0 if `n` is 0.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Wilson's score interval at 95 % (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 22, 1927; method 3 of R. G. Newcombe, Statistics in Medicine 17, 1998, pp. 857–872). Nothing is known of a share of
/// none: its interval is 0 to 1. More hits than `n` count as `n`.
pub fn wilson(hits: u64, n: u64) -> Share {
    let hits = hits.min(n);
    if n == 0 {
        return Share { n, hits, share: 0.0, low: 0.0, high: 1.0 };
    }
    let (x, count) = (hits as f64, n as f64);
    let share = x / count;
    let z2 = Z_95 * Z_95;
    let centre = (x + z2 / 2.0) / (count + z2);
    let half = Z_95 * (x * (count - x) / count + z2 / 4.0).sqrt() / (count + z2);
    // The ends are exact where rounding would leave a tiny remainder.
    let low = if hits == 0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if hits == n { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Share { n, hits, share, low, high }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(hits: u64, n: u64, low: f64, high: f64) {
        let share = wilson(hits, n);
        assert!((share.low - low).abs() < 5e-5, "{share:?}, published {low}");
        assert!((share.high - high).abs() < 5e-5, "{share:?}, published {high}");
    }

    #[test]
    fn published_intervals() {
        // Newcombe 1998, table I, method 3.
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
        // Fagerland, Lydersen & Laake, "Statistical analysis of contingency tables", 2017, chapter 2.
        check(13, 16, 0.5699, 0.9341);
    }

    #[test]
    fn of_none_nothing_is_known() {
        let none = wilson(0, 0);
        assert_eq!((none.n, none.share, none.low, none.high), (0, 0.0, 0.0, 1.0));
        assert_eq!(wilson(9, 3), wilson(3, 3));
    }

    proptest! {
        #[test]
        fn the_share_lies_inside(n in 1_u64..100_000, part in 0.0_f64..1.0) {
            let hits = (n as f64 * part) as u64;
            let share = wilson(hits, n);
            prop_assert!(0.0 <= share.low && share.low <= share.share);
            prop_assert!(share.share <= share.high && share.high <= 1.0);
            // Hits and misses are treated alike.
            let other = wilson(n - hits, n);
            prop_assert!((share.low - (1.0 - other.high)).abs() < 1e-12);
        }

        #[test]
        fn more_problems_make_it_narrower(n in 1_u64..10_000, part in 0.0_f64..1.0) {
            let hits = (n as f64 * part) as u64;
            let (few, many) = (wilson(hits, n), wilson(hits * 4, n * 4));
            prop_assert!(many.high - many.low < few.high - few.low);
        }
    }
}
