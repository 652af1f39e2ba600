//! Questions and examples that are drawn.

use lab::Language;
use lab::problems::{Kind, Problem, examples, problems};
use lab::prompt::{Example, Part, PartKind};
use lab::technique::Technique;

use super::Build;
use crate::state::lab::{knobs, parts};

impl Build {
    /// As many examples as are wanted: those that are shown and have what the technique shows, then drawn ones.
    pub(super) fn examples(&self, shown: &[Example], wanted: usize) -> Vec<Example> {
        let worked = !matches!(self.technique, Technique::FewShot { .. });
        let fits = |example: &&Example| !worked || !example.steps.trim().is_empty();
        let mut out: Vec<Example> = shown.iter().filter(fits).take(wanted).cloned().collect();
        let asked = Problem { prompt: self.question().to_owned(), ..Problem::default() };
        let drawn = examples(self.kind, self.language(), self.seed, wanted + out.len(), &[asked]);
        for example in drawn {
            if out.len() < wanted && !out.iter().any(|known| known.question == example.question) {
                out.push(example);
            }
        }
        out
    }

    /// Draws other examples.
    pub(crate) fn draw_examples(&mut self) {
        self.seed = if self.seed < lab::rng::SEED_MASK { self.seed + 1 } else { 0 };
        self.parts.retain(|part| part.kind != PartKind::Example);
        let edited = self.edited;
        if edited {
            // The rest of the reader's prompt stays.
            let wanted = knobs::shots(&self.technique).unwrap_or(0);
            let at = parts::place_for(&self.parts, PartKind::Example);
            let drawn = self.examples(&[], wanted);
            let worked = !matches!(self.technique, Technique::FewShot { .. });
            let new =
                drawn.iter().map(|it| if worked { Part::worked(it) } else { Part::direct(it) });
            self.parts.splice(at..at, new.collect::<Vec<_>>());
        } else {
            self.choose(self.technique.clone());
        }
    }

    /// Puts the next question of the chosen kind in the question's place.
    pub(crate) fn draw_question(&mut self, language: Language) {
        let list = problems(self.kind, language, self.seed, self.drawn + 1);
        // A word list ends: it begins again.
        let Some(problem) = list.get(self.drawn).or_else(|| list.first()).cloned() else { return };
        self.drawn = if list.len() > self.drawn { self.drawn + 1 } else { 1 };
        self.ask(&problem);
    }

    /// Another kind of questions and examples.
    pub(crate) fn set_kind(&mut self, kind: Kind, language: Language) {
        self.kind = kind;
        self.drawn = 0;
        self.parts.retain(|part| part.kind != PartKind::Example);
        self.draw_question(language);
        if !self.edited {
            self.choose(self.technique.clone());
        }
    }
}
