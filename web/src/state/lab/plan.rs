//! The experiment that the reader puts together.

use lab::experiment::{ExampleSource, Experiment, Source, Stage, TechniqueUse, limits};
use lab::grade::Grader;
use lab::problems::{Kind, Problem};
use lab::prompt::{ChatExamples, Form};
use lab::technique::{Sampling, Technique};
use lab::{Bilingual, Language};

use super::asked::Seat;
use super::knobs::{self, Knob};
use super::naming::{self, named};
use super::panel;

mod own_table;

/// Files of held-out problems that every trio has.
pub(crate) const HELD_OUT: [&str; 3] = ["word_problems", "questions", "reversal"];

/// Where problems come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProblemSet {
    Generated(Kind),
    /// A held-out file of a model's trio.
    HeldOut {
        model: String,
        file: String,
    },
    /// The reader's own table.
    Table,
}

/// The reader's own problems.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) problems: Vec<Problem>,
}

/// A setting that is typed as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Figure {
    Count,
    Seed,
    MaxTokens,
    Batch,
    Temperature,
}

pub(crate) const FIGURES: [Figure; 5] =
    [Figure::Count, Figure::Seed, Figure::MaxTokens, Figure::Batch, Figure::Temperature];

impl Figure {
    /// The name it has in files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seed => "seed",
            Self::MaxTokens => "max_tokens",
            Self::Batch => "batch",
            Self::Temperature => "temperature",
        }
    }
}

/// How answers are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Rule {
    #[default]
    Auto,
    Number,
    Accepted,
    Choice,
    Pattern,
}

pub(crate) const RULES: [Rule; 5] =
    [Rule::Auto, Rule::Number, Rule::Accepted, Rule::Choice, Rule::Pattern];

impl Rule {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Number => "number",
            Self::Accepted => "accepted",
            Self::Choice => "choice",
            Self::Pattern => "pattern",
        }
    }
}

/// Why there is no experiment yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PlanError {
    NoTechnique,
    NoStage,
    NoLanguage,
    NoTable,
    /// No number, or one that makes no sense.
    Figure(Figure),
    /// What the lab says.
    Other(String),
}

/// The experiment as it is being put together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) set: ProblemSet,
    pub(crate) table: Table,
    pub(crate) techniques: Vec<TechniqueUse>,
    pub(crate) seats: Vec<Seat>,
    pub(crate) languages: Vec<Language>,
    pub(crate) rule: Rule,
    /// The regular expression of [`Rule::Pattern`].
    pub(crate) pattern: String,
    figures: [String; FIGURES.len()],
}

impl Default for Plan {
    fn default() -> Self {
        let mut plan = Self {
            set: ProblemSet::Generated(Kind::TwoStep),
            table: Table::default(),
            techniques: Vec::new(),
            seats: Vec::new(),
            languages: vec![Language::En],
            rule: Rule::Auto,
            pattern: String::new(),
            figures: ["20", "1", "96", "8", "0"].map(str::to_owned),
        };
        plan.add(Technique::Plain);
        plan.add(Technique::FewShotCot { shots: 4, picked: Vec::new() });
        plan
    }
}

impl Plan {
    /// Adds a technique under a name of its own.
    pub(crate) fn add(&mut self, technique: Technique) {
        if self.techniques.len() < limits::MAX_TECHNIQUES {
            let used = named(technique, &self.techniques);
            self.techniques.push(used);
        }
    }

    /// Takes a technique out.
    pub(crate) fn drop_technique(&mut self, at: usize) {
        if at < self.techniques.len() {
            self.techniques.remove(at);
        }
    }

    /// Turns a knob of one technique; its name says so.
    pub(crate) fn turn(&mut self, at: usize, knob: Knob, value: f64) {
        self.change(at, |technique| knobs::turn(technique, knob, value));
    }

    /// Changes one technique; its name says so.
    pub(crate) fn change(&mut self, at: usize, change: impl FnOnce(&mut Technique)) {
        naming::change(&mut self.techniques, at, change);
    }

    /// Adds a stage, or takes it out; from discussions too.
    pub(crate) fn toggle_seat(&mut self, seat: &Seat) {
        let before = stages(&self.seats, |_| Form::Raw);
        match self.seats.iter().position(|own| own == seat) {
            Some(at) => {
                self.seats.remove(at);
            }
            None if self.seats.len() < limits::MAX_STAGES => self.seats.push(seat.clone()),
            None => {}
        }
        let after = stages(&self.seats, |_| Form::Raw);
        for at in 0..self.techniques.len() {
            self.change(at, |technique| panel::follow(technique, &before, &after));
        }
    }

