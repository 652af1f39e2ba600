//! The experiments and prompts that come with the page.

use std::sync::LazyLock;

use lab::experiment::{Experiment, Run, Source};
use lab::shipped::{Demonstration, demonstrations};

const FILES: [&str; 6] = [
    include_str!("../../../experiments/direct-or-steps.json"),
    include_str!("../../../experiments/examples-on-opposites.json"),
    include_str!("../../../experiments/important-to-me.json"),
    include_str!("../../../experiments/majority-vote.json"),
    include_str!("../../../experiments/ages.json"),
    include_str!("../../../experiments/one-word.json"),
];

static EXPERIMENTS: LazyLock<Vec<Experiment>> = LazyLock::new(|| {
    // A test reads each of them: one that cannot be read does not get this far.
    FILES.iter().filter_map(|file| Experiment::from_json(file).ok()).collect()
});

static DEMONSTRATIONS: LazyLock<Vec<Demonstration>> = LazyLock::new(|| {
    demonstrations(include_str!("../../../experiments/demonstrations.json")).unwrap_or_default()
});

/// The experiments in the order in which they are offered.
pub(crate) fn experiments() -> &'static [Experiment] {
    &EXPERIMENTS
}

/// An experiment by its id.
pub(crate) fn experiment(id: &str) -> Option<&'static Experiment> {
    experiments().iter().find(|experiment| experiment.id == id)
}

/// Prompts to try, before and after.
pub(crate) fn prompts() -> &'static [Demonstration] {
    &DEMONSTRATIONS
}

/// Where the stored run of an experiment on a model lies in the site.
pub(crate) fn stored_run(experiment: &str, model: &str) -> String {
    format!("experiments/runs/{experiment}.{model}.jsonl")
}

/// Where a file of problems lies in the site.
pub(crate) fn problems_file(source: &Source) -> Option<String> {
    source.file().map(|file| format!("models/{file}"))
}

/// Is this a run of that experiment, so that their figures can stand beside each other? Only the problems drawn, their
/// number and the batch size may differ.
pub(crate) fn is_run_of(run: &Run, experiment: &Experiment) -> bool {
    let own = run.experiment();
    own.techniques == experiment.techniques
        && own.stages == experiment.stages
        && own.problems == experiment.problems
        && own.sampling == experiment.sampling
        && own.max_tokens == experiment.max_tokens
        && own.grader == experiment.grader
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn everything_that_is_shipped_can_be_read() {
        assert_eq!(experiments().len(), FILES.len());
        for own in experiments() {
            assert_eq!(experiment(&own.id), Some(own));
            assert!(!own.title.en.is_empty() && !own.question.zh.is_empty(), "{}", own.id);
        }
        assert!(prompts().len() >= 3);
    }

    #[test]
    fn an_experiment_moves_to_another_model_whole() {
        for own in experiments() {
            let moved = own.on_model("gemma-3-270m");
            assert!(moved.stages.iter().all(|stage| stage.model == "gemma-3-270m"));
            assert_eq!(moved.check(), Ok(()), "{}", own.id);
            let file = problems_file(&moved.problems);
            assert!(file.is_none_or(|file| file.starts_with("models/gemma-3-270m/eval/")));
        }
    }

    #[test]
    fn only_a_run_of_the_same_stands_beside_it() {
        let Some(own) = experiments().iter().find(|it| it.problems.file().is_none()) else {
            panic!("one has generated problems")
        };
        let run = |experiment: Experiment| {
            Run::new(experiment, None, BTreeMap::new()).expect("generated")
        };
        let smaller = Experiment { count: 2, ..own.clone() };
        assert!(is_run_of(&run(smaller), own));
        let other = Experiment { max_tokens: own.max_tokens + 1, ..own.clone() };
        assert!(!is_run_of(&run(other), own));
    }
}
