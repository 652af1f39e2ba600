//! McNemar's test: do two techniques that answered the same problems differ by more than chance?

use serde::{Deserialize, Serialize};

use super::binomial::symmetric;
use super::paired::Pairs;

/// Two-sided p-values. Only problems that one technique solved and the other did not say anything.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Problems on which the two differ.
    pub discordant: u64,
    /// Exact conditional test: never wrong more often than it says, but cautious.
    pub exact: f64,
    /// The mid-p version: half the weight of what was observed. The better choice for small numbers.
    pub mid_p: f64,
}

/// McNemar's test (Q. McNemar, Psychometrika 12, 1947), exact and mid-p as in M. W. Fagerland, S. Lydersen & P. Laake, "The
/// McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13:91, 2013.
pub fn mcnemar(pairs: Pairs) -> McNemar {
    let (fewer, more) =
        (pairs.only_first.min(pairs.only_second), pairs.only_first.max(pairs.only_second));
    let discordant = fewer.saturating_add(more);
    let (sum, last) = symmetric(fewer, discordant);
    let (exact, mid_p) =
        if fewer == more { (1.0, 1.0 - last / 2.0) } else { (2.0 * sum, 2.0 * sum - last) };
    // No difference at all is no evidence of one.
    let mid_p = if discordant == 0 { 1.0 } else { mid_p };
    McNemar { discordant, exact: exact.clamp(0.0, 1.0), mid_p: mid_p.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn test(only_first: u64, only_second: u64) -> McNemar {
        mcnemar(Pairs { both: 10, only_first, only_second, neither: 10 })
    }

    #[test]
    fn published_p_values() {
        // Fagerland, Lydersen & Laake 2013 and 2017: Bentur et al. 2009 (1 and 7 discordant pairs), Cavo et al. 2012 (6
        // and 16).
        let bentur = test(1, 7);
        assert!((bentur.exact - 0.0703).abs() < 5e-5 && (bentur.mid_p - 0.0391).abs() < 5e-5);
        let cavo = test(6, 16);
        assert!((cavo.exact - 0.052_479).abs() < 5e-7 && (cavo.mid_p - 0.034_690).abs() < 5e-7);
    }

    #[test]
    fn equal_numbers_are_no_evidence() {
        assert_eq!(test(0, 0).exact, 1.0);
        assert_eq!(test(0, 0).mid_p, 1.0);
        assert_eq!(test(5, 5).exact, 1.0);
        // 1 − ½·C(10, 5)/2¹⁰, from the same paper's rule for ties.
        assert!((test(5, 5).mid_p - 0.876_953_125).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn order_does_not_matter(a in 0_u64..400, b in 0_u64..400) {
            prop_assert_eq!(test(a, b), test(b, a));
        }

        #[test]
        fn they_are_probabilities(a in 0_u64..3000, b in 0_u64..3000) {
            let p = test(a, b);
            prop_assert!(p.exact <= 1.0 && p.mid_p >= 0.0 && p.mid_p <= p.exact + 1e-12);
        }

        #[test]
        fn a_larger_difference_is_rarer(a in 0_u64..200, more in 1_u64..200) {
            prop_assert!(test(a, a + more + 1).exact < test(a, a + more).exact + 1e-12);
        }
    }
}
