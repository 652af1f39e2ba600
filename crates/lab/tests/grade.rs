//! Graders: the rule that is used, and what it says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use lab::grade::{Answered, Grader, Key, PatternError, Rule, Verdict};
use proptest::prelude::*;

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn grade(grader: &Grader, text: &str, accept: &[&str], choices: &[&str]) -> Verdict {
    let (accept, choices) = (strings(accept), strings(choices));
    let key = Key { accept: &accept, choices: &choices };
    grader.grade(Answered { text, head: text }, key)
}

fn rule(verdict: &Verdict) -> Option<Rule> {
    verdict.reading.as_ref().map(|reading| reading.rule)
}

#[test]
fn the_rule_follows_from_the_problem() {
    let auto =
        |text, accept: &[&str], choices: &[&str]| grade(&Grader::Auto, text, accept, choices);
    let verdict = auto("First, 3 + 4 = 7. The answer is 7.", &["7"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(true), Some(Rule::AfterMarker)));
    let verdict = auto("7 apples, no 8.", &["7"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(false), Some(Rule::LastNumber)));
    let verdict = auto("It is Beijing.", &["Beijing", "Peking"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(true), Some(Rule::AcceptedString)));
    let verdict = auto("It is Shanghai.", &["Beijing"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(false), Some(Rule::FirstLine)));
    let verdict = auto("四条腿", &["四", "4"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(true), Some(Rule::AcceptedString)));
    let verdict = auto("Negative.", &["negative"], &["positive", "negative"]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(true), Some(Rule::Choice)));
    let verdict = auto("", &["7"], &[]);
    assert_eq!((verdict.correct, rule(&verdict)), (Some(false), None));
    // Without a right answer there is no verdict, but something to compare.
    let verdict = auto("\n A nurse.\nOr not.", &[], &[]);
    assert_eq!((verdict.correct, verdict.reading.unwrap().key), (None, "a nurse".to_owned()));
}

#[test]
fn only_the_first_tokens_count_for_accepted_strings() {
    let accept = strings(&["Paris"]);
    let key = Key { accept: &accept, choices: &[] };
    let answered = Answered { text: "Well, well. Paris.", head: "Well, well." };
    assert_eq!(Grader::Accepted.grade(answered, key).correct, Some(false));
    let answered = Answered { head: answered.text, ..answered };
    let verdict = Grader::Accepted.grade(answered, key);
    assert_eq!(verdict.correct, Some(true));
    let reading = verdict.reading.unwrap();
    assert_eq!(&answered.text[reading.start..reading.end], "Paris");
}

#[test]
fn readers_have_the_last_word() {
    let verdict = grade(&Grader::Number, "8", &["7"], &[]);
    assert_eq!(verdict.counts(), Some(false));
    assert_eq!(Verdict { overruled: Some(true), ..verdict }.counts(), Some(true));
}

#[test]
fn patterns() {
    let pattern = |pattern: &str| Grader::Pattern { pattern: pattern.to_owned() };
    let verdict = grade(&pattern(r"x = (\d+)"), "so x = 12, x = 13", &["12.0"], &[]);
    assert_eq!((verdict.correct, verdict.reading.unwrap().text), (Some(true), "12".to_owned()));
    assert_eq!(grade(&pattern("(?i)yes|no"), "YES!", &["yes"], &[]).correct, Some(true));
    assert_eq!(grade(&pattern("yes"), "no", &["yes"], &[]).correct, Some(false));
    assert_eq!(pattern("").check(), Err(PatternError::Empty));
    assert!(matches!(pattern(&"a".repeat(501)).check(), Err(PatternError::TooLong { bytes: 501 })));
    assert!(matches!(pattern("(").check(), Err(PatternError::Invalid { .. })));
    assert!(matches!(pattern(r"\d{1000}{1000}").check(), Err(PatternError::Invalid { .. })));
    // One that cannot be used finds nothing.
    assert_eq!(grade(&pattern("("), "yes", &["yes"], &[]).correct, Some(false));
}

#[test]
fn graders_have_names_in_files() {
    let read = |json: &str| serde_json::from_str::<Grader>(json).unwrap();
    assert_eq!(read(r#"{"rule":"auto"}"#), Grader::default());
    let pattern = Grader::Pattern { pattern: "a".to_owned() };
    assert_eq!(read(r#"{"rule":"pattern","pattern":"a"}"#), pattern);
}

/// What `eval/report.json` calls correct, written the other way round: cut the text into words and look for runs of them.
fn is_correct_by_words(text: &str, accept: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_ascii_alphanumeric());
        split.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
    };
    words(text).contains(&accept.to_ascii_lowercase())
}

proptest! {
    #[test]
    fn accepted_words_are_those_of_the_report(text in "[a-cA-C1 .,-]{0,24}", accept in "[a-cA-C1]{1,3}") {
        let verdict = grade(&Grader::Accepted, &text, &[&accept], &[]);
        prop_assert_eq!(verdict.correct, Some(is_correct_by_words(&text, &accept)));
    }

    #[test]
    fn anything_may_be_graded(
        text in "\\PC{0,60}",
        accept in prop::collection::vec("\\PC{0,6}", 0..3),
        choices in prop::collection::vec("\\PC{0,6}", 0..3),
    ) {
        let key = Key { accept: &accept, choices: &choices };
        for grader in [
            Grader::Auto,
            Grader::Number,
            Grader::Accepted,
            Grader::Choice,
            Grader::Pattern { pattern: "(.)a?".to_owned() },
        ] {
            let verdict = grader.grade(Answered { text: &text, head: &text }, key);
            prop_assert_eq!(verdict.correct.is_some(), !accept.is_empty());
            if let Some(reading) = verdict.reading {
                prop_assert_eq!(&text[reading.start..reading.end], reading.text);
            }
            prop_assert_ne!(grader.resolved(key), Grader::Auto);
        }
    }
}
