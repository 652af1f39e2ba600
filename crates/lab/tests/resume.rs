//! Runs give the same result whatever the order of replies, and after any interruption.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::runs::{answer, begin, finish, next};
use lab::experiment::{Batch, BatchRow, LogError, Replay, Run, Status};
use lab::rng::Random;
use proptest::prelude::*;

#[test]
fn a_finished_run_is_played_again_without_a_model() {
    let mut run = begin(2, 8);
    let log_start = run.take_log();
    let batches = finish(&mut run);
    let log = log_start + &run.take_log();
    let mut replay = Replay::new(&log).unwrap();
    for _ in &batches {
        assert!(replay.step().unwrap());
    }
    assert_eq!(replay.run().progress(), run.progress());
    let replayed = replay.finish().unwrap();
    assert_eq!(replayed.export(), run.export());
    assert_eq!(replayed.made_with(), run.made_with());
    assert_eq!(Run::restore(&run.export()).unwrap().export(), run.export());
}

#[test]
fn logs_of_another_kind_are_refused() {
    let mut run = begin(1, 4);
    finish(&mut run);
    let log = run.export();
    assert_eq!(Run::restore("").unwrap_err(), LogError::NoStart);
    assert!(matches!(Run::restore("{}").unwrap_err(), LogError::Line { line: 1, .. }));
    let later = log.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(Run::restore(&later).unwrap_err(), LogError::Version { version: 2 });
    let other = log.replacen("Let's think step by step.", "Let us think.", 1);
    assert!(
        matches!(Run::restore(&other).unwrap_err(), LogError::OtherPrompt { .. }),
        "no such phrase"
    );
    let wild = log.replacen("\"batch\":4", "\"batch\":0", 1);
    assert!(matches!(Run::restore(&wild).unwrap_err(), LogError::Experiment(_)));
    // A line in the middle that is no JSON is an error, one that was cut off at the end is not.
    let broken = log.replacen("\n{", "\nx{", 1);
    assert!(matches!(Run::restore(&broken).unwrap_err(), LogError::Line { line: 2, .. }));
    assert!(Run::restore(&log[..log.len() - 5]).is_ok());
}

/// Drives a run in a random way: some rows answered, some batches side by side, pauses, withdrawn calls.
fn wander(run: &mut Run, random: &mut Random) {
    let mut out: Vec<BatchRow> = Vec::new();
    while run.status() != Status::Finished {
        match random.below(10) {
            0 => run.pause(),
            1 => {
                run.withdraw();
                out.clear();
            }
            2..=4 => {
                run.go_on();
                out.extend(next(run).into_iter().flat_map(|batch| batch.rows));
            }
            _ if out.is_empty() => run.go_on(),
            _ => {
                let row = out.swap_remove(random.below(out.len() as u64) as usize);
                answer(run, &row);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_gives_the_same_result(count in 1_usize..4, batch in 1_usize..9, seed: u64) {
        let mut straight = begin(count, batch);
        finish(&mut straight);
        let mut run = begin(count, batch);
        wander(&mut run, &mut Random::new(seed));
        prop_assert_eq!(run.export(), straight.export());
        prop_assert_eq!(run.results().bars(None), straight.results().bars(None));
    }

    #[test]
    fn a_run_goes_on_where_it_stopped(
        count in 1_usize..4,
        batch in 1_usize..9,
        whole in 0_usize..20,
        part in 0_usize..9,
        cut in 0_usize..40,
    ) {
        let mut straight = begin(count, batch);
        let batches = finish(&mut straight);

        let mut run = begin(count, batch);
        let mut log = run.take_log();
        let whole = whole.min(batches.len() - 1);
        for _ in 0..whole {
            for row in next(&mut run).unwrap().rows {
                answer(&mut run, &row);
            }
            log += &run.take_log();
        }
        // Some rows of the next batch, of which the last line may be torn.
        for row in next(&mut run).unwrap().rows.iter().take(part) {
            answer(&mut run, row);
        }
        let torn = run.take_log();
        if !torn.is_empty() {
            let mut end = torn.len() - cut.min(torn.len() - 1);
            while !torn.is_char_boundary(end) {
                end -= 1;
            }
            log += &torn[..end];
        }

        let mut restored = Run::restore(&log).unwrap();
        prop_assert!(restored.status() != Status::Finished || batches.len() - whole == 1);
        let rest = finish_or_done(&mut restored);
        // Either the torn batch was whole after all, or it is run again from its beginning.
        let expected = &batches[batches.len() - rest.len()..];
        prop_assert!(rest.len() == batches.len() - whole || rest.len() + 1 == batches.len() - whole);
        prop_assert_eq!(rest.as_slice(), expected);
        prop_assert_eq!(restored.export(), straight.export());
        prop_assert_eq!(restored.results().to_csv(), straight.results().to_csv());
        // The log goes on too: old and new lines together are the whole run.
        if !log.ends_with('\n') {
            log.truncate(log.rfind('\n').map_or(0, |at| at + 1));
        }
        log += &restored.take_log();
        prop_assert_eq!(Run::restore(&log).unwrap().export(), straight.export());
    }

    #[test]
    fn any_text_may_be_a_log(text in "\\PC{0,100}", at in 0_usize..5000, with in "\\PC{0,3}") {
        let _ = Run::restore(&text);
        let mut run = begin(1, 4);
        finish(&mut run);
        let mut log = run.export();
        let mut at = at.min(log.len());
        while !log.is_char_boundary(at) {
            at -= 1;
        }
        log.insert_str(at, &with);
        let _ = Run::restore(&log);
        log.truncate(at);
        let _ = Run::restore(&log);
    }
}

fn finish_or_done(run: &mut Run) -> Vec<Batch> {
    if run.status() == Status::Finished { Vec::new() } else { finish(run) }
}
