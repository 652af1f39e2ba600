//! Texts made comparable.

/// NFKC, then case folding: full-width digits become plain ones, `Ｓｔｒａßｅ` becomes `strasse`. Characters fold as in
/// Unicode's `CaseFolding.txt`, statuses C and F.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in nfkc(text).chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            push_folded(c, &mut folded);
        }
    }
    folded
}

/// Compatibility composition, as Unicode's annex 15 defines it.
#[cfg(not(target_arch = "wasm32"))]
fn nfkc(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfkc(text).collect()
}

/// Compatibility composition, by the browser's own tables: ours would be thirty kilobytes of the page.
#[cfg(target_arch = "wasm32")]
fn nfkc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}

/// Folding is lowering what raising gives, but for four exceptions.
fn push_folded(c: char, out: &mut String) {
    match c {
        'ı' => out.push(c),
        'ẞ' => out.push_str("ss"),
        // Cherokee folds to its capitals.
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => out.extend(c.to_uppercase()),
        _ => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
    }
}

/// Where in `text` the bytes from `start` to `end` of `fold(text)` come from. A range to show, not to calculate with: a
/// character that folds to several belongs to it whole.
pub(super) fn unfolded(text: &str, start: usize, end: usize) -> (usize, usize) {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = |at: &usize| fold(&text[..*at]).len();
    let after_start = ends.partition_point(|at| length(at) <= start);
    let at_end = ends.partition_point(|at| length(at) < end);
    let from = ends.get(after_start.saturating_sub(1)).copied().unwrap_or(0);
    let to = ends.get(at_end).copied().unwrap_or(text.len());
    (from, to.max(from))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_fold_as_unicode_says() {
        for (text, folded) in [
            ("Ｓｔｒａßｅ", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("Brasília", "brasília"),
            ("４２", "42"),
            ("İı", "i\u{307}ı"),
            ("ẞ", "ss"),
            ("\u{13a0}\u{ab70}", "\u{13a0}\u{13a0}"),
            ("北京。", "北京。"),
            ("ﬁ①", "fi1"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn places_are_found_again() {
        let text = "ＡＢ ist 4２ Straße";
        let folded = fold(text);
        for part in ["42", "strasse", "ab"] {
            let start = folded.find(part).unwrap();
            let (from, to) = unfolded(text, start, start + part.len());
            assert_eq!(fold(&text[from..to]), part);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-Z0-9 äÖßéÉσΣ中文１２ＡＢ.,!]{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn any_place_is_a_range_of_the_text(text in "\\PC{0,40}", a in 0_usize..90, b in 0_usize..90) {
            let (from, to) = unfolded(&text, a.min(b), a.max(b));
            prop_assert!(text.get(from..to).is_some());
        }
    }
}
