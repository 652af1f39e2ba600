//! Small readings of what models write.

/// The lines of a list, without their numbers, dashes and dots; at most so many.
pub(super) fn list_items(text: &str, most: usize) -> Vec<String> {
    text.lines()
        .map(without_marker)
        .filter(|line| !line.is_empty())
        .take(most)
        .map(str::to_owned)
        .collect()
}

fn without_marker(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['-', '*', '•', ' ']);
    let inner = line.trim_start_matches(['(', '（']);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = rest.strip_prefix(['.', ')', '）', '、', ':', '：']);
    match after {
        // 3.5 is a number, not a third point.
        Some(after)
            if rest.len() < inner.len() && !after.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            after.trim()
        }
        _ => line,
    }
}

/// The first sentence: up to its full stop (one that ends a number's or a word's line of thought, not a decimal
/// point) or the end of the line.
pub(super) fn first_sentence(text: &str) -> &str {
    let line = text.trim().lines().next().unwrap_or_default().trim();
    let mut places = line.char_indices().peekable();
    while let Some((at, c)) = places.next() {
        let next = places.peek().map(|&(_, next)| next);
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            return &line[..at + c.len_utf8()];
        }
    }
    line
}

/// The first number from 1 to 10 in a text.
pub(super) fn score(text: &str) -> Option<f64> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|word| word.trim_matches('.').parse::<f64>().ok())
        .find(|number| (1.0..=10.0).contains(number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_read() {
        let items = list_items("1. How many?\n\n2) What then?\n- 还剩多少？\n（4）Too many?", 3);
        assert_eq!(items, ["How many?", "What then?", "还剩多少？"]);
        assert_eq!(list_items("\n 1. \n", 3), Vec::<String>::new());
        assert_eq!(
            list_items("3 apples cost what?\n3.5 metres?", 3),
            ["3 apples cost what?", "3.5 metres?"]
        );
    }

    #[test]
    fn sentences_end() {
        assert_eq!(first_sentence(" First, 3.5 + 4 = 7.5. Then, more."), "First, 3.5 + 4 = 7.5.");
        assert_eq!(first_sentence("先算3 + 4 = 7。再算。"), "先算3 + 4 = 7。");
        assert_eq!(first_sentence("\nno end\nhere"), "no end");
        assert_eq!(first_sentence(""), "");
    }

    #[test]
    fn scores_are_read() {
        assert_eq!(score(" 7/10, because"), Some(7.0));
        assert_eq!(score("I give 8.5."), Some(8.5));
        assert_eq!(score("100 of 0"), None);
        assert_eq!(score("good"), None);
    }

    proptest! {
        #[test]
        fn anything_may_be_read(text in "\\PC{0,60}") {
            prop_assert!(text.contains(first_sentence(&text)));
            prop_assert!(list_items(&text, 4).len() <= 4);
            prop_assert!(score(&text).is_none_or(|score| (1.0..=10.0).contains(&score)));
        }
    }
}
