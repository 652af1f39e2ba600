//! The number an answer gives.

use super::marker::{after_markers, rest_of_line};
use super::verdict::{Reading, Rule};
use super::words::leading_number;
use crate::calculator::Number;

/// A number in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) value: Number,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The first number after the last marker that has one on its line ("The answer is 33."; also in words: "The answer is
/// five.", 答案是五), else the last number of the text.
pub(super) fn read(text: &str) -> Option<Reading> {
    for from in after_markers(text) {
        let rest = rest_of_line(text, from);
        let found = numbers(rest).first().copied().or_else(|| leading_number(rest));
        if let Some(found) = found {
            let (start, end) = (from + found.start, from + found.end);
            return Some(reading(Rule::AfterMarker, text, found.value, start, end));
        }
    }
    let last = numbers(text).last().copied()?;
    Some(reading(Rule::LastNumber, text, last.value, last.start, last.end))
}

fn reading(rule: Rule, text: &str, value: Number, start: usize, end: usize) -> Reading {
    Reading::new(rule, text, start, end, value.to_string())
}

/// Does a number that was read equal an accepted one?
pub(super) fn is_accepted(key: &str, accept: &[String]) -> bool {
    accept.iter().any(|string| {
        let string = string.trim();
        match numbers(string).as_slice() {
            [only] => only.value.to_string() == key,
            _ => string == key,
        }
    })
}

/// All numbers of a text: digits (plain or full-width), thousands set off by commas, an optional decimal part, and a minus
/// directly before them that is neither a hyphen nor between two things.
pub(super) fn numbers(text: &str) -> Vec<Found> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let digit = |at: usize| chars.get(at).and_then(|&(_, c)| digit_of(c));
    let is = |at: usize, wanted: &[char]| chars.get(at).is_some_and(|(_, c)| wanted.contains(c));
    let place = |at: usize| chars.get(at).map_or(text.len(), |&(place, _)| place);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if digit(at).is_none() {
            at += 1;
            continue;
        }
        let first = at;
        let mut written = String::new();
        while let Some(c) = digit(at) {
            written.push(c);
            at += 1;
        }
        if at - first <= 3 {
            // 1,234 is one number; 1,23 and 1,2345 are lists.
            while is(at, &[','])
                && (1..4).all(|n| digit(at + n).is_some())
                && digit(at + 4).is_none()
            {
                written.extend((1..4).filter_map(|n| digit(at + n)));
                at += 4;
            }
        }
        if is(at, &['.']) && digit(at + 1).is_some() {
            written.push('.');
            at += 1;
            while let Some(c) = digit(at) {
                written.push(c);
                at += 1;
            }
        }
        let minus = first.checked_sub(1).filter(|&before| {
            let operand = |&(_, c): &(usize, char)| c.is_ascii_alphanumeric() || c == ')';
            let after_operand = before > 0 && chars.get(before - 1).is_some_and(operand);
            is(before, &['-', '−', '－']) && !after_operand
        });
        let sign = if minus.is_some() { "-" } else { "" };
        if let Some(value) = Number::parse(&format!("{sign}{written}")) {
            found.push(Found { value, start: place(minus.unwrap_or(first)), end: place(at) });
        }
    }
    found
}

/// The plain digit for a digit, plain or full-width.
fn digit_of(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> Option<(Rule, String)> {
        read(text).map(|reading| (reading.rule, reading.key))
    }

    #[test]
    fn numbers_are_read() {
        let written = |text: &str| -> Vec<String> {
            numbers(text).iter().map(|found| found.value.to_string()).collect()
        };
        assert_eq!(written("12 + 5 = 17."), ["12", "5", "17"]);
        assert_eq!(written("5-3, (2)-1, -4, x −7"), ["5", "3", "2", "1", "-4", "-7"]);
        assert_eq!(written("$1,234.50 and 1,234,567"), ["1234.5", "1234567"]);
        assert_eq!(written("1,23 1,2345 2, 4"), ["1", "23", "1", "2345", "2", "4"]);
        assert_eq!(written("３５个，第2.5米"), ["35", "2.5"]);
        assert_eq!(written("3.1.4"), ["3.1", "4"]);
        assert_eq!(written("none"), Vec::<String>::new());
    }

    #[test]
    fn the_marker_wins() {
        let after = |number: &str| Some((Rule::AfterMarker, number.to_owned()));
        let last = |number: &str| Some((Rule::LastNumber, number.to_owned()));
        assert_eq!(key("First, 3 + 4 = 7. The answer is 7. It took 2 steps."), after("7"));
        assert_eq!(key("The answer is 7. No: the answer is $8."), after("8"));
        assert_eq!(key("The answer is unclear.\nShe has 9."), last("9"));
        assert_eq!(key("先算3 + 4 = 7。答案是7。"), after("7"));
        assert_eq!(key("答案是十二个。"), after("12"));
        assert_eq!(key("The answer is twenty-one apples."), after("21"));
        assert_eq!(key("#### 42"), after("42"));
        assert_eq!(key("Therefore, the answer (arabic numerals) is 5."), after("5"));
        assert_eq!(key("She has 12 apples and 3 pears."), last("3"));
        assert_eq!(key("She has many."), None);
    }

    #[test]
    fn what_was_read_can_be_shown() {
        let text = "答案是 −４２。";
        let reading = read(text).unwrap();
        assert_eq!(&text[reading.start..reading.end], "−４２");
        assert_eq!((reading.text.as_str(), reading.key.as_str()), ("−４２", "-42"));
    }

    #[test]
    fn equal_numbers_are_accepted() {
        let accept =
            |strings: &[&str]| -> Vec<String> { strings.iter().map(|&s| s.to_owned()).collect() };
        assert!(is_accepted("35", &accept(&["35.0"])));
        assert!(is_accepted("1234", &accept(&["1", "1,234"])));
        assert!(!is_accepted("35", &accept(&["350", "34"])));
        assert!(!is_accepted("35", &[]));
    }

    proptest! {
        #[test]
        fn any_number_comes_back(number in -1_000_000_i64..1_000_000, before in "[a-z ]{0,10}") {
            let text = format!("{before} {number} things");
            let found = numbers(&text);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].value, Number::from(number));
            prop_assert_eq!(&text[found[0].start..found[0].end], number.to_string());
        }

        #[test]
        fn any_text_may_be_read(text in "\\PC{0,80}") {
            if let Some(reading) = read(&text) {
                prop_assert_eq!(&text[reading.start..reading.end], reading.text);
            }
        }

        #[test]
        fn number_like_texts_may_be_read(text in "[0-9,.\\-−３ (answer is:]{0,40}") {
            for found in numbers(&text) {
                prop_assert!(text.get(found.start..found.end).is_some());
            }
            let _ = read(&text);
        }
    }
}
