//! How much a program may ask for.

/// Bytes of a program.
pub const MAX_SOURCE: usize = 4096;
/// Lines that calculate something.
pub const MAX_LINES: usize = 100;
/// Brackets, calls and signs inside one another.
pub const MAX_NESTING: usize = 32;
/// Operations and calls in all.
pub const MAX_OPERATIONS: usize = 2000;
/// The largest exponent.
pub const MAX_EXPONENT: i128 = 128;
/// Digits after the point that `round` takes.
pub const MAX_PLACES: i128 = 12;
/// Numerators and denominators stay within ± this.
pub const MAX_NUMBER: i128 = 1_000_000_000_000_000_000_000_000_000_000;
