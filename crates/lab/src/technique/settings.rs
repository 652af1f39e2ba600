//! The techniques and their settings.

use serde::{Deserialize, Serialize};

use crate::prompt::{Example, Part};

/// A way to ask. Phrases come in the language of the problem. What each is good for, and who found it, is in
/// [`CATALOGUE`](super::CATALOGUE).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "id", rename_all = "snake_case", try_from = "super::fields::Fields")]
pub enum Technique {
    /// The question and nothing else.
    Plain,
    /// "Complete the sentence:" before it.
    CompleteSentence,
    /// An instruction, but no example.
    ZeroShot,
    /// Answered examples before the question. Without any, the question in the same form.
    FewShot {
        /// How many, at most [`limits::MAX_SHOTS`](super::limits::MAX_SHOTS).
        shots: usize,
        /// These instead of drawn ones.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        picked: Vec<Example>,
    },
    /// "Let's think step by step.", then a second prompt that reads out the answer.
    ZeroShotCot {
        /// When the second prompt is used.
        extract: Extract,
    },
    /// Examples with worked steps.
    FewShotCot {
        /// How many.
        shots: usize,
        /// These instead of drawn ones.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        picked: Vec<Example>,
    },
    /// "Explain your answer."
    Explain,
    /// "This is very important to me."
    Emotional,
    /// Somebody to be.
    Role {
        /// Who; the technique's own phrase if this is empty.
        #[serde(skip_serializing_if = "String::is_empty")]
        role: String,
    },
    /// Smaller questions first.
    SubQuestions {
        /// At most so many.
        most: usize,
    },
    /// Check the answer, then answer again.
    SelfCheck {
        /// How often.
        rounds: u32,
    },
    /// Several answers at a temperature, and the most frequent wins.
    SelfConsistency {
        /// How many answers.
        votes: usize,
        /// Worked examples before the question; none: "Let's think step by step."
        shots: usize,
        /// These instead of drawn ones.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        picked: Vec<Example>,
        /// Replaces the run's temperature: at 0 all answers would be the same.
        temperature: f32,
    },
    /// The model writes a program, the calculator runs it.
    Program {
        /// Examples with programs, made from their worked steps.
        shots: usize,
        /// These instead of drawn ones.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        picked: Vec<Example>,
        /// The result goes back to the model, which says the answer. Otherwise the result is the answer.
        speak: bool,
    },
    /// Steps are proposed and scored by the model, and the best are followed.
    Tree {
        /// Steps that are kept at each depth.
        breadth: usize,
        /// Steps that are proposed after each kept one.
        proposals: usize,
        /// Steps one after another.
        depth: u32,
        /// Temperature of proposals.
        temperature: f32,
    },
    /// Several stages answer, read one another's answers, and a judge decides.
    Discussion {
        /// Keys of stages; empty: all stages of the run.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        speakers: Vec<String>,
        /// Rounds of answers.
        rounds: u32,
        /// The key of the stage that decides; empty: the one that is being measured.
        #[serde(skip_serializing_if = "String::is_empty")]
        judge: String,
    },
    /// The reader's own prompt.
    Custom {
        /// Its parts. A question part that is empty or holds `{question}` takes the problem's question.
        parts: Vec<Part>,
        /// Questions and answers are labelled in raw prompts.
        labels: bool,
    },
}

/// When worked steps are followed by a prompt that reads out the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extract {
    /// Always, as in the paper.
    #[default]
    Always,
    /// Only if the steps do not say "the answer is" already.
    IfMissing,
    /// Never.
    Never,
}

impl Technique {
    /// Its id in the catalogue and in files.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::CompleteSentence => "complete_sentence",
            Self::ZeroShot => "zero_shot",
            Self::FewShot { .. } => "few_shot",
            Self::ZeroShotCot { .. } => "zero_shot_cot",
            Self::FewShotCot { .. } => "few_shot_cot",
            Self::Explain => "explain",
            Self::Emotional => "emotional",
            Self::Role { .. } => "role",
            Self::SubQuestions { .. } => "sub_questions",
            Self::SelfCheck { .. } => "self_check",
            Self::SelfConsistency { .. } => "self_consistency",
            Self::Program { .. } => "program",
            Self::Tree { .. } => "tree",
            Self::Discussion { .. } => "discussion",
            Self::Custom { .. } => "custom",
        }
    }

    /// Examples it wants to be drawn.
    pub fn shots_drawn(&self) -> usize {
        match self {
            Self::FewShot { shots, picked }
            | Self::FewShotCot { shots, picked }
            | Self::SelfConsistency { shots, picked, .. }
            | Self::Program { shots, picked, .. }
                if picked.is_empty() =>
            {
                *shots
            }
            _ => 0,
        }
    }

    /// Calls it makes for one question, at most. `stages` is the number of stages of the run.
    pub fn most_calls(&self, stages: usize) -> usize {
        match self {
            Self::ZeroShotCot { extract } => 1 + usize::from(*extract != Extract::Never),
            Self::SubQuestions { most } => most.saturating_add(2),
            Self::SelfCheck { rounds } => 1 + 2 * *rounds as usize,
            Self::SelfConsistency { votes, .. } => *votes,
            Self::Program { speak, .. } => 1 + usize::from(*speak),
            Self::Tree { breadth, proposals, depth, .. } => {
                let later = (*depth as usize).saturating_sub(1);
                let proposed = proposals
                    .saturating_add(breadth.saturating_mul(*proposals).saturating_mul(later));
                proposed.saturating_mul(2).saturating_add(1)
            }
            Self::Discussion { speakers, rounds, .. } => {
                let speakers = if speakers.is_empty() { stages } else { speakers.len() };
                speakers.saturating_mul(*rounds as usize).saturating_add(1)
            }
            _ => 1,
        }
    }
}
