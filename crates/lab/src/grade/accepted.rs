//! Accepted strings: the rule of the trios' reports.

use std::ops::Range;

use super::fold::fold;

/// Where the first accepted string lies in a folded text. A string in Latin script counts as a whole word or number only: no
/// letter or digit before or after it. In other scripts that holds for its digits: 4月 is not in 14月.
pub(super) fn find(folded: &str, accept: &[String]) -> Option<Range<usize>> {
    accept.iter().map(|string| fold(string.trim())).find_map(|string| find_one(folded, &string))
}

/// The same for one string, folded already.
pub(super) fn find_one(folded: &str, string: &str) -> Option<Range<usize>> {
    if string.is_empty() {
        return None;
    }
    folded.match_indices(string).map(|(at, found)| at..at + found.len()).find(|range| {
        let before = folded[..range.start].chars().next_back();
        let after = folded[range.end..].chars().next();
        !goes_on(string, string.chars().next(), before)
            && !goes_on(string, string.chars().next_back(), after)
    })
}

/// Does the word or number go on beyond the `edge` of the string?
fn goes_on(string: &str, edge: Option<char>, beside: Option<char>) -> bool {
    let Some(beside) = beside else { return false };
    if string.is_ascii() {
        return beside.is_ascii_alphanumeric();
    }
    beside.is_ascii_digit() && edge.is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, accept: &[&str]) -> bool {
        let accept: Vec<String> = accept.iter().map(|&s| s.to_owned()).collect();
        find(&fold(text), &accept).is_some()
    }

    #[test]
    fn whole_words_count() {
        assert!(found("It is Beijing.", &["beijing"]));
        assert!(!found("It is Beijinger.", &["Beijing"]));
        assert!(found("Beijingers live in Beijing", &["Beijing"]));
        assert!(found("是北京市。", &["上海", "北京"]));
        assert!(found("There are ４２!", &["42"]));
        assert!(!found("There are 142.", &["42"]));
        assert!(found("BRASÍLIA", &["Brasília"]));
        assert!(found("4月3日", &["4月3日"]));
        assert!(!found("14月3日", &["4月3日"]));
        assert!(!found("anything", &[""]));
        assert!(!found("anything", &[]));
    }

    proptest! {
        #[test]
        fn a_word_among_others_is_found(before in "[a-z ]{0,20}", word in "[a-z0-9]{1,8}", after in "[a-z ]{0,20}") {
            let text = format!("{before} {word}, {after}");
            prop_assert!(found(&text, &[&word.to_uppercase()]));
        }

        #[test]
        fn a_longer_word_is_another(word in "[a-z]{1,8}", more in "[a-z]{1,3}") {
            let text = format!("{word}{more}");
            prop_assert!(!found(&text, &[&word]));
        }

        #[test]
        fn any_text_may_be_searched(text in "\\PC{0,60}", string in "\\PC{0,6}") {
            let folded = fold(&text);
            if let Some(range) = find(&folded, &[string]) {
                prop_assert!(folded.get(range).is_some());
            }
        }
    }
}
