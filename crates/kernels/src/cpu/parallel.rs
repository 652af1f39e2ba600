//! Work on ranges of outputs, on all cores natively and in order on the web.

use std::ops::Range;

/// Runs `work` on consecutive ranges of at most `size` out of `0..count`; results in order.
pub(super) fn map_ranges<T: Send>(
    count: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let ranges = 0..count.div_ceil(size);
    let range = |i: usize| i * size..((i + 1) * size).min(count);
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        ranges.into_par_iter().map(|i| work(range(i))).collect()
    }
    #[cfg(target_arch = "wasm32")]
    ranges.map(|i| work(range(i))).collect()
}
