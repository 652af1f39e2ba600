//! Problems made from a list: each entry once with each wording.

use super::problem::Problem;
use crate::Language;
use crate::rng::Random;

/// Entries that are kept for examples and never asked.
pub(super) const FOR_EXAMPLES: usize = 12;

/// A list of entries, and how they are asked.
pub(super) struct WordList<E: 'static> {
    /// The list.
    pub(super) entries: &'static [E],
    /// Wordings. All entries come with the first one before any comes with the second.
    pub(super) wordings: usize,
    /// Asks for one entry.
    pub(super) ask: fn(&E, usize, Language) -> Problem,
}

impl<E: 'static> WordList<E> {
    /// The problem at a place: of the entries in an order that the seed gives, without those that are kept for examples.
    /// `None` beyond the last one.
    pub(super) fn problem(&self, seed: u64, index: usize, language: Language) -> Option<Problem> {
        let asked = self.entries.len().checked_sub(FOR_EXAMPLES).filter(|&asked| asked > 0)?;
        let wording = index / asked;
        let place = FOR_EXAMPLES + index % asked;
        (wording < self.wordings).then(|| self.at(seed, place, wording, language))?
    }

    /// An entry that is kept for examples, in the first wording.
    pub(super) fn example(&self, seed: u64, index: usize, language: Language) -> Option<Problem> {
        (index < FOR_EXAMPLES).then(|| self.at(seed, index, 0, language))?
    }

    fn at(&self, seed: u64, place: usize, wording: usize, language: Language) -> Option<Problem> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        Random::named(seed, &["list", language.code()]).shuffle(&mut order);
        let entry = self.entries.get(*order.get(place)?)?;
        Some((self.ask)(entry, wording, language))
    }
}

/// Strings that a list holds as one, set apart by `|`; the first is the one to show.
pub(super) fn alternatives(text: &str) -> Vec<String> {
    text.split('|').map(str::to_owned).collect()
}
