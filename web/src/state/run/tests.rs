//! A run, event by event.

use super::*;
use crate::state::testing::{asked, generated, token};

fn begun(id: u32) -> Run {
    let mut run = Run::default();
    run.begin(id, asked("base"), Vec::new());
    run
}

#[test]
fn a_run_goes_from_prompt_to_finish() {
    let mut run = begun(1);
    assert_eq!(run.phase.code(), "prefill");
    run.prompt_tokens(1, "A banana".into(), vec![token(1, "A"), token(2, " banana")]);
    run.prefill(1, 1, 2);
    assert_eq!(run.prefill, (1, 2));
    run.token(1, generated(3, " is"));
    assert_eq!(run.phase, Phase::Running);
    run.token(1, generated(4, " ripe"));
    assert_eq!((run.text.as_str(), run.ids()), (" is ripe", vec![3, 4]));
    assert_eq!(run.before(1), [1, 2, 3]);
    run.reward(1, 2.0);
    assert_eq!(run.reward, None, "only a finished answer has one");
    run.finish(1, FinishReason::MaxTokens, Some(RunStats::default()));
    run.reward(1, 2.0);
    assert_eq!((run.phase.code(), run.reward), ("finished", Some(2.0)));
    assert!(run.continues() && !run.ended());
}

#[test]
fn events_of_an_older_run_are_ignored() {
    let mut run = begun(1);
    run.begin(2, asked("base"), Vec::new());
    run.token(1, generated(3, "x"));
    run.finish(1, FinishReason::Stopped, None);
    assert_eq!((run.tokens.len(), run.phase), (0, Phase::Prefill));
    run.finish(2, FinishReason::Failed, None);
    run.token(2, generated(3, "x"));
    assert!(run.tokens.is_empty(), "nothing is added after the end");
    let stats = RunStats { new_tokens: 3, ..RunStats::default() };
    run.finish(2, FinishReason::Failed, Some(stats));
    assert_eq!(run.stats, Some(stats), "figures may follow the failure");
}

#[test]
fn control_tokens_are_chips_but_not_text() {
    let mut run = begun(1);
    let mut end = generated(2, "<|im_end|>");
    end.token.special = true;
    run.token(1, end);
    assert_eq!((run.text.as_str(), run.tokens.len()), ("", 1));
}

#[test]
fn chips_are_revealed_a_slice_at_a_time() {
    let mut run = begun(1);
    (0..10).for_each(|n| run.token(1, generated(n, "x")));
    assert!(run.reveal(8));
    assert_eq!(run.revealed, 8);
    assert!(!run.reveal(8));
    assert_eq!(run.revealed, 10);
}

#[test]
fn a_branch_keeps_its_beginning_and_the_choice() {
    let first = generated(3, " is");
    let other = first.report.alternatives[1];
    let taken = first.taking(other.id).expect("one of the ten");
    assert!(taken.chosen);
    assert_eq!((taken.token.id, taken.report.token), (other.id, other.id));
    assert!((taken.bits() - 2.0).abs() < 1e-5, "a quarter is two bits: {}", taken.bits());
    assert_eq!(first.taking(999), None);
    let mut run = Run::default();
    run.begin(5, asked("sft"), vec![taken]);
    assert_eq!((run.text.as_str(), run.revealed), ("t1", 1));
}

#[test]
fn half_a_character_brings_no_text() {
    let mut first = generated(3, " is");
    first.alternatives[1].bytes = vec![0xe4];
    first.alternatives[1].text = "\u{fffd}".into();
    let id = first.report.alternatives[1].id;
    assert_eq!(first.taking(id).map(|taken| taken.token.text), Some(String::new()));
}

#[test]
fn forks_are_where_the_best_is_below_seventy_percent() {
    let mut run = begun(1);
    let mut sure = generated(3, "a");
    sure.report.alternatives[0].probability = FORK;
    run.token(1, sure);
    run.token(1, generated(4, "b"));
    assert_eq!(run.forks(), [1]);
}
