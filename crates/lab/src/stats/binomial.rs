//! Sums of the symmetric binomial distribution.

/// P(X ≤ `most`) and P(X = `most`) for X ~ Bin(`n`, ½). Each term follows from the one before in logarithms, so that a
/// large `n` does not make 2⁻ⁿ vanish.
pub(super) fn symmetric(most: u64, n: u64) -> (f64, f64) {
    let most = most.min(n);
    let mut log = -(n as f64) * std::f64::consts::LN_2;
    let mut sum = log.exp();
    for k in 1..=most {
        log += ((n - k + 1) as f64).ln() - (k as f64).ln();
        sum += log.exp();
    }
    (sum.min(1.0), log.exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_sums_are_exact() {
        let (sum, last) = symmetric(1, 8);
        assert!((sum - 9.0 / 256.0).abs() < 1e-15);
        assert!((last - 8.0 / 256.0).abs() < 1e-15);
        assert_eq!(symmetric(0, 0), (1.0, 1.0));
    }

    #[test]
    fn halves_add_up() {
        for n in [1, 2, 9, 100, 2001, 20_000] {
            let (all, _) = symmetric(n, n);
            assert!((all - 1.0).abs() < 1e-9, "{n}: {all}");
        }
    }
}
