//! A table of the reader's becomes the set of problems.

use lab::Language;

use super::{Figure, Plan, ProblemSet, Table};
use crate::state::lab::knobs::Knob;

impl Plan {
    /// Takes the reader's table. Examples come from its rows as well: what techniques show is not asked.
    ///
    /// Each language of the plan asks as many problems as the others. A language with too few rows for that is left
    /// out; if all have too few, fewer examples are shown.
    pub(crate) fn take_table(&mut self, table: Table) {
        let rows = |language: Language| table.problems.iter().filter(move |it| it.lang == language);
        // Rows that can be shown as examples, with one left to be asked.
        let spare = |language: Language| {
            let with_answer = rows(language).filter(|row| !row.accept.is_empty()).count();
            with_answer.min(rows(language).count().saturating_sub(1))
        };
        let has_rows = |language: &Language| rows(*language).next().is_some();
        let mut languages: Vec<Language> = Language::ALL.into_iter().filter(has_rows).collect();
        let most = languages.iter().map(|language| spare(*language)).max().unwrap_or(0);
        self.show_at_most(most);
        let shown = self.shown();
        languages.retain(|language| spare(*language) >= shown);
        let asked = languages.iter().map(|language| rows(*language).count() - shown).min();
        self.set_figure(Figure::Count, asked.unwrap_or(0).to_string());
        self.languages = languages;
        self.set = ProblemSet::Table;
        self.table = table;
    }

    /// The most examples that a technique draws.
    fn shown(&self) -> usize {
        self.techniques.iter().map(|used| used.technique.shots_drawn()).max().unwrap_or(0)
    }

    fn show_at_most(&mut self, most: usize) {
        for at in 0..self.techniques.len() {
            if self.techniques[at].technique.shots_drawn() > most {
                self.turn(at, Knob::Shots, most as f64);
            }
        }
    }
}
