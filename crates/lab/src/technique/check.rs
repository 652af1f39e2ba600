//! Settings within bounds, so that every technique ends.

use super::settings::Technique;
use crate::prompt::{Example, PartKind};

/// How much a technique may ask for.
pub mod limits {
    /// Examples before a question.
    pub const MAX_SHOTS: usize = 8;
    /// Answers that vote.
    pub const MAX_VOTES: usize = 64;
    /// Smaller questions.
    pub const MAX_SUB_QUESTIONS: usize = 8;
    /// Rounds of checking and of discussion.
    pub const MAX_ROUNDS: u32 = 4;
    /// Steps kept and proposed at each depth of a tree.
    pub const MAX_BREADTH: usize = 5;
    /// Depth of a tree.
    pub const MAX_DEPTH: u32 = 5;
    /// Who takes part in a discussion.
    pub const MAX_SPEAKERS: usize = 4;
    /// Parts of a prompt.
    pub const MAX_PARTS: usize = 64;
    /// Bytes of a part or example.
    pub const MAX_TEXT: usize = 20_000;
}

/// Settings out of bounds.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TechniqueError {
    /// A number out of its range.
    #[error("{technique}: {setting} is {value}, but must be from {min} to {max}")]
    Range {
        /// Its id.
        technique: &'static str,
        /// Which setting.
        setting: &'static str,
        /// Its value.
        value: f64,
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
    },
    /// A text that is too long.
    #[error("{technique}: a text has {bytes} bytes, allowed are {}", limits::MAX_TEXT)]
    TooLong {
        /// Its id.
        technique: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// Fewer examples picked than are to be shown.
    #[error("{technique}: {shots} examples are wanted, but only {picked} picked")]
    TooFewPicked {
        /// Its id.
        technique: &'static str,
        /// How many are wanted.
        shots: usize,
        /// How many there are.
        picked: usize,
    },
    /// A prompt of one's own that does not ask.
    #[error("{technique}: no part of the prompt that is switched on is a question")]
    NoQuestion {
        /// Its id.
        technique: &'static str,
    },
}

impl Technique {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`TechniqueError`] for the first one out of bounds.
    pub fn check(&self) -> Result<(), TechniqueError> {
        let technique = self.id();
        let range = |setting, value: f64, min: f64, max: f64| {
            // Not a number is in no range.
            if (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(TechniqueError::Range { technique, setting, value, min, max })
            }
        };
        let count = |setting, value: usize, min: usize, max: usize| {
            range(setting, value as f64, min as f64, max as f64)
        };
        match self {
            Self::FewShot { shots, picked } | Self::FewShotCot { shots, picked } => {
                self.check_shots(*shots, picked)
            }
            Self::Role { role } => self.check_text(role),
            Self::SubQuestions { most } => count("most", *most, 1, limits::MAX_SUB_QUESTIONS),
            Self::SelfCheck { rounds } => {
                range("rounds", f64::from(*rounds), 1.0, f64::from(limits::MAX_ROUNDS))
            }
            Self::SelfConsistency { votes, shots, picked, temperature } => {
                count("votes", *votes, 1, limits::MAX_VOTES)?;
                range("temperature", f64::from(*temperature), 0.0, 5.0)?;
                self.check_shots(*shots, picked)
            }
            Self::Program { shots, picked, .. } => self.check_shots(*shots, picked),
            Self::Tree { breadth, proposals, depth, temperature } => {
                count("breadth", *breadth, 1, limits::MAX_BREADTH)?;
                count("proposals", *proposals, 1, limits::MAX_BREADTH)?;
                range("depth", f64::from(*depth), 1.0, f64::from(limits::MAX_DEPTH))?;
                range("temperature", f64::from(*temperature), 0.0, 5.0)
            }
            Self::Discussion { speakers, rounds, .. } => {
                count("speakers", speakers.len(), 0, limits::MAX_SPEAKERS)?;
                range("rounds", f64::from(*rounds), 1.0, f64::from(limits::MAX_ROUNDS))
            }
            Self::Custom { parts, .. } => {
                count("parts", parts.len(), 1, limits::MAX_PARTS)?;
                for part in parts {
                    self.check_text(&part.text)?;
                    self.check_text(&part.steps)?;
                    self.check_text(&part.answer)?;
                }
                let asks = parts.iter().any(|part| part.kind == PartKind::Question && !part.off);
                if asks { Ok(()) } else { Err(TechniqueError::NoQuestion { technique }) }
            }
            _ => Ok(()),
        }
    }

    fn check_shots(&self, shots: usize, picked: &[Example]) -> Result<(), TechniqueError> {
        let technique = self.id();
        if shots > limits::MAX_SHOTS {
            return Err(TechniqueError::Range {
                technique,
                setting: "shots",
                value: shots as f64,
                min: 0.0,
                max: limits::MAX_SHOTS as f64,
            });
        }
        if !picked.is_empty() && picked.len() < shots {
            return Err(TechniqueError::TooFewPicked { technique, shots, picked: picked.len() });
        }
        for example in picked {
            self.check_text(&example.question)?;
            self.check_text(&example.steps)?;
            self.check_text(&example.answer)?;
        }
        Ok(())
    }

    fn check_text(&self, text: &str) -> Result<(), TechniqueError> {
        if text.len() > limits::MAX_TEXT {
            return Err(TechniqueError::TooLong { technique: self.id(), bytes: text.len() });
        }
        Ok(())
    }
}
