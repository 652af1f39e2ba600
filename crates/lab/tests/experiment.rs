//! Runs: what they hand out, what they take, and what comes of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::runs::{answer, begin, experiment, finish, next};
use lab::Language;
use lab::experiment::{CallId, Experiment, Filter, Next, Run, RunError, Show, Status, When};
use lab::technique::{Purpose, Reply};

#[test]
fn a_run_goes_through_everything() {
    let mut run = begin(3, 4);
    assert_eq!(run.prepared().problems.len(), 6);
    assert_eq!(run.progress().seconds_left, None);
    let batches = finish(&mut run);
    for (number, batch) in batches.iter().enumerate() {
        assert_eq!(batch.number, number as u64);
        assert!((1..=4).contains(&batch.rows.len()));
        assert!(
            batch.rows.iter().all(|row| run.experiment().stages[row.stage].model == batch.model)
        );
    }
    let progress = run.progress();
    assert_eq!((progress.cells, progress.settled), (90, 90));
    assert_eq!(progress.calls, batches.iter().map(|batch| batch.rows.len()).sum::<usize>());
    assert_eq!((progress.seconds, progress.seconds_left), (progress.calls as f64 / 4.0, Some(0.0)));
    assert!(matches!(run.next_batch(), Next::Ended));

    let results = run.results();
    assert_eq!(results.rows().len(), 90);
    let bars = results.bars(None);
    assert_eq!(bars.len(), 15);
    for bar in &bars {
        assert_eq!((bar.right.n, bar.ungraded, bar.failed), (6, 0, 0));
        assert!(bar.right.low <= bar.right.share && bar.right.share <= bar.right.high);
        assert_eq!(bar.seconds, bar.calls / 4.0);
    }
    assert_eq!(results.bar(3, 1, Some(Language::Zh)).right.n, 3);
    // Calls of votes and of discussions: three, and three speakers with a judge.
    assert_eq!((results.bar(3, 0, None).calls, results.bar(4, 0, None).calls), (3.0, 4.0));
    let comparisons = results.compare_techniques(1, None);
    assert_eq!(comparisons.len(), 10);
    for comparison in comparisons {
        assert_eq!((comparison.pairs.n(), comparison.difference.n), (6, 6));
        assert!(comparison.adjusted >= comparison.test.mid_p);
    }
    assert_eq!(results.compare_stages(0, Some(Language::En)).len(), 3);
}

#[test]
fn time_left_comes_from_time_spent() {
    let mut run = begin(4, 8);
    for _ in 0..3 {
        for row in next(&mut run).unwrap().rows {
            answer(&mut run, &row);
        }
    }
    let progress = run.progress();
    assert_eq!(progress.calls, 24);
    let left = progress.seconds_left.unwrap();
    assert!(left > 0.0 && left < 120.0 * 8.0 * 0.25, "{left}");
}

#[test]
fn replies_nobody_asked_for_are_refused() {
    let mut run = begin(1, 2);
    let batch = next(&mut run).unwrap();
    let id = batch.rows[0].id;
    run.answer(id, Reply::default()).unwrap();
    let again = RunError::UnknownCall { cell: id.cell, call: id.call };
    assert_eq!(run.answer(id, Reply::default()), Err(again));
    assert_eq!(run.fail(id, "late"), Err(again));
    let far = CallId { cell: 10_000, call: 0 };
    assert!(run.answer(far, Reply::default()).is_err());
    assert_eq!(
        run.overrule(batch.rows[1].id.cell, Some(true)),
        Err(RunError::NoVerdict { cell: batch.rows[1].id.cell })
    );
    // Withdrawn calls are unknown until they are handed out again.
    run.withdraw();
    assert!(run.answer(batch.rows[1].id, Reply::default()).is_err());
    assert_eq!(next(&mut run).unwrap().rows[0], batch.rows[1]);
}

#[test]
fn a_run_can_be_held_and_stopped() {
    let mut run = begin(1, 2);
    let batch = next(&mut run).unwrap();
    run.pause();
    assert!(matches!(run.next_batch(), Next::Paused));
    for row in &batch.rows {
        answer(&mut run, row);
    }
    run.go_on();
    next(&mut run).unwrap();
    assert_eq!(run.calls_out(), 2);
    run.cancel();
    assert!(matches!(run.next_batch(), Next::Ended));
    let restored = Run::restore(&run.export()).unwrap();
    assert_eq!(restored.status(), Status::Cancelled);
    assert_eq!(restored.results().rows().len(), run.results().rows().len());
    run.withdraw();
    run.go_on();
    finish(&mut run);
}

