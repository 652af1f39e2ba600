//! Problems and examples of an experiment, drawn by its seed.

use std::collections::{BTreeMap, BTreeSet};

use super::error::ExperimentError;
use super::settings::{ExampleSource, Experiment, Source};
use crate::Language;
use crate::problems::{Problem, examples, problems, table};
use crate::prompt::Example;
use crate::rng::Random;

/// What is asked, and what can be shown before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// The problems; languages take turns.
    pub problems: Vec<Problem>,
    /// Examples in each language, as many as the techniques want at most. None of them is asked.
    pub examples: BTreeMap<Language, Vec<Example>>,
}

impl Experiment {
    /// Draws problems and examples. `file` is the text of the file that [`Source::file`] names, if it names one.
    ///
    /// # Errors
    /// [`ExperimentError`] if the experiment is out of bounds, the file is missing or unreadable, or there are too
    /// few problems or examples.
    pub fn prepare(&self, file: Option<&str>) -> Result<Prepared, ExperimentError> {
        self.check()?;
        let rows = self.rows(file)?;
        let mut prepared = Prepared::default();
        let mut in_languages = Vec::new();
        for &language in &self.languages {
            let (asked, left) = self.problems_in(language, &rows);
            if asked.len() < self.count {
                return Err(ExperimentError::TooFewProblems {
                    language: language.code(),
                    wanted: self.count,
                    found: asked.len(),
                });
            }
            let shown = self.examples_in(language, &asked, &left)?;
            prepared.examples.insert(language, shown);
            in_languages.push(asked.into_iter());
        }
        for _ in 0..self.count {
            prepared.problems.extend(in_languages.iter_mut().filter_map(Iterator::next));
        }
        Ok(prepared)
    }

    /// The rows of a file or table; none for a generator.
    fn rows(&self, file: Option<&str>) -> Result<Vec<Problem>, ExperimentError> {
        match &self.problems {
            Source::Generated { .. } => Ok(Vec::new()),
            Source::Table { problems, .. } => Ok(problems.clone()),
            Source::Trio { kinds, .. } => {
                let path = self.problems.file().unwrap_or_default();
                let Some(file) = file else { return Err(ExperimentError::FileMissing { path }) };
                let mut rows = table::parse_jsonl(file)
                    .map_err(|cause| ExperimentError::File { path, cause })?;
                rows.retain(|row| kinds.is_empty() || kinds.contains(&row.kind));
                Ok(rows)
            }
        }
    }

    /// Problems to ask in a language, and those that are left.
    fn problems_in(&self, language: Language, rows: &[Problem]) -> (Vec<Problem>, Vec<Problem>) {
        if let Source::Generated { kind } = self.problems {
            return (problems(kind, language, self.seed, self.count), Vec::new());
        }
        let mut asked: Vec<Problem> =
            rows.iter().filter(|row| row.lang == language).cloned().collect();
        Random::named(self.seed, &["rows", language.code()]).shuffle(&mut asked);
        let left = asked.split_off(self.count.min(asked.len()));
        (asked, left)
    }

    fn examples_in(
        &self,
        language: Language,
        asked: &[Problem],
        left: &[Problem],
    ) -> Result<Vec<Example>, ExperimentError> {
        let wanted = self.techniques.iter().map(|used| used.technique.shots_drawn()).max();
        let wanted = wanted.unwrap_or(0);
        let mut shown: Vec<Example> = match (self.examples, &self.problems) {
            (ExampleSource::Generated { kind }, _)
            | (ExampleSource::Problems, &Source::Generated { kind }) => {
                examples(kind, language, self.seed, wanted, asked)
            }
            _ => left.iter().map(Problem::example).collect(),
        };
        let prompts: BTreeSet<&str> = asked.iter().map(|problem| problem.prompt.as_str()).collect();
        shown.retain(|example| {
            !example.answer.is_empty() && !prompts.contains(example.question.as_str())
        });
        shown.truncate(wanted);
        if shown.len() < wanted {
            let (language, found) = (language.code(), shown.len());
            return Err(ExperimentError::TooFewExamples { language, wanted, found });
        }
        Ok(shown)
    }
}
