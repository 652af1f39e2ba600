//! One of several choices.

use super::accepted::find_one;
use super::fold::{fold, unfolded};
use super::marker::after_markers;
use super::verdict::{Reading, Rule};

/// The choice an answer names: the first one after the last marker that has one after it, else the first one in the answer.
/// Choices are also known by their letters, in their order: "(B)", "B.", or "B" alone. The key is the choice itself.
///
/// What an answer denies is not understood: "not positive" names "positive".
pub(super) fn read(text: &str, choices: &[String]) -> Option<Reading> {
    let places = after_markers(text).into_iter().chain([0]);
    for from in places {
        let rest = text.get(from..).unwrap_or_default();
        let letter = letter(rest, choices.len());
        let named = choices.iter().enumerate().filter_map(|(index, choice)| {
            let folded = fold(rest);
            let range = find_one(&folded, &fold(choice.trim()))?;
            let (start, end) = unfolded(rest, range.start, range.end);
            Some((start, end, index))
        });
        // Of two that begin at one place the longer one is meant.
        let best = letter
            .into_iter()
            .chain(named)
            .min_by_key(|&(start, end, _)| (start, usize::MAX - end));
        if let Some((start, end, index)) = best {
            let key = choices.get(index).cloned().unwrap_or_default();
            return Some(Reading::new(Rule::Choice, text, from + start, from + end, key));
        }
    }
    None
}

/// A letter that the text begins with and that stands for a choice.
fn letter(text: &str, choices: usize) -> Option<(usize, usize, usize)> {
    let start =
        text.len() - text.trim_start_matches([' ', '(', '（', ':', '：', '*', '"', '“']).len();
    let mut chars = text[start..].chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    let index = usize::from(letter as u8 - b'A');
    let ends = chars.next().is_none_or(|c| {
        matches!(c, ')' | '）' | '.' | '。' | ':' | '：' | '、' | ',' | '\n' | '*' | '"' | '”')
    });
    (ends && index < choices).then_some((start, start + 1, index))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str, choices: &[&str]) -> Option<String> {
        let choices: Vec<String> = choices.iter().map(|&s| s.to_owned()).collect();
        read(text, &choices).map(|reading| reading.key)
    }

    #[test]
    fn choices_are_read() {
        let moods = ["positive", "negative"];
        let some = |choice: &str| Some(choice.to_owned());
        assert_eq!(key("It is Negative, not positive.", &moods), some("negative"));
        assert_eq!(key("Positive or negative? The answer is negative.", &moods), some("negative"));
        assert_eq!(key("The answer is unknown. Positive!", &moods), some("positive"));
        assert_eq!(key("negatively", &moods), None);
        assert_eq!(key("这条评论是负面的。", &["正面", "负面"]), some("负面"));
    }

    #[test]
    fn letters_stand_for_choices() {
        let fruit = ["apple", "banana"];
        for text in ["B", "(B)", "B. banana", " B: because", "The answer is (B).", "答案是B。"]
        {
            assert_eq!(key(text, &fruit).as_deref(), Some("banana"), "{text}");
        }
        assert_eq!(key("A banana", &fruit).as_deref(), Some("banana"));
        assert_eq!(key("C", &fruit), None);
        assert_eq!(key("A", &[]), None);
    }

    proptest! {
        #[test]
        fn any_text_may_be_read(text in "\\PC{0,60}", choices in prop::collection::vec("\\PC{0,5}", 0..4)) {
            if let Some(reading) = read(&text, &choices) {
                prop_assert_eq!(&text[reading.start..reading.end], reading.text);
                prop_assert!(choices.contains(&reading.key));
            }
        }
    }
}
