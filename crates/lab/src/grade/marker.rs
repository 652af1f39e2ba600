//! The words that announce an answer.

/// "The answer is", as worked solutions end, and as the extraction prompts of zero-shot chain of thought begin. Lower case.
const MARKERS: [&str; 10] = [
    "answer is",
    "answer (arabic numerals) is",
    "answer:",
    "answer =",
    "####",
    "答案是",
    "答案（阿拉伯数字）是",
    "答案为",
    "答案：",
    "答案:",
];

/// Does the text announce an answer?
pub(crate) fn has_marker(text: &str) -> bool {
    !after_markers(text).is_empty()
}

/// For each marker, last one first, where the text after it begins. Ends of lines are not passed by whoever reads on.
pub(super) fn after_markers(text: &str) -> Vec<usize> {
    // Only ASCII is lowered, so that places stay what they are.
    let lower = text.to_ascii_lowercase();
    let mut places: Vec<usize> = MARKERS
        .iter()
        .flat_map(|marker| lower.match_indices(marker).map(|(at, found)| at + found.len()))
        .collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.dedup();
    places
}

/// What stands from a place to the end of its line.
pub(super) fn rest_of_line(text: &str, from: usize) -> &str {
    text.get(from..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}
