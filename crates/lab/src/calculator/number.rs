//! Exact fractions.

use std::cmp::Ordering;
use std::fmt;

use super::error::NumberError;
use super::limits::{MAX_EXPONENT, MAX_NUMBER, MAX_PLACES};

/// A fraction in lowest terms. Equal numbers are equal values: 35, 35.0 and 70/2 are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    numerator: i128,
    /// Above 0.
    denominator: i128,
}

impl Number {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A fraction.
    ///
    /// # Errors
    /// [`NumberError`] if the denominator is 0 or a part is too large.
    pub fn fraction(numerator: i128, denominator: i128) -> Result<Self, NumberError> {
        if denominator == 0 {
            return Err(NumberError::DivisionByZero);
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let (top, bottom) =
            (numerator.unsigned_abs() / divisor, denominator.unsigned_abs() / divisor);
        let limit = MAX_NUMBER.unsigned_abs();
        if top > limit || bottom > limit {
            return Err(NumberError::TooLarge);
        }
        let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
        Ok(Self { numerator: sign * top as i128, denominator: bottom as i128 })
    }

    /// A number as it is written: digits with an optional sign, point and decimals. Nothing else, not even a space.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && decimals.is_empty() {
            return None;
        }
        let (mut numerator, mut denominator) = (0_i128, 1_i128);
        for (place, c) in whole.chars().chain(decimals.chars()).enumerate() {
            let digit = i128::from(c.to_digit(10)?);
            numerator = numerator.checked_mul(10)?.checked_add(digit)?;
            if place >= whole.chars().count() {
                denominator = denominator.checked_mul(10)?;
            }
        }
        Self::fraction(if negative { -numerator } else { numerator }, denominator).ok()
    }

    /// The number, if it is a whole one.
    pub fn integer(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// The number, as near as a float is.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    pub(super) fn add(self, other: Self) -> Result<Self, NumberError> {
        let (a, b) = self.crossed(other)?;
        Self::fraction(checked(a.checked_add(b))?, times(self.denominator, other.denominator)?)
    }

    pub(super) fn subtract(self, other: Self) -> Result<Self, NumberError> {
        self.add(other.negative())
    }

    pub(super) fn multiply(self, other: Self) -> Result<Self, NumberError> {
        Self::fraction(
            times(self.numerator, other.numerator)?,
            times(self.denominator, other.denominator)?,
        )
    }

    pub(super) fn divide(self, other: Self) -> Result<Self, NumberError> {
        Self::fraction(
            times(self.numerator, other.denominator)?,
            times(self.denominator, other.numerator)?,
        )
    }

    /// The quotient, rounded down.
    pub(super) fn floor_divide(self, other: Self) -> Result<Self, NumberError> {
        let quotient = self.divide(other)?;
        Self::fraction(quotient.numerator.div_euclid(quotient.denominator), 1)
    }

    /// What is left of a division rounded down; it has the sign of the divisor.
    pub(super) fn remainder(self, other: Self) -> Result<Self, NumberError> {
        self.subtract(other.multiply(self.floor_divide(other)?)?)
    }

    pub(super) fn power(self, exponent: Self) -> Result<Self, NumberError> {
        let exponent = exponent.integer().ok_or(NumberError::Exponent)?;
        if exponent.abs() > MAX_EXPONENT {
            return Err(NumberError::Exponent);
        }
        let base = if exponent < 0 { Self::ONE.divide(self)? } else { self };
        (0..exponent.abs()).try_fold(Self::ONE, |product, _| product.multiply(base))
    }

    pub(super) fn negative(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }

    pub(super) fn absolute(self) -> Self {
        Self { numerator: self.numerator.abs(), ..self }
    }

    /// Rounded to so many decimals; a half goes to the even neighbour.
    pub(super) fn round(self, places: Self) -> Result<Self, NumberError> {
        let places = places.integer().filter(|places| (0..=MAX_PLACES).contains(places));
        let scale = 10_i128.pow(places.ok_or(NumberError::Places)? as u32);
        let scaled = times(self.numerator, scale)?;
        let (down, left) =
            (scaled.div_euclid(self.denominator), scaled.rem_euclid(self.denominator));
        let up = match (2 * left).cmp(&self.denominator) {
            Ordering::Less => false,
            Ordering::Equal => down % 2 != 0,
            Ordering::Greater => true,
        };
        Self::fraction(down + i128::from(up), scale)
    }

    pub(super) fn compare(self, other: Self) -> Result<Ordering, NumberError> {
        let (a, b) = self.crossed(other)?;
        Ok(a.cmp(&b))
    }

    /// Both numerators over the product of the denominators.
    fn crossed(self, other: Self) -> Result<(i128, i128), NumberError> {
        Ok((times(self.numerator, other.denominator)?, times(other.numerator, self.denominator)?))
    }
}

