//! Runs for tests, driven by the model that knows nothing.

use std::collections::BTreeMap;

use lab::experiment::{
    Batch, BatchRow, ExampleSource, Experiment, Next, Run, Source, Stage, Status, TechniqueUse,
};
use lab::grade::Grader;
use lab::problems::Kind;
use lab::prompt::{ChatExamples, Form};
use lab::technique::{Extract, Technique};
use lab::{Bilingual, Language};

use super::{reply_to, warm};

pub(crate) fn used(key: &str, technique: Technique) -> TechniqueUse {
    TechniqueUse { key: key.to_owned(), name: Bilingual::default(), technique }
}

pub(crate) fn stage(key: &str, model: &str, form: Form) -> Stage {
    let (key, model) = (key.to_owned(), model.to_owned());
    Stage { stage: key.clone(), key, model, form, chat_examples: ChatExamples::Turns }
}

/// Two stages of one model and one of another; techniques of one call, of calls at once, and of calls one after another.
pub(crate) fn experiment(count: usize, batch: usize) -> Experiment {
    Experiment {
        id: "test".to_owned(),
        title: Bilingual::default(),
        question: Bilingual::default(),
        techniques: vec![
            used("plain", Technique::Plain),
            used("shots", Technique::FewShot { shots: 2, picked: Vec::new() }),
            used("steps", Technique::ZeroShotCot { extract: Extract::IfMissing }),
            used(
                "votes",
                Technique::SelfConsistency {
                    votes: 3,
                    shots: 0,
                    picked: Vec::new(),
                    temperature: 0.7,
                },
            ),
            used(
                "talk",
                Technique::Discussion { speakers: Vec::new(), rounds: 1, judge: String::new() },
            ),
        ],
        stages: vec![
            stage("base", "sprout", Form::Raw),
            stage("sft", "sprout", Form::Chat),
            stage("model", "other", Form::Chat),
        ],
        problems: Source::Generated { kind: Kind::OneStep },
        languages: Language::ALL.to_vec(),
        count,
        examples: ExampleSource::Problems,
        seed: 5,
        sampling: warm(),
        max_tokens: 40,
        batch,
        grader: Grader::Auto,
    }
}

pub(crate) fn begin(count: usize, batch: usize) -> Run {
    let made_with = BTreeMap::from([("backend".to_owned(), "none".to_owned())]);
    Run::new(experiment(count, batch), None, made_with).unwrap()
}

pub(crate) fn next(run: &mut Run) -> Option<Batch> {
    match run.next_batch() {
        Next::Batch(batch) => Some(batch),
        _ => None,
    }
}

pub(crate) fn answer(run: &mut Run, row: &BatchRow) {
    run.answer(row.id, reply_to(&row.call)).unwrap();
}

/// Batch after batch to the end, as it should be driven. Gives back the batches.
pub(crate) fn finish(run: &mut Run) -> Vec<Batch> {
    let mut batches = Vec::new();
    while let Some(batch) = next(run) {
        for row in &batch.rows {
            answer(run, row);
        }
        batches.push(batch);
    }
    assert_eq!(run.status(), Status::Finished);
    batches
}