    /// Adds a language, or takes it out; English comes first.
    pub(crate) fn toggle_language(&mut self, language: Language) {
        match self.languages.iter().position(|own| *own == language) {
            Some(at) => {
                self.languages.remove(at);
            }
            None => self.languages.push(language),
        }
        self.languages.sort();
    }

    pub(crate) fn figure(&self, figure: Figure) -> &str {
        &self.figures[figure as usize]
    }

    pub(crate) fn set_figure(&mut self, figure: Figure, text: String) {
        self.figures[figure as usize] = text;
    }

    /// The experiment. `form` says how prompts go into a stage.
    ///
    /// # Errors
    /// [`PlanError`] for what is missing or makes no sense.
    pub(crate) fn experiment(&self, form: impl Fn(&Seat) -> Form) -> Result<Experiment, PlanError> {
        if self.techniques.is_empty() {
            return Err(PlanError::NoTechnique);
        }
        if self.seats.is_empty() {
            return Err(PlanError::NoStage);
        }
        if self.languages.is_empty() {
            return Err(PlanError::NoLanguage);
        }
        let problems = match &self.set {
            ProblemSet::Generated(kind) => Source::Generated { kind: *kind },
            ProblemSet::HeldOut { model, file } => {
                Source::Trio { model: model.clone(), file: file.clone(), kinds: Vec::new() }
            }
            ProblemSet::Table if self.table.problems.is_empty() => return Err(PlanError::NoTable),
            ProblemSet::Table => Source::Table {
                name: self.table.name.clone(),
                problems: self.table.problems.clone(),
            },
        };
        let stages = stages(&self.seats, form);
        // The page's own choice of stages may have changed since a discussion was planned.
        let keys: Vec<String> = stages.iter().map(|stage| stage.key.clone()).collect();
        let mut techniques = self.techniques.clone();
        for at in 0..techniques.len() {
            naming::change(&mut techniques, at, |technique| panel::keep(technique, &keys));
        }
        let experiment = Experiment {
            id: "own".to_owned(),
            title: Bilingual::default(),
            question: Bilingual::default(),
            techniques,
            stages,
            problems,
            languages: self.languages.clone(),
            count: self.whole(Figure::Count)? as usize,
            examples: ExampleSource::Problems,
            seed: self.whole(Figure::Seed)?,
            sampling: Sampling { temperature: self.temperature()?, ..Sampling::default() },
            max_tokens: u32::try_from(self.whole(Figure::MaxTokens)?)
                .map_err(|_| PlanError::Figure(Figure::MaxTokens))?,
            batch: self.whole(Figure::Batch)? as usize,
            grader: self.grader(),
        };
        experiment.check().map_err(|error| PlanError::Other(error.to_string()))?;
        Ok(experiment)
    }

    fn grader(&self) -> Grader {
        match self.rule {
            Rule::Auto => Grader::Auto,
            Rule::Number => Grader::Number,
            Rule::Accepted => Grader::Accepted,
            Rule::Choice => Grader::Choice,
            Rule::Pattern => Grader::Pattern { pattern: self.pattern.clone() },
        }
    }

    /// A figure as a whole number.
    ///
    /// # Errors
    /// [`PlanError::Figure`] if it is none.
    pub(crate) fn whole(&self, figure: Figure) -> Result<u64, PlanError> {
        self.figure(figure).trim().parse().map_err(|_| PlanError::Figure(figure))
    }

    /// The temperature, also with a decimal comma.
    ///
    /// # Errors
    /// [`PlanError::Figure`] if it is no number.
    pub(crate) fn temperature(&self) -> Result<f32, PlanError> {
        let typed = self.figure(Figure::Temperature).trim().replace([',', '，'], ".");
        typed.parse().map_err(|_| PlanError::Figure(Figure::Temperature))
    }
}

/// Stages under keys that tell them apart.
pub(crate) fn stages(seats: &[Seat], form: impl Fn(&Seat) -> Form) -> Vec<Stage> {
    let one_model = seats.iter().all(|seat| Some(&seat.model) == seats.first().map(|it| &it.model));
    seats
        .iter()
        .map(|seat| Stage {
            key: if one_model {
                seat.stage.clone()
            } else {
                format!("{}-{}", seat.model, seat.stage)
            },
            model: seat.model.clone(),
            stage: seat.stage.clone(),
            form: form(seat),
            chat_examples: ChatExamples::Turns,
        })
        .collect()
}

#[cfg(test)]
mod tests;
