//! The prompt that the reader builds.

use lab::Language;
use lab::problems::{Kind, Problem};
use lab::prompt::{Assembled, Form, Layout, Part, PartKind, assemble};
use lab::shipped::Variant;
use lab::technique::{Attempt, ModelCall, Sampling, Speaker, Task, Technique, TechniqueError};

use super::asked::Right;
use super::knobs::{self, Knob};
use super::panel;
use super::parts::{self, Field};

/// New tokens of a call, unless the reader says otherwise.
pub(crate) const MAX_TOKENS: u32 = 96;

/// The prompt, the technique, and what it is asked with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Build {
    /// The parts as they stand in the editor.
    pub(crate) parts: Vec<Part>,
    pub(crate) technique: Technique,
    /// Questions and answers are labelled in raw prompts.
    pub(crate) labels: bool,
    /// The parts are no longer those that the technique made.
    pub(crate) edited: bool,
    /// What is right for the question that stands there, while it is the one that came with it.
    right: Right,
    right_for: String,
    /// Where examples and questions are drawn from.
    pub(crate) kind: Kind,
    pub(crate) seed: u64,
    /// Questions drawn so far with this seed.
    drawn: usize,
    pub(crate) sampling: Sampling,
    pub(crate) max_tokens: u32,
}

impl Default for Build {
    fn default() -> Self {
        let mut build = Self {
            parts: Vec::new(),
            technique: Technique::Plain,
            labels: false,
            edited: false,
            right: Right::default(),
            right_for: String::new(),
            kind: Kind::TwoStep,
            seed: 1,
            drawn: 0,
            sampling: Sampling::default(),
            max_tokens: MAX_TOKENS,
        };
        build.draw_question(Language::En);
        build
    }
}

impl Build {
    /// What is asked.
    pub(crate) fn question(&self) -> &str {
        parts::question(&self.parts)
    }

    /// The language of the phrases around the question.
    pub(crate) fn language(&self) -> Language {
        Language::of(self.question())
    }

    /// What is right, if the question is one of which that is known.
    pub(crate) fn right(&self) -> Right {
        let known = !self.right_for.is_empty() && self.right_for == self.question();
        if known { self.right.clone() } else { Right::default() }
    }

    /// Does the technique make several calls? Then it writes prompts of its own, and takes question and examples only.
    pub(crate) fn is_several(&self) -> bool {
        self.technique.parts_of(&Task::default()).is_none()
    }

    /// Everything a technique may use. `speakers` can take part in a discussion.
    pub(crate) fn task(&self, form: Form, speakers: Vec<Speaker>) -> Task {
        let question = self.question().to_owned();
        let right = self.right();
        Task {
            language: self.language(),
            choices: right.choices.clone(),
            grader: right.grader(&question),
            question,
            examples: Vec::new(),
            form,
            sampling: self.sampling,
            max_tokens: self.max_tokens,
            seed: self.seed,
            speakers,
            ..Task::default()
        }
    }

    /// What is run: a technique of one call is the prompt as it stands; one of several takes its examples.
    pub(crate) fn asked(&self) -> Technique {
        if !self.is_several() {
            return Technique::Custom { parts: self.parts.clone(), labels: self.labels };
        }
        let mut technique = self.technique.clone();
        knobs::pick(&mut technique, parts::examples(&self.parts));
        technique
    }

    /// The same where these can take part in a discussion.
    pub(crate) fn asked_among(&self, speakers: &[Speaker]) -> Technique {
        let keys: Vec<String> = speakers.iter().map(|speaker| speaker.key.clone()).collect();
        let mut technique = self.asked();
        panel::keep(&mut technique, &keys);
        technique
    }

    /// The same for any question of a set.
    pub(crate) fn measured(&self) -> Technique {
        let mut technique = self.asked();
        if let Technique::Custom { parts, .. } = &mut technique {
            let asks = |part: &&mut Part| part.kind == PartKind::Question && !part.off;
            if let Some(question) = parts.iter_mut().find(asks) {
                question.text.clear();
            }
        } else if !self.edited && self.technique.shots_drawn() > 0 {
            // Examples are drawn from where the problems come.
            return self.technique.clone();
        }
        technique
    }

    /// What keeps it from being asked.
    pub(crate) fn check(&self) -> Result<(), TechniqueError> {
        if self.question().trim().is_empty() {
            return Err(TechniqueError::NoQuestion { technique: "custom" });
        }
        self.asked().check()
    }

