//! The parts of a prompt. Their JSON is that of a scene's parts, so that a prompt of a link is a prompt of the lab.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::language::joint;

/// A part of a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// What it is for.
    pub kind: PartKind,
    /// The text; of an example, its question.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Worked steps of an example.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub steps: String,
    /// Answer of an example.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Switched off: kept, but left out of the prompt.
    #[serde(skip_serializing_if = "is_false")]
    pub off: bool,
}

/// What a part is for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// What to do.
    Instruction,
    /// A question with worked steps and answer.
    Example,
    /// Something to know.
    Information,
    /// What is asked.
    #[default]
    Question,
    /// The beginning of the answer.
    Starter,
    /// A phrase at the end, such as "Let's think step by step."
    Closing,
}

/// A question that has been answered, to show how it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Example {
    /// What is asked.
    pub question: String,
    /// How to get there; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub steps: String,
    /// The answer alone.
    pub answer: String,
}

impl Part {
    /// A part of a text.
    pub fn new(kind: PartKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), ..Self::default() }
    }

    /// An example with its steps.
    pub fn worked(example: &Example) -> Self {
        Self { steps: example.steps.clone(), ..Self::direct(example) }
    }

    /// An example without its steps.
    pub fn direct(example: &Example) -> Self {
        Self {
            kind: PartKind::Example,
            text: example.question.clone(),
            answer: example.answer.clone(),
            ..Self::default()
        }
    }

    /// Does it show in the prompt? Parts that are off or blank do not.
    pub fn is_shown(&self) -> bool {
        let blank = |text: &String| text.trim().is_empty();
        !(self.off || blank(&self.text) && blank(&self.steps) && blank(&self.answer))
    }

    /// What stands after an example's question: the steps, then the answer. A number is said in a sentence, as in the
    /// standard and the chain-of-thought prompts of Wei et al. 2022; other answers stand alone unless steps come
    /// first.
    pub fn reply(&self, language: Language) -> String {
        let (steps, answer) = (self.steps.trim(), self.answer.trim());
        if answer.is_empty() {
            return steps.to_owned();
        }
        let number = answer.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if steps.is_empty() && !number {
            return answer.to_owned();
        }
        let sentence = match language {
            Language::En => format!("The answer is {answer}."),
            Language::Zh => format!("答案是{answer}。"),
        };
        format!("{steps}{}{sentence}", joint(steps, &sentence))
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_reply_as_they_should_be_imitated() {
        let example = |steps: &str, answer: &str| Part {
            kind: PartKind::Example,
            steps: steps.to_owned(),
            answer: answer.to_owned(),
            ..Part::default()
        };
        let reply = |steps, answer, language| example(steps, answer).reply(language);
        assert_eq!(reply("", "cold", Language::En), "cold");
        assert_eq!(reply("", "33", Language::En), "The answer is 33.");
        assert_eq!(reply("58 - 23 = 35.", "35", Language::En), "58 - 23 = 35. The answer is 35.");
        assert_eq!(reply("58 - 23 = 35。", "35", Language::Zh), "58 - 23 = 35。答案是35。");
        assert_eq!(reply("Only steps.", "", Language::En), "Only steps.");
    }

    #[test]
    fn a_part_is_plain_json() {
        let part: Part =
            serde_json::from_str(r#"{"kind":"starter","text":"The answer is"}"#).unwrap();
        assert_eq!(part, Part::new(PartKind::Starter, "The answer is"));
        assert_eq!(
            serde_json::to_string(&part).unwrap(),
            r#"{"kind":"starter","text":"The answer is"}"#
        );
        assert!(serde_json::from_str::<Part>(r#"{"kind":"question","colour":"red"}"#).is_err());
    }
}
