//! Prompts of the techniques.

use super::call::{ModelCall, Purpose};
use super::phrases;
use super::task::Task;
use crate::Language;
use crate::grade::{Answered, Grader, Key, Reading};
use crate::prompt::{Example, Form, Input, Layout, Part, PartKind, assemble};
use crate::rng::derive;

/// A fixed phrase as a part.
pub(super) fn phrase(kind: PartKind, phrase: crate::Phrase, language: Language) -> Part {
    Part::new(kind, phrase.get(language))
}

impl Task {
    /// The question as a part.
    pub(super) fn question_part(&self) -> Part {
        Part::new(PartKind::Question, self.question.clone())
    }

    /// The examples a technique shows: its own picks, or else the first ones of the task.
    pub(super) fn shots<'a>(&'a self, shots: usize, picked: &'a [Example]) -> &'a [Example] {
        let from = if picked.is_empty() { self.examples.as_slice() } else { picked };
        from.get(..shots).unwrap_or(from)
    }

    /// Worked examples and the question; without examples the phrase that asks for steps. In a raw prompt that phrase begins
    /// the answer, as in Kojima et al. 2022, in a chat it ends the question.
    pub(super) fn steps_parts(&self, shots: usize, picked: &[Example]) -> Vec<Part> {
        let mut parts: Vec<Part> = self.shots(shots, picked).iter().map(Part::worked).collect();
        parts.push(self.question_part());
        if shots == 0 {
            let kind = match self.form {
                Form::Raw => PartKind::Starter,
                Form::Chat => PartKind::Closing,
            };
            parts.push(phrase(kind, phrases::STEP_BY_STEP, self.language));
        }
        parts
    }

    /// A call that puts parts together. `ordinal` counts the calls of an attempt: each has a seed of its own.
    pub(super) fn call(
        &self,
        purpose: Purpose,
        parts: &[Part],
        labels: bool,
        ordinal: usize,
    ) -> ModelCall {
        self.call_to(None, self.form, purpose, parts, labels, ordinal)
    }

    /// The same, to a stage that may be another one.
    pub(super) fn call_to(
        &self,
        speaker: Option<&str>,
        form: Form,
        purpose: Purpose,
        parts: &[Part],
        labels: bool,
        ordinal: usize,
    ) -> ModelCall {
        let layout =
            Layout { language: self.language, form, labels, chat_examples: self.chat_examples };
        let assembled = assemble(parts, layout);
        let starters =
            parts.iter().filter(|part| part.kind == PartKind::Starter && part.is_shown());
        let lead: Vec<&str> = starters.map(|part| part.text.trim()).collect();
        ModelCall {
            purpose,
            speaker: speaker.map(str::to_owned),
            lead: lead.join(" "),
            sampling: self.sampling,
            seed: self.seed_of(ordinal),
            stop: self.stops(form, labels),
            max_tokens: self.max_tokens,
            input: assembled.input,
            segments: assembled.segments,
        }
    }

    /// A call that goes on from another one.
    pub(super) fn follow(
        &self,
        call: &ModelCall,
        purpose: Purpose,
        input: Input,
        lead: &str,
        ordinal: usize,
    ) -> ModelCall {
        ModelCall {
            purpose,
            input,
            lead: lead.to_owned(),
            seed: self.seed_of(ordinal),
            ..call.clone()
        }
    }

    /// A call that reads out the answer after steps (the second prompt of Kojima et al. 2022).
    pub(super) fn extraction(&self, call: &ModelCall, steps: &str, ordinal: usize) -> ModelCall {
        let lead = match self.grader {
            Grader::Number => phrases::THEREFORE_NUMBER,
            _ => phrases::THEREFORE,
        };
        let lead = lead.get(self.language);
        let input = call.input.continued(steps.trim_end(), &format!("\n{lead}"));
        self.follow(call, Purpose::Extract, input, lead, ordinal)
    }

    /// What an answer says, without knowing which one is right.
    pub(super) fn reads(&self, text: &str, head: &str) -> Option<Reading> {
        let key = Key { accept: &[], choices: &self.choices };
        self.grader.read(Answered { text, head }, key)
    }

    pub(super) fn seed_of(&self, ordinal: usize) -> u64 {
        derive(self.seed, &[ordinal as u64])
    }

    /// A base model that was shown questions goes on with more of them: there its answer ends.
    fn stops(&self, form: Form, labels: bool) -> Vec<String> {
        match (form, labels, self.language) {
            (Form::Raw, true, Language::En) => vec!["\nQ:".to_owned()],
            (Form::Raw, true, Language::Zh) => vec!["\n问：".to_owned()],
            _ => Vec::new(),
        }
    }
}
