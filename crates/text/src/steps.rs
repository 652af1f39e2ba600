//! How the tokens of a piece of text were put together, merge by merge: for those who want to see it.

use crate::byte_bpe::ByteBpe;
use crate::merge::{Join, Merger, NO_TOKEN, Symbol};
use crate::sentencepiece::SentencePiece;
use crate::vocabulary::Vocabulary;

/// A piece of text on its way to tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeStep {
    /// The parts it has now, in order.
    pub parts: Vec<MergePart>,
    /// The part that the last merge made; `None` for the first step, and where no merge led to it.
    pub merged: Option<usize>,
    /// Place of that merge in the order of the tokenizer, counted from 0.
    pub rank: Option<u32>,
}

/// A part of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergePart {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The token it is, if it is one.
    pub id: Option<u32>,
}

/// Runs a merger and notes every state. The symbols are stretches of `text`.
pub(crate) fn observe(
    merger: &mut Merger,
    text: &[u8],
    join: impl Fn(&Symbol, &Symbol) -> Option<Join>,
) -> Vec<MergeStep> {
    let parts = |symbols: &[Symbol]| -> Vec<MergePart> {
        let there = symbols.iter().filter(|symbol| symbol.len > 0);
        there.map(|symbol| part(text, symbol)).collect()
    };
    let mut steps = Vec::new();
    merger.run_observed(join, |symbols, merged| {
        let place =
            |(at, _): (usize, u32)| symbols[..at].iter().filter(|symbol| symbol.len > 0).count();
        steps.push(MergeStep {
            parts: parts(symbols),
            merged: merged.map(place),
            rank: merged.map(|(_, priority)| priority),
        });
    });
    steps
}

fn part(text: &[u8], symbol: &Symbol) -> MergePart {
    let bytes = text.get(symbol.start..symbol.start + symbol.len).unwrap_or_default().to_vec();
    MergePart { bytes, id: (symbol.id != NO_TOKEN).then_some(symbol.id) }
}

impl ByteBpe {
    /// Every state of a piece: its words are put together one after another.
    pub(crate) fn steps(&self, vocabulary: &Vocabulary, text: &str) -> Vec<MergeStep> {
        let mut words = Vec::new();
        let mut merger = Merger::default();
        self.split(text, &mut |word| words.push(self.word_steps(vocabulary, word, &mut merger)));
        let first = |steps: &Vec<MergeStep>| steps.first().cloned().unwrap_or_default().parts;
        let last = |steps: &Vec<MergeStep>| steps.last().cloned().unwrap_or_default().parts;
        let mut all = vec![MergeStep {
            parts: words.iter().flat_map(first).collect(),
            merged: None,
            rank: None,
        }];
        for (index, steps) in words.iter().enumerate() {
            let before: Vec<MergePart> = words[..index].iter().flat_map(last).collect();
            let after: Vec<MergePart> = words[index + 1..].iter().flat_map(first).collect();
            for step in steps.iter().skip(1) {
                all.push(MergeStep {
                    parts: [&before[..], &step.parts[..], &after[..]].concat(),
                    merged: step.merged.map(|merged| before.len() + merged),
                    rank: step.rank,
                });
            }
        }
        all
    }
}

impl SentencePiece {
    /// Every state of a normalized piece. Characters that are no token become bytes in the end.
    pub(crate) fn steps(&self, vocabulary: &Vocabulary, text: &str) -> Vec<MergeStep> {
        let mut merger = Merger::default();
        let mut steps = self.observed(vocabulary, text, &mut merger);
        for step in &mut steps {
            step.rank = step.rank.map(|priority| self.place(priority));
        }
        let last = steps.last().cloned().unwrap_or_default();
        if last.parts.iter().any(|part| part.id.is_none()) {
            let parts = last.parts.into_iter().flat_map(|part| match part.id {
                Some(_) => vec![part],
                None => self.bytes_of(&part.bytes),
            });
            steps.push(MergeStep { parts: parts.collect(), merged: None, rank: None });
        }
        steps
    }

    /// The byte tokens of a character, or the token for what is unknown.
    fn bytes_of(&self, character: &[u8]) -> Vec<MergePart> {
        let mut ids = Vec::new();
        self.fall_back(character, &mut ids);
        if ids.len() == character.len() {
            let parts = character.iter().zip(ids);
            return parts
                .map(|(&byte, id)| MergePart { bytes: vec![byte], id: Some(id) })
                .collect();
        }
        vec![MergePart { bytes: character.to_vec(), id: ids.first().copied() }]
    }
}
