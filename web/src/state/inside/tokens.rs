//! How well a text packs into tokens, and the piece of text that a token comes from.

use crate::protocol::TokenView;

/// A piece has at most so many tokens: Chinese has no white space to end it.
const LONGEST: usize = 12;

/// Characters and the tokens they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packing {
    pub(crate) characters: usize,
    pub(crate) tokens: usize,
}

impl Packing {
    pub(crate) fn of(tokens: &[TokenView]) -> Self {
        let plain = tokens.iter().filter(|token| !token.special);
        let characters = plain.clone().map(|token| token.text.chars().count()).sum();
        Self { characters, tokens: plain.count() }
    }

    /// `None` for no tokens.
    pub(crate) fn characters_per_token(self) -> Option<f64> {
        (self.tokens > 0).then(|| self.characters as f64 / self.tokens as f64)
    }
}

/// The text around a token up to the white space on both sides: what merges made it of. White space before a word
/// belongs to it.
pub(crate) fn piece_around(tokens: &[TokenView], at: usize) -> String {
    let Some(token) = tokens.get(at) else { return String::new() };
    if token.special {
        return String::new();
    }
    let starts = |at: usize| tokens[at].special || tokens[at].text.starts_with(char::is_whitespace);
    let ends = |at: usize| tokens[at].special || tokens[at].text.ends_with(char::is_whitespace);
    let mut from = at;
    while from > 0 && at - from < LONGEST / 2 && !starts(from) && !ends(from - 1) {
        from -= 1;
    }
    let mut to = at + 1;
    while to < tokens.len() && to - from < LONGEST && !starts(to) && !ends(to - 1) {
        to += 1;
    }
    let bytes: Vec<u8> = tokens[from..to].iter().flat_map(|token| token.bytes.clone()).collect();
    let text: String = tokens[from..to].iter().map(|token| token.text.as_str()).collect();
    // A word of which a part is still in pieces is known by its bytes.
    if text.is_empty() { String::from_utf8_lossy(&bytes).into_owned() } else { text }
}

/// The first place where two lists of tokens cut a text differently, in bytes from its beginning.
pub(crate) fn first_difference(one: &[TokenView], other: &[TokenView]) -> Option<usize> {
    let cuts = |tokens: &[TokenView]| {
        let plain = tokens.iter().filter(|token| !token.special);
        plain
            .scan(0, |at, token| {
                *at += token.bytes.len();
                Some(*at)
            })
            .collect::<Vec<usize>>()
    };
    let (one, other) = (cuts(one), cuts(other));
    let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let before = shared.checked_sub(1).and_then(|last| one.get(last)).copied().unwrap_or(0);
    (one != other).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::token;

    fn tokens(texts: &[&str]) -> Vec<TokenView> {
        (0..).zip(texts).map(|(id, text)| token(id, text)).collect()
    }

    #[test]
    fn control_tokens_pack_nothing() {
        let mut all = tokens(&["<s>", "ab", "c"]);
        all[0].special = true;
        assert_eq!(Packing::of(&all), Packing { characters: 3, tokens: 2 });
        assert_eq!(Packing::of(&all).characters_per_token(), Some(1.5));
        assert_eq!(Packing::default().characters_per_token(), None);
    }

    #[test]
    fn characters_are_no_bytes() {
        assert_eq!(Packing::of(&tokens(&["天气", "好"])).characters, 3);
    }

    #[test]
    fn a_piece_is_the_word_around() {
        let all = tokens(&["The", " un", "believ", "able", " cat"]);
        for at in 1..4 {
            assert_eq!(piece_around(&all, at), " unbelievable");
        }
        assert_eq!(piece_around(&all, 0), "The");
        assert_eq!(piece_around(&all, 9), "");
    }

    #[test]
    fn a_text_without_spaces_does_not_make_one_piece() {
        let all = tokens(&["天"; 40]);
        assert_eq!(piece_around(&all, 20).chars().count(), LONGEST);
    }

    #[test]
    fn two_tokenizers_part_at_a_byte() {
        assert_eq!(first_difference(&tokens(&["ab", "c"]), &tokens(&["ab", "c"])), None);
        assert_eq!(first_difference(&tokens(&["ab", "cd"]), &tokens(&["ab", "c", "d"])), Some(2));
        assert_eq!(first_difference(&tokens(&["abc"]), &tokens(&["a", "bc"])), Some(0));
    }
}
