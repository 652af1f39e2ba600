//! Splits text into the words inside which byte-level BPE merges.
//!
//! The splitters are llama.cpp's regular expressions (`llm_tokenizer_bpe` in llama-vocab.cpp) written out by hand: they need
//! Unicode categories and one look-ahead, `\s+(?!\S)`, and nothing else of a regex engine. All are linear.

use unicode_general_category::{GeneralCategory, get_general_category};

/// How to split, by the name in `tokenizer.ggml.pre`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Splitter {
    /// `\p{N}` alone, then as GPT-2.
    SmolLm,
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    Gpt2,
    /// `[\p{P}$+<=>^~|]+`, then as GPT-2, then `\p{N}+`, then `[0-9][0-9][0-9]`.
    Default,
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    Llama3,
    /// As `Llama3`, with `\p{N}` instead of `\p{N}{1,3}`.
    Qwen2,
}

impl Splitter {
    /// `None` for a name that is not known.
    pub(crate) fn from_name(name: &str) -> Option<Splitter> {
        match name {
            "smollm" => Some(Splitter::SmolLm),
            "gpt-2" => Some(Splitter::Gpt2),
            "default" => Some(Splitter::Default),
            "llama-bpe" | "llama3" | "llama-v3" => Some(Splitter::Llama3),
            "qwen2" => Some(Splitter::Qwen2),
            _ => None,
        }
    }

    /// Calls `emit` with each word in order. Together they are the text.
    pub(crate) fn split<'t>(self, text: &'t str, emit: &mut dyn FnMut(&'t str)) {
        match self {
            Splitter::Gpt2 => words(text, gpt2, emit),
            Splitter::Llama3 => words(text, |rest| llama3(rest, 3), emit),
            Splitter::Qwen2 => words(text, |rest| llama3(rest, 1), emit),
            Splitter::SmolLm => runs(text, is_number, &mut |run, numbers| {
                if numbers {
                    words(run, |rest| rest.chars().next().map_or(0, char::len_utf8), emit);
                } else {
                    words(run, gpt2, emit);
                }
            }),
            Splitter::Default => runs(text, is_default_punctuation, &mut |run, _| {
                words(run, gpt2, &mut |word| {
                    runs(word, is_number, &mut |part, _| words(part, thousands, emit));
                });
            }),
        }
    }
}

/// What the expressions distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Letter,
    Number,
    Space,
    Other,
}

fn class(c: char) -> Class {
    use GeneralCategory as G;
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' => Class::Letter,
            '0'..='9' => Class::Number,
            ' ' | '\t'..='\r' => Class::Space,
            _ => Class::Other,
        };
    }
    // `is_alphabetic` and `is_numeric` are other sets: they follow derived properties.
    match get_general_category(c) {
        G::UppercaseLetter
        | G::LowercaseLetter
        | G::TitlecaseLetter
        | G::ModifierLetter
        | G::OtherLetter => Class::Letter,
        G::DecimalNumber | G::LetterNumber | G::OtherNumber => Class::Number,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

fn is_number(c: char) -> bool {
    class(c) == Class::Number
}

fn is_default_punctuation(c: char) -> bool {
    use GeneralCategory as G;
    matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '~' | '|')
        || matches!(
            get_general_category(c),
            G::ConnectorPunctuation
                | G::DashPunctuation
                | G::OpenPunctuation
                | G::ClosePunctuation
                | G::InitialPunctuation
                | G::FinalPunctuation
                | G::OtherPunctuation
        )
}

/// Cuts off `next(rest)` bytes again and again.
fn words<'t>(text: &'t str, next: impl Fn(&str) -> usize, emit: &mut dyn FnMut(&'t str)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(next(rest));
        emit(word);
        rest = after;
    }
}

/// Stretches of characters for which `wanted` is true or false, in turn.
fn runs<'t>(text: &'t str, wanted: impl Fn(char) -> bool, emit: &mut dyn FnMut(&'t str, bool)) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = wanted(first);
        let end = rest.find(|c: char| wanted(c) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        emit(run, kind);
        rest = after;
    }
}

/// Bytes of the characters of this class that `text` begins with.
fn run(text: &str, wanted: Class) -> usize {
    text.find(|c: char| class(c) != wanted).unwrap_or(text.len())
}

