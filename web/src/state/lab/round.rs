//! What the reader asked while building, and the checksums that show that asking changes no weights.

use std::collections::{BTreeMap, BTreeSet};

use lab::technique::Reply;

use super::asked::Asked;
use crate::protocol::lab::{CallTokens, LabCall};

/// Answers that are kept on the page.
const MOST: usize = 24;

/// Weights as the engine held them at some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Weights {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// Everything asked so far, the newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Round {
    pub(crate) asked: Vec<Asked>,
    /// By model, from before the first call.
    before: BTreeMap<String, Option<Weights>>,
    after: BTreeMap<String, Option<Weights>>,
    /// Models that were asked since their weights were looked at.
    unchecked: BTreeSet<String>,
    made: usize,
}

/// What has to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Look at the weights of this model before it is asked, or after.
    Weigh { model: String, after: bool },
    /// Make the calls to this model.
    Call { model: String },
}

impl Round {
    /// The number of the next one that is asked.
    pub(crate) fn number(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// Adds what is asked together, in this order, before what was asked earlier.
    pub(crate) fn open(&mut self, asked: Vec<Asked>) {
        for one in &asked {
            self.unchecked.extend(one.models());
        }
        self.asked.splice(0..0, asked);
        // What is under way stays, however much there is.
        let mut at = 0;
        self.asked.retain(|one| {
            at += 1;
            at <= MOST || !one.is_settled()
        });
    }

    /// Is something under way?
    pub(crate) fn is_busy(&self) -> bool {
        self.asked.iter().any(|one| !one.is_settled())
    }

    /// The next thing to do; `None` if there is nothing or only waiting.
    pub(crate) fn todo(&self) -> Option<Todo> {
        let open = || self.asked.iter().filter(|one| !one.is_settled());
        let mut models = open().flat_map(Asked::models);
        if let Some(model) = models.find(|model| !self.before.contains_key(model)) {
            return Some(Todo::Weigh { model, after: false });
        }
        if let Some(model) = open().find_map(Asked::next_model) {
            return Some(Todo::Call { model: model.to_owned() });
        }
        let model = self.unchecked.first().filter(|_| !self.is_busy())?.clone();
        Some(Todo::Weigh { model, after: true })
    }

    /// The calls to a model, of all that are under way.
    pub(crate) fn take_calls(&mut self, model: &str) -> Vec<LabCall> {
        // The one that was asked first goes first: in the order in which they stand.
        self.asked.iter_mut().flat_map(|one| one.take_calls(model)).collect()
    }

    /// Takes a reply or a refusal.
    pub(crate) fn take(
        &mut self,
        number: usize,
        call: usize,
        reply: Result<(Reply, Option<CallTokens>), String>,
    ) {
        let Some(one) = self.asked.iter_mut().find(|one| one.number == number) else { return };
        match reply {
            Ok((reply, tokens)) => {
                if let Some(tokens) = tokens {
                    one.tokens.insert(call, tokens);
                }
                one.reply(call, reply);
            }
            Err(why) => one.fail(why),
        }
    }

    /// Nothing that is out will come.
    pub(crate) fn withdraw(&mut self) {
        self.asked.iter_mut().for_each(Asked::withdraw);
    }

    /// What is under way ends without an answer.
    pub(crate) fn break_off(&mut self, why: &str) {
        self.withdraw();
        self.asked.iter_mut().for_each(|one| one.fail(why.to_owned()));
    }

    /// Takes the checksum of a model; `None` if it could not be made.
    pub(crate) fn weigh(&mut self, model: &str, after: bool, weights: Option<Weights>) {
        if after {
            self.unchecked.remove(model);
            self.after.insert(model.to_owned(), weights);
        } else {
            self.before.insert(model.to_owned(), weights);
        }
    }

    /// Both checksums of each model that was asked, as far as they are there.
    pub(crate) fn weights(&self) -> Vec<(String, Weights, Option<Weights>)> {
        self.before
            .iter()
            .filter_map(|(model, before)| {
                let after = self.after.get(model).cloned().flatten();
                Some((model.clone(), before.clone()?, after))
            })
            .collect()
    }

    /// Takes one answer from the page.
    pub(crate) fn dismiss(&mut self, number: usize) {
        self.asked.retain(|one| one.number != number || !one.is_settled());
    }

    /// Takes all answers that are there from the page.
    pub(crate) fn clear(&mut self) {
        self.asked.retain(|one| !one.is_settled());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::asked::{Right, Seat};
    use lab::technique::{Task, Technique};

    fn asked(round: &mut Round, model: &str) -> Asked {
        let number = round.number();
        let task = Task { question: "1 + 1?".into(), max_tokens: 4, ..Task::default() };
        let seat = Seat::new(model, "sft");
        Asked::new(number, Technique::Plain, seat, BTreeMap::new(), task, Right::default())
    }

    fn sum(text: &str) -> Option<Weights> {
        Some(Weights { sha256: text.into(), bytes: 9 })
    }

    fn answer(round: &mut Round, model: &str) -> usize {
        let calls = round.take_calls(model);
        for call in &calls {
            round.take(call.id.cell, call.id.call, Ok((Reply::default(), None)));
        }
        calls.len()
    }

    #[test]
    fn weights_are_looked_at_before_and_after() {
        let mut round = Round::default();
        let both = vec![asked(&mut round, "m"), asked(&mut round, "m")];
        round.open(both);
        let before = Todo::Weigh { model: "m".into(), after: false };
        assert_eq!(round.todo(), Some(before));
        round.weigh("m", false, sum("a1"));
        assert_eq!(round.todo(), Some(Todo::Call { model: "m".into() }));
        assert_eq!(answer(&mut round, "m"), 2);
        assert_eq!(round.todo(), Some(Todo::Weigh { model: "m".into(), after: true }));
        round.weigh("m", true, sum("a1"));
        assert_eq!((round.todo(), round.is_busy()), (None, false));
        let weights = round.weights();
        assert_eq!(weights.len(), 1);
        assert_eq!(Some(&weights[0].1), weights[0].2.as_ref());

        // Asked again: only what comes after is looked at again.
        let again = vec![asked(&mut round, "m")];
        round.open(again);
        assert_eq!(round.todo(), Some(Todo::Call { model: "m".into() }));
    }

    #[test]
    fn a_model_whose_weights_cannot_be_read_is_asked_nevertheless() {
        let mut round = Round::default();
        let one = vec![asked(&mut round, "m")];
        round.open(one);
        round.weigh("m", false, None);
        assert_eq!(round.todo(), Some(Todo::Call { model: "m".into() }));
        assert!(round.weights().is_empty(), "and nothing is claimed");
    }

    #[test]
    fn what_is_under_way_is_not_dismissed() {
        let mut round = Round::default();
        let two = vec![asked(&mut round, "m"), asked(&mut round, "n")];
        round.open(two);
        round.dismiss(1);
        round.clear();
        assert_eq!(round.asked.len(), 2);
        round.take(1, 0, Err("no room".into()));
        assert_eq!(round.asked[0].failed.as_deref(), Some("no room"));
        round.break_off("the worker is gone");
        assert!(!round.is_busy());
        round.clear();
        assert!(round.asked.is_empty());
    }

    #[test]
    fn the_page_keeps_so_many() {
        let mut round = Round::default();
        round.weigh("m", false, sum("a"));
        for _ in 0..MOST + 3 {
            let one = vec![asked(&mut round, "m")];
            round.open(one);
            answer(&mut round, "m");
        }
        assert_eq!(round.asked.len(), MOST);
        assert_eq!(round.asked[0].number, MOST + 3, "the newest first");
    }
}
