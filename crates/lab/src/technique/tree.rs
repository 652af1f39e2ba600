//! Tree of thoughts: steps are proposed and scored by the model, and only the best are followed (Yao et al. 2023,
//! arXiv 2305.10601; breadth-first search with values).

use super::attempt::Step;
use super::build::phrase;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome, Thought};
use super::phrases;
use super::reading::{first_sentence, score};
use super::task::Task;
use crate::grade::marker::has_marker;
use crate::language::joint;
use crate::prompt::{Form, Input, Part, PartKind};

/// New tokens of a score.
const SCORE_TOKENS: u32 = 8;

#[derive(Clone, Debug)]
pub(super) struct Tree {
    task: Task,
    breadth: usize,
    proposals: usize,
    depth: u32,
    temperature: f32,
    /// The prompt before the first step.
    base: ModelCall,
    calls: usize,
    thoughts: Vec<Thought>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Start,
    /// Proposals are out, after these thoughts (`None`: the question).
    Proposing(Vec<Option<usize>>),
    /// Scores are out, of these thoughts.
    Scoring(Vec<usize>),
    /// The answer after the best path is out.
    Answering(ModelCall, Option<usize>),
}

impl Tree {
    pub(super) fn new(
        breadth: usize,
        proposals: usize,
        depth: u32,
        temperature: f32,
        task: &Task,
    ) -> Self {
        let mut parts = vec![task.question_part()];
        // In a raw prompt the phrase would become the first step.
        if task.form == Form::Chat {
            parts.push(phrase(PartKind::Closing, phrases::STEP_BY_STEP, task.language));
        }
        let base = task.call(Purpose::Propose, &parts, true, 0);
        let (thoughts, state) = (Vec::new(), State::Start);
        Self {
            task: task.clone(),
            breadth,
            proposals,
            depth,
            temperature,
            base,
            calls: 0,
            thoughts,
            state,
        }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        match std::mem::replace(&mut self.state, State::Start) {
            State::Start => self.propose(vec![None]),
            State::Proposing(parents) => self.take_proposals(&parents, replies),
            State::Scoring(new) => self.take_scores(&new, replies),
            State::Answering(call, best) => {
                let reply = replies.first().cloned().unwrap_or_default();
                let thoughts = std::mem::take(&mut self.thoughts);
                Step::Done(Outcome::of(&call, &reply, Detail::Tree { thoughts, best }))
            }
        }
    }

    fn propose(&mut self, parents: Vec<Option<usize>>) -> Step {
        let mut calls = Vec::new();
        for &parent in &parents {
            for _ in 0..self.proposals {
                let input = self.after(parent);
                let mut call =
                    self.task.follow(&self.base, Purpose::Propose, input, "", self.calls);
                call.sampling.temperature = self.temperature;
                self.calls += 1;
                calls.push(call);
            }
        }
        self.state = State::Proposing(parents);
        Step::Calls(calls)
    }

    fn take_proposals(&mut self, parents: &[Option<usize>], replies: &[Reply]) -> Step {
        let mut new = Vec::new();
        for (index, reply) in replies.iter().enumerate() {
            let parent = parents.get(index / self.proposals.max(1)).copied().flatten();
            let text = first_sentence(&reply.text).to_owned();
            let known = |thought: &Thought| thought.parent == parent && thought.text == text;
            if text.is_empty() || self.thoughts.iter().any(known) {
                continue;
            }
            let depth = self.depth_of(parent) + 1;
            let answers = has_marker(&text);
            new.push(self.thoughts.len());
            self.thoughts.push(Thought { parent, depth, text, score: None, kept: false, answers });
        }
        if new.is_empty() {
            let best = self.best();
            return self.answer(best);
        }
        let mut calls = Vec::new();
        for &thought in &new {
            calls.push(self.score_call(thought));
        }
        self.state = State::Scoring(new);
        Step::Calls(calls)
    }

