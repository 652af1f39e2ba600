//! Several stages answer, read one another's answers, answer again, and a judge decides (Du et al. 2023, arXiv 2305.14325).

use super::attempt::Step;
use super::build::phrase;
use super::call::{ModelCall, Purpose, Reply};
use super::outcome::{Detail, Outcome, Turn};
use super::phrases;
use super::task::{Speaker, Task};
use crate::language::joint;
use crate::prompt::{Form, Part, PartKind};

#[derive(Clone, Debug)]
pub(super) struct Discussion {
    task: Task,
    speakers: Vec<Speaker>,
    rounds: u32,
    judge: Option<Speaker>,
    /// The round whose answers are out; 0 before the first.
    round: u32,
    calls: Vec<ModelCall>,
    made: usize,
    turns: Vec<Turn>,
}

impl Discussion {
    /// Speakers that the task does not know are left out; if none is left, the judge answers alone.
    pub(super) fn new(speakers: &[String], rounds: u32, judge: &str, task: &Task) -> Self {
        let known =
            |key: &String| task.speakers.iter().find(|speaker| speaker.key == *key).cloned();
        let speakers = if speakers.is_empty() {
            task.speakers.clone()
        } else {
            speakers.iter().filter_map(known).collect()
        };
        let judge = known(&judge.to_owned());
        let (calls, turns) = (Vec::new(), Vec::new());
        Self { task: task.clone(), speakers, rounds, judge, round: 0, calls, made: 0, turns }
    }

    pub(super) fn next(&mut self, replies: &[Reply]) -> Step {
        if self.round > self.rounds {
            let call = self.calls.pop().unwrap_or_else(|| self.judge_call());
            let reply = replies.first().cloned().unwrap_or_default();
            self.hear(call.speaker.clone(), &reply);
            let turns = std::mem::take(&mut self.turns);
            return Step::Done(Outcome::of(&call, &reply, Detail::Discussion { turns }));
        }
        let calls = std::mem::take(&mut self.calls);
        for (call, reply) in calls.iter().zip(replies) {
            self.hear(call.speaker.clone(), reply);
        }
        self.round += 1;
        self.calls = if self.round > self.rounds || self.speakers.is_empty() {
            self.round = self.rounds + 1;
            vec![self.judge_call()]
        } else {
            (0..self.speakers.len()).map(|index| self.opinion_call(index)).collect()
        };
        self.made += self.calls.len();
        Step::Calls(self.calls.clone())
    }

    fn hear(&mut self, speaker: Option<String>, reply: &Reply) {
        let (speaker, text) = (speaker.unwrap_or_default(), reply.text.trim().to_owned());
        self.turns.push(Turn { round: self.round, speaker, text });
    }

    /// What a speaker is asked in this round: from the second on with what the others said in the one before.
    fn opinion_call(&self, index: usize) -> ModelCall {
        let speaker = &self.speakers[index];
        let others = self.opinions(|other| other != speaker.key);
        let mut parts = Vec::new();
        if !others.is_empty() {
            parts.push(phrase(PartKind::Instruction, phrases::OTHERS, self.task.language));
            parts.push(Part::new(PartKind::Information, others));
        }
        parts.push(self.task.question_part());
        let ordinal = self.made + index;
        self.ask(Some(&speaker.key), speaker.form, Purpose::Discuss, &parts, ordinal)
    }

    fn judge_call(&self) -> ModelCall {
        let opinions = self.opinions(|_| true);
        let mut parts = Vec::new();
        if !opinions.is_empty() {
            parts.push(phrase(PartKind::Instruction, phrases::JUDGE, self.task.language));
            parts.push(Part::new(PartKind::Information, opinions));
        }
        parts.push(self.task.question_part());
        let (key, form) = match &self.judge {
            Some(judge) => (Some(judge.key.as_str()), judge.form),
            None => (None, self.task.form),
        };
        self.ask(key, form, Purpose::Judge, &parts, self.made)
    }

    fn ask(
        &self,
        speaker: Option<&str>,
        form: Form,
        purpose: Purpose,
        parts: &[Part],
        ordinal: usize,
    ) -> ModelCall {
        self.task.call_to(speaker, form, purpose, parts, true, ordinal)
    }

    /// The answers of the round before, one on each line. Who gave them is not said.
    fn opinions(&self, wanted: impl Fn(&str) -> bool) -> String {
        let before = self.round.saturating_sub(1);
        let said = self.turns.iter().filter(|turn| turn.round == before && wanted(&turn.speaker));
        let lines = said.enumerate().map(|(index, turn)| {
            let letter = char::from(b'A' + (index % 26) as u8);
            let word = phrases::ANSWER_OF.get(self.task.language);
            let one_line: Vec<&str> = turn.text.lines().map(str::trim).collect();
            let name = format!("{word} {letter}:");
            let text = one_line.join(" ");
            format!("{name}{}{text}", joint(&name, &text))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
