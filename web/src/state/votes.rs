//! What the reader thought of the answers: votes, and signals given by the way. Kept in this browser only; exported
//! as lines that TRL reads.

use serde::{Deserialize, Serialize};
use text::Message;

/// An answer and what wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) model: String,
    pub(crate) stage: String,
    pub(crate) text: String,
    pub(crate) temperature: f32,
    pub(crate) seed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reward: Option<f32>,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// This answer, counted from 0 as they stood on the page.
    Best(usize),
    Tie,
    AllBad,
}

/// One vote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vote {
    /// Milliseconds since 1970.
    pub(crate) at: f64,
    pub(crate) prompt: Vec<Message>,
    /// From left to right.
    pub(crate) answers: Vec<Answer>,
    pub(crate) verdict: Verdict,
    /// The names were hidden.
    pub(crate) blind: bool,
}

/// What the reader did that says something about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Deed {
    /// Copied it: of use.
    Copied,
    /// Asked again: not good enough.
    AskedAgain,
}

/// A signal given by the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Signal {
    /// Milliseconds since 1970.
    pub(crate) at: f64,
    pub(crate) prompt: Vec<Message>,
    pub(crate) answer: Answer,
    pub(crate) deed: Deed,
}

/// All that is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Ballot {
    pub(crate) votes: Vec<Vote>,
    pub(crate) signals: Vec<Signal>,
}

/// A line of a preference data set in TRL's conversational form.
#[derive(Serialize)]
struct Preference<'a> {
    prompt: &'a [Message],
    chosen: [Message; 1],
    rejected: [Message; 1],
}

/// A line of an unpaired preference data set.
#[derive(Serialize)]
struct Unpaired<'a> {
    prompt: &'a [Message],
    completion: [Message; 1],
    label: bool,
}

impl Ballot {
    pub(crate) fn is_empty(&self) -> bool {
        self.votes.is_empty() && self.signals.is_empty()
    }

    /// How often a stage was the best of those shown beside it: wins, and votes that had a best one.
    pub(crate) fn wins(&self, model: &str, stage: &str) -> (usize, usize) {
        let is_it = |answer: &Answer| answer.model == model && answer.stage == stage;
        let mut counts = (0, 0);
        for vote in &self.votes {
            let Verdict::Best(best) = vote.verdict else { continue };
            if vote.answers.iter().any(is_it) {
                counts.1 += 1;
                counts.0 += usize::from(vote.answers.get(best).is_some_and(is_it));
            }
        }
        counts
    }

    /// The stages that votes were about, in the order they came up.
    pub(crate) fn stages(&self) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = Vec::new();
        for answer in self.votes.iter().flat_map(|vote| &vote.answers) {
            let stage = (answer.model.clone(), answer.stage.clone());
            if !out.contains(&stage) {
                out.push(stage);
            }
        }
        out
    }

    /// `{"prompt":[…],"chosen":[…],"rejected":[…]}` for each pair a vote decided. A tie decides none, and equal
    /// texts are no pair.
    pub(crate) fn preferences(&self) -> String {
        let mut lines = String::new();
        for vote in &self.votes {
            let Verdict::Best(best) = vote.verdict else { continue };
            let Some(chosen) = vote.answers.get(best) else { continue };
            let others = vote.answers.iter().enumerate().filter(|(at, _)| *at != best);
            for (_, rejected) in others.filter(|(_, other)| other.text != chosen.text) {
                let (chosen, rejected) = ([said(&chosen.text)], [said(&rejected.text)]);
                push_line(&mut lines, &Preference { prompt: &vote.prompt, chosen, rejected });
            }
        }
        lines
    }

    /// `{"prompt":[…],"completion":[…],"label":…}` for each signal.
    pub(crate) fn unpaired(&self) -> String {
        let mut lines = String::new();
        for signal in &self.signals {
            let completion = [said(&signal.answer.text)];
            let label = signal.deed == Deed::Copied;
            push_line(&mut lines, &Unpaired { prompt: &signal.prompt, completion, label });
        }
        lines
    }
}

fn said(text: &str) -> Message {
    Message { role: "assistant".to_owned(), content: text.to_owned() }
}

fn push_line(lines: &mut String, line: &impl Serialize) {
    // Plain data always becomes JSON.
    if let Ok(json) = serde_json::to_string(line) {
        lines.push_str(&json);
        lines.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(stage: &str, text: &str) -> Answer {
        Answer {
            model: "sprout".into(),
            stage: stage.into(),
            text: text.into(),
            temperature: 0.7,
            seed: 1,
            reward: None,
        }
    }

    fn vote(verdict: Verdict) -> Vote {
        let prompt = vec![Message { role: "user".into(), content: "Hello \"you\"\n".into() }];
        let answers = vec![answer("base", "What"), answer("sft", "Hi!"), answer("rlhf", "Hi!")];
        Vote { at: 0.0, prompt, answers, verdict, blind: true }
    }

    #[test]
    fn a_vote_becomes_a_line_for_each_other_answer() {
        let ballot = Ballot { votes: vec![vote(Verdict::Best(1))], signals: Vec::new() };
        let lines = ballot.preferences();
        // The third answer is the same text as the chosen one: no pair.
        assert_eq!(
            lines,
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"Hello \\\"you\\\"\\n\"}],\
             \"chosen\":[{\"role\":\"assistant\",\"content\":\"Hi!\"}],\
             \"rejected\":[{\"role\":\"assistant\",\"content\":\"What\"}]}\n",
        );
    }

    #[test]
    fn ties_and_bad_answers_decide_nothing() {
        for verdict in [Verdict::Tie, Verdict::AllBad, Verdict::Best(7)] {
            let ballot = Ballot { votes: vec![vote(verdict)], signals: Vec::new() };
            assert_eq!(ballot.preferences(), "");
        }
    }

    #[test]
    fn wins_are_counted_of_the_votes_that_had_a_best() {
        let votes = vec![
            vote(Verdict::Best(1)),
            vote(Verdict::Best(0)),
            vote(Verdict::Best(1)),
            vote(Verdict::Tie),
        ];
        let ballot = Ballot { votes, signals: Vec::new() };
        assert_eq!(ballot.wins("sprout", "sft"), (2, 3));
        assert_eq!(ballot.wins("sprout", "rlhf"), (0, 3));
        assert_eq!(ballot.wins("other", "sft"), (0, 0));
        assert_eq!(ballot.stages().len(), 3);
    }

    #[test]
    fn a_copy_is_a_yes_and_asking_again_a_no() {
        let signal =
            |deed| Signal { at: 0.0, prompt: Vec::new(), answer: answer("sft", "x"), deed };
        let signals = vec![signal(Deed::Copied), signal(Deed::AskedAgain)];
        let lines = Ballot { votes: Vec::new(), signals }.unpaired();
        let labels: Vec<bool> =
            lines.lines().map(|line| line.ends_with("\"label\":true}")).collect();
        assert_eq!(labels, [true, false]);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let ballot = Ballot { votes: vec![vote(Verdict::Best(2))], signals: Vec::new() };
        let json = serde_json::to_string(&ballot).expect("plain data");
        assert_eq!(serde_json::from_str::<Ballot>(&json).expect("own output"), ballot);
        assert!(serde_json::from_str::<Ballot>("{}").expect("lenient").is_empty());
    }
}