    /// The prompt of the first call (of several at once, of the first one).
    pub(crate) fn first_call(&self, form: Form, speakers: Vec<Speaker>) -> Option<ModelCall> {
        let technique = self.asked_among(&speakers);
        let attempt = Attempt::new(&technique, &self.task(form, speakers));
        attempt.calls().next().map(|(_, call)| call.clone())
    }

    /// The parts as one text.
    pub(crate) fn assembled(&self, form: Form) -> Assembled {
        let layout =
            Layout { language: self.language(), form, labels: self.labels, ..Layout::default() };
        assemble(&self.parts, layout)
    }

    /// Asks the same question in another way.
    pub(crate) fn choose(&mut self, technique: Technique) {
        let question = self.question().to_owned();
        let shown = parts::examples(&self.parts);
        self.technique = technique;
        let wanted = knobs::shots(&self.technique);
        let examples = self.examples(&shown, wanted.unwrap_or(0));
        let mut task = self.task(Form::Raw, Vec::new());
        task.question.clone_from(&question);
        task.examples.clone_from(&examples);
        match self.technique.parts_of(&task) {
            Some((parts, labels)) => (self.parts, self.labels) = (parts, labels),
            None => {
                self.parts = examples.iter().map(Part::worked).collect();
                self.parts.push(Part::new(PartKind::Question, question));
                self.labels = true;
            }
        }
        self.edited = false;
    }

    /// Turns a knob of the technique; examples come and go with their number.
    pub(crate) fn turn(&mut self, knob: Knob, value: f64) {
        let mut technique = self.technique.clone();
        knobs::turn(&mut technique, knob, value);
        if knob == Knob::Shots && !self.edited {
            self.choose(technique);
        } else {
            self.technique = technique;
        }
    }

    /// Puts a problem's question in the question's place.
    pub(crate) fn ask(&mut self, problem: &Problem) {
        let asks = |part: &&mut Part| part.kind == PartKind::Question && !part.off;
        match self.parts.iter_mut().find(asks) {
            Some(part) => part.text.clone_from(&problem.prompt),
            None => {
                let at = parts::place_for(&self.parts, PartKind::Question);
                self.parts.insert(at, Part::new(PartKind::Question, problem.prompt.clone()));
            }
        }
        self.knows(Right { accept: problem.accept.clone(), choices: problem.choices.clone() });
    }

    /// Puts a shipped prompt on the page.
    pub(crate) fn show(&mut self, variant: &Variant) {
        let technique = knobs::offered(&variant.technique).unwrap_or(Technique::Plain);
        self.parts.clone_from(&variant.parts);
        self.technique = technique;
        let count = parts::examples(&self.parts).len();
        knobs::turn(&mut self.technique, Knob::Shots, count as f64);
        self.labels = variant.labels;
        self.edited = false;
        self.knows(Right { accept: variant.accept.clone(), choices: Vec::new() });
    }

    /// Puts the parts of a link on the page.
    pub(crate) fn open(&mut self, parts: Vec<Part>, technique: Technique) {
        self.parts.clone_from(&parts);
        if matches!(technique, Technique::Custom { .. }) {
            self.technique = technique;
            self.labels = self.parts.iter().any(|part| part.kind == PartKind::Example);
            self.edited = true;
        } else {
            // Its labels come with it; are the parts its own?
            self.choose(technique);
            self.edited = self.parts != parts;
            self.parts = parts;
        }
    }

    fn knows(&mut self, right: Right) {
        self.right = right;
        self.right_for = self.question().to_owned();
    }

    /// The reader writes into a part.
    pub(crate) fn write(&mut self, at: usize, field: Field, text: String) {
        if let Some(part) = self.parts.get_mut(at) {
            // The question is the reader's business in every technique.
            self.edited |= part.kind != PartKind::Question;
            parts::set_text(part, field, text);
        }
    }

    /// Switches a part on or off.
    pub(crate) fn switch(&mut self, at: usize, on: bool) {
        if let Some(part) = self.parts.get_mut(at) {
            part.off = !on;
            self.edited = true;
        }
    }

    /// Moves a part.
    pub(crate) fn move_part(&mut self, from: usize, to: usize) {
        self.edited |= parts::move_part(&mut self.parts, from, to);
    }

    /// Takes a part away.
    pub(crate) fn remove(&mut self, at: usize) {
        if at < self.parts.len() {
            self.parts.remove(at);
            self.edited = true;
        }
    }

    /// Adds an empty part and says where it is.
    pub(crate) fn add(&mut self, kind: PartKind) -> usize {
        let at = parts::place_for(&self.parts, kind);
        self.parts.insert(at, Part::new(kind, String::new()));
        self.edited = true;
        at
    }
}

mod draw;
#[cfg(test)]
mod tests;
