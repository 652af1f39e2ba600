//! The calculator of program of thought (Chen et al. 2022, arXiv 2211.12588; Gao et al. 2022, PAL, arXiv 2211.10435):
//! a model writes a small program, the calculator runs it, so that the model need not be good at sums.
//!
//! A program is a list of lines. Each is a calculation or gives one a name; its value is that of the name `answer` if
//! there is one, else that of the last line:
//!
//! ```text
//! apples = 3 * 12        # a comment
//! eaten = 5
//! answer = apples - eaten
//! ```
//!
//! Numbers are exact fractions. There are `+ - * / // % **`, comparisons (1 or 0), brackets, `min max abs round`, and
//! `print(x)` around a whole line. Operators bind and round as in Python: `-2 ** 2` is −4, `//` rounds down, `%` has
//! the sign of the divisor, `round` goes to the even neighbour. There are no loops, no strings and nothing outside:
//! source, nesting, operations and the size of numbers are bounded ([`limits`]), so that every program ends at once.

mod error;
mod evaluate;
mod find;
pub mod limits;
mod number;
mod token;

pub use error::{CalculatorError, NumberError};
pub use evaluate::{Line, Run, run};
pub use find::{Found, FoundAs, find_program};
pub use number::Number;
