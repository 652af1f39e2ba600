//! How sure one can be: intervals for a share, tests and intervals for two techniques that answered the same problems.
//!
//! All intervals are at 95 %. Nothing here is shown without its number of problems: every result carries `n`.

mod binomial;
mod holm;
mod mcnemar;
mod paired;
mod wilson;

pub use holm::holm;
pub use mcnemar::{McNemar, mcnemar};
pub use paired::{Difference, Pairs, paired_difference};
pub use wilson::{Share, wilson};

/// The 0.975 quantile of the standard normal distribution, for intervals at 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;
