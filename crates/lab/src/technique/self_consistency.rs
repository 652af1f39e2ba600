//! Self-consistency: several worked answers, and the most frequent one wins (Wang et al. 2022, arXiv 2203.11171).

use super::attempt::Step;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome, Vote};
use super::task::Task;
use crate::prompt::Example;

#[derive(Clone, Debug)]
pub(super) struct SelfConsistency {
    task: Task,
    calls: Vec<ModelCall>,
    asked: bool,
}

impl SelfConsistency {
    /// All samples are one prompt with different seeds. The first five of twenty samples are those of a run with five.
    pub(super) fn new(
        votes: usize,
        shots: usize,
        picked: &[Example],
        temperature: f32,
        task: &Task,
    ) -> Self {
        let mut task = task.clone();
        task.sampling.temperature = temperature;
        let parts = task.steps_parts(shots, picked);
        let first = task.call(Purpose::Sample, &parts, true, 0);
        let calls =
            (0..votes.max(1)).map(|vote| ModelCall { seed: task.seed_of(vote), ..first.clone() });
        Self { calls: calls.collect(), task, asked: false }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        if !self.asked {
            self.asked = true;
            return Step::Calls(self.calls.clone());
        }
        let answers: Vec<Outcome> = self
            .calls
            .iter()
            .zip(replies)
            .map(|(call, reply)| Outcome::of(call, reply, Detail::Reply))
            .collect();
        let keys = answers
            .iter()
            .map(|answer| self.task.reads(&answer.text, &answer.head).map(|reading| reading.key));
        let votes = count(keys);
        let winner = votes.iter().find(|vote| vote.answer.is_some());
        let sample = winner.and_then(|vote| answers.get(*vote.samples.first()?)).cloned();
        Step::Done(Outcome { detail: Detail::Votes { votes }, ..sample.unwrap_or_default() })
    }
}

/// Counts answers: the most frequent first, of equally frequent ones the one that came first.
fn count(keys: impl Iterator<Item = Option<String>>) -> Vec<Vote> {
    let mut votes: Vec<Vote> = Vec::new();
    for (sample, answer) in keys.enumerate() {
        match votes.iter_mut().find(|vote| vote.answer == answer) {
            Some(vote) => vote.samples.push(sample),
            None => votes.push(Vote { answer, samples: vec![sample] }),
        }
    }
    votes.sort_by_key(|vote| std::cmp::Reverse(vote.samples.len()));
    votes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_are_counted() {
        let keys = ["7", "", "8", "8", "", ""].map(|key| (!key.is_empty()).then(|| key.to_owned()));
        let votes = count(keys.into_iter());
        let found: Vec<(Option<&str>, &[usize])> =
            votes.iter().map(|vote| (vote.answer.as_deref(), vote.samples.as_slice())).collect();
        assert_eq!(
            found,
            [(None, &[1, 4, 5][..]), (Some("8"), &[2, 3][..]), (Some("7"), &[0][..])]
        );
    }
}