    fn take_scores(&mut self, new: &[usize], replies: &[Reply]) -> Step {
        for (&thought, reply) in new.iter().zip(replies) {
            if let Some(thought) = self.thoughts.get_mut(thought) {
                thought.score = score(&reply.text);
            }
        }
        // Paths that have ended stay in the running.
        let ended = |index: &usize| {
            self.thoughts.get(*index).is_some_and(|thought| thought.kept && thought.answers)
        };
        let mut candidates: Vec<usize> = (0..self.thoughts.len()).filter(ended).collect();
        let fresh: Vec<usize> =
            new.iter().copied().filter(|index| !candidates.contains(index)).collect();
        candidates.extend(fresh);
        candidates.sort_by(|&a, &b| self.value(b).total_cmp(&self.value(a)).then(a.cmp(&b)));
        candidates.truncate(self.breadth);
        for &index in &candidates {
            if let Some(thought) = self.thoughts.get_mut(index) {
                thought.kept = true;
            }
        }
        let deepest = new.first().map_or(self.depth, |&index| self.depth_of(Some(index)));
        let open = candidates.iter().filter(|&&index| !self.answers(Some(index)));
        let open: Vec<Option<usize>> = open.copied().map(Some).collect();
        if open.is_empty() || deepest >= self.depth {
            return self.answer(candidates.first().copied());
        }
        self.propose(open)
    }

    /// Ends with the best path: what it says, or what the model says after it.
    fn answer(&mut self, best: Option<usize>) -> Step {
        if self.answers(best) {
            let thoughts = std::mem::take(&mut self.thoughts);
            let text = path(&thoughts, best);
            return Step::Done(Outcome::text(text, Detail::Tree { thoughts, best }));
        }
        let steps = ModelCall { input: self.after(best), ..self.base.clone() };
        let call = self.task.extraction(&steps, "", self.calls);
        self.calls += 1;
        self.state = State::Answering(call.clone(), best);
        Step::Calls(vec![call])
    }

    /// The prompt with the steps up to a thought.
    fn after(&self, thought: Option<usize>) -> Input {
        let steps = path(&self.thoughts, thought);
        let gap = match &self.base.input {
            Input::Raw { text } => joint(text, &steps),
            Input::Chat { .. } => "",
        };
        self.base.input.continued(gap, &steps)
    }

    fn score_call(&mut self, thought: usize) -> ModelCall {
        let language = self.task.language;
        let line = |name: crate::Phrase, text: &str| {
            let name = name.get(language);
            format!("{name}{}{text}", joint(name, text))
        };
        let steps = path(&self.thoughts, Some(thought));
        let parts = [
            phrase(PartKind::Instruction, phrases::SCORE, language),
            Part::new(PartKind::Information, line(phrases::QUESTION, &self.task.question)),
            Part::new(PartKind::Information, line(phrases::STEPS, &steps)),
            phrase(PartKind::Starter, phrases::SCORE_IS, language),
        ];
        let mut call = self.task.call(Purpose::Score, &parts, false, self.calls);
        call.max_tokens = SCORE_TOKENS.min(call.max_tokens);
        self.calls += 1;
        call
    }

    fn best(&self) -> Option<usize> {
        let kept = (0..self.thoughts.len()).filter(|&index| self.thoughts[index].kept);
        // The deepest of the best: of equal ones the first.
        kept.max_by(|&a, &b| {
            let depth = self.depth_of(Some(a)).cmp(&self.depth_of(Some(b)));
            depth.then(self.value(a).total_cmp(&self.value(b))).then(b.cmp(&a))
        })
    }

    fn value(&self, thought: usize) -> f64 {
        self.thoughts.get(thought).and_then(|thought| thought.score).unwrap_or(0.0)
    }

    fn depth_of(&self, thought: Option<usize>) -> u32 {
        thought.and_then(|index| self.thoughts.get(index)).map_or(0, |thought| thought.depth)
    }

    fn answers(&self, thought: Option<usize>) -> bool {
        thought.and_then(|index| self.thoughts.get(index)).is_some_and(|thought| thought.answers)
    }
}

/// The steps from the question to a thought, as one text.
fn path(thoughts: &[Thought], last: Option<usize>) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let mut at = last;
    while let Some(thought) = at.and_then(|index| thoughts.get(index)) {
        steps.push(&thought.text);
        // Parents come before their children, so that this ends.
        at = thought.parent.filter(|&parent| at.is_some_and(|child| parent < child));
    }
    steps.iter().rev().fold(String::new(), |path, &step| {
        let gap = joint(&path, step);
        path + gap + step
    })
}
