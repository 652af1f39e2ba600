//! Which elements a highlight means. Parts of the page say what they are with `data-part`.

use share::lesson::{Highlight, Place};

/// The value of `data-part`.
pub(crate) fn part(place: Place) -> &'static str {
    match place {
        Place::Prompt => "prompt",
        Place::Run => "run",
        Place::Settings => "settings",
        Place::Column => "column",
        Place::Exact => "exact",
        Place::Token => "token",
        Place::Alternatives => "alternatives",
        Place::Temperature => "temperature",
        Place::Samples => "samples",
        Place::Scores => "scores",
        Place::Reward => "reward",
        Place::Vote => "vote",
        Place::Panel => "panel",
        Place::Pipeline => "pipeline",
        Place::Matrix => "matrix",
        Place::Heads => "heads",
        Place::Difference => "difference",
        Place::Lens => "lens",
        Place::Influence => "influence",
        Place::Switches => "switches",
        Place::Parts => "parts",
        Place::Techniques => "techniques",
        Place::Results => "results",
        Place::Widget => "widget",
    }
}

/// Is there one of it in each column?
fn is_in_columns(place: Place) -> bool {
    matches!(place, Place::Exact | Place::Token | Place::Alternatives | Place::Reward)
}

/// The CSS selector of what a highlight means. Chips say which token they are with `data-place`.
pub(crate) fn selector(highlight: &Highlight) -> String {
    let Highlight { place, column, token } = *highlight;
    let within = column.map(|column| format!(r#"[data-part="column"][data-column="{column}"]"#));
    let own = match (place, token) {
        (Place::Token, Some(token)) => format!(r#".chip[data-place="{token}"]"#),
        (Place::Token, None) => ".chip".to_owned(),
        _ => format!(r#"[data-part="{}"]"#, part(place)),
    };
    match within {
        Some(within) if place == Place::Column => within,
        Some(within) if is_in_columns(place) => format!("{within} {own}"),
        _ => own,
    }
}

/// The style sheet that lights up these places.
pub(crate) fn sheet<'a>(highlights: impl Iterator<Item = &'a Highlight>) -> String {
    let selectors: Vec<String> = highlights.map(selector).collect();
    if selectors.is_empty() {
        return String::new();
    }
    let all = selectors.join(", ");
    format!(
        "{all} {{ outline: 3px solid var(--lit); outline-offset: var(--lit-offset, 3px); \
         border-radius: var(--radius); animation: lit 900ms ease-out 2; }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    const PLACES: [Place; 24] = [
        Place::Prompt,
        Place::Run,
        Place::Settings,
        Place::Column,
        Place::Exact,
        Place::Token,
        Place::Alternatives,
        Place::Temperature,
        Place::Samples,
        Place::Scores,
        Place::Reward,
        Place::Vote,
        Place::Panel,
        Place::Pipeline,
        Place::Matrix,
        Place::Heads,
        Place::Difference,
        Place::Lens,
        Place::Influence,
        Place::Switches,
        Place::Parts,
        Place::Techniques,
        Place::Results,
        Place::Widget,
    ];

    fn lit(place: Place, column: Option<u32>, token: Option<u32>) -> Highlight {
        Highlight { place, column, token }
    }

    #[test]
    fn places_become_selectors() {
        let selector = |place, column, token| selector(&lit(place, column, token));
        assert_eq!(selector(Place::Prompt, None, None), r#"[data-part="prompt"]"#);
        assert_eq!(
            selector(Place::Column, Some(1), None),
            r#"[data-part="column"][data-column="1"]"#
        );
        assert_eq!(
            selector(Place::Token, Some(0), Some(4)),
            r#"[data-part="column"][data-column="0"] .chip[data-place="4"]"#
        );
        assert_eq!(
            selector(Place::Alternatives, Some(0), Some(0)),
            r#"[data-part="column"][data-column="0"] [data-part="alternatives"]"#
        );
        assert_eq!(selector(Place::Scores, Some(2), None), r#"[data-part="scores"]"#);
    }

    #[test]
    fn a_sheet_has_all_of_them_and_none_is_empty() {
        assert_eq!(sheet([].iter()), "");
        let two = [lit(Place::Vote, None, None), lit(Place::Run, None, None)];
        assert!(
            sheet(two.iter()).starts_with(r#"[data-part="vote"], [data-part="run"] { outline"#)
        );
    }

    #[test]
    fn every_place_has_the_name_that_lessons_use() {
        for place in PLACES {
            let json = serde_json::to_value(place).expect("plain data");
            assert_eq!(json, part(place), "{place:?}");
        }
    }

    /// All that the components say.
    fn components(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                all.push_str(&components(&path));
            } else {
                all.push_str(&fs::read_to_string(&path).expect("a source"));
            }
        }
        all
    }

    #[test]
    fn every_place_is_somewhere_on_the_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/components");
        let components = components(&folder);
        for place in PLACES {
            // Tokens are found by their place.
            let mark = match place {
                Place::Token => "data-place=".to_owned(),
                _ => selector(&lit(place, None, None)).replace(['[', ']'], ""),
            };
            assert!(components.contains(&mark), "{mark}");
        }
    }
}