#[test]
fn a_failed_call_counts_neither_way() {
    let mut run = begin(1, 64);
    let batch = next(&mut run).unwrap();
    let failed = batch.rows.iter().find(|row| row.call.purpose == Purpose::Sample).unwrap();
    run.fail(failed.id, "the prompt is longer than the context").unwrap();
    for row in &batch.rows {
        if row.id != failed.id {
            answer(&mut run, row);
        }
    }
    finish(&mut run);
    let results = run.results();
    let bars = results.bars(None);
    assert_eq!(bars.iter().map(|bar| bar.failed).sum::<u64>(), 1);
    assert_eq!(bars.iter().map(|bar| bar.right.n).sum::<u64>(), 29);
    let filter = Filter { show: Show::Failed, ..Filter::default() };
    let rows = results.filtered(filter);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].failure, Some("the prompt is longer than the context"));
    let restored = Run::restore(&run.export()).unwrap();
    assert_eq!(restored.export(), run.export());
    assert_eq!(restored.results().bars(None), bars);
}

#[test]
fn the_figure_follows_the_reader() {
    let mut run = begin(2, 8);
    finish(&mut run);
    let before = run.results().bar(0, 1, None);
    let wrong =
        Filter { technique: Some(0), stage: Some(1), show: Show::Wrong, ..Filter::default() };
    let cell = run.results().filtered(wrong).first().unwrap().cell;
    run.overrule(cell, Some(true)).unwrap();
    let after = run.results().bar(0, 1, None);
    assert_eq!((after.right.hits, after.overruled), (before.right.hits + 1, 1));
    let restored = Run::restore(&run.export()).unwrap();
    assert_eq!(restored.results().bar(0, 1, None), after);
    run.overrule(cell, None).unwrap();
    assert_eq!(run.results().bar(0, 1, None), before);
}

#[test]
fn weights_are_compared() {
    let mut run = begin(1, 8);
    let sums = |sum: &str| BTreeMap::from([("sprout".to_owned(), sum.to_owned())]);
    run.note_weights(When::Before, sums("a1"));
    assert_eq!(run.weights_unchanged(), None);
    run.note_weights(When::After, sums("a1"));
    assert_eq!(run.weights_unchanged(), Some(true));
    assert_eq!(Run::restore(&run.export()).unwrap().weights_unchanged(), Some(true));
    run.note_weights(When::After, sums("b2"));
    assert_eq!(run.weights_unchanged(), Some(false));
}

#[test]
fn differences_are_shown() {
    let mut run = begin(4, 8);
    finish(&mut run);
    let results = run.results();
    let rows = results.filtered(Filter {
        stage: Some(0),
        show: Show::TechniquesDiffer,
        ..Filter::default()
    });
    for problem in 0..8 {
        let all =
            results.rows().iter().filter(|row| row.problem_index == problem && row.stage == 0);
        let verdicts: std::collections::BTreeSet<Option<bool>> =
            all.map(|row| row.counts()).collect();
        let shown = rows.iter().filter(|row| row.problem_index == problem).count();
        assert_eq!(shown, if verdicts.len() > 1 { 5 } else { 0 });
    }
    let right = results.filtered(Filter { show: Show::Right, ..Filter::default() }).len();
    let wrong = results.filtered(Filter { show: Show::Wrong, ..Filter::default() }).len();
    assert_eq!(right + wrong, results.rows().len());
    let csv = results.to_csv();
    assert!(csv.starts_with("problem,lang,kind,pair,technique,stage,question,"));
    assert!(csv.lines().count() > results.rows().len());
}

#[test]
fn experiments_are_files() {
    let experiment = experiment(3, 4);
    let json = serde_json::to_string(&experiment).unwrap();
    assert_eq!(Experiment::from_json(&json).unwrap(), experiment);
    for (good, bad) in [
        ("\"count\":3", "\"count\":0"),
        ("\"key\":\"shots\"", "\"key\":\"plain\""),
        ("\"key\":\"sft\"", "\"key\":\"a/b\""),
        ("\"model\":\"other\"", "\"model\":\"../other\""),
        ("\"shots\":2", "\"shots\":20"),
        ("\"speakers\":[\"sft\"]", "\"speakers\":[\"nobody\"]"),
        ("\"seed\":5", "\"seed\":18014398509481984"),
        ("\"temperature\":0.5", "\"temperature\":-1.0"),
        ("\"rule\":\"auto\"", "\"rule\":\"pattern\",\"pattern\":\"(\""),
        ("\"batch\":4", "\"batch\":4,\"color\":1"),
    ] {
        let json = json.replacen("\"rounds\":1,", "\"rounds\":1,\"speakers\":[\"sft\"],", 1);
        let json = json.replacen("\"rounds\":1}", "\"rounds\":1,\"speakers\":[\"sft\"]}", 1);
        assert!(Experiment::from_json(&json).is_ok(), "{json}");
        assert!(json.contains(good), "{good} is not in {json}");
        assert!(Experiment::from_json(&json.replacen(good, bad, 1)).is_err(), "{bad}");
    }
}
