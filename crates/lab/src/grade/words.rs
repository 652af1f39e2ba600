//! Small numbers in words.

use super::number::Found;
use crate::calculator::Number;

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number in words that a text begins with: in English up to ninety-nine, in Chinese up to 九千九百九十九.
pub(super) fn leading_number(text: &str) -> Option<Found> {
    let skipped = text.len() - text.trim_start_matches([' ', ':', '：', '"', '“', '*']).len();
    let rest = &text[skipped..];
    let (value, length) = english(rest).or_else(|| chinese(rest))?;
    Some(Found { value: Number::from(value), start: skipped, end: skipped + length })
}

fn english(text: &str) -> Option<(i64, usize)> {
    let (first, length) = first_word(text);
    let one = |word: &str| ONES.iter().position(|&known| known == word);
    if let Some(value) = one(&first) {
        return Some((value as i64, length));
    }
    let tens = (TENS.iter().position(|&known| known == first)? as i64 + 2) * 10;
    let more = text[length..].strip_prefix(['-', ' ']).map(first_word);
    match more.and_then(|(word, more)| Some((one(&word)?, more))) {
        Some((ones @ 1..=9, more)) => Some((tens + ones as i64, length + 1 + more)),
        _ => Some((tens, length)),
    }
}

/// The letters a text begins with, in lower case, and how many bytes they are.
fn first_word(text: &str) -> (String, usize) {
    let length = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    (text[..length].to_ascii_lowercase(), length)
}

fn chinese(text: &str) -> Option<(i64, usize)> {
    let (mut total, mut digit, mut length) = (0, None, 0);
    // The unit before: each next one must be smaller.
    let mut before = 10_000;
    for c in text.chars() {
        match (meaning(c), digit) {
            (Some(Sign::Zero), None) => {}
            (Some(Sign::Digit(value)), None) => digit = Some(value),
            (Some(Sign::Unit(unit)), _)
                if unit < before && (digit.is_some() || length == 0 && unit == 10) =>
            {
                total += digit.take().unwrap_or(1) * unit;
                before = unit;
            }
            _ => break,
        }
        length += c.len_utf8();
    }
    (length > 0).then_some((total + digit.unwrap_or(0), length))
}

enum Sign {
    Zero,
    Digit(i64),
    Unit(i64),
}

fn meaning(c: char) -> Option<Sign> {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match c {
        '零' | '〇' => Some(Sign::Zero),
        '两' => Some(Sign::Digit(2)),
        '十' => Some(Sign::Unit(10)),
        '百' => Some(Sign::Unit(100)),
        '千' => Some(Sign::Unit(1000)),
        _ => DIGITS.iter().position(|&known| known == c).map(|at| Sign::Digit(at as i64 + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbers() {
        for (text, value, words) in [
            ("five apples", 5, "five"),
            (" Twenty-one.", 21, "Twenty-one"),
            ("forty two", 42, "forty two"),
            ("thirty days", 30, "thirty"),
            ("thirty-ten", 30, "thirty"),
            ("zero", 0, "zero"),
            ("十二个", 12, "十二"),
            ("二十", 20, "二十"),
            ("一百零五只", 105, "一百零五"),
            ("三千二百四十一", 3241, "三千二百四十一"),
            ("两个", 2, "两"),
            ("零", 0, "零"),
            ("一二", 1, "一"),
        ] {
            let found = leading_number(text).unwrap();
            assert_eq!(found.value, Number::from(value), "{text}");
            assert_eq!(&text[found.start..found.end], words);
        }
        for text in ["", "many", "fiveteen apples", "百", "有五个"] {
            assert_eq!(leading_number(text), None, "{text}");
        }
    }
}