/// Decimals if there are at most twelve of them, else rounded to six.
impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let top = self.numerator.unsigned_abs();
        let bottom = self.denominator.unsigned_abs();
        let (mut rest, mut decimals) = (top % bottom, String::new());
        while rest != 0 && decimals.len() < 12 {
            // Below 10³¹: far from the end of u128.
            rest *= 10;
            decimals.push(char::from(b'0' + (rest / bottom) as u8));
            rest %= bottom;
        }
        let sign = if self.numerator < 0 { "-" } else { "" };
        if rest != 0 {
            let six = Self { numerator: 6, denominator: 1 };
            return match self.round(six) {
                Ok(rounded) => write!(out, "{rounded}"),
                Err(_) => write!(out, "{sign}{top}/{bottom}"),
            };
        }
        let point = if decimals.is_empty() { "" } else { "." };
        write!(out, "{sign}{}{point}{decimals}", top / bottom)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self { numerator: i128::from(number), denominator: 1 }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn times(a: i128, b: i128) -> Result<i128, NumberError> {
    checked(a.checked_mul(b))
}

fn checked(result: Option<i128>) -> Result<i128, NumberError> {
    result.ok_or(NumberError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn the_same_number_in_many_ways() {
        assert_eq!(number("35"), number("35.0"));
        assert_eq!(number("+0.5"), Number::fraction(1, 2).unwrap());
        assert_eq!(number("-.5"), Number::fraction(2, -4).unwrap());
        for text in ["", "-", ".", "1.2.3", "1,000", "1e3", " 1", "x", &"9".repeat(60)] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_decimals() {
        assert_eq!(number("-7.250").to_string(), "-7.25");
        assert_eq!(Number::fraction(2, 3).unwrap().to_string(), "0.666667");
        assert_eq!(Number::fraction(-1, 3).unwrap().to_string(), "-0.333333");
        assert_eq!(Number::fraction(1, MAX_NUMBER).unwrap().to_string(), "0");
    }

    #[test]
    fn numbers_round_as_in_python() {
        let round = |text: &str, places: i64| number(text).round(places.into()).unwrap();
        assert_eq!(round("2.5", 0), number("2"));
        assert_eq!(round("3.5", 0), number("4"));
        assert_eq!(round("-2.5", 0), number("-2"));
        assert_eq!(round("1.005", 2), number("1"));
        assert_eq!(number("1").round(number("13")), Err(NumberError::Places));
    }

    #[test]
    fn large_numbers_are_refused() {
        let ten = Number::from(10);
        assert!(ten.power(30.into()).is_ok());
        assert_eq!(ten.power(31.into()), Err(NumberError::TooLarge));
        assert_eq!(ten.power(129.into()), Err(NumberError::Exponent));
        assert_eq!(Number::ZERO.power((-1).into()), Err(NumberError::DivisionByZero));
        let smallest = Number::fraction(1, MAX_NUMBER).unwrap();
        assert_eq!(smallest.multiply(smallest), Err(NumberError::TooLarge));
    }

    proptest! {
        #[test]
        fn they_calculate_as_whole_numbers_do(a in -100_000_i64..100_000, b in -1000_i64..1000) {
            let (x, y) = (Number::from(a), Number::from(b));
            prop_assert_eq!(x.add(y), Ok(Number::from(a + b)));
            prop_assert_eq!(x.subtract(y), Ok(Number::from(a - b)));
            prop_assert_eq!(x.multiply(y), Ok(Number::from(a * b)));
            if b != 0 {
                let (floor, rest) = (x.floor_divide(y).unwrap(), x.remainder(y).unwrap());
                prop_assert_eq!(floor, Number::from((a as f64 / b as f64).floor() as i64));
                prop_assert_eq!(floor.multiply(y).unwrap().add(rest), Ok(x));
                prop_assert_eq!(x.divide(y).unwrap().multiply(y), Ok(x));
            }
        }

        #[test]
        fn what_is_written_is_read(a: i64, places in 0_u32..10) {
            let number = Number::fraction(a.into(), 10_i128.pow(places)).unwrap();
            prop_assert_eq!(Number::parse(&number.to_string()), Some(number));
        }

        #[test]
        fn no_numbers_overflow(parts in prop::array::uniform4(any::<i128>())) {
            let [a, b, c, d] = parts;
            if let (Ok(x), Ok(y)) = (Number::fraction(a, b), Number::fraction(c, d)) {
                let _ = (x.add(y), x.multiply(y), x.divide(y), x.floor_divide(y), x.remainder(y));
                let _ = (x.power(y), x.round(y), x.compare(y), x.to_string());
            }
        }
    }
}
