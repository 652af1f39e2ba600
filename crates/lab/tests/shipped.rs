//! The files that come with the page: whole, in both languages, and runnable.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::reply_to;
use lab::Language;
use lab::experiment::{Experiment, Next, Run, Status};
use lab::prompt::{Form, assemble};
use lab::shipped::demonstrations;
use lab::technique::CATALOGUE;

const QUESTIONS: &str = include_str!("../../../web/models/sprout/eval/questions.jsonl");
const WORD_PROBLEMS: &str = include_str!("../../../web/models/sprout/eval/word_problems.jsonl");
const EXPERIMENTS: [(&str, &str); 6] = [
    ("ages", include_str!("../../../web/experiments/ages.json")),
    ("direct-or-steps", include_str!("../../../web/experiments/direct-or-steps.json")),
    ("examples-on-opposites", include_str!("../../../web/experiments/examples-on-opposites.json")),
    ("important-to-me", include_str!("../../../web/experiments/important-to-me.json")),
    ("majority-vote", include_str!("../../../web/experiments/majority-vote.json")),
    ("one-word", include_str!("../../../web/experiments/one-word.json")),
];
const DEMONSTRATIONS: &str = include_str!("../../../web/experiments/demonstrations.json");

fn file(experiment: &Experiment) -> Option<&'static str> {
    match experiment.problems.file().as_deref() {
        Some("sprout/eval/questions.jsonl") => Some(QUESTIONS),
        Some("sprout/eval/word_problems.jsonl") => Some(WORD_PROBLEMS),
        _ => None,
    }
}

#[test]
fn experiments_can_be_run() {
    for (name, json) in EXPERIMENTS {
        let experiment =
            Experiment::from_json(json).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(experiment.id, name);
        for text in [&experiment.title, &experiment.question] {
            assert!(!text.en.is_empty() && Language::of(&text.zh) == Language::Zh, "{name}");
            assert_eq!(Language::of(&text.en), Language::En, "{name}");
        }
        assert_eq!(experiment.languages, Language::ALL, "{name}");
        // All of it can be prepared, and a part of it runs to its end.
        let prepared =
            experiment.prepare(file(&experiment)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(prepared.problems.len(), 2 * experiment.count);
        let small = Experiment { count: 2, ..experiment.clone() };
        let mut run = Run::new(small, file(&experiment), BTreeMap::new()).unwrap();
        while let Next::Batch(batch) = run.next_batch() {
            for row in &batch.rows {
                run.answer(row.id, reply_to(&row.call)).unwrap();
            }
        }
        assert_eq!(run.status(), Status::Finished, "{name}");
        for bar in run.results().bars(None) {
            assert_eq!((bar.right.n + bar.ungraded, bar.failed), (4, 0), "{name}");
        }
        assert_eq!(run.results().agreement(None).is_empty(), name != "one-word");
    }
}

#[test]
fn demonstrations_are_whole() {
    let shown = demonstrations(DEMONSTRATIONS).unwrap();
    let ids: BTreeSet<&str> = shown.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids.len(), shown.len());
    assert!(
        ids.contains("sky")
            && ids.contains("sister")
            && ids.contains("golf-balls")
            && ids.contains("bagels")
    );
    for demonstration in &shown {
        for text in [&demonstration.title, &demonstration.look_for] {
            assert!(
                !text.en.is_empty() && Language::of(&text.zh) == Language::Zh,
                "{}",
                demonstration.id
            );
        }
        let counts = Language::ALL.map(|language| demonstration.prompts_in(language).count());
        assert!(counts[0] >= 2 && counts[0] == counts[1], "{}", demonstration.id);
        for variant in &demonstration.prompts {
            assert!(
                CATALOGUE.iter().any(|info| info.id == variant.technique),
                "{}",
                variant.technique
            );
            for form in [Form::Raw, Form::Chat] {
                let assembled = assemble(&variant.parts, variant.layout(form));
                let shown: BTreeSet<usize> = assembled.segments.iter().map(|it| it.part).collect();
                assert_eq!(shown.len(), variant.parts.len(), "{}", demonstration.id);
            }
            for part in &variant.parts {
                assert_eq!(Language::of(&part.text), variant.lang, "{}", part.text);
            }
        }
    }
}
