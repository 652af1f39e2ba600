//! What can be wrong with an experiment, a run and its log.

use super::check::limits;
use crate::grade::PatternError;
use crate::problems::table::TableError;
use crate::technique::TechniqueError;

/// What is wrong with an experiment.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExperimentError {
    /// Not the JSON of an experiment.
    #[error("this is not the description of an experiment: {message}")]
    Unreadable {
        /// Why.
        message: String,
    },
    /// A number out of its range.
    #[error("{setting} is {value}, but must be from {min} to {max}")]
    Range {
        /// Which setting.
        setting: &'static str,
        /// Its value.
        value: u64,
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
    },
    /// A name that is not made of letters, digits, `-`, `_` and `.`, or is too long or empty.
    #[error("{setting} is no name: {name:?}")]
    Name {
        /// Which setting.
        setting: &'static str,
        /// The name.
        name: String,
    },
    /// Two things of one name.
    #[error("two {setting} are called {name:?}")]
    SameName {
        /// What they are.
        setting: &'static str,
        /// The name.
        name: String,
    },
    /// Sampling settings that are no numbers or out of range.
    #[error("sampling: {setting} is {value}")]
    Sampling {
        /// Which one.
        setting: &'static str,
        /// Its value.
        value: f32,
    },
    /// A technique out of bounds.
    #[error("technique {key:?}: {cause}")]
    Technique {
        /// Its key.
        key: String,
        /// What is wrong.
        cause: TechniqueError,
    },
    /// A discussion with a stage that does not take part in the experiment.
    #[error("technique {key:?} asks the stage {stage:?}, which is not in the experiment")]
    UnknownStage {
        /// The technique's key.
        key: String,
        /// The stage's key.
        stage: String,
    },
    /// A regular expression that cannot be used.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The problems' file is needed and was not given.
    #[error("the problems are in {path}, which was not given")]
    FileMissing {
        /// Its path below the folder of models.
        path: String,
    },
    /// The problems' file cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// Its path below the folder of models.
        path: String,
        /// What is wrong.
        cause: TableError,
    },
    /// Fewer problems than wanted.
    #[error("{wanted} problems in {language} are wanted, but there are only {found}")]
    TooFewProblems {
        /// `en` or `zh`.
        language: &'static str,
        /// How many are wanted.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// Fewer examples than the techniques want.
    #[error(
        "{wanted} examples in {language} are wanted, but only {found} are left beside the problems"
    )]
    TooFewExamples {
        /// `en` or `zh`.
        language: &'static str,
        /// How many are wanted.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// More work than a run may hold.
    #[error(
        "techniques × stages × problems are {cells}, and at most {} are allowed",
        limits::MAX_CELLS
    )]
    TooLarge {
        /// How many there would be.
        cells: usize,
    },
}

/// A reply that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// No such call is out.
    #[error("no call {call} of cell {cell} is waiting for a reply")]
    UnknownCall {
        /// The cell.
        cell: usize,
        /// The call.
        call: usize,
    },
    /// No such cell, or one without a verdict.
    #[error("cell {cell} has no verdict that could be overruled")]
    NoVerdict {
        /// The cell.
        cell: usize,
    },
}

/// What is wrong with a log. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LogError {
    /// Larger than a run can be.
    #[error("the log has {bytes} bytes, allowed are {}", limits::MAX_LOG)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// A line that is no line of a log.
    #[error("line {line}: {message}")]
    Line {
        /// Where.
        line: usize,
        /// Why.
        message: String,
    },
    /// It does not begin with an experiment.
    #[error("the log does not begin with an experiment")]
    NoStart,
    /// Written by a later version.
    #[error(
        "the log is of version {version}; this program reads versions up to {}",
        limits::LOG_VERSION
    )]
    Version {
        /// Its version.
        version: u32,
    },
    /// An experiment out of bounds.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A line about something the experiment does not have.
    #[error("line {line}: the experiment has no {what} {name:?}")]
    Unknown {
        /// Where.
        line: usize,
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A prompt that this program would not have written: it was made by another version of the technique.
    #[error(
        "line {line}: this prompt is not the one that the experiment leads to; the run was made by another version"
    )]
    OtherPrompt {
        /// Where.
        line: usize,
    },
}
