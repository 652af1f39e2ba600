//! Dot products of one vector with four, the inner loop of every matrix product here.

/// Lanes of independent partial sums, so that the compiler can use vector registers.
const LANES: usize = 16;

/// `[w0 · x, w1 · x, w2 · x, w3 · x]`; a slice shorter than `x` counts as far as it goes.
pub(super) fn dot4(w: [&[f32]; 4], x: &[f32]) -> [f32; 4] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "SIMD: the features were detected on the line above")]
        return unsafe { dot4_fma(w, x) };
    }
    [
        dot_lanes::<false>(w[0], x),
        dot_lanes::<false>(w[1], x),
        dot_lanes::<false>(w[2], x),
        dot_lanes::<false>(w[3], x),
    ]
}

/// `w · x`
pub(super) fn dot(w: &[f32], x: &[f32]) -> f32 {
    dot4([w, &w[..0], &w[..0], &w[..0]], x)[0]
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn dot4_fma(w: [&[f32]; 4], x: &[f32]) -> [f32; 4] {
    [
        dot_lanes::<true>(w[0], x),
        dot_lanes::<true>(w[1], x),
        dot_lanes::<true>(w[2], x),
        dot_lanes::<true>(w[3], x),
    ]
}

/// Plain loops without closures: only so is the body compiled for the caller's features.
#[inline(always)]
fn dot_lanes<const FMA: bool>(w: &[f32], x: &[f32]) -> f32 {
    let n = w.len().min(x.len());
    let (w, x) = (&w[..n], &x[..n]);
    let mut sums = [0.0f32; LANES];
    let mut at = 0;
    while at + LANES <= n {
        let (w, x) = (&w[at..at + LANES], &x[at..at + LANES]);
        let mut lane = 0;
        while lane < LANES {
            sums[lane] = if FMA {
                w[lane].mul_add(x[lane], sums[lane])
            } else {
                w[lane] * x[lane] + sums[lane]
            };
            lane += 1;
        }
        at += LANES;
    }
    let mut total = 0.0;
    while at < n {
        total += w[at] * x[at];
        at += 1;
    }
    let mut lane = 0;
    while lane < LANES {
        total += sums[lane];
        lane += 1;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::{dot, dot4};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_a_sum_in_double_precision(
            pairs in prop::collection::vec((-1f32..1.0, -1f32..1.0), 0..200)
        ) {
            let (w, x): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let exact: f64 = w.iter().zip(&x).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            prop_assert!((f64::from(dot(&w, &x)) - exact).abs() < 1e-4);
            let four = dot4([&w, &x, &w, &x], &x);
            prop_assert_eq!(four[0], four[2]);
            prop_assert_eq!(four[0], dot(&w, &x));
        }
    }
}