/// `'s|'t|'re|'ve|'m|'ll|'d`: its length, or 0.
fn contraction(text: &str, ignore_case: bool) -> usize {
    let Some(after) = text.strip_prefix('\'') else { return 0 };
    let letter = |index: usize| {
        let byte = after.as_bytes().get(index).copied().unwrap_or(0);
        if ignore_case { byte.to_ascii_lowercase() } else { byte }
    };
    match (letter(0), letter(1)) {
        (b's' | b't' | b'm' | b'd', _) => 2,
        (b'r' | b'v', b'e') | (b'l', b'l') => 3,
        _ => 0,
    }
}

/// ` ?` before something that is no space.
fn skip_space(text: &str) -> (usize, &str) {
    text.strip_prefix(' ').map_or((0, text), |after| (1, after))
}

/// `\s+(?!\S)|\s+` where a space comes first: all spaces, but the last one is left to a word that follows.
fn spaces(text: &str) -> usize {
    let len = run(text, Class::Space);
    let last = text[..len].chars().next_back().map_or(0, char::len_utf8);
    if len == text.len() || len == last { len } else { len - last }
}

/// The length of the first word. The text is not empty.
fn gpt2(text: &str) -> usize {
    let contracted = contraction(text, false);
    if contracted > 0 {
        return contracted;
    }
    let (space, after) = skip_space(text);
    match after.chars().next().map(class) {
        None | Some(Class::Space) => spaces(text),
        Some(kind) => space + run(after, kind),
    }
}

/// The length of the first word. The text is not empty.
fn llama3(text: &str, digits: usize) -> usize {
    let contracted = contraction(text, true);
    if contracted > 0 {
        return contracted;
    }
    let Some(first) = text.chars().next() else { return 0 };
    match class(first) {
        Class::Letter => return run(text, Class::Letter),
        Class::Number => {
            let numbers = text.chars().take(digits).take_while(|&c| is_number(c));
            return numbers.map(char::len_utf8).sum();
        }
        Class::Space | Class::Other => {}
    }
    if !matches!(first, '\r' | '\n') {
        let letters = run(&text[first.len_utf8()..], Class::Letter);
        if letters > 0 {
            return first.len_utf8() + letters;
        }
    }
    let (space, after) = skip_space(text);
    let others = run(after, Class::Other);
    if others > 0 {
        let tail = &after[others..];
        let newlines = tail.len() - tail.trim_start_matches(['\r', '\n']).len();
        return space + others + newlines;
    }
    match text[..run(text, Class::Space)].rfind(['\r', '\n']) {
        Some(last) => last + 1,
        None => spaces(text),
    }
}

/// `[0-9][0-9][0-9]` and what is between.
fn thousands(text: &str) -> usize {
    let is_group = |group: &[u8]| group.iter().all(u8::is_ascii_digit);
    match text.as_bytes().windows(3).position(is_group) {
        Some(0) => 3,
        Some(before) => before,
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::Splitter;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        Splitter::from_name(name).unwrap().split(text, &mut |word| found.push(word));
        assert_eq!(found, expected, "{name}: {text:?}");
    }

    #[test]
    fn gpt2_words() {
        check(
            "gpt-2",
            "Hello world's 12 x!?\n",
            &["Hello", " world", "'s", " 12", " x", "!?", "\n"],
        );
        check("gpt-2", "a   b  ", &["a", "  ", " b", "  "]);
        check("gpt-2", " \n\t x", &[" \n\t", " x"]);
        check("gpt-2", "I'LL I'll '", &["I", "'", "LL", " I", "'ll", " '"]);
        check(
            "gpt-2",
            "é e\u{301}²Ⅷ\u{a0}中。",
            &["é", " e", "\u{301}", "²Ⅷ", "\u{a0}", "中", "。"],
        );
    }

    #[test]
    fn smollm_takes_digits_one_by_one() {
        check("smollm", "a 12b  3", &["a", " ", "1", "2", "b", "  ", "3"]);
        check("smollm", "½x", &["½", "x"]);
    }

    #[test]
    fn default_groups_ascii_digits() {
        check("default", "a+b 12345 x", &["a", "+", "b", " ", "123", "45", " x"]);
    }

    #[test]
    fn llama3_words() {
        check(
            "llama3",
            "I'LL go\n\n  (x)\r\n",
            &["I", "'LL", " go", "\n\n", " ", " (", "x", ")\r\n"],
        );
        check("llama3", "12345 6", &["123", "45", " ", "6"]);
        check("llama3", "\tx  \n \n  y", &["\tx", "  \n \n", " ", " y"]);
        check("qwen2", "123", &["1", "2", "3"]);
    }

    #[test]
    fn unknown_names_are_not_guessed() {
        assert_eq!(Splitter::from_name("tekken"), None);
    }
}
