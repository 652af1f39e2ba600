//! A run that is taken away as a file goes on from there, whatever it was doing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::runs::{answer, begin, finish, next};
use lab::experiment::{Next, Run, Status};
use lab::rng::Random;
use lab::technique::Purpose;
use proptest::prelude::*;

/// The run that its file leads to; it is this one, as far as anybody can see.
fn through_its_file(run: &Run) -> Run {
    let file = run.export();
    let restored = Run::restore(&file).unwrap();
    assert_eq!(restored.export(), file);
    assert_eq!(restored.status(), run.status());
    assert_eq!(restored.progress(), run.progress());
    assert_eq!(restored.results().to_csv(), run.results().to_csv());
    assert_eq!(restored.clone().next_batch(), run.clone().next_batch());
    restored
}

#[test]
fn votes_of_an_unfinished_count_are_in_the_file() {
    // Some batches end in the middle of a vote.
    let mut run = begin(1, 4);
    let mut is_split = false;
    while let Some(batch) = next(&mut run) {
        for row in &batch.rows {
            answer(&mut run, row);
        }
        let last = batch.rows.last().unwrap();
        let is_open = run.results().rows().iter().all(|row| row.cell != last.id.cell);
        is_split |= is_open && last.call.purpose == Purpose::Sample;
        through_its_file(&run);
    }
    assert!(is_split, "no vote was split");
}

#[test]
fn a_run_that_is_held_is_held_after_it_was_taken_away() {
    let mut run = begin(1, 4);
    let batch = next(&mut run).unwrap();
    for row in &batch.rows {
        answer(&mut run, row);
    }
    let under_way = next(&mut run).unwrap();
    run.pause();
    let mut restored = Run::restore(&run.export()).unwrap();
    assert_eq!(restored.status(), Status::Paused);
    assert_eq!(restored.next_batch(), Next::Paused);
    restored.go_on();
    assert_eq!(restored.next_batch(), Next::Batch(under_way.clone()));
    // Held first, ended then.
    for row in &under_way.rows {
        answer(&mut run, row);
    }
    through_its_file(&run);
    run.go_on();
    finish(&mut run);
    assert_eq!(through_its_file(&run).status(), Status::Finished);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_file_goes_on_from_every_point(
        count in 1_usize..3,
        batch in 1_usize..9,
        failing in 0_u64..3,
        seed: u64,
    ) {
        let mut random = Random::new(seed);
        let mut run = begin(count, batch);
        loop {
            through_its_file(&run);
            let before = run.results().to_csv();
            let Some(batch) = next(&mut run) else { break };

            // While a batch is under way, it is left out, also what has come of it.
            let mut part = run.clone();
            let came = random.below(batch.rows.len() as u64) as usize;
            for row in batch.rows.iter().take(came) {
                answer(&mut part, row);
            }
            let mut restored = Run::restore(&part.export()).unwrap();
            prop_assert_eq!(restored.results().to_csv(), before);
            prop_assert_eq!(restored.next_batch(), Next::Batch(batch.clone()));

            // Replies come in any order, and some calls fail.
            let mut rows = batch.rows;
            random.shuffle(&mut rows);
            for row in &rows {
                if random.below(20) < failing {
                    run.fail(row.id, "too long").unwrap();
                } else {
                    answer(&mut run, row);
                }
            }
        }
        prop_assert_eq!(run.status(), Status::Finished);
    }
}
